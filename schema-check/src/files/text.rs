//! How a file is written: sorted keys, two spaces, a trailing newline.

use serde_json::{Map, Value};

/// The text of a file.
#[must_use]
pub fn render(value: &Value) -> String {
    let text = serde_json::to_string_pretty(&sorted(value)).expect("a JSON value can always be written");
    text + "\n"
}

/// The bytes without UTF-8's byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The same value with the keys of its objects in order, whatever `serde_json` was built with.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{"b":{"d":1,"c":[{"z":1,"a":2}]},"a":0}"#).unwrap();
        let expected = "{\n  \"a\": 0,\n  \"b\": {\n    \"c\": [\n      {\n        \"a\": 2,\n        \"z\": 1\n      }\n    ],\n    \"d\": 1\n  }\n}\n";
        assert_eq!(render(&value), expected);
    }
}
