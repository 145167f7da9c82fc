//! The thorough prover: looks for a value on which some schemas hold and others don't. Finding none is a proof.
//!
//! A goal is a set of literals about one value. It is expanded kind by kind into constraints and choices; the children
//! of arrays and objects are goals of their own. A goal that comes up again inside of itself has no smallest witness
//! there, so that branch is closed: recursive schemas are decided by induction on the size of the value.

mod branch;
mod document;
mod formula;
pub(super) mod language;
mod lists;
mod meaning;
pub(super) mod number;
mod numbers;
mod objects;
mod quick;
mod texts;

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use self::branch::Branch;
use self::document::Document;
use self::formula::{F, Key, Lit, Node, What, kind};
use self::language::Language;
use self::meaning::Meaning;
use super::draft::Drafts;

/// What looking for a value came to.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// A value; with a doubt, it may not be one.
    Found(Value, Option<Rc<str>>),
    /// There is none. With a goal's number: as long as that goal, which is still being worked on, has none.
    Nothing(usize),
    /// It could not be decided.
    Unknown(Rc<str>),
}

const NOTHING: Outcome = Outcome::Nothing(usize::MAX);

impl Outcome {
    fn unknown(reason: &str) -> Self {
        Self::Unknown(reason.into())
    }
}

/// How much work a pair gets, in steps of the solver.
const FUEL: u64 = 400_000;
/// How deep goals nest.
const DEEPEST: usize = 120;
const WIDEST: usize = 400;

/// Looks for a value that `writer` accepts and `reader` refuses.
pub(super) fn difference(writer: &Value, reader: &Value, drafts: Drafts, events: bool) -> Outcome {
    let documents = [Document::new(writer, drafts.writer), Document::new(reader, drafts.reader)];
    if documents.iter().any(Document::has_cycle_without_progress) {
        return Outcome::unknown("a schema refers to itself without going into a part of the value");
    }
    let goal = vec![Lit::node(writer, 0), Lit::node(reader, 1).not()];
    Solver::new(documents, events).solve(goal)
}

/// How schemas refer to themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Circles {
    None,
    /// A part of the value is described as the whole is.
    Recursive,
    /// A schema leads back to itself without going into the value: a validator must not be asked about it.
    Endless,
}

/// How the two schemas refer to themselves.
pub(super) fn circles(writer: &Value, reader: &Value, drafts: Drafts) -> Circles {
    let documents = [Document::new(writer, drafts.writer), Document::new(reader, drafts.reader)];
    if documents.iter().any(Document::has_cycle_without_progress) {
        Circles::Endless
    } else if documents.iter().any(Document::is_recursive) {
        Circles::Recursive
    } else {
        Circles::None
    }
}

struct Solver<'a> {
    documents: [Document<'a>; 2],
    events: bool,
    language: Language,
    meanings: HashMap<(Key, u8), Rc<F<'a>>>,
    made: Vec<Value>,
    known: HashMap<Vec<Key>, Outcome>,
    /// What is known only as long as a goal that is being worked on has no value.
    conditional: Vec<Vec<Key>>,
    active: Vec<Vec<Key>>,
    fuel: u64,
    splits: usize,
}

