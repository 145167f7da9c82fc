//! What two schemas mention: constants, bounds, lengths, patterns, names.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::contain::format;
use crate::contain::solve::language::{Language, sample};

/// How many values are kept.
const MOST: usize = 120;
/// Longer texts and lists aren't made.
const LONGEST: u64 = 2000;

/// Values and names to try anywhere.
pub(super) struct Harvest {
    pub(super) values: Vec<Value>,
    pub(super) names: Vec<String>,
}

impl Harvest {
    pub(super) fn of(schemas: &[&Value]) -> Self {
        let mut harvest = Self { values: Vec::new(), names: Vec::new() };
        let mut language = Language::small();
        for schema in schemas {
            harvest.schema(schema, &mut language);
        }
        for plain in [json!(null), json!(true), json!(false), json!(0), json!(1), json!(-1), json!(0.5), json!(1.0)] {
            harvest.value(plain);
        }
        for plain in [json!(""), json!("a"), json!("%"), json!([]), json!({}), json!([0]), json!([0, 0])] {
            harvest.value(plain);
        }
        harvest
    }

    fn value(&mut self, value: Value) {
        if self.values.len() < MOST && !self.values.contains(&value) {
            self.values.push(value);
        }
    }

    fn name(&mut self, name: &str) {
        if self.names.len() < MOST && self.names.iter().all(|known| known != name) {
            self.names.push(name.to_owned());
        }
    }

    fn schema(&mut self, schema: &Value, language: &mut Language) {
        match schema {
            Value::Object(object) => {
                for (keyword, said) in object {
                    self.keyword(keyword, said, language);
                    self.schema(said, language);
                }
            }
            Value::Array(list) => list.iter().for_each(|one| self.schema(one, language)),
            _ => {}
        }
    }

    fn keyword(&mut self, keyword: &str, said: &Value, language: &mut Language) {
        match (keyword, said) {
            ("const", value) => self.value(value.clone()),
            ("enum", Value::Array(values)) => values.iter().for_each(|value| self.value(value.clone())),
            ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf", Value::Number(_)) => {
                self.around(said);
            }
            ("minLength" | "maxLength", _) => self.lengths(said, |length| Value::String("a".repeat(length))),
            ("minItems" | "maxItems", _) => self.lengths(said, |length| vec![Value::from(0); length].into()),
            ("pattern", Value::String(pattern)) => self.pattern(pattern, language),
            ("format", Value::String(name)) => {
                let samples = format::known(name).map(|format| format.samples).unwrap_or_default();
                samples.iter().for_each(|text| self.value(Value::from(*text)));
            }
            ("properties" | "dependentSchemas" | "dependentRequired" | "dependencies", Value::Object(map)) => {
                map.keys().for_each(|name| self.name(name));
            }
            ("patternProperties", Value::Object(map)) => self.key_patterns(map, language),
            ("required", Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).for_each(|name| self.name(name))
            }
            _ => {}
        }
    }

    fn around(&mut self, bound: &Value) {
        self.value(bound.clone());
        match (bound.as_i64(), bound.as_f64()) {
            (Some(whole), _) => {
                for near in [whole.checked_add(1), whole.checked_sub(1)].into_iter().flatten() {
                    self.value(near.into());
                }
            }
            (None, Some(number)) => [number + 1.0, number - 1.0].iter().for_each(|near| self.value(json!(near))),
            _ => {}
        }
    }

    fn lengths(&mut self, bound: &Value, make: impl Fn(usize) -> Value) {
        let Some(bound) = bound.as_u64().filter(|bound| *bound < LONGEST) else { return };
        for length in [bound.saturating_sub(1), bound, bound + 1] {
            self.value(make(usize::try_from(length).unwrap_or(0)));
        }
    }

    fn pattern(&mut self, pattern: &str, language: &mut Language) {
        for yes in [true, false] {
            if let Some(text) = sample(language, &Rc::from(pattern), yes) {
                self.value(Value::String(text));
            }
        }
    }

    fn key_patterns(&mut self, patterns: &Map<String, Value>, language: &mut Language) {
        for pattern in patterns.keys() {
            if let Some(text) = sample(language, &Rc::from(pattern.as_str()), true) {
                self.name(&text);
            }
        }
    }
}
