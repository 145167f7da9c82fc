//! One way in which a value could be: what must hold of it, and the choices that are still open.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::formula::{Atom, F, Key, Keys, Lit, Rest, What, kind};
use super::number::exact;
use super::numbers::Numbers;
use super::texts::Texts;
use super::{Solver, lists::Lists, meaning::NEVER, objects::Objects};

/// What must hold contradicts itself.
pub(super) struct Clash;

/// A branch of the search.
#[derive(Clone)]
pub(super) struct Branch<'a> {
    pub(super) kind: u8,
    pub(super) queue: Vec<(F<'a>, Option<usize>)>,
    pub(super) choices: Vec<(Vec<F<'a>>, Option<usize>)>,
    /// Of each, exactly one literal holds, or not exactly one.
    pub(super) ones: Vec<One<'a>>,
    pub(super) seen: HashSet<Key>,
    seen_in: HashSet<(Key, usize)>,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) leftovers: Vec<(usize, Lit<'a>, bool)>,
    pub(super) doubt: Option<Rc<str>>,
    opaque: Vec<(Rc<str>, bool)>,
    pub(super) numbers: Numbers,
    pub(super) texts: Texts<'a>,
    pub(super) lists: Lists<'a>,
    pub(super) objects: Objects<'a>,
}

/// What has been evaluated where an `unevaluated…` looks on.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    parent: Option<usize>,
    pub(super) names: BTreeSet<Rc<str>>,
    pub(super) patterns: BTreeSet<Rc<str>>,
    pub(super) prefix: u64,
    pub(super) all: bool,
    /// Each item that fulfils one of these was evaluated by a `contains`, wherever it stands.
    pub(super) contained: Vec<Lit<'a>>,
}

/// A `oneOf`, by what of it may still hold.
#[derive(Clone)]
pub(super) struct One<'a> {
    pub(super) lits: Rc<[Lit<'a>]>,
    pub(super) yes: bool,
    pub(super) scope: Option<usize>,
}

impl<'a> One<'a> {
    fn ways(&self) -> usize {
        let many = self.lits.len();
        if self.yes { many } else { many * (many - 1) / 2 + 1 }
    }

    /// The ways in which it can be fulfilled.
    fn formulas(&self) -> Vec<F<'a>> {
        let but = |lit: &Lit<'a>| F::lit(lit.not());
        if self.yes {
            let exactly = |at: usize| {
                let each = self.lits.iter().enumerate();
                F::And(each.map(|(other, lit)| if other == at { F::lit(*lit) } else { but(lit) }).collect())
            };
            return (0..self.lits.len()).map(exactly).collect();
        }
        let mut ways = vec![F::And(self.lits.iter().map(but).collect())];
        for (at, lit) in self.lits.iter().enumerate() {
            ways.extend(self.lits.iter().skip(at + 1).map(|other| F::And(vec![F::lit(*lit), F::lit(*other)])));
        }
        ways
    }
}

impl<'a> Branch<'a> {
    pub(super) fn new(kind: u8) -> Self {
        Self {
            kind,
            queue: Vec::new(),
            choices: Vec::new(),
            ones: Vec::new(),
            seen: HashSet::new(),
            seen_in: HashSet::new(),
            scopes: Vec::new(),
            leftovers: Vec::new(),
            doubt: None,
            opaque: Vec::new(),
            numbers: Numbers::default(),
            texts: Texts::default(),
            lists: Lists::default(),
            objects: Objects::default(),
        }
    }

    pub(super) fn push(&mut self, formula: F<'a>, scope: Option<usize>) {
        self.queue.push((formula, scope));
    }

    /// Takes out the choice with the fewest ways.
    pub(super) fn smallest_choice(&mut self) -> Option<(Vec<F<'a>>, Option<usize>)> {
        let choice = self.choices.iter().enumerate().map(|(at, (any, _))| (any.len(), at)).min();
        let one = self.ones.iter().enumerate().map(|(at, one)| (one.ways(), at)).min();
        match (choice, one) {
            (Some((ways, at)), one) if one.is_none_or(|(others, _)| ways <= others) => {
                Some(self.choices.swap_remove(at))
            }
            (_, Some((_, at))) => {
                let one = self.ones.swap_remove(at);
                Some((one.formulas(), one.scope))
            }
            _ => None,
        }
    }

