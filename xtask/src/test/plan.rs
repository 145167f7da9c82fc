//! Which commands make up a run.

use std::fmt;

use crate::cli::TestOptions;

/// The package whose `serde_json` keeps numbers as text: built together with it, every other crate would do so too.
const APART: &str = "schema-check";

/// One run of `cargo test`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    packages: Vec<String>,
    filter: Vec<String>,
}

impl Invocation {
    fn new(packages: &[&str], filter: &[String]) -> Self {
        Self { packages: packages.iter().map(|&text| text.to_owned()).collect(), filter: filter.to_vec() }
    }

    /// What follows `cargo`.
    #[must_use]
    pub fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["test", "--no-fail-fast"];
        arguments.extend(self.packages.iter().map(String::as_str));
        if !self.filter.is_empty() {
            arguments.push("--");
            arguments.extend(self.filter.iter().map(String::as_str));
        }
        arguments
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cargo {}", self.arguments().join(" "))
    }
}

/// The runs that cover what `options` ask for, without the tests that need a server which is `absent`: those are in
/// modules of its name.
#[must_use]
pub fn invocations(options: &TestOptions, absent: &[&str]) -> Vec<Invocation> {
    let mut filter = options.filter.clone();
    filter.extend(absent.iter().flat_map(|server| ["--skip".to_owned(), format!("{server}::")]));
    if options.only.is_empty() {
        return vec![
            Invocation::new(&["--workspace", "--exclude", APART], &filter),
            Invocation::new(&["--package", APART], &filter),
        ];
    }
    let (apart, together): (Vec<&String>, Vec<&String>) = options.only.iter().partition(|package| *package == APART);
    [together, apart].iter().filter(|packages| !packages.is_empty()).map(|packages| only(packages, &filter)).collect()
}

fn only(packages: &[&String], filter: &[String]) -> Invocation {
    let named: Vec<&str> = packages.iter().flat_map(|package| ["--package", package.as_str()]).collect();
    Invocation::new(&named, filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(only: &[&str], filter: &[&str]) -> Vec<String> {
        lines_without(&[], only, filter)
    }

    fn lines_without(absent: &[&str], only: &[&str], filter: &[&str]) -> Vec<String> {
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let options = TestOptions { only: texts(only), filter: texts(filter) };
        invocations(&options, absent).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn schema_check_is_never_built_together_with_the_others() {
        let whole = [
            "cargo test --no-fail-fast --workspace --exclude schema-check",
            "cargo test --no-fail-fast --package schema-check",
        ];
        assert_eq!(lines(&[], &[]), whole);
        let both = [
            "cargo test --no-fail-fast --package xtask --package event-core",
            "cargo test --no-fail-fast --package schema-check",
        ];
        assert_eq!(lines(&["xtask", "schema-check", "event-core"], &[]), both);
        assert_eq!(lines(&["schema-check"], &[]), ["cargo test --no-fail-fast --package schema-check"]);
    }

    #[test]
    fn a_filter_goes_to_the_test_programs() {
        assert_eq!(
            lines(&["xtask"], &["tally", "--nocapture"]),
            ["cargo test --no-fail-fast --package xtask -- tally --nocapture"]
        );
    }

    #[test]
    fn tests_of_an_absent_server_are_left_out() {
        assert_eq!(
            lines_without(&["postgres_13", "pgbouncer"], &["event-tests"], &["order"]),
            ["cargo test --no-fail-fast --package event-tests -- order --skip postgres_13:: --skip pgbouncer::"]
        );
    }
}
