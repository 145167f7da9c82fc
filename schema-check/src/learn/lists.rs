//! Tuples that may end early, and lists that may not be empty.

use serde_json::{Value, json};

use super::learned::Role;
use super::walk::{Seen, Walk};

pub(super) fn learn(walk: &mut Walk<'_>, seen: &Seen) {
    let Some(items) = seen.value.as_array().filter(|items| !items.is_empty()) else { return };
    let tuple = walk.document.said(&seen.shape, "prefixItems").next().map(|(part, _)| part.to_owned());
    let least = walk.document.said(&seen.shape, "minItems").filter_map(|(_, least)| least.as_u64()).max().unwrap_or(0);
    match tuple {
        Some(part) if walk.role == Role::Reader => shorter(walk, seen, &part, items),
        None if least == 0 => {
            let refused = !walk.ask_one(seen.with(json!([]))).is_read();
            if let Some(part) = seen.shape.parts.last() {
                walk.refuses(part, if refused { vec![json!([])] } else { Vec::new() });
            }
        }
        _ => {}
    }
}

fn shorter(walk: &mut Walk<'_>, seen: &Seen, part: &str, items: &[Value]) {
    for end in (0..items.len()).rev() {
        let shortened = items.get(..end).unwrap_or_default().to_vec();
        let answer = walk.ask_one(seen.with(Value::Array(shortened)));
        // What is missing is written again, else another variant was read.
        if answer.written(&seen.at).and_then(Value::as_array).is_none_or(|items| items.len() <= end) {
            break;
        }
        walk.learn(&format!("{part}/prefixItems/{end}"), "required", json!(false));
    }
}
