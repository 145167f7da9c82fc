//! What can be seen without a search: kinds, constants, and choices that what is known settles.

use serde_json::{Map, Value};

use super::branch::{Branch, Clash, One};
use super::formula::{Atom, F, Key, Keys, Lit, Node, What, kind};
use super::number::equal;
use super::{Outcome, Solver};
use crate::contain::draft::Draft;

/// How far references are followed to see kinds and constants.
const FAR: usize = 6;
/// How deep a choice is looked into.
const INTO: usize = 3;

impl<'a> Solver<'a> {
    /// The kinds that all literals leave open.
    pub(super) fn kinds(&self, goal: &[Lit<'a>]) -> u8 {
        goal.iter().fold(kind::ALL, |kinds, lit| kinds & self.kinds_of(lit, FAR))
    }

    fn kinds_of(&self, lit: &Lit<'a>, far: usize) -> u8 {
        match lit.what {
            What::Node(node) if lit.yes => self.node_kinds(node, far),
            What::Node(node) => !self.node_exact_kinds(node, far).unwrap_or(0) & kind::ALL,
            What::Const(value) if lit.yes => kind::of(value),
            What::Const(value) => !only_kind(value) & kind::ALL,
            What::Made(number) => match self.made.get(number) {
                Some(value) if lit.yes => kind::of(value),
                Some(value) => !only_kind(value) & kind::ALL,
                None => kind::ALL,
            },
        }
    }

    fn node_kinds(&self, node: Node<'a>, far: usize) -> u8 {
        let object = match node.schema {
            Value::Bool(false) => return 0,
            Value::Object(object) => object,
            _ => return kind::ALL,
        };
        let Some(document) = self.documents.get(node.document).filter(|_| far > 0) else { return kind::ALL };
        let of = |schema: &'a Value| self.node_kinds(Node { schema, ..node }, far - 1);
        let target = object.get("$ref").and_then(Value::as_str).map(|target| document.resolve(node.schema, target));
        let target = target.map_or(kind::ALL, |target| target.map_or(kind::ALL, of));
        if document.draft.ref_stands_alone() && object.contains_key("$ref") {
            return target;
        }
        let list = |keyword| object.get(keyword).and_then(Value::as_array);
        let mut kinds = target & object.get("type").map_or(kind::ALL, types);
        for keyword in ["anyOf", "oneOf"] {
            kinds &= list(keyword).map_or(kind::ALL, |any| any.iter().fold(0, |kinds, one| kinds | of(one)));
        }
        kinds &= list("allOf").map_or(kind::ALL, |all| all.iter().fold(kind::ALL, |kinds, one| kinds & of(one)));
        match finite(object, document.draft) {
            Some(values) => kinds & values.iter().fold(0, |kinds, value| kinds | kind::of(value)),
            None => kinds,
        }
    }

    /// The kinds of a schema that says nothing but kinds.
    fn node_exact_kinds(&self, node: Node<'a>, far: usize) -> Option<u8> {
        let object = match node.schema {
            Value::Bool(all) => return Some(if *all { kind::ALL } else { 0 }),
            Value::Object(object) => object,
            _ => return None,
        };
        let document = self.documents.get(node.document).filter(|_| far > 0)?;
        let mut said = object
            .iter()
            .map(|(keyword, value)| (keyword.as_str(), value))
            .filter(|(keyword, _)| !is_annotation(keyword));
        let (only, more) = (said.next(), said.next().is_some());
        match only {
            None => Some(kind::ALL),
            Some(("type", value)) if !more => exact_types(value),
            Some(("$ref", Value::String(target))) if !more => {
                let schema = document.resolve(node.schema, target).ok()?;
                self.node_exact_kinds(Node { schema, ..node }, far - 1)
            }
            _ => None,
        }
    }

    /// The values of which one a literal demands, if it is written that way.
    fn finite_values(&self, lit: &Lit<'a>) -> Option<Vec<&'a Value>> {
        match lit.what {
            What::Const(value) if lit.yes => Some(vec![value]),
            What::Node(node) if lit.yes => self.node_finite(node, FAR),
            _ => None,
        }
    }

    fn node_finite(&self, node: Node<'a>, far: usize) -> Option<Vec<&'a Value>> {
        let object = node.schema.as_object()?;
        let document = self.documents.get(node.document).filter(|_| far > 0)?;
        if let Some(target) = object.get("$ref").and_then(Value::as_str)
            && let Ok(schema) = document.resolve(node.schema, target)
            && let Some(values) = self.node_finite(Node { schema, ..node }, far - 1)
        {
            return Some(values);
        }
        finite(object, document.draft)
    }

    /// Whether a literal visibly fails on a value.
    fn fails_on(&self, lit: &Lit<'a>, value: &Value) -> bool {
        if self.kinds_of(lit, FAR) & kind::of(value) == 0 {
            return true;
        }
        match (lit.what, lit.yes) {
            (What::Const(known), yes) => equal(known, value) != yes,
            (What::Node(_), true) => {
                self.finite_values(lit).is_some_and(|values| !values.iter().any(|known| equal(known, value)))
            }
            (What::Node(node), false) => self.is_enumeration(node, value),
            (What::Made(number), yes) => self.made.get(number).is_some_and(|known| equal(known, value) != yes),
        }
    }

    /// Whether a schema says no more than its constants and their type, and `value` is one of them.
    fn is_enumeration(&self, node: Node<'a>, value: &Value) -> bool {
        let (Some(object), Some(document)) = (node.schema.as_object(), self.documents.get(node.document)) else {
            return false;
        };
        let said = object.iter().filter(|(keyword, _)| !is_annotation(keyword));
        let plain = said.clone().all(|(keyword, said)| match keyword.as_str() {
            "type" => exact_types(said).is_some_and(|kinds| kinds & kind::of(value) != 0),
            "enum" => said.as_array().is_some_and(|values| values.iter().any(|known| equal(known, value))),
            "const" => document.draft >= Draft::Draft6 && equal(said, value),
            _ => false,
        });
        plain && said.count() > 0
    }

    /// Whether the literals visibly contradict each other, or are known to.
    pub(super) fn conflict(&self, goal: &[Lit<'a>]) -> bool {
        if goal.iter().any(Lit::is_never) || self.kinds(goal) == 0 {
            return true;
        }
        if goal.iter().any(|lit| goal.iter().any(|other| other.key() == lit.not().key())) {
            return true;
        }
        for lit in goal {
            if let Some(values) = self.finite_values(lit) {
                return values.iter().all(|value| goal.iter().any(|other| self.fails_on(other, value)));
            }
        }
        let mut keys: Vec<Key> = goal.iter().filter(|lit| !super::is_trivial(lit)).map(Lit::key).collect();
        keys.sort_unstable();
        keys.dedup();
        matches!(self.known.get(&keys), Some(Outcome::Nothing(usize::MAX)))
    }

    /// Drops the choices that what is known settles, and takes those that are none. Whether anything changed.
    pub(super) fn settle(&mut self, branch: &mut Branch<'a>) -> Result<bool, Clash> {
        let mut changed = false;
        for (any, scope) in std::mem::take(&mut branch.choices) {
            let mut open = Vec::with_capacity(any.len());
            let mut holds = false;
            for formula in any {
                self.fuel = self.fuel.saturating_sub(1);
                match self.quick(branch, &formula, INTO) {
                    Some(false) => changed = true,
                    Some(true) if scope.is_none() => {
                        holds = true;
                        break;
                    }
                    _ => open.push(formula),
                }
            }
            match (holds, open.len()) {
                (true, _) => changed = true,
                (false, 0) => return Err(Clash),
                (false, 1) => {
                    branch.queue.extend(open.into_iter().map(|formula| (formula, scope)));
                    changed = true;
                }
                (false, _) => branch.choices.push((open, scope)),
            }
        }
        Ok(changed)
    }

    fn quick(&mut self, branch: &Branch<'a>, formula: &F<'a>, into: usize) -> Option<bool> {
        match formula {
            F::True => Some(true),
            F::False => Some(false),
            F::And(all) => self.quick_all(branch, all, into, true),
            F::Or(any) => self.quick_all(branch, any, into, false),
            F::Any(lits) => {
                let any: Vec<F<'a>> = lits.iter().map(|lit| F::lit(*lit)).collect();
                self.quick_all(branch, &any, into, false)
            }
            F::One(lits, yes) => self.quick_one(branch, lits, *yes, into),
            F::Unevaluated(it) => self.quick(branch, &it.inner, into).filter(|holds| !holds),
            F::Atom(atom) => self.quick_atom(branch, atom, into),
        }
    }

    fn quick_one(&mut self, branch: &Branch<'a>, lits: &[Lit<'a>], yes: bool, into: usize) -> Option<bool> {
        let mut holding = 0;
        let mut open = false;
        for lit in lits {
            match self.quick_atom(branch, &Atom::Lit(*lit), into) {
                Some(true) => holding += 1,
                Some(false) => {}
                None => open = true,
            }
        }
        match (holding, open) {
            (2.., _) | (0, false) => Some(!yes),
            (1, false) => Some(yes),
            _ => None,
        }
    }

    /// Drops of each `oneOf` what can't hold, and takes what is left of it if that is no choice.
    pub(super) fn settle_ones(&mut self, branch: &mut Branch<'a>) -> Result<bool, Clash> {
        let mut changed = false;
        for One { lits, yes, scope } in std::mem::take(&mut branch.ones) {
            let mut open = Vec::with_capacity(lits.len());
            for lit in lits.iter() {
                self.fuel = self.fuel.saturating_sub(1);
                if self.quick_atom(branch, &Atom::Lit(*lit), INTO) != Some(false) {
                    open.push(*lit);
                }
            }
            match (open.as_slice(), yes) {
                ([], true) => return Err(Clash),
                ([], false) => changed = true,
                ([only], _) => {
                    branch.push(F::lit(if yes { *only } else { only.not() }), scope);
                    changed = true;
                }
                _ if open.len() < lits.len() => {
                    branch.ones.push(One { lits: open.into(), yes, scope });
                    changed = true;
                }
                _ => branch.ones.push(One { lits, yes, scope }),
            }
        }
        Ok(changed)
    }

    /// All of the formulas (or, turned around, none of them).
    fn quick_all(&mut self, branch: &Branch<'a>, all: &[F<'a>], into: usize, and: bool) -> Option<bool> {
        let mut sure = true;
        for formula in all {
            match self.quick(branch, formula, into) {
                Some(holds) if holds != and => return Some(!and),
                Some(_) => {}
                None => sure = false,
            }
        }
        sure.then_some(and)
    }

    fn quick_atom(&mut self, branch: &Branch<'a>, atom: &Atom<'a>, into: usize) -> Option<bool> {
        match atom {
            Atom::Lit(lit) if branch.seen.contains(&lit.key()) => Some(true),
            Atom::Lit(lit) if branch.seen.contains(&lit.not().key()) => Some(false),
            Atom::Lit(_) if into == 0 => None,
            Atom::Lit(lit) => {
                let meaning = self.meaning(lit, branch.kind);
                self.quick(branch, &meaning, into - 1)
            }
            Atom::Each(Keys::Name(name), lit) => self.quick_entry(branch, name, lit, true),
            Atom::Some(Keys::Name(name), lit) => self.quick_entry(branch, name, lit, false),
            atom => match branch.kind {
                kind::NUMBER => branch.numbers.settles(atom),
                kind::TEXT => branch.texts.settles(atom),
                kind::LIST => branch.lists.settles(atom),
                kind::OBJECT => branch.objects.settles(atom),
                _ => None,
            },
        }
    }

    /// `each`: if there is the key, its value fulfils the literal. Else: there is, and it does.
    fn quick_entry(&self, branch: &Branch<'a>, name: &str, lit: &Lit<'a>, each: bool) -> Option<bool> {
        let has = branch.objects.has(name);
        if has == Some(false) {
            return Some(each);
        }
        let mut with = branch.objects.visible(name);
        if self.conflict(&with) {
            return Some(each).filter(|_| has.is_none());
        }
        with.push(*lit);
        let fails = self.conflict(&with);
        with.pop();
        with.push(lit.not());
        let holds = self.conflict(&with);
        match (each, has) {
            (true, _) if holds => Some(true),
            (true, Some(true)) if fails => Some(false),
            (false, _) if fails => Some(false),
            (false, Some(true)) if holds => Some(true),
            _ => None,
        }
    }
}

/// The kind of a value that is the only one of its kind.
fn only_kind(value: &Value) -> u8 {
    match value {
        Value::Null | Value::Bool(_) => kind::of(value),
        _ => 0,
    }
}

fn types(value: &Value) -> u8 {
    match value {
        Value::String(name) => kind_named(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).fold(0, |kinds, name| kinds | kind_named(name)),
        _ => kind::ALL,
    }
}

fn kind_named(name: &str) -> u8 {
    match name {
        "null" => kind::NULL,
        "boolean" => kind::FALSE | kind::TRUE,
        "number" | "integer" => kind::NUMBER,
        "string" => kind::TEXT,
        "array" => kind::LIST,
        "object" => kind::OBJECT,
        _ => kind::ALL,
    }
}

/// The kinds of a `type` all of whose values it takes.
fn exact_types(value: &Value) -> Option<u8> {
    let names: Vec<&str> = match value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    let known = names.iter().all(|name| kind_named(name) != kind::ALL);
    let whole = !names.contains(&"integer") || names.contains(&"number");
    (known && whole).then(|| names.iter().fold(0, |kinds, name| kinds | kind_named(name)))
}

fn finite(object: &Map<String, Value>, draft: Draft) -> Option<Vec<&Value>> {
    match (object.get("const").filter(|_| draft >= Draft::Draft6), object.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => Some(values.iter().collect()),
        _ => None,
    }
}

/// Keywords that assert nothing in any draft.
pub(super) fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "title"
            | "description"
            | "default"
            | "examples"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "$comment"
            | "$schema"
            | "$id"
            | "id"
            | "$defs"
            | "definitions"
            | "$anchor"
            | "$dynamicAnchor"
            | "$vocabulary"
    )
}
