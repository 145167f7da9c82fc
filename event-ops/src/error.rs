//! Why the tool could not do its work: exit code 2.

use std::error::Error;

/// What could not be done, and what to do about it.
#[derive(Debug)]
pub(crate) struct CannotRun {
    pub(crate) message: String,
    pub(crate) help: String,
}

impl CannotRun {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// With the error's causes.
    pub(crate) fn because(message: &str, error: &(dyn Error + 'static), help: impl Into<String>) -> Self {
        Self::new(format!("{message}: {}", event_core::error_chain(error).join(": ")), help)
    }

    pub(crate) fn to_json(&self) -> String {
        format!("{}\n", serde_json::json!({ "error": { "message": self.message, "help": self.help } }))
    }

    pub(crate) fn to_text(&self) -> String {
        format!("error: {}\n  = help: {}\n", self.message, self.help)
    }
}
