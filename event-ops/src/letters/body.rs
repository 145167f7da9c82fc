//! The message of a letter, to be read.

use serde_json::Value;

/// How much of a message that is no JSON is shown.
const SHOWN: usize = 4000;

/// The message as a document; text where it is none.
pub(super) fn document(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(text(body)))
}

/// The message in lines.
pub(super) fn pretty(body: &[u8]) -> String {
    match serde_json::from_slice::<Value>(body).and_then(|value| serde_json::to_string_pretty(&value)) {
        Ok(pretty) => pretty,
        Err(_) => text(body),
    }
}

/// What no terminal should be told comes as `\u{1b}`.
fn text(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let plain = |c: char| if c.is_control() && c != '\n' { c.escape_default().collect() } else { c.to_string() };
    let shown: String = text.chars().take(SHOWN).map(plain).collect();
    let more = text.chars().count().saturating_sub(SHOWN);
    if more > 0 { format!("{shown}\n… {more} characters more") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn a_message_is_indented_if_it_is_json_and_harmless_if_it_is_not() {
        assert_eq!(pretty(br#"{"a":1}"#), "{\n  \"a\": 1\n}");
        assert_eq!(pretty(b"\x1b[31mred"), "\\u{1b}[31mred");
        assert!(pretty("é".repeat(5000).as_bytes()).ends_with("é\n… 1000 characters more"));
    }
}
