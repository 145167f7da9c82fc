//! Counting what `cargo test` prints.

/// Counts of one or more runs of `cargo test`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, and programs or builds that did.
    pub failed: u64,
    /// Tests that are marked `#[ignore]`.
    pub skipped: u64,
    /// The names of what failed.
    pub failing: Vec<String>,
    /// A test program has begun and has not said its result.
    open: bool,
    /// The names of the list that may be the program's list of failures.
    names: Vec<String>,
}

impl Tally {
    /// A run that could not even begin.
    #[must_use]
    pub fn of_failure(reason: String) -> Self {
        Self { failed: 1, failing: vec![reason], ..Self::default() }
    }

    /// Reads one line of the standard output.
    pub fn line(&mut self, line: &str) {
        if is_beginning(line) {
            self.close_unfinished();
            self.open = true;
        } else if line == "failures:" {
            // Printed twice: above what the tests said, then above their names. The last list counts.
            self.names.clear();
        } else if let Some(name) = line.strip_prefix("    ") {
            self.names.push(name.to_owned());
        } else if let Some([passed, failed, ignored]) = counts(line) {
            self.passed += passed;
            self.failed += failed;
            self.skipped += ignored;
            self.open = false;
            if failed > 0 {
                self.failing.append(&mut self.names);
            }
            self.names.clear();
        }
    }

    /// Closes one run of `cargo test`: a failure that no test explains is one of the run itself.
    pub fn end(&mut self, success: bool, what: &str) {
        self.close_unfinished();
        if !success && self.failed == 0 {
            *self = Self { passed: self.passed, skipped: self.skipped, ..Self::of_failure(what.to_owned()) };
        }
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failing.extend(other.failing);
    }

    fn close_unfinished(&mut self) {
        if std::mem::take(&mut self.open) {
            self.failed += 1;
            self.failing.push("a test program ended before it said its result".to_owned());
        }
    }
}

/// `running 12 tests`.
fn is_beginning(line: &str) -> bool {
    let number = line
        .strip_prefix("running ")
        .and_then(|rest| rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test")));
    number.is_some_and(|text| text.parse::<u64>().is_ok())
}

/// `test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 1 filtered out; finished in 0.02s`.
fn counts(line: &str) -> Option<[u64; 3]> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let of = |word: &str| {
        counts.split("; ").find_map(|part| part.strip_suffix(word)).and_then(|number| number.trim().parse().ok())
    };
    Some([of(" passed")?, of(" failed")?, of(" ignored")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, success: bool) -> Tally {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.line(line));
        tally.end(success, "`cargo test` ended with exit status: 101");
        tally
    }

    fn numbers(tally: &Tally) -> [u64; 3] {
        [tally.passed, tally.failed, tally.skipped]
    }

    const GREEN: &str = "
running 2 tests
test a ... ok
test b ... ignored

test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 1 test
test src/lib.rs - (line 4) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.31s; merged doctests compilation took 0.5s
";

    const RED: &str = "
running 3 tests
test a ... ok
test tests::b ... FAILED
test tests::c ... FAILED

failures:

---- tests::b stdout ----
    an indented line that the test printed

thread 'tests::b' panicked at src/lib.rs:3:5

failures:
    tests::b
    tests::c

test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn programs_and_doctests_are_added_and_ignored_tests_are_skipped() {
        let tally = read(GREEN, true);
        assert_eq!(numbers(&tally), [2, 0, 1]);
        assert!(tally.failing.is_empty());
    }

    #[test]
    fn failing_tests_are_named() {
        let tally = read(&format!("{GREEN}{RED}"), false);
        assert_eq!(numbers(&tally), [3, 2, 1]);
        assert_eq!(tally.failing, ["tests::b", "tests::c"]);
    }

    #[test]
    fn a_build_failure_is_one_failure() {
        let tally = read("", false);
        assert_eq!(numbers(&tally), [0, 1, 0]);
        assert_eq!(tally.failing, ["`cargo test` ended with exit status: 101"]);
    }

    #[test]
    fn a_program_that_dies_is_one_failure_and_the_others_still_count() {
        let tally = read(&format!("running 5 tests\ntest a ... ok\n{GREEN}"), false);
        assert_eq!(numbers(&tally), [2, 1, 1]);
        assert_eq!(tally.failing, ["a test program ended before it said its result"]);
        assert_eq!(numbers(&read("running 5 tests", false)), [0, 1, 0]);
    }

    #[test]
    fn a_run_that_failed_without_a_failing_test_keeps_what_passed() {
        assert_eq!(numbers(&read(GREEN, false)), [2, 1, 1]);
    }

    #[test]
    fn only_whole_lines_of_the_harness_count() {
        let tally =
            read("running tests\nI said: test result: ok. 9 passed; 0 failed; 0 ignored\ntest result: unclear", true);
        assert_eq!(tally, Tally::default());
    }

    #[test]
    fn runs_are_added_up() {
        let mut tally = read(GREEN, true);
        tally.add(read(RED, false));
        assert_eq!(numbers(&tally), [3, 2, 1]);
        assert_eq!(tally.failing.len(), 2);
    }
}
