//! Keywords about arrays.

use serde_json::{Map, Value};

use super::scalars::counted;
use super::{Meaning, count, opaque};
use crate::contain::draft::Draft;
use crate::contain::solve::formula::{Atom, F};

const END: u64 = u64::MAX;

impl<'a> Meaning<'a, '_> {
    pub(super) fn list_keyword(
        &self,
        object: &'a Map<String, Value>,
        keyword: &str,
        value: &'a Value,
        all: &mut Vec<F<'a>>,
    ) {
        let draft = self.document.draft;
        let said = match (keyword, value) {
            ("minItems", _) => counted(value, Atom::MinItems),
            ("maxItems", _) => counted(value, Atom::MaxItems),
            ("uniqueItems", Value::Bool(true)) => F::Atom(Atom::Unique(true)),
            ("prefixItems", Value::Array(list)) if draft == Draft::Draft202012 => self.prefix(list),
            ("items", Value::Array(list)) if draft < Draft::Draft202012 => self.prefix(list),
            ("items", Value::Object(_) | Value::Bool(_)) => self.items(object, value),
            ("additionalItems", _) if draft < Draft::Draft202012 => self.additional(object, value),
            ("contains", _) if draft >= Draft::Draft6 => self.contains(object, value),
            _ => return,
        };
        all.push(said);
    }

    fn prefix(&self, list: &'a [Value]) -> F<'a> {
        let item = |(at, schema)| F::Atom(Atom::EachItem(at, at + 1, self.lit(schema)));
        F::And((0..).zip(list).map(item).collect())
    }

    fn items(&self, object: &'a Map<String, Value>, value: &'a Value) -> F<'a> {
        let prefix = if self.document.draft == Draft::Draft202012 { object.get("prefixItems") } else { None };
        let skipped = prefix.and_then(Value::as_array).map_or(0, Vec::len);
        F::Atom(Atom::EachItem(skipped as u64, END, self.lit(value)))
    }

    fn additional(&self, object: &'a Map<String, Value>, value: &'a Value) -> F<'a> {
        match object.get("items") {
            Some(Value::Array(list)) => F::Atom(Atom::EachItem(list.len() as u64, END, self.lit(value))),
            _ => F::True,
        }
    }

    fn contains(&self, object: &'a Map<String, Value>, value: &'a Value) -> F<'a> {
        let counts = self.document.draft >= Draft::Draft201909;
        let bound = |keyword| object.get(keyword).filter(|_| counts);
        let (least, most) = (bound("minContains"), bound("maxContains"));
        let (Some(least), Some(most)) = (least.map_or(Some(1), count), most.map_or(Some(END), count)) else {
            return opaque("a count that is no natural number");
        };
        let mut all = vec![F::Atom(Atom::AtLeast(self.lit(value), least))];
        if most < END {
            all.push(F::Atom(Atom::AtMost(self.lit(value), most)));
        }
        F::And(all)
    }
}
