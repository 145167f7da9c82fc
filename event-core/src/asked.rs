//! A replay that somebody has asked the running consumer for.

use serde::{Deserialize, Serialize};

/// A replay that somebody has asked the running consumer for: it stands with the letter until the attempt was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Asked {
    /// Tells this replay from others.
    pub id: String,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}

impl Asked {
    /// A replay of this id.
    #[must_use]
    pub fn new(id: impl Into<String>, by: Option<String>, reason: impl Into<String>) -> Self {
        Self { id: id.into(), by, reason: reason.into() }
    }

    /// As it stands with a letter.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| self.id.clone())
    }

    /// What stands with a letter; what was written by hand is the reason.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self::new(text, None, text))
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn a_replay_is_read_as_it_was_asked_for() {
        let asked = Asked::new("r-1", Some("ada".to_owned()), "\"mended\"");
        assert_eq!(asked.to_text(), r#"{"id":"r-1","by":"ada","reason":"\"mended\""}"#);
        assert_eq!(Asked::from_text(&asked.to_text()), asked);
        assert_eq!(Asked::from_text("by hand"), Asked::new("by hand", None, "by hand"));
    }
}
