//! What can be wrong with an envelope.

use thiserror::Error;

/// Why bytes are no envelope. Such a message becomes a dead letter with this as its cause.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The bytes are not a JSON object.
    #[error("not a CloudEvent in JSON")]
    NotJson(#[source] serde_json::Error),
    /// The event is of another version of CloudEvents.
    #[error("`specversion` is `{found}`, and only `1.0` is supported")]
    SpecVersion {
        /// What the event says.
        found: String,
    },
    /// An attribute that CloudEvents requires is absent.
    #[error("the attribute `{attribute}` is missing")]
    Missing {
        /// The name of the attribute.
        attribute: &'static str,
    },
    /// An attribute stands there twice.
    #[error("the attribute `{attribute}` stands there twice")]
    Twice {
        /// The name of the attribute.
        attribute: String,
    },
    /// An attribute has a value that it can't have.
    #[error("the attribute `{attribute}` must be {reason}, found {found}")]
    Invalid {
        /// The name of the attribute.
        attribute: &'static str,
        /// What it must be.
        reason: &'static str,
        /// The beginning of what it is.
        found: String,
    },
}
