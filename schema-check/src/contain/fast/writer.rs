//! What the writer says of one part of the value: some schemas that all hold.

use serde_json::{Map, Value};

use crate::contain::lower::declares_object;
use crate::contain::solve::number::equal;

pub(super) const NULL: u8 = 1;
pub(super) const BOOLEAN: u8 = 2;
pub(super) const INTEGER: u8 = 4;
pub(super) const FRACTION: u8 = 8;
pub(super) const NUMBERS: u8 = INTEGER | FRACTION;
pub(super) const TEXT: u8 = 16;
pub(super) const LIST: u8 = 32;
pub(super) const OBJECT: u8 = 64;
const ALL: u8 = 127;

/// The kinds that a `type` names, as far as a writer goes: what isn't known may be anything.
fn written_kinds(said: &Value) -> u8 {
    let known = |name: &Value| name.as_str().is_some_and(|name| kind(name) != 0);
    let all_known = said.as_array().map_or_else(|| known(said), |names| names.iter().all(known));
    if all_known { kinds(said) } else { ALL }
}

/// The kinds that a `type` names.
pub(super) fn kinds(said: &Value) -> u8 {
    match said {
        Value::String(name) => kind(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).fold(0, |kinds, name| kinds | kind(name)),
        _ => 0,
    }
}

fn kind(name: &str) -> u8 {
    match name {
        "null" => NULL,
        "boolean" => BOOLEAN,
        "integer" => INTEGER,
        "number" => NUMBERS,
        "string" => TEXT,
        "array" => LIST,
        "object" => OBJECT,
        _ => 0,
    }
}

fn kind_of(value: &Value) -> u8 {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(_) => NUMBERS,
        Value::String(_) => TEXT,
        Value::Array(_) => LIST,
        Value::Object(_) => OBJECT,
    }
}

/// Some schemas that all hold, and the kinds that they leave.
#[derive(Clone)]
pub(super) struct Writer<'a> {
    pub(super) schemas: Vec<&'a Map<String, Value>>,
    pub(super) referred: Vec<usize>,
    pub(super) kinds: u8,
    events: bool,
    /// Serde writes no key but the declared ones.
    closes: bool,
    /// Of which unions a branch has been taken.
    split: Vec<usize>,
}

impl Default for Writer<'_> {
    fn default() -> Self {
        Self { schemas: Vec::new(), referred: Vec::new(), kinds: ALL, events: false, closes: false, split: Vec::new() }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn take(&mut self, object: &'a Map<String, Value>, events: bool) {
        if let Some(said) = object.get("type") {
            self.kinds &= written_kinds(said);
        }
        if let Some(values) = values_of(object) {
            self.kinds &= values.iter().fold(0, |kinds, value| kinds | kind_of(value));
        }
        self.events = events;
        self.closes |= events && declares_object(object);
        self.schemas.push(object);
    }

    pub(super) fn asserts_formats(&self) -> bool {
        self.events
    }

    pub(super) fn forbid(&mut self) {
        self.kinds = 0;
    }

    /// Whether nothing can be written.
    pub(super) fn is_never(&self) -> bool {
        self.kinds == 0
    }

    pub(super) fn may_be(&self, kinds: u8) -> bool {
        self.kinds & kinds != 0
    }

    /// The one schema that says it all, by its address.
    pub(super) fn identity(&self) -> Option<usize> {
        match (self.schemas.as_slice(), self.split.is_empty()) {
            ([only], true) => {
                let mut alone = Self::default();
                alone.take(only, self.events);
                (alone.kinds == self.kinds).then(|| std::ptr::from_ref(*only).addr())
            }
            _ => None,
        }
    }

    /// The first union of which no branch has been taken, and its branches.
    pub(super) fn union(&self) -> Option<(usize, &'a [Value])> {
        let unions = self.schemas.iter().flat_map(|schema| {
            ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword).and_then(Value::as_array))
        });
        unions
            .map(|union| (std::ptr::from_ref(union).addr(), union.as_slice()))
            .find(|(at, _)| !self.split.contains(at))
    }

    pub(super) fn without_union(&self, union: usize) -> Self {
        let mut writer = self.clone();
        writer.split.push(union);
        writer
    }

    pub(super) fn values(&self) -> Option<&'a [Value]> {
        self.schemas.iter().find_map(|schema| values_of(schema))
    }

    /// Whether each value that can be written is one of these.
    pub(super) fn is_one_of(&self, known: &[Value]) -> bool {
        if self.kinds == NULL {
            return known.contains(&Value::Null);
        }
        let is_known = |value: &Value| known.iter().any(|known| equal(known, value));
        self.values().is_some_and(|values| values.iter().all(is_known))
    }

    /// Whether the keys that can be written are the declared ones.
    pub(super) fn is_closed(&self) -> bool {
        let (mut opens, mut shuts) = (!self.closes, false);
        for schema in &self.schemas {
            if UNCLEAR.iter().any(|keyword| schema.contains_key(*keyword)) {
                return false;
            }
            opens |= OPENING.iter().any(|keyword| schema.get(*keyword).is_some_and(|said| *said != Value::Bool(false)));
            shuts |= schema.get("additionalProperties") == Some(&Value::Bool(false));
        }
        shuts || !opens
    }
}

const OPENING: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];
/// What may declare keys that aren't seen here.
const UNCLEAR: [&str; 7] =
    ["patternProperties", "if", "dependentSchemas", "dependencies", "not", "$dynamicRef", "$recursiveRef"];

fn values_of(object: &Map<String, Value>) -> Option<&[Value]> {
    match (object.get("const"), object.get("enum")) {
        (Some(value), _) => Some(std::slice::from_ref(value)),
        (None, Some(Value::Array(values))) => Some(values),
        _ => None,
    }
}
