//! The quick prover: walks both schemas as they are, side by side, without building anything.
//!
//! It says yes or nothing. What it can't see at once is left to the thorough prover.

mod lists;
mod objects;
mod scalars;
mod unions;
mod writer;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::writer::Writer;
use super::draft::{Draft, Drafts};
use super::{Options, Pair, Semantics};

/// How much work is quick.
const FUEL: u32 = 200_000;
const DEEPEST: usize = 64;

/// Whether it is plain to see that the reader accepts all that the writer writes.
pub(super) fn is_contained(writer: &Value, reader: Pair<'_>, drafts: Drafts, options: &Options) -> bool {
    let events = options.semantics == Semantics::Events;
    let has_facts = |schema: &Value| schema.get("x-event").is_some_and(|event| event.get("facts").is_some());
    let facts = events && (has_facts(writer) || has_facts(reader.reader) || has_facts(reader.writer));
    if facts || drafts.writer < Draft::Draft6 || drafts.reader < Draft::Draft6 {
        return false;
    }
    let mut prover = Prover {
        events,
        drafts,
        roots: (writer, reader.reader),
        known: HashMap::new(),
        log: Vec::new(),
        level: 0,
        fuel: FUEL,
    };
    prover.value(&[writer], reader.reader)
}

/// What is known of a pair of schemas.
#[derive(Clone, Copy)]
enum Known {
    /// Being proved: smaller parts of the value may rely on it.
    Assumed,
    Proved,
    Refuted,
}

pub(super) struct Prover<'a> {
    events: bool,
    drafts: Drafts,
    roots: (&'a Value, &'a Value),
    known: HashMap<(usize, usize), Known>,
    log: Vec<(usize, usize)>,
    level: usize,
    fuel: u32,
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema).addr()
}

