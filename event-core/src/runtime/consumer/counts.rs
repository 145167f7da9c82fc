//! What became of the events of a batch.

/// How many events went where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counts {
    /// Handled, and what the handler wrote is committed.
    pub applied: usize,
    /// Came again, and nothing changed.
    pub duplicates: usize,
    /// Not wanted by this consumer.
    pub ignored: usize,
    /// Failed, and tried again later.
    pub retries: usize,
    /// Waiting for an earlier event of their key.
    pub held: usize,
    /// Of a version that this build doesn't know.
    pub awaiting_deploy: usize,
    /// Dead letters.
    pub dead_letters: usize,
    /// Not taken, because an event before it is missing on its stream.
    pub gaps: usize,
}

impl Counts {
    pub(super) fn by_outcome(self) -> [(&'static str, usize); 8] {
        [
            ("applied", self.applied),
            ("duplicate", self.duplicates),
            ("ignored", self.ignored),
            ("retry", self.retries),
            ("held", self.held),
            ("awaiting_deploy", self.awaiting_deploy),
            ("dead_letter", self.dead_letters),
            ("gap", self.gaps),
        ]
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.applied += other.applied;
        self.duplicates += other.duplicates;
        self.ignored += other.ignored;
        self.retries += other.retries;
        self.held += other.held;
        self.awaiting_deploy += other.awaiting_deploy;
        self.dead_letters += other.dead_letters;
        self.gaps += other.gaps;
    }
}
