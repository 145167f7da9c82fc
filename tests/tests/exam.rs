//! Everything in the training exam compiles as an event, and has the schemas of what is written and of what is read.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected")]

#[path = "exam/cases.rs"]
mod cases;
#[path = "exam/source.rs"]
mod source;

use std::fs;
use std::path::Path;

#[test]
fn every_case_is_read() {
    let cases = cases::all();
    assert_eq!(cases.len(), 94);
    assert_eq!(cases.iter().filter(|case| case.class.is_none()).count(), 90);
}

#[test]
fn both_sides_of_every_case_compile_as_events() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exam.rs");
    fs::write(&path, source::program(&cases::all())).expect("the target directory is writable");
    trybuild::TestCases::new().pass(path);
}
