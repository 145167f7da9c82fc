//! What the run comes to, in words and as an exit code.

use std::fmt;

use super::tally::Tally;
use crate::server::Row;

/// The end of a run. Displays what failed and then the closing line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    tally: Tally,
    nothing_may_be_skipped: bool,
}

impl Verdict {
    /// The verdict on the tests and the servers; a server that was skipped counts like a test that was.
    #[must_use]
    pub fn of(rows: &[Row], mut tally: Tally, is_ci: bool) -> Self {
        tally.skipped += rows.iter().map(|row| u64::from(row.state.is_skipped())).sum::<u64>();
        Self { tally, nothing_may_be_skipped: is_ci }
    }

    /// Whether the run passed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.tally.failed == 0 && !self.fails_by_skipping()
    }

    fn fails_by_skipping(&self) -> bool {
        self.nothing_may_be_skipped && self.tally.skipped > 0
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.tally.failing.is_empty() {
            writeln!(f, "failed:")?;
        }
        for name in &self.tally.failing {
            writeln!(f, "    {name}")?;
        }
        if self.fails_by_skipping() {
            writeln!(f, "under CI nothing may be skipped")?;
        }
        let Tally { passed, failed, skipped, .. } = self.tally;
        writeln!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::State;

    fn skipped() -> Row {
        Row { name: "postgres", state: State::Skipped { reason: "not found".into() } }
    }

    fn unavailable() -> Row {
        Row { name: "mysql", state: State::Unavailable { reason: "no package".into() } }
    }

    fn passed() -> Tally {
        with_ignored(0)
    }

    fn with_ignored(ignored: u64) -> Tally {
        let mut tally = Tally::default();
        tally.line(&format!("test result: ok. 7 passed; 0 failed; {ignored} ignored; 0 measured; 0 filtered out"));
        tally
    }

    #[test]
    fn the_closing_line_stands_alone() {
        assert_eq!(Verdict::of(&[], passed(), true).to_string(), "7 passed, 0 failed, 0 skipped\n");
    }

    #[test]
    fn what_failed_is_named_above_the_closing_line() {
        let verdict = Verdict::of(&[], Tally::of_failure("`cargo test` ended with exit status: 101".into()), false);
        let expected = "failed:\n    `cargo test` ended with exit status: 101\n0 passed, 1 failed, 0 skipped\n";
        assert_eq!(verdict.to_string(), expected);
        assert!(!verdict.is_success());
    }

    #[test]
    fn a_skipped_server_counts_and_fails_under_ci_alone() {
        let at_home = Verdict::of(&[skipped()], passed(), false);
        assert_eq!(at_home.to_string(), "7 passed, 0 failed, 1 skipped\n");
        assert!(at_home.is_success());
        let in_ci = Verdict::of(&[skipped()], passed(), true);
        assert_eq!(in_ci.to_string(), "under CI nothing may be skipped\n7 passed, 0 failed, 1 skipped\n");
        assert!(!in_ci.is_success());
    }

    #[test]
    fn what_is_unavailable_is_not_skipped() {
        let verdict = Verdict::of(&[unavailable()], passed(), true);
        assert_eq!(verdict.to_string(), "7 passed, 0 failed, 0 skipped\n");
        assert!(verdict.is_success());
    }

    #[test]
    fn an_ignored_test_fails_under_ci() {
        assert!(!Verdict::of(&[], with_ignored(1), true).is_success());
    }
}
