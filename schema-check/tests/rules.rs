//! Every rule fires where it should, is quiet where it should be, and says what it says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "rules_support/case.rs"]
mod case;

use case::{Case, cases, root, text};
use schema_check::{Finding, rules};
use std::path::Path;

fn found(case: &Case) -> Vec<Finding> {
    let findings = case.findings();
    for finding in &findings {
        assert!(case.pointed(finding).is_some(), "{}: {finding:?} points nowhere", case.name);
    }
    findings
}

#[test]
fn every_rule_fires_on_its_examples() {
    for rule in with_fixtures() {
        for case in cases(&rule, "fires") {
            let ids: Vec<_> = found(&case).iter().map(|finding| finding.rule).collect();
            assert!(ids.contains(&rule.as_str()), "{rule} is silent on {}: {ids:?}", case.name);
        }
    }
}

#[test]
fn every_rule_is_quiet_on_what_is_none_of_its_business() {
    for rule in with_fixtures() {
        for case in cases(&rule, "quiet") {
            let ids: Vec<_> = found(&case).iter().map(|finding| finding.rule).collect();
            assert!(!ids.contains(&rule.as_str()), "{rule} fires on {}: {ids:?}", case.name);
        }
    }
}

#[test]
fn every_rule_about_a_schema_has_examples_of_both_kinds() {
    for rule in with_fixtures() {
        assert!(!cases(&rule, "fires").is_empty(), "{rule} has no tests/rules/{rule}/fires");
        assert!(!cases(&rule, "quiet").is_empty(), "{rule} has no tests/rules/{rule}/quiet");
    }
}

#[test]
fn every_finding_reads_as_it_was_reviewed() {
    for rule in with_fixtures() {
        let told: Vec<String> = cases(&rule, "fires").iter().map(|case| text(&case.name, &found(case))).collect();
        insta::assert_snapshot!(rule, told.join("\n"));
    }
}

#[test]
fn every_file_of_a_rule_is_registered_under_its_name() {
    let files = std::fs::read_dir(root().join("src/rules")).unwrap();
    let mut files: Vec<String> = files.map(|file| stem(&file.unwrap().path())).collect();
    files.sort();
    let registered: Vec<&str> = rules().iter().map(|rule| rule.id).collect();
    assert_eq!(files, registered);
}

#[test]
fn every_page_has_its_five_parts() {
    for rule in rules() {
        for part in ["## What it does", "## Why is this bad", "## Who breaks", "## Example", "## Instead"] {
            assert!(rule.page().contains(&format!("\n{part}\n")), "{} lacks {part}", rule.id);
        }
        assert!(rule.summary().ends_with('.'), "{}: {}", rule.id, rule.summary());
    }
}

fn with_fixtures() -> Vec<String> {
    let folders = std::fs::read_dir(root().join("tests/rules")).unwrap();
    let mut folders: Vec<String> = folders.map(|folder| stem(&folder.unwrap().path())).collect();
    folders.sort();
    folders
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}
