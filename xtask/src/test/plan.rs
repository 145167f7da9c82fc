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

/// The runs that cover what `options` ask for.
#[must_use]
pub fn invocations(options: &TestOptions) -> Vec<Invocation> {
    if options.only.is_empty() {
        return vec![
            Invocation::new(&["--workspace", "--exclude", APART], &options.filter),
            Invocation::new(&["--package", APART], &options.filter),
        ];
    }
    let (apart, together): (Vec<&String>, Vec<&String>) = options.only.iter().partition(|package| *package == APART);
    [together, apart].iter().filter(|packages| !packages.is_empty()).map(|packages| only(packages, options)).collect()
}

fn only(packages: &[&String], options: &TestOptions) -> Invocation {
    let named: Vec<&str> = packages.iter().flat_map(|package| ["--package", package.as_str()]).collect();
    Invocation::new(&named, &options.filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(only: &[&str], filter: &[&str]) -> Vec<String> {
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let options = TestOptions { only: texts(only), filter: texts(filter) };
        invocations(&options).iter().map(ToString::to_string).collect()
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
}
