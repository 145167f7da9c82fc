//! The rooms: no file grows too long, each statement says what it is for, each room has its line in the map.

use std::fs;

use crate::sources::{Source, root, under};

/// A file of this many lines fails; from 400 on it should be split.
const TOO_LONG: usize = 600;

/// Where the crates with rooms of their own are.
const CRATES: &[&str] =
    &["event-macros", "event-core", "adapters/event-blob", "adapters/event-sqlx", "event-ops", "schema-check", "xtask"];

fn is_too_long(source: &Source) -> bool {
    source.text.lines().count() > TOO_LONG
}

/// Each statement opens with a comment: who calls it, which index it uses, what it locks.
fn opens_with_a_comment(source: &Source) -> bool {
    let text = source.text.trim_start();
    text.starts_with("--") || text.starts_with("/*")
}

/// Where the map of `package` and its top-level modules differ, one line each.
fn differences(package: &str, map: &str, files: &[Source]) -> Vec<String> {
    let (rooms, lines) = (rooms_of(package, files), lines_of(package, map));
    let unnamed =
        rooms.iter().filter(|room| !lines.contains(room)).map(|room| format!("{package}: no line for `{room}`"));
    let stale = lines.iter().filter(|line| !rooms.contains(line)).map(|line| format!("{package}: no room `{line}`"));
    unnamed.chain(stale).collect()
}

fn rooms_of<'a>(package: &str, files: &'a [Source]) -> Vec<&'a str> {
    let top = |source: &'a Source| {
        let room = source.file.strip_prefix(package)?.strip_prefix("/src/")?.strip_suffix(".rs")?;
        (!room.contains('/') && !matches!(room, "lib" | "main" | "tests")).then_some(room)
    };
    files.iter().filter_map(top).collect()
}

/// The rooms of the section of `package`: each line is "- `room`", and then what is in it.
fn lines_of<'a>(package: &str, map: &'a str) -> Vec<&'a str> {
    let section = map.split("\n## ").find(|section| section.starts_with(&format!("`{package}`"))).unwrap_or_default();
    let room = |line: &'a str| line.strip_prefix("- `")?.split('`').next();
    section.lines().filter_map(room).collect()
}

#[test]
fn no_file_is_too_long() {
    let mut sources = under(&[""], "rs");
    sources.extend(under(&["adapters", "event-ops"], "sql"));
    assert!(sources.len() > 50, "the walk finds the sources");
    let long: Vec<_> = sources.iter().filter(|source| is_too_long(source)).map(|source| &source.file).collect();
    assert!(long.is_empty(), "split what is longer than {TOO_LONG} lines: {long:?}");
}

#[test]
fn each_statement_opens_with_a_comment() {
    let statements = under(&["adapters", "event-ops"], "sql");
    let bare: Vec<_> =
        statements.iter().filter(|source| !opens_with_a_comment(source)).map(|source| &source.file).collect();
    assert!(bare.is_empty(), "say who calls it, which index it uses, what it locks: {bare:?}");
}

/// How statements begin that one database needs and another doesn't, and why.
const ALONE: &[(&str, &str)] = &[
    ("postgres/enqueue_all", "many rows in one round trip; SQLite has none"),
    ("postgres/marks_begin", "two processes may begin the same stream; SQLite has one writer"),
    ("postgres/migrate_found", "a file of SQLite has one schema"),
    ("postgres/migrate_lock", "as marks_begin"),
    ("postgres/migrate_patience", "as above"),
    ("postgres/migrate_schema", "a file of SQLite has one schema"),
    ("postgres/outbox_epoch", "a file of SQLite has no timeline"),
    ("postgres/outbox_identity", "as above"),
    ("postgres/outbox_tend", "a file of SQLite has no partitions"),
    ("postgres/retention", "as above"),
    ("sqlite/retention", "where there are no partitions events go in batches"),
    ("sqlite/outbox_source", "PostgreSQL asks for the timeline as well: outbox_identity.sql"),
];

/// The statements that have no sibling of the same name in another folder, as `<folder>/<file>`.
fn without_a_sibling(statements: &[(&str, &str)]) -> Vec<String> {
    let folders: std::collections::BTreeSet<_> = statements.iter().map(|(folder, _)| *folder).collect();
    let missing = |name: &str| folders.iter().any(|folder| !statements.contains(&(folder, name)));
    let mut alone: Vec<_> =
        statements.iter().filter(|(_, name)| missing(name)).map(|(folder, name)| format!("{folder}/{name}")).collect();
    alone.sort();
    alone
}

#[test]
fn each_statement_has_a_sibling_for_every_other_database() {
    let sources = under(&["adapters/event-sqlx/sql"], "sql");
    let parts = |file: &'static str| file.strip_prefix("adapters/event-sqlx/sql/")?.split_once('/');
    let files: Vec<&'static str> = sources.iter().map(|source| &*source.file.clone().leak()).collect();
    let statements: Vec<_> = files.into_iter().filter_map(parts).collect();
    assert!(statements.len() > 40, "the walk finds the statements");
    let mut alone = without_a_sibling(&statements);
    for (beginning, _) in ALONE {
        let all = alone.len();
        alone.retain(|name| !name.starts_with(beginning));
        assert_ne!(alone.len(), all, "{beginning} is not alone any more");
    }
    assert!(alone.is_empty(), "name siblings alike, or say in ALONE why one is alone: {alone:?}");
}

#[test]
fn each_room_has_its_line_in_the_map() {
    let map = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let sources = under(CRATES, "rs");
    let wrong: Vec<_> = CRATES.iter().flat_map(|package| differences(package, &map, &sources)).collect();
    assert!(wrong.is_empty(), "mend docs/ARCHITECTURE.md: {wrong:#?}");
}

#[test]
fn the_laws_of_rooms_can_be_broken() {
    assert_eq!(without_a_sibling(&[("a", "x.sql"), ("b", "x.sql"), ("b", "y.sql")]), ["b/y.sql"]);
    let lines = |count: usize| Source::new("a.rs", &"x\n".repeat(count));
    assert!(is_too_long(&lines(TOO_LONG + 1)));
    assert!(!is_too_long(&lines(TOO_LONG)));
    assert!(opens_with_a_comment(&Source::new("a.sql", "\n-- the relay; by primary key\nselect 1")));
    assert!(!opens_with_a_comment(&Source::new("a.sql", "select 1 -- the relay")));
    let files = ["event-core/src/lib.rs", "event-core/src/slot.rs", "event-core/src/slot/hash.rs"];
    let files = files.map(|file| Source::new(file, ""));
    let elsewhere = "# Map\n\n## `event-core`\n\n- x\n\n## `xtask`\n\n- `slot`: no\n";
    assert_eq!(differences("event-core", elsewhere, &files), ["event-core: no line for `slot`"]);
    let named = "# Map\n\n## `event-core`\n\n- `slot`: order\n";
    assert_eq!(differences("event-core", named, &files), [""; 0]);
    let stale = "# Map\n\n## `event-core`\n\n- `slot` (feature `x`): order\n- `gone`: no more\n";
    assert_eq!(differences("event-core", stale, &files), ["event-core: no room `gone`"]);
}
