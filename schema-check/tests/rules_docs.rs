//! `docs/rules.md` is what the rules say about themselves.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and is told to write by its environment"
)]

use schema_check::rules::markdown;

#[test]
fn the_page_of_rules_is_fresh() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(file, markdown()).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(committed == markdown(), "run `UPDATE_DOCS=1 cargo test -p schema-check --test rules_docs`");
}
