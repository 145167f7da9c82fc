//! Words of a list that GitHub adds to.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A word of a list that is GitHub's and grows: `labeled`, `enqueued`, `timed_out`.
///
/// An enum would refuse tomorrow's word, and one with a variant for all others would lose it; where the list is closed,
/// the events here have an enum.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Word(String);

impl Word {
    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
