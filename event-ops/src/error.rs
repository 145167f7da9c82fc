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
        Self::new(format!("{message}: {}", said_once(event_core::error_chain(error))), help)
    }

    pub(crate) fn to_json(&self) -> String {
        format!("{}\n", serde_json::json!({ "error": { "message": self.message, "help": self.help } }))
    }

    pub(crate) fn to_text(&self) -> String {
        format!("error: {}\n  = help: {}\n", self.message, self.help)
    }
}

/// The causes in a row. Some errors say their cause themselves: then it isn't said again.
fn said_once(chain: Vec<String>) -> String {
    let add = |said: String, cause: String| if said.ends_with(&cause) { said } else { format!("{said}: {cause}") };
    chain.into_iter().reduce(add).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::said_once;

    #[test]
    fn a_cause_that_an_error_has_said_is_not_said_again() {
        let chain = ["cannot migrate", "configuration: one of several writers", "one of several writers"];
        let said = said_once(chain.map(str::to_owned).into());
        assert_eq!(said, "cannot migrate: configuration: one of several writers");
        assert_eq!(said_once(Vec::new()), "");
    }
}
