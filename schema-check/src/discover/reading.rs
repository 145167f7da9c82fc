//! What comes of a datum that a version wrote, on its way through serde and the upcasters.

use serde_json::Value;

use super::event::Place;

/// How far a datum got.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reading {
    /// It became the event.
    Read,
    /// serde refused it.
    Decode {
        /// In serde's words.
        error: String,
    },
    /// An upcaster returned an error.
    Refused {
        /// The error with its causes.
        error: String,
        /// The version that the step leads to.
        to_version: u32,
    },
    /// The event doesn't read the version.
    Unknown,
    /// Code panicked, serde's for the type or an upcaster.
    Panicked {
        /// The text of the panic.
        text: String,
        /// Where, and in which column.
        at: Option<(Place, u32)>,
    },
}

impl Reading {
    pub(super) fn heard(answer: &Value) -> Self {
        let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(error) = text("decode") {
            return Self::Decode { error };
        }
        if let Some(error) = text("refused") {
            return Self::Refused { error, to_version: number(answer, "to_version").unwrap_or(0) };
        }
        if let Some(text) = text("panic") {
            return Self::Panicked { text, at: answer.get("at").and_then(place) };
        }
        // `null` where nothing can be written again.
        if answer.get("ok").is_some() { Self::Read } else { Self::Unknown }
    }

    /// Whether both failed for one reason: the words may hold the value.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Panicked { at: Some(one), .. }, Self::Panicked { at: Some(other), .. }) => one == other,
            (Self::Panicked { text: one, .. }, Self::Panicked { text: other, .. }) => one == other,
            (Self::Refused { to_version: one, .. }, Self::Refused { to_version: other, .. }) => one == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

fn place(at: &Value) -> Option<(Place, u32)> {
    let place = Place { file: at.get("file")?.as_str()?.to_owned(), line: number(at, "line")? };
    Some((place, number(at, "column")?))
}

fn number(of: &Value, name: &str) -> Option<u32> {
    of.get(name)?.as_u64().and_then(|number| u32::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_answer_is_understood() {
        let error = || "no".to_owned();
        for (answer, reading) in [
            (json!({"ok": "{}"}), Reading::Read),
            (json!({"ok": null}), Reading::Read),
            (json!({"decode": "no", "event_version": 1}), Reading::Decode { error: error() }),
            (json!({"refused": "no", "to_version": 2}), Reading::Refused { error: error(), to_version: 2 }),
            (json!({"unknown_version": true}), Reading::Unknown),
            (json!({"panic": "no"}), Reading::Panicked { text: error(), at: None }),
            (
                json!({"panic": "no", "at": {"file": "src/lib.rs", "line": 7, "column": 9}}),
                Reading::Panicked { text: error(), at: Some((Place { file: "src/lib.rs".to_owned(), line: 7 }, 9)) },
            ),
        ] {
            assert_eq!(Reading::heard(&answer), reading, "{answer}");
        }
    }
}
