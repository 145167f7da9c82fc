//! The value of one attribute: read where it stands, or named with what it must be.

use std::borrow::Cow;

use super::super::EnvelopeError;
use super::attributes::Value;
use crate::characters;
use crate::clock::Timestamp;
use crate::event_version::EVENT_VERSION_MAX;

/// A text that CloudEvents requires.
pub(super) fn required(attribute: &'static str, value: Value<'_>) -> Result<String, EnvelopeError> {
    let reason = "a non-empty string";
    let Some(raw) = present(value) else { return Err(EnvelopeError::Missing { attribute }) };
    let text = string(raw).ok_or_else(|| invalid(attribute, reason, raw))?;
    if text.is_empty() {
        return Err(EnvelopeError::Invalid { attribute, reason, found: "an empty string".to_owned() });
    }
    can_be_kept(attribute, text)
}

pub(super) fn text(attribute: &'static str, value: Value<'_>) -> Result<Option<String>, EnvelopeError> {
    let Some(raw) = present(value) else { return Ok(None) };
    let text = string(raw).ok_or_else(|| invalid(attribute, "a string", raw))?;
    can_be_kept(attribute, text).map(Some)
}

pub(super) fn time(attribute: &'static str, value: Value<'_>) -> Result<Option<Timestamp>, EnvelopeError> {
    let Some(raw) = present(value) else { return Ok(None) };
    let time = string(raw).and_then(|text| text.parse().ok());
    time.map(Some).ok_or_else(|| invalid(attribute, "an RFC 3339 time", raw))
}

/// A version: a number, or its digits as text, which is how header bindings carry integers.
pub(super) fn version(attribute: &'static str, value: Value<'_>) -> Result<Option<u32>, EnvelopeError> {
    let Some(raw) = present(value) else { return Ok(None) };
    match raw.trim_matches('"').parse::<u32>() {
        Ok(version) if (1..=EVENT_VERSION_MAX).contains(&version) => Ok(Some(version)),
        _ => Err(invalid(attribute, "a whole number from 1 to 2147483647", raw)),
    }
}

/// The text of a string; `None` when it is something else. Most have no escapes, and are a part of the message.
pub(super) fn string(raw: &str) -> Option<Cow<'_, str>> {
    match raw.strip_prefix('"')?.strip_suffix('"')? {
        plain if !plain.as_bytes().contains(&b'\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(raw).ok().map(Cow::Owned),
    }
}

pub(super) fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The absence and the `null` of an attribute mean the same.
fn present(value: Value<'_>) -> Value<'_> {
    value.filter(|raw| *raw != "null")
}

/// What CloudEvents forbids is taken from other producers all the same, but for what no PostgreSQL can store.
fn can_be_kept(attribute: &'static str, text: Cow<'_, str>) -> Result<String, EnvelopeError> {
    match text {
        // JSON has no U+0000 without an escape.
        Cow::Borrowed(text) => Ok(text.to_owned()),
        Cow::Owned(text) if !characters::hold_nul(&text) => Ok(text),
        Cow::Owned(text) => {
            let found = format!("`{}`", beginning(&text).escape_debug());
            Err(EnvelopeError::Invalid { attribute, reason: characters::WITHOUT_NUL, found })
        }
    }
}

fn invalid(attribute: &'static str, reason: &'static str, raw: &str) -> EnvelopeError {
    EnvelopeError::Invalid { attribute, reason, found: format!("`{}`", beginning(raw)) }
}
