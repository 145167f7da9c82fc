//! Whether a plain value keeps to one bound: a sample that doesn't would say nothing of the decoder.

use serde_json::{Number, Value};

/// The bounds that are looked at.
pub(super) const KEYWORDS: [&str; 8] =
    ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "not"];

/// Whether the value keeps to what a keyword says; what can't be told counts as broken.
pub(super) fn keeps(value: &Value, keyword: &str, said: &Value) -> bool {
    match value {
        Value::Number(number) => {
            said.as_number().map_or_else(|| differs(value, said), |bound| in_bounds(number, keyword, bound))
        }
        Value::String(text) => {
            said.as_u64().map_or_else(|| differs(value, said), |bound| in_length(text, keyword, bound))
        }
        _ => differs(value, said),
    }
}

/// `not` with a constant, values or a type; another one may say anything.
fn differs(value: &Value, said: &Value) -> bool {
    let Some(object) = said.as_object() else { return true };
    let constant = object.get("const").is_none_or(|constant| constant != value);
    let listed = object.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(value));
    let typed = object.get("type").is_none_or(|kind| !is_kind(value, kind));
    constant && !listed && typed && object.keys().all(|keyword| matches!(keyword.as_str(), "const" | "enum" | "type"))
}

/// Whether the value has a type, or may have it: of an integer a number tells only that it is one.
fn is_kind(value: &Value, kind: &Value) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(_) => kind == "number" || kind == "integer",
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

fn in_bounds(number: &Number, keyword: &str, bound: &Number) -> bool {
    let order = compared(number, bound);
    match keyword {
        "minimum" => order.is_some_and(std::cmp::Ordering::is_ge),
        "maximum" => order.is_some_and(std::cmp::Ordering::is_le),
        "exclusiveMinimum" => order.is_some_and(std::cmp::Ordering::is_gt),
        "exclusiveMaximum" => order.is_some_and(std::cmp::Ordering::is_lt),
        "multipleOf" => match (whole(number), whole(bound)) {
            (Some(number), Some(bound)) => bound != 0 && number % bound == 0,
            _ => false,
        },
        _ => true,
    }
}

fn compared(a: &Number, b: &Number) -> Option<std::cmp::Ordering> {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.to_string().parse().ok()
}

fn in_length(text: &str, keyword: &str, bound: u64) -> bool {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    match keyword {
        "minLength" => length >= bound,
        "maxLength" => length <= bound,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_held_to_bounds_lengths_and_exclusions() {
        for (value, keyword, said, right) in [
            (json!(255), "maximum", json!(255), true),
            (json!(256), "maximum", json!(255), false),
            (json!(-1), "minimum", json!(0), false),
            (json!(0), "exclusiveMinimum", json!(0), false),
            (json!(1.5), "exclusiveMaximum", json!(2), true),
            (json!(u64::MAX), "minimum", json!(0), true),
            (json!(9), "multipleOf", json!(3), true),
            (json!(1), "multipleOf", json!(3), false),
            (json!(0), "not", json!({"const": 0}), false),
            (json!("a"), "not", json!({"enum": ["a", "b"]}), false),
            (json!("a"), "not", json!({"type": "string"}), false),
            (json!("a"), "not", json!({"type": "null"}), true),
            (json!("a"), "not", json!({"minLength": 2}), false),
            (json!("é"), "maxLength", json!(1), true),
            (json!("ab"), "maxLength", json!(1), false),
            (json!(""), "minLength", json!(1), false),
        ] {
            assert_eq!(keeps(&value, keyword, &said), right, "{value} {keyword} {said}");
        }
    }
}
