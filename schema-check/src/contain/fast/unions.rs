//! Readers that offer branches: by the same place, by the tag, one after the other.

use serde_json::{Map, Value};

use super::writer::{self, Writer};
use super::{Prover, resolve};
use crate::contain::solve::number::equal;

impl<'a> Prover<'a> {
    pub(super) fn any_of(&mut self, writer: &Writer<'a>, any: &'a [Value], from: usize) -> bool {
        self.by_kind(writer, |prover, writer| {
            any.iter().any(|one| !prover.is_apart(writer, one, 0) && prover.reader(writer, one, from + 1))
        })
    }

    pub(super) fn one_of(&mut self, writer: &Writer<'a>, any: &'a [Value], from: usize) -> bool {
        self.by_kind(writer, |prover, writer| {
            let mut near = any.iter().filter(|one| !prover.is_apart(writer, one, 0));
            match (near.next(), near.next()) {
                (Some(only), None) => {
                    drop(near);
                    prover.reader(writer, only, from + 1)
                }
                _ => false,
            }
        })
    }

    /// Each kind of value may take another branch.
    fn by_kind(&mut self, writer: &Writer<'a>, mut prove: impl FnMut(&mut Self, &Writer<'a>) -> bool) -> bool {
        if writer.kinds.count_ones() == 1 || writer.kinds == writer::NUMBERS {
            return prove(self, writer);
        }
        let kinds = [writer::NULL, writer::BOOLEAN, writer::NUMBERS, writer::TEXT, writer::LIST, writer::OBJECT];
        kinds.iter().filter(|kind| writer.kinds & **kind != 0).all(|kind| {
            let mut narrowed = writer.clone();
            narrowed.kinds &= kind;
            prove(self, &narrowed)
        })
    }

    /// Whether it is plain that no value of the writer is one of the branch.
    fn is_apart(&self, writer: &Writer<'a>, branch: &'a Value, from: usize) -> bool {
        let object = match branch {
            Value::Bool(accepts) => return !accepts,
            Value::Object(object) => object,
            _ => return false,
        };
        if let Some(target) = object.get("$ref").and_then(|target| resolve(self.roots.1, target)) {
            if from < 4 && self.is_apart(writer, target, from + 1) {
                return true;
            }
            if self.drafts.reader.ref_stands_alone() {
                return false;
            }
        }
        let kinds = object.get("type").map_or(u8::MAX, writer::kinds) & writer.kinds;
        if kinds == 0 {
            return true;
        }
        if let (Some(values), Some(said)) = (writer.values(), constants(object)) {
            return !values.iter().any(|value| said.iter().any(|known| equal(known, value)));
        }
        kinds == writer::OBJECT && is_apart_by_key(writer, object)
    }
}

/// A key that the branch demands and the writer never writes, or writes with another constant.
fn is_apart_by_key(writer: &Writer<'_>, branch: &Map<String, Value>) -> bool {
    let Some(names) = branch.get("required").and_then(Value::as_array) else { return false };
    let closed = writer.is_closed();
    names.iter().filter_map(Value::as_str).any(|name| {
        let mut said = writer.schemas.iter().filter_map(|schema| schema.get("properties")?.get(name)).peekable();
        if said.peek().is_none() {
            return closed;
        }
        let demanded = branch.get("properties").and_then(|properties| properties.get(name)?.as_object());
        let Some(demanded) = demanded.and_then(constants) else { return false };
        said.filter_map(|said| constants(said.as_object()?))
            .any(|said| !said.iter().any(|value| demanded.iter().any(|known| equal(known, value))))
    })
}

fn constants(object: &Map<String, Value>) -> Option<&[Value]> {
    match (object.get("const"), object.get("enum")) {
        (Some(value), _) => Some(std::slice::from_ref(value)),
        (None, Some(Value::Array(values))) => Some(values),
        _ => None,
    }
}
