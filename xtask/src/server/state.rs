//! What became of a server.

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The server or tool.
    pub name: &'static str,
    /// What became of it.
    pub state: State,
}

/// What became of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The tests had it.
    Ran {
        /// What it says of itself; `None` when only its address was given.
        version: Option<String>,
        /// Where it came from.
        how: String,
    },
    /// The tests should have had it. Counts as skipped; fails under CI.
    Skipped {
        /// Why not, and what would help.
        reason: String,
    },
    /// There is no package of it on this platform. Doesn't count.
    Unavailable {
        /// Why not.
        reason: String,
    },
}

impl State {
    /// Whether it counts as skipped.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped { .. })
    }
}