impl<'a> Solver<'a> {
    fn new(documents: [Document<'a>; 2], events: bool) -> Self {
        Self {
            documents,
            events,
            language: Language::default(),
            meanings: HashMap::new(),
            made: Vec::new(),
            known: HashMap::new(),
            conditional: Vec::new(),
            active: Vec::new(),
            fuel: FUEL,
            splits: 0,
        }
    }

    /// Looks for a value of which all literals hold.
    fn solve(&mut self, mut goal: Vec<Lit<'a>>) -> Outcome {
        goal.retain(|lit| !is_trivial(lit));
        goal.sort_by_key(Lit::key);
        goal.dedup_by_key(|lit| lit.key());
        let keys: Vec<Key> = goal.iter().map(Lit::key).collect();
        if let Some(known) = self.known.get(&keys) {
            return known.clone();
        }
        if let Some(at) = self.active.iter().position(|active| *active == keys) {
            return Outcome::Nothing(at);
        }
        if self.active.len() > DEEPEST {
            return Outcome::unknown("the schemas go too deep");
        }
        let number = self.active.len();
        self.active.push(keys.clone());
        let outcome = self.solve_kinds(&goal);
        self.active.pop();
        self.remember(keys, number, outcome)
    }

    fn solve_kinds(&mut self, goal: &[Lit<'a>]) -> Outcome {
        let kinds = self.kinds(goal);
        let mut best = NOTHING;
        for kind in [kind::NULL, kind::TRUE, kind::FALSE, kind::NUMBER, kind::TEXT, kind::LIST, kind::OBJECT] {
            if kinds & kind == 0 {
                continue;
            }
            let mut branch = Branch::new(kind);
            for lit in goal {
                branch.push(F::lit(Lit { in_place: false, ..*lit }), None);
            }
            if better(&mut best, self.run(branch)) {
                break;
            }
        }
        best
    }

    /// Keeps what was found out, and what depends on the goal that is now done.
    fn remember(&mut self, keys: Vec<Key>, number: usize, outcome: Outcome) -> Outcome {
        let outcome = match outcome {
            Outcome::Nothing(depends) if depends >= number => NOTHING,
            other => other,
        };
        let settled = match &outcome {
            Outcome::Nothing(depends) => Some(*depends),
            _ => None,
        };
        let conditional = std::mem::take(&mut self.conditional);
        for keys in conditional {
            match (self.known.get_mut(&keys), settled) {
                (Some(Outcome::Nothing(depends)), Some(now)) if *depends == number => {
                    *depends = now;
                    if now < usize::MAX {
                        self.conditional.push(keys);
                    }
                }
                (Some(Outcome::Nothing(depends)), None) if *depends == number => drop(self.known.remove(&keys)),
                _ => self.conditional.push(keys),
            }
        }
        if matches!(outcome, Outcome::Nothing(depends) if depends < usize::MAX) {
            self.conditional.push(keys.clone());
        }
        self.known.insert(keys, outcome.clone());
        outcome
    }

    /// Works a branch out: expands what is queued, settles choices that are none, then tries the rest one by one.
    fn run(&mut self, mut branch: Branch<'a>) -> Outcome {
        loop {
            while let Some((formula, scope)) = branch.queue.pop() {
                if self.fuel == 0 {
                    return Outcome::unknown("the schemas are too large to decide within the limit");
                }
                self.fuel -= 1;
                if self.assert(&mut branch, formula, scope).is_err() {
                    return NOTHING;
                }
            }
            match self.settle(&mut branch).and_then(|one| Ok(one | self.settle_ones(&mut branch)?)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return NOTHING,
            }
        }
        if branch.choices.is_empty() && branch.ones.is_empty() {
            return self.leaf(branch);
        }
        self.split(branch)
    }

    fn split(&mut self, mut branch: Branch<'a>) -> Outcome {
        let Some((any, scope)) = branch.smallest_choice() else { return self.leaf(branch) };
        if self.splits > WIDEST {
            return Outcome::unknown("the schemas offer too many choices to decide within the limit");
        }
        self.splits += 1;
        let mut best = NOTHING;
        for formula in any {
            let mut chosen = branch.clone();
            chosen.push(formula, scope);
            if better(&mut best, self.run(chosen)) {
                break;
            }
        }
        self.splits -= 1;
        best
    }

    fn leaf(&mut self, branch: Branch<'a>) -> Outcome {
        let doubt = branch.doubt.clone();
        let outcome = match branch.kind {
            kind::NULL => Outcome::Found(Value::Null, None),
            kind::FALSE => Outcome::Found(Value::Bool(false), None),
            kind::TRUE => Outcome::Found(Value::Bool(true), None),
            kind::NUMBER => branch.numbers.solve(),
            kind::TEXT => self.text(&branch.texts),
            kind::LIST => self.list(branch),
            _ => self.object(branch),
        };
        with_doubt(outcome, doubt)
    }

    /// What a literal says about values of a kind.
    fn meaning(&mut self, lit: &Lit<'a>, kind: u8) -> Rc<F<'a>> {
        let key = (lit.key(), kind);
        if let Some(known) = self.meanings.get(&key) {
            return known.clone();
        }
        let formula = match lit.what {
            What::Node(node) => self.node_meaning(node, kind),
            What::Const(value) => constant(value, kind),
            What::Made(number) => match self.made.get(number) {
                Some(value) => made(&value.clone(), kind, |value| self.make(value)),
                None => F::True,
            },
        };
        let formula = Rc::new(if lit.yes { formula } else { formula.not() });
        self.meanings.insert(key, formula.clone());
        formula
    }

    fn node_meaning(&self, node: Node<'a>, kind: u8) -> F<'a> {
        let Some(document) = self.documents.get(node.document) else { return F::True };
        Meaning { document, number: node.document, kind, events: self.events }.of(node)
    }

    /// A literal that is exactly `value`.
    fn make(&mut self, value: Value) -> Lit<'a> {
        let known = self.made.iter().position(|known| *known == value);
        Lit::made(known.unwrap_or_else(|| {
            self.made.push(value);
            self.made.len() - 1
        }))
    }
}

fn is_trivial(lit: &Lit<'_>) -> bool {
    matches!(lit.what, What::Node(node) if *node.schema == Value::Bool(lit.yes))
}

/// Keeps the better of two outcomes; whether it can't get better.
fn better(best: &mut Outcome, new: Outcome) -> bool {
    let new = match (&*best, new) {
        (_, new @ Outcome::Found(_, None)) => new,
        (Outcome::Found(..), _) => return false,
        (_, new @ Outcome::Found(..)) => new,
        (Outcome::Nothing(one), Outcome::Nothing(other)) => Outcome::Nothing((*one).min(other)),
        (Outcome::Nothing(_), new) => new,
        (Outcome::Unknown(_), _) => return false,
    };
    *best = new;
    matches!(best, Outcome::Found(_, None))
}

fn with_doubt(outcome: Outcome, doubt: Option<Rc<str>>) -> Outcome {
    match outcome {
        Outcome::Found(value, None) => Outcome::Found(value, doubt),
        other => other,
    }
}

/// What it is to be a constant.
fn constant<'a>(value: &'a Value, kind: u8) -> F<'a> {
    match value {
        Value::Array(list) if kind == kind::LIST => {
            let items: Vec<Lit<'a>> = list.iter().map(Lit::constant).collect();
            branch::exact_list(&items)
        }
        Value::Object(map) if kind == kind::OBJECT => {
            let entries: Vec<(&str, Lit<'a>)> =
                map.iter().map(|(key, value)| (key.as_str(), Lit::constant(value))).collect();
            branch::exact_object(&entries)
        }
        scalar => branch::exact_scalar(scalar, kind),
    }
}

/// What it is to be a value that was made.
fn made<'a>(value: &Value, kind: u8, mut lit: impl FnMut(Value) -> Lit<'a>) -> F<'a> {
    match value {
        Value::Array(list) if kind == kind::LIST => {
            let items: Vec<Lit<'a>> = list.iter().map(|item| lit(item.clone())).collect();
            branch::exact_list(&items)
        }
        Value::Object(map) if kind == kind::OBJECT => {
            let entries: Vec<(&str, Lit<'a>)> =
                map.iter().map(|(key, value)| (key.as_str(), lit(value.clone()))).collect();
            branch::exact_object(&entries)
        }
        scalar => branch::exact_scalar(scalar, kind),
    }
}
