//! Texts and numbers that the schema allows and the decoder refuses: checks of the user's own.

use serde_json::{Value, json};

use super::walk::{Seen, Walk};
use crate::sample::KINDS;
use crate::sample::distinct;

pub(super) fn learn(walk: &mut Walk<'_>, seen: &Seen) {
    let document = walk.document;
    let kinds = document.kinds(&seen.shape);
    let named = ["const", "enum"].iter().any(|keyword| document.said(&seen.shape, keyword).next().is_some());
    if named || kinds.len() == KINDS.len() {
        return;
    }
    let mut values = Vec::new();
    for kind in kinds {
        match kind {
            "null" => values.push(Value::Null),
            "boolean" => values.extend([json!(false), json!(true)]),
            "integer" | "number" => values.extend(walk.sampler.numbers(&seen.shape)),
            "string" => values.extend(walk.sampler.texts(&seen.shape)),
            _ => {}
        }
    }
    let values = distinct(values);
    let whole: Vec<Value> = values.iter().map(|value| seen.with(value.clone())).collect();
    let answers = walk.ask(&whole);
    let refused: Vec<Value> =
        values.into_iter().zip(&answers).filter(|(_, answer)| !answer.is_read()).map(|(value, _)| value).collect();
    let typed = document.said(&seen.shape, "type").last().map(|(part, _)| part.to_owned());
    if let Some(part) = typed {
        walk.refuses(&part, refused);
    }
}
