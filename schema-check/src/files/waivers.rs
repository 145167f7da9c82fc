//! `waivers.toml`: findings that may pass for a time, and breaks that were accepted for good, with their reasons.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::tree::Tree;
use crate::error::CannotRun;

/// The file below `schemas/`.
pub(crate) const FILE: &str = "waivers.toml";

/// A break that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(deserialize_with = "reason")]
    pub reason: String,
    /// When, `2026-01-31`.
    #[serde(deserialize_with = "date")]
    pub date: String,
}

/// A finding that somebody lets pass for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The wire type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The version.
    pub version: u32,
    /// The rule that found it.
    pub rule: String,
    /// Where.
    pub pointer: String,
    /// What the finding is recognised by.
    pub fingerprint: String,
    /// Why it may pass.
    #[serde(deserialize_with = "reason")]
    pub reason: String,
    /// The last day on which it may, `2026-01-31`.
    #[serde(deserialize_with = "date")]
    pub expires: String,
}

/// What the file says on a given day.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    /// Breaks that were accepted.
    pub breaks: Vec<AcceptedBreak>,
    /// All waivers, also those that are over.
    pub waivers: Vec<Waiver>,
    today: String,
}

/// The file as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, rename = "waiver", skip_serializing_if = "Vec::is_empty")]
    waivers: Vec<Waiver>,
    #[serde(default, rename = "break", skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<AcceptedBreak>,
}

impl Waivers {
    /// Reads the file of a folder that reports call `shown`; nothing is waived where there is none.
    ///
    /// # Errors
    /// When the file is there and says something else.
    pub fn read(tree: &Tree, shown: &str, today: &str) -> Result<Self, CannotRun> {
        let Some(bytes) = tree.get(FILE) else { return Ok(Self::default()) };
        let help = "a `[[waiver]]` has type, version, rule, pointer, fingerprint, reason and expires = \"2026-12-31\"; a `[[break]]` has date in place of expires";
        let text = std::str::from_utf8(super::without_mark(bytes))
            .map_err(|error| CannotRun::new(format!("`{shown}/{FILE}` is not UTF-8"), help).because(error))?;
        let Document { waivers, breaks } = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            CannotRun::new(format!("cannot read `{shown}/{FILE}`, line {line}: {}", error.message()), help)
        })?;
        Ok(Self { breaks, waivers, today: today.to_owned() })
    }

    /// Whether the last day of a waiver is over.
    #[must_use]
    pub fn is_over(&self, waiver: &Waiver) -> bool {
        // Days in ISO 8601 are ordered as text.
        waiver.expires < self.today
    }

    /// Why a finding may pass, if it may.
    pub(crate) fn pardon(&self, fingerprint: &str) -> Option<String> {
        let accepted = self.breaks.iter().find(|accepted| accepted.fingerprint == fingerprint);
        if let Some(accepted) = accepted {
            return Some(format!("accepted: {} ({})", accepted.reason, accepted.date));
        }
        let waived = self.waivers.iter().find(|waiver| waiver.fingerprint == fingerprint && !self.is_over(waiver));
        waived.map(|waiver| format!("waived until {}: {}", waiver.expires, waiver.reason))
    }
}

/// A date in quotes, as we write it, or one of TOML's own.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    if is_day(&text) { Ok(text) } else { Err(D::Error::custom(format!("`{text}` is no day; write \"2026-12-31\""))) }
}

/// Whether a text is a day of the calendar, `2026-01-31`.
pub(crate) fn is_day(text: &str) -> bool {
    let shape = |(at, letter): (usize, char)| if at == 4 || at == 7 { letter == '-' } else { letter.is_ascii_digit() };
    text.len() == 10 && text.chars().enumerate().all(shape) && text.parse::<toml::value::Datetime>().is_ok()
}

fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Err(D::Error::custom("`reason` is empty; write why it is harmless")) } else { Ok(text) }
}

/// The file's text with more at its end; what people wrote into it stays.
pub(crate) fn append(before: &str, waivers: Vec<Waiver>, breaks: Vec<AcceptedBreak>) -> String {
    let more = toml::to_string(&Document { waivers, breaks }).expect("text and numbers can be written as TOML");
    let kept = before.trim_end();
    if kept.is_empty() { more } else { format!("{kept}\n\n{more}") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn tree(text: &str) -> Tree {
        Tree::from([(FILE.to_owned(), text.as_bytes().to_vec())])
    }

    fn accepted() -> AcceptedBreak {
        AcceptedBreak {
            event_type: "order.placed".to_owned(),
            version: 1,
            rule: "field_removed".to_owned(),
            pointer: "/properties/a".to_owned(),
            fingerprint: "0011".to_owned(),
            reason: "nothing is \"stored\" yet".to_owned(),
            date: "2026-01-31".to_owned(),
        }
    }

    fn waiver(fingerprint: &str) -> Waiver {
        let AcceptedBreak { event_type, version, rule, pointer, reason, date, .. } = accepted();
        Waiver { event_type, version, rule, pointer, fingerprint: fingerprint.to_owned(), reason, expires: date }
    }

    #[test]
    fn what_is_appended_is_read_again_and_comments_stay() {
        let text = append("# ours\n", Vec::new(), vec![accepted()]);
        let text = append(&text, vec![waiver("0022")], vec![accepted()]);
        assert!(text.starts_with("# ours\n\n[[break]]\n"), "{text}");
        for text in [text.replace("\"2026-01-31\"", "2026-01-31"), format!("\u{feff}{text}"), text] {
            let read = Waivers::read(&tree(&text), "schemas", "2026-01-01").unwrap();
            assert_eq!((read.breaks, read.waivers), (vec![accepted(), accepted()], vec![waiver("0022")]));
        }
    }

    #[test]
    fn a_waiver_holds_through_its_last_day_and_a_break_for_good() {
        let text = append("", vec![waiver("0022")], vec![accepted()]);
        let on = |today: &str| Waivers::read(&tree(&text), "schemas", today).unwrap();
        let reason = "nothing is \"stored\" yet";
        assert_eq!(on("2026-01-31").pardon("0022").unwrap(), format!("waived until 2026-01-31: {reason}"));
        assert_eq!(on("2026-02-01").pardon("0022"), None);
        assert_eq!(on("2036-02-01").pardon("0011").unwrap(), format!("accepted: {reason} (2026-01-31)"));
        assert_eq!(on("2026-01-31").pardon("0033"), None);
    }

    #[test]
    fn what_is_no_waiver_is_told_with_its_line() {
        let block = append("", vec![waiver("0022")], Vec::new());
        let told = |text: &str| Waivers::read(&tree(text), "a/schemas", "2026-01-01").unwrap_err().message();
        let messages = [
            told("# ours\n[[waiver]\n"),
            told(&block.replace("[[waiver]]", "[[waivers]]")),
            told(&block.replace("expires = \"2026-01-31\"\n", "")),
            told(&block.replace("2026-01-31", "soon")),
            told(&block.replace("2026-01-31", "2026-02-30")),
            told(&block.replace("nothing is \\\"stored\\\" yet", " ").replace("nothing is \"stored\" yet", " ")),
            told(&block.replace("version = 1", "version = \"1\"")),
        ];
        insta::assert_snapshot!(messages.join("\n"));
    }
}
