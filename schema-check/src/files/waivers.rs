//! `waivers.toml`: breaks that were accepted, with their reasons.

use serde::{Deserialize, Deserializer, Serialize};

use super::tree::Tree;
use crate::error::CannotRun;

/// The file below `schemas/`.
pub(crate) const FILE: &str = "waivers.toml";

/// A break that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedBreak {
    /// The wire type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The version.
    pub version: u32,
    /// The rule that found it.
    pub rule: String,
    /// Where.
    pub pointer: String,
    /// What the break is recognised by.
    pub fingerprint: String,
    /// Why it was accepted.
    pub reason: String,
    /// When, `2026-01-31`.
    #[serde(deserialize_with = "date")]
    pub date: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Waivers {
    #[serde(default, rename = "break")]
    breaks: Vec<AcceptedBreak>,
}

/// A date in quotes, as we write it, or one of TOML's own.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    })
}

/// The breaks in the file, none when there is no file.
pub(super) fn read(tree: &Tree) -> Result<Vec<AcceptedBreak>, CannotRun> {
    let Some(bytes) = tree.get(FILE) else { return Ok(Vec::new()) };
    let text = String::from_utf8_lossy(bytes);
    let waivers: Waivers = toml::from_str(&text).map_err(|error| {
        CannotRun::new(format!("cannot read `{FILE}`"), "mend it, or bring it back from git").because(error)
    })?;
    Ok(waivers.breaks)
}

/// The file's text with more breaks at its end; what people wrote into it stays.
pub(crate) fn append(before: &str, breaks: Vec<AcceptedBreak>) -> String {
    let more = toml::to_string(&Waivers { breaks }).expect("text and numbers can be written as TOML");
    let gap = if before.is_empty() { "" } else { "\n" };
    format!("{}{gap}{more}", if before.is_empty() { String::new() } else { format!("{}\n", before.trim_end()) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_again_and_comments_stay() {
        let accepted = AcceptedBreak {
            event_type: "order.placed".to_owned(),
            version: 1,
            rule: "field_removed".to_owned(),
            pointer: "/properties/a".to_owned(),
            fingerprint: "0011".to_owned(),
            reason: "nothing is \"stored\" yet".to_owned(),
            date: "2026-01-31".to_owned(),
        };
        let text = append(&append("# ours\n", vec![accepted.clone()]), vec![accepted.clone()]);
        assert!(text.starts_with("# ours\n\n[[break]]\n"), "{text}");
        let read = |text: String| read(&Tree::from([(FILE.to_owned(), text.into_bytes())])).unwrap();
        assert_eq!(read(text.replace("\"2026-01-31\"", "2026-01-31")), [accepted.clone(), accepted.clone()]);
        assert_eq!(read(text), [accepted.clone(), accepted]);
    }
}
