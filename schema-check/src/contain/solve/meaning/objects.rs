//! Keywords about objects.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::scalars::counted;
use super::{Meaning, opaque};
use crate::contain::draft::Draft;
use crate::contain::solve::formula::{Atom, F, Keys, Rest};

impl<'a> Meaning<'a, '_> {
    pub(super) fn object_keyword(
        &self,
        object: &'a Map<String, Value>,
        keyword: &str,
        value: &'a Value,
        all: &mut Vec<F<'a>>,
    ) {
        let draft = self.document.draft;
        let said = match (keyword, value) {
            ("properties", Value::Object(map)) => self.each(map, |name| Keys::Name(name.into())),
            ("patternProperties", Value::Object(map)) => self.each(map, |pattern| Keys::Pattern(pattern.into())),
            ("additionalProperties", _) => F::Atom(Atom::Each(Keys::Rest(declared(object)), self.lit(value))),
            ("required", Value::Array(names)) => has_all(names),
            ("minProperties", _) => counted(value, Atom::MinProperties),
            ("maxProperties", _) => counted(value, Atom::MaxProperties),
            ("propertyNames", _) if draft >= Draft::Draft6 => F::Atom(Atom::EachName(self.lit(value))),
            ("dependentRequired", Value::Object(map)) if draft.has_unevaluated() => self.depends(map),
            ("dependentSchemas", Value::Object(map)) if draft.has_unevaluated() => self.depends(map),
            ("dependencies", Value::Object(map)) => self.depends(map),
            _ => return,
        };
        all.push(said);
    }

    fn each(&self, map: &'a Map<String, Value>, keys: impl Fn(&str) -> Keys) -> F<'a> {
        F::And(map.iter().map(|(key, schema)| F::Atom(Atom::Each(keys(key), self.lit(schema)))).collect())
    }

    fn depends(&self, map: &'a Map<String, Value>) -> F<'a> {
        F::And(map.iter().map(|(name, needs)| self.dependency(name, needs)).collect())
    }

    fn dependency(&self, name: &str, needs: &'a Value) -> F<'a> {
        let has = |yes| F::Atom(Atom::Has(name.into(), yes));
        let needed = match needs {
            Value::Array(names) => has_all(names),
            Value::String(needed) => F::Atom(Atom::Has(needed.as_str().into(), true)),
            Value::Object(_) | Value::Bool(_) => F::lit(self.here(needs)),
            _ => opaque("a dependency that is no schema"),
        };
        F::Or(vec![has(false), F::And(vec![has(true), needed])])
    }
}

fn has_all<'a>(names: &[Value]) -> F<'a> {
    F::And(names.iter().filter_map(Value::as_str).map(|name| F::Atom(Atom::Has(name.into(), true))).collect())
}

/// The keys that `additionalProperties` beside them isn't about.
fn declared(object: &Map<String, Value>) -> Rc<Rest> {
    let keys = |keyword| {
        let map = object.get(keyword).and_then(Value::as_object);
        map.map(|map| map.keys().map(|key| Rc::from(key.as_str())).collect()).unwrap_or_default()
    };
    Rc::new(Rest { names: keys("properties"), patterns: keys("patternProperties") })
}
