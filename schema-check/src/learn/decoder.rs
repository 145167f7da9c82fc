//! The real decoder: reads a value as the event, and writes it again.

use serde_json::Value;

/// What the decoder makes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It was read; this is what is written again, unless the type is only read.
    Read(Option<Value>),
    /// It was refused, in serde's words.
    Refused(String),
}

impl Answer {
    pub(super) fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }

    /// What is written again at a place.
    pub(super) fn written(&self, at: &str) -> Option<&Value> {
        match self {
            Self::Read(Some(value)) => value.pointer(at),
            _ => None,
        }
    }

    /// Whether it was read as a type that can't write it again.
    pub(super) fn is_only_read(&self) -> bool {
        *self == Self::Read(None)
    }

    pub(super) fn error(&self) -> Option<&str> {
        match self {
            Self::Read(_) => None,
            Self::Refused(error) => Some(error),
        }
    }
}

/// Something that decodes an event.
pub trait Decoder {
    /// An answer for each value, in their order; fewer where the decoder is gone.
    fn decode(&mut self, values: &[Value]) -> Vec<Answer>;
}

/// The names in backticks behind `expected`: serde's list of what it would have read.
pub(super) fn expected(error: &str) -> Vec<String> {
    let list = error.split_once("expected").map_or("", |(_, list)| list);
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