    fn record(&mut self, scope: Option<usize>, note: impl Fn(&mut Scope<'a>)) {
        let mut at = scope;
        while let Some(scope) = at.and_then(|at| self.scopes.get_mut(at)) {
            note(scope);
            at = scope.parent;
        }
    }

    fn evaluates(&mut self, atom: &Atom<'a>, scope: Option<usize>) {
        match atom {
            Atom::Each(Keys::Name(name), _) => self.record(scope, |scope| scope.names.extend([name.clone()])),
            Atom::Each(Keys::Pattern(pattern), _) => {
                self.record(scope, |scope| scope.patterns.extend([pattern.clone()]));
            }
            Atom::Each(Keys::Rest(_), _) | Atom::EachItem(_, u64::MAX, _) => {
                self.record(scope, |scope| scope.all = true)
            }
            Atom::EachItem(_, to, _) => self.record(scope, |scope| scope.prefix = scope.prefix.max(*to)),
            Atom::AtLeast(lit, _) => self.record(scope, |scope| scope.contained.push(*lit)),
            _ => {}
        }
    }

    fn opaque(&mut self, what: Rc<str>, yes: bool) -> Result<(), Clash> {
        if self.opaque.contains(&(what.clone(), !yes)) {
            return Err(Clash);
        }
        self.doubt.get_or_insert_with(|| what.clone());
        self.opaque.push((what, yes));
        Ok(())
    }
}

impl<'a> Solver<'a> {
    /// Takes a formula into a branch.
    pub(super) fn assert(
        &mut self,
        branch: &mut Branch<'a>,
        formula: F<'a>,
        scope: Option<usize>,
    ) -> Result<(), Clash> {
        match formula {
            F::True => Ok(()),
            F::False => Err(Clash),
            F::And(all) => {
                branch.queue.extend(all.into_iter().map(|formula| (formula, scope)));
                Ok(())
            }
            F::Or(any) => {
                branch.choices.push((any, scope));
                Ok(())
            }
            F::Any(lits) => {
                if scope.is_some() {
                    let decided = |lit: &Lit<'a>| F::Or(vec![F::lit(*lit), F::lit(lit.not())]);
                    branch.queue.extend(lits.iter().map(|lit| (decided(lit), scope)));
                }
                branch.choices.push((lits.into_iter().map(F::lit).collect(), scope));
                Ok(())
            }
            F::One(lits, yes) => {
                branch.ones.push(One { lits, yes, scope });
                Ok(())
            }
            F::Unevaluated(it) => {
                branch.record(scope, |scope| scope.all = true);
                branch.scopes.push(Scope { parent: scope, ..Scope::default() });
                let inner = branch.scopes.len() - 1;
                branch.leftovers.push((inner, it.lit, it.each));
                branch.push(it.inner.clone(), Some(inner));
                Ok(())
            }
            F::Atom(Atom::Lit(lit)) => self.assert_lit(branch, lit, scope),
            F::Atom(atom) => {
                branch.evaluates(&atom, scope);
                take(branch, atom)
            }
        }
    }

    fn assert_lit(&mut self, branch: &mut Branch<'a>, lit: Lit<'a>, scope: Option<usize>) -> Result<(), Clash> {
        let scope = scope.filter(|_| lit.in_place && lit.yes);
        if branch.seen.contains(&lit.not().key()) {
            return Err(Clash);
        }
        let is_new = match scope {
            None => branch.seen.insert(lit.key()),
            Some(scope) => {
                branch.seen.insert(lit.key());
                branch.seen_in.insert((lit.key(), scope))
            }
        };
        if is_new {
            let meaning = self.meaning(&lit, branch.kind);
            branch.push((*meaning).clone(), scope);
        }
        Ok(())
    }
}

fn take<'a>(branch: &mut Branch<'a>, atom: Atom<'a>) -> Result<(), Clash> {
    match atom {
        Atom::Lit(_) => Ok(()),
        Atom::Opaque(what, yes) => branch.opaque(what, yes),
        atom if branch.kind == kind::NUMBER => branch.numbers.take(atom),
        atom if branch.kind == kind::TEXT => branch.texts.take(atom),
        atom if branch.kind == kind::LIST => branch.lists.take(atom),
        atom => branch.objects.take(atom),
    }
}

/// What it is to be a value that has no parts.
pub(super) fn exact_scalar<'a>(value: &Value, kind: u8) -> F<'a> {
    if kind::of(value) != kind {
        return F::False;
    }
    match value {
        Value::Number(number) => match exact(number) {
            Some(exact) => F::Atom(Atom::Number(exact, true)),
            None => super::meaning::opaque(&format!("the number {number} is too large to compute with")),
        },
        Value::String(text) => F::Atom(Atom::Text(text.as_str().into(), true)),
        _ => F::True,
    }
}

/// What it is to be a list of exactly these items.
pub(super) fn exact_list<'a>(items: &[Lit<'a>]) -> F<'a> {
    let length = items.len() as u64;
    let mut all = vec![F::Atom(Atom::MinItems(length)), F::Atom(Atom::MaxItems(length))];
    all.extend((0..).zip(items).map(|(at, lit)| F::Atom(Atom::EachItem(at, at + 1, *lit))));
    F::And(all)
}

/// What it is to be an object of exactly these entries.
pub(super) fn exact_object<'a>(entries: &[(&str, Lit<'a>)]) -> F<'a> {
    let names: Vec<Rc<str>> = entries.iter().map(|(name, _)| Rc::from(*name)).collect();
    let mut all: Vec<F<'a>> = names.iter().map(|name| F::Atom(Atom::Has(name.clone(), true))).collect();
    for (name, (_, lit)) in names.iter().zip(entries) {
        all.push(F::Atom(Atom::Each(Keys::Name(name.clone()), *lit)));
    }
    let rest = Rest { names, patterns: Vec::new() };
    all.push(F::Atom(Atom::Each(Keys::Rest(Rc::new(rest)), Lit::node(&NEVER, 0))));
    F::And(all)
}

impl Lit<'_> {
    /// Whether nothing fulfils the literal.
    pub(super) fn is_never(&self) -> bool {
        matches!(self.what, What::Node(node) if *node.schema == Value::Bool(!self.yes))
    }
}
