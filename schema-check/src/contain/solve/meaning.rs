//! What a schema says about values of one kind.

mod lists;
mod objects;
mod scalars;

use std::rc::Rc;

use serde_json::{Map, Value};

use super::document::Document;
use super::formula::{Atom, F, Lit, Node, Unevaluated, kind};
use crate::contain::draft::Draft;

/// `false` as a schema.
pub(super) static NEVER: Value = Value::Bool(false);

/// What a schema says, with all that is needed to say it.
pub(super) struct Meaning<'a, 'd> {
    pub(super) document: &'d Document<'a>,
    pub(super) number: usize,
    pub(super) kind: u8,
    /// Integers are spelled without a fraction, formats are asserted.
    pub(super) events: bool,
}

impl<'a> Meaning<'a, '_> {
    /// The formula of a schema.
    pub(super) fn of(&self, node: Node<'a>) -> F<'a> {
        match node.schema {
            Value::Bool(true) => F::True,
            Value::Bool(false) => F::False,
            Value::Object(object) => self.of_object(node.schema, object),
            _ => opaque("a schema that is neither an object nor a boolean"),
        }
    }

    fn of_object(&self, schema: &'a Value, object: &'a Map<String, Value>) -> F<'a> {
        let draft = self.document.draft;
        if draft.ref_stands_alone()
            && let Some(target) = object.get("$ref").and_then(Value::as_str)
        {
            return self.reference(self.document.resolve(schema, target));
        }
        let mut all = Vec::new();
        for (keyword, value) in object {
            self.common(schema, object, keyword, value, &mut all);
            match self.kind {
                kind::NUMBER => self.number_keyword(object, keyword, value, &mut all),
                kind::TEXT => self.text_keyword(keyword, value, &mut all),
                kind::LIST => self.list_keyword(object, keyword, value, &mut all),
                kind::OBJECT => self.object_keyword(object, keyword, value, &mut all),
                _ => {}
            }
        }
        self.with_unevaluated(object, F::And(all))
    }

    fn with_unevaluated(&self, object: &'a Map<String, Value>, inner: F<'a>) -> F<'a> {
        let keyword = match self.kind {
            kind::OBJECT => "unevaluatedProperties",
            kind::LIST => "unevaluatedItems",
            _ => return inner,
        };
        match object.get(keyword) {
            Some(rest) if self.document.draft.has_unevaluated() => {
                F::Unevaluated(Rc::new(Unevaluated { inner, lit: self.lit(rest), each: true }))
            }
            _ => inner,
        }
    }

    pub(super) fn lit(&self, schema: &'a Value) -> Lit<'a> {
        Lit::node(schema, self.number)
    }

    pub(super) fn here(&self, schema: &'a Value) -> Lit<'a> {
        Lit::in_place(schema, self.number)
    }

    fn reference(&self, target: Result<&'a Value, String>) -> F<'a> {
        match target {
            Ok(target) => F::lit(self.here(target)),
            Err(reason) => opaque(&reason),
        }
    }

    fn common(
        &self,
        schema: &'a Value,
        object: &'a Map<String, Value>,
        keyword: &str,
        value: &'a Value,
        all: &mut Vec<F<'a>>,
    ) {
        let draft = self.document.draft;
        let said = match (keyword, value) {
            ("type", _) => self.types(value),
            ("enum", Value::Array(values)) => F::Or(values.iter().map(|value| F::lit(Lit::constant(value))).collect()),
            ("const", _) if draft >= Draft::Draft6 => F::lit(Lit::constant(value)),
            ("allOf", Value::Array(list)) => F::And(list.iter().map(|one| F::lit(self.here(one))).collect()),
            ("anyOf", Value::Array(list)) => F::Any(list.iter().map(|one| self.here(one)).collect()),
            ("oneOf", Value::Array(list)) => F::One(list.iter().map(|one| self.here(one)).collect(), true),
            ("not", _) => F::lit(self.lit(value).not()),
            ("if", _) if draft >= Draft::Draft7 => self.condition(object, value),
            ("$ref", Value::String(target)) => self.reference(self.document.resolve(schema, target)),
            ("$dynamicRef", Value::String(target)) if draft == Draft::Draft202012 => {
                self.reference(self.document.resolve_dynamic(schema, target))
            }
            ("$recursiveRef", _) if draft == Draft::Draft201909 => {
                self.reference(self.document.resolve_recursive(schema))
            }
            _ => return,
        };
        all.push(said);
    }

    fn types(&self, value: &'a Value) -> F<'a> {
        match value {
            Value::String(name) => self.type_named(name),
            Value::Array(names) => {
                F::Or(names.iter().filter_map(Value::as_str).map(|name| self.type_named(name)).collect())
            }
            _ => opaque("a `type` that is neither a text nor a list"),
        }
    }

    fn type_named(&self, name: &str) -> F<'a> {
        let kinds = match name {
            "null" => kind::NULL,
            "boolean" => kind::FALSE | kind::TRUE,
            "number" | "integer" => kind::NUMBER,
            "string" => kind::TEXT,
            "array" => kind::LIST,
            "object" => kind::OBJECT,
            "any" if self.document.draft == Draft::Draft4 => return opaque("`type: any`"),
            _ => return opaque("an unknown `type`"),
        };
        if kinds & self.kind == 0 {
            return F::False;
        }
        if name != "integer" {
            return F::True;
        }
        let spelled = self.events || self.document.draft == Draft::Draft4;
        F::Atom(if spelled { Atom::Spelled(true) } else { Atom::Integral(true) })
    }

    fn condition(&self, object: &'a Map<String, Value>, condition: &'a Value) -> F<'a> {
        let branch = |keyword: &str| object.get(keyword).map_or(F::True, |schema| F::lit(self.here(schema)));
        let (met, unmet) = (F::lit(self.here(condition)), F::lit(self.lit(condition).not()));
        F::Or(vec![F::And(vec![met, branch("then")]), F::And(vec![unmet, branch("else")])])
    }
}

/// What can't be computed with; the solver drops it and doubts its witnesses.
pub(super) fn opaque<'a>(what: &str) -> F<'a> {
    F::Atom(Atom::Opaque(what.into(), true))
}

/// A count, written as an integer or as `3.0`.
pub(super) fn count(value: &Value) -> Option<u64> {
    let Value::Number(number) = value else { return None };
    number.as_u64().or_else(|| {
        let exact = super::number::exact(number)?;
        exact.is_integer().then(|| exact.to_integer().try_into().ok())?
    })
}
