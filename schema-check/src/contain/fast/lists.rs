//! What the reader says of arrays.

use serde_json::{Map, Value};

use super::writer::Writer;
use super::{Prover, scalars};
use crate::contain::draft::Draft;

impl<'a> Prover<'a> {
    pub(super) fn list_keyword(
        &mut self,
        writer: &Writer<'a>,
        object: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
    ) -> bool {
        match keyword {
            "minItems" | "maxItems" => scalars::implied(writer, keyword, said),
            "uniqueItems" => {
                *said == Value::Bool(false)
                    || self.events
                    || writer.schemas.iter().any(|schema| schema.get("uniqueItems") == Some(&Value::Bool(true)))
            }
            // The items are gone through once, at the keyword that comes first.
            "prefixItems" => object.contains_key("items") || self.items(writer, object),
            "additionalItems" => object.contains_key("items") || self.items(writer, object),
            _ => self.items(writer, object),
        }
    }

    fn items(&mut self, writer: &Writer<'a>, reader: &'a Map<String, Value>) -> bool {
        let newest = (self.drafts.writer, self.drafts.reader);
        let longest = writer.schemas.iter().filter_map(|schema| schema.get("maxItems")?.as_u64()).min();
        let prefix = |schema: &Map<String, Value>, draft| shape(schema, draft).0.len();
        let written = writer.schemas.iter().map(|schema| prefix(schema, newest.0)).max().unwrap_or(0);
        let places = written.max(prefix(reader, newest.1)) as u64;
        (0..=places).all(|place| {
            if longest.is_some_and(|longest| longest <= place) {
                return true;
            }
            let Some(demanded) = at(reader, newest.1, place) else { return true };
            let said: Vec<&Value> = writer.schemas.iter().filter_map(|schema| at(schema, newest.0, place)).collect();
            self.value(&said, demanded)
        })
    }
}

/// The schemas of the first items, and that of the rest.
fn shape(schema: &Map<String, Value>, draft: Draft) -> (&[Value], Option<&Value>) {
    let prefix = if draft == Draft::Draft202012 { schema.get("prefixItems") } else { schema.get("items") };
    let (rest, items) = match (prefix, schema.get("items")) {
        (Some(Value::Array(prefix)), items) if draft == Draft::Draft202012 => (items, prefix.as_slice()),
        (Some(Value::Array(prefix)), _) => (schema.get("additionalItems"), prefix.as_slice()),
        (_, items) => (items, [].as_slice()),
    };
    (items, rest)
}

fn at(schema: &Map<String, Value>, draft: Draft, place: u64) -> Option<&Value> {
    let (prefix, rest) = shape(schema, draft);
    usize::try_from(place).ok().and_then(|place| prefix.get(place)).or(rest)
}