impl<'a> Prover<'a> {
    /// Whether all values of the writers' schemas are values of the reader's: for a part of the value.
    fn value(&mut self, writers: &[&'a Value], reader: &'a Value) -> bool {
        if *reader == Value::Bool(true) {
            return true;
        }
        if self.level > DEEPEST {
            return false;
        }
        self.level += 1;
        let mut writer = Writer::default();
        let proved = writers.iter().all(|schema| self.add(&mut writer, schema))
            && (writer.is_never() || self.remembered(&writer, reader));
        self.level -= 1;
        proved
    }

    /// Recursive schemas: what is being proved may be assumed of smaller parts of the value.
    fn remembered(&mut self, writer: &Writer<'a>, reader: &'a Value) -> bool {
        let target = self.target(reader);
        let by_reference = !writer.referred.is_empty() || !std::ptr::eq(target, reader) || self.level == 1;
        let Some(identity) = writer.identity().filter(|_| by_reference) else { return self.writer(writer, reader) };
        let pair = (identity, address(target));
        match self.known.get(&pair) {
            Some(Known::Assumed | Known::Proved) => return true,
            Some(Known::Refuted) => return false,
            None => {}
        }
        let mark = self.log.len();
        self.known.insert(pair, Known::Assumed);
        self.log.push(pair);
        let proved = self.writer(writer, reader);
        if !proved {
            for pair in self.log.drain(mark..) {
                self.known.remove(&pair);
            }
        }
        self.known.insert(pair, if proved { Known::Proved } else { Known::Refuted });
        proved
    }

    /// Where a reader that is nothing but references leads.
    fn target(&self, reader: &'a Value) -> &'a Value {
        let mut at = reader;
        for _ in 0..8 {
            let Some(target) = at.as_object().filter(|object| is_bare(object)).and_then(|object| object.get("$ref"))
            else {
                break;
            };
            let Some(target) = resolve(self.roots.1, target) else { break };
            at = target;
        }
        at
    }

    /// Splits the writer's unions, then goes through what the reader says.
    fn writer(&mut self, writer: &Writer<'a>, reader: &'a Value) -> bool {
        if self.fuel == 0 {
            return false;
        }
        self.fuel -= 1;
        let Some((place, branches)) = writer.union() else { return self.reader(writer, reader, 0) };
        branches.iter().all(|branch| {
            let mut chosen = writer.without_union(place);
            self.add(&mut chosen, branch) && (chosen.is_never() || self.writer(&chosen, reader))
        })
    }

    /// Takes a schema of the writer in, with all that it refers to.
    fn add(&mut self, writer: &mut Writer<'a>, schema: &'a Value) -> bool {
        let object = match schema {
            Value::Bool(true) => return true,
            Value::Bool(false) => {
                writer.forbid();
                return true;
            }
            Value::Object(object) => object,
            _ => return false,
        };
        let is_root = std::ptr::eq(schema, self.roots.0);
        if object.contains_key("$id") && !is_root || writer.schemas.len() > 16 {
            return false;
        }
        if let Some(target) = object.get("$ref") {
            let Some(target) = resolve(self.roots.0, target) else { return false };
            if writer.referred.contains(&address(target)) {
                return false;
            }
            writer.referred.push(address(target));
            if !self.add(writer, target) {
                return false;
            }
            if self.drafts.writer.ref_stands_alone() || is_bare(object) {
                return true;
            }
        }
        writer.take(object, self.events);
        match object.get("allOf") {
            Some(Value::Array(all)) => all.iter().all(|schema| self.add(writer, schema)),
            _ => true,
        }
    }

    /// `from`: the reference that led here comes from this many references on the same part of the value.
    fn reader(&mut self, writer: &Writer<'a>, reader: &'a Value, from: usize) -> bool {
        let object = match reader {
            Value::Bool(accepts) => return *accepts,
            Value::Object(object) => object,
            _ => return false,
        };
        if self.fuel == 0 || from > 8 || object.contains_key("$id") && !std::ptr::eq(reader, self.roots.1) {
            return false;
        }
        self.fuel -= 1;
        if let Some(target) = object.get("$ref") {
            let Some(target) = resolve(self.roots.1, target) else { return false };
            if !self.reader(writer, target, from + 1) {
                return false;
            }
            if self.drafts.reader.ref_stands_alone() {
                return true;
            }
        }
        object.iter().all(|(keyword, said)| self.keyword(writer, object, keyword, said, from))
    }

    fn keyword(
        &mut self,
        writer: &Writer<'a>,
        object: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
        from: usize,
    ) -> bool {
        match keyword {
            "type" => writer.kinds & !writer::kinds(said) == 0,
            "const" => writer.is_one_of(std::slice::from_ref(said)),
            "enum" => said.as_array().is_some_and(|values| writer.is_one_of(values)),
            "allOf" => said.as_array().is_some_and(|all| all.iter().all(|one| self.reader(writer, one, from + 1))),
            "anyOf" => said.as_array().is_some_and(|any| self.any_of(writer, any, from)),
            "oneOf" => said.as_array().is_some_and(|any| self.one_of(writer, any, from)),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                !writer.may_be(writer::NUMBERS) || scalars::number(writer, keyword, said)
            }
            "format" => !self.events || scalars::format(writer, said),
            "minLength" | "maxLength" | "pattern" => {
                !writer.may_be(writer::TEXT) || scalars::text(writer, keyword, said)
            }
            "minItems" | "maxItems" | "uniqueItems" | "prefixItems" | "items" | "additionalItems" => {
                !writer.may_be(writer::LIST) || self.list_keyword(writer, object, keyword, said)
            }
            "properties"
            | "required"
            | "additionalProperties"
            | "patternProperties"
            | "minProperties"
            | "maxProperties"
            | "propertyNames" => !writer.may_be(writer::OBJECT) || self.object_keyword(writer, object, keyword, said),
            "dependentRequired" | "dependentSchemas" | "dependencies" | "unevaluatedProperties" => {
                !writer.may_be(writer::OBJECT)
            }
            "contains" | "unevaluatedItems" => !writer.may_be(writer::LIST),
            "contentEncoding" | "contentMediaType" => {
                self.drafts.reader > Draft::Draft7 || !writer.may_be(writer::TEXT)
            }
            "not" | "if" | "$dynamicRef" | "$recursiveRef" => false,
            _ => true,
        }
    }
}

/// Whether a schema says nothing beside its reference.
fn is_bare(object: &Map<String, Value>) -> bool {
    object.contains_key("$ref")
        && object.keys().all(|keyword| matches!(keyword.as_str(), "$ref" | "title" | "description" | "default"))
}

/// A reference inside of a document without other bases.
fn resolve<'a>(root: &'a Value, reference: &Value) -> Option<&'a Value> {
    let pointer = reference.as_str()?.strip_prefix('#')?;
    if pointer.contains('%') || !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    let mut at = root;
    for token in pointer.split('/').skip(1) {
        let inside_other_base = !std::ptr::eq(at, root) && at.get("$id").is_some_and(Value::is_string);
        if inside_other_base {
            return None;
        }
        at = match at {
            Value::Object(map) if token.contains('~') => map.get(&token.replace("~1", "/").replace("~0", "~"))?,
            Value::Object(map) => map.get(token)?,
            Value::Array(list) => list.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(at)
}
