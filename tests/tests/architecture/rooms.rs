//! The rooms: no file grows too long, each statement says what it is for, each room has its line in the map.

use std::collections::BTreeSet;
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

/// What a database lacks of the others' statements, by how their names begin, and why.
const LACKING: &[(&str, &str, &str)] = &[
    ("postgres", "begin_patience", "a transaction begins at once"),
    ("mysql", "begin_patience", "a transaction begins at once"),
    ("sqlite", "commit", "one writer at a time: positions grow in the order of commits"),
    ("postgres", "commit", "triggers give positions"),
    ("sqlite", "marks_advance_one", "marks_advance is about one stream"),
    ("mysql", "marks_advance_one", "marks_advance is about one stream"),
    ("sqlite", "marks_begin", "one writer at a time: nobody else begins the same stream"),
    ("sqlite", "migrate_found", "a file has one schema"),
    ("sqlite", "migrate_lock", "one writer at a time"),
    ("sqlite", "migrate_patience", "one writer at a time"),
    ("sqlite", "migrate_schema", "a file has one schema"),
    ("sqlite", "migrate_unlock", "one writer at a time"),
    ("sqlite", "migrate_writers", "a file has no other servers"),
    ("postgres", "migrate_unlock", "the lock ends with the transaction"),
    ("postgres", "migrate_writers", "PostgreSQL has one writing server"),
    ("mysql", "migrate_lock_session", "the lock is the session's in any case"),
    ("mysql", "migrate_patience", "a migration that alters a table says how long it waits"),
    ("mysql", "migrate_schema", "a database is the schema"),
    ("sqlite", "outbox_advance_moved", "SQLite has RETURNING"),
    ("postgres", "outbox_advance_moved", "PostgreSQL has RETURNING"),
    ("sqlite", "outbox_claim_held", "SQLite has RETURNING"),
    ("postgres", "outbox_claim_held", "PostgreSQL has RETURNING"),
    ("sqlite", "outbox_claim_renew", "outbox_claim_take renews as well"),
    ("postgres", "outbox_claim_renew", "outbox_claim_take renews as well"),
    ("sqlite", "outbox_epoch", "a file has no server to tell it from"),
    ("sqlite", "outbox_identity", "a file has no server to tell it from: outbox_source"),
    ("postgres", "outbox_source", "the server is asked as well: outbox_identity"),
    ("mysql", "outbox_source", "the server is asked as well: outbox_identity"),
    ("sqlite", "outbox_news", "outbox_read seeks in each slot"),
    ("postgres", "outbox_news", "outbox_read seeks in each slot"),
    ("sqlite", "outbox_tend", "no partitions"),
    ("mysql", "outbox_tend", "no partitions"),
    ("sqlite", "retention_aged", "no partitions"),
    ("mysql", "retention_aged", "no partitions"),
    ("sqlite", "retention_drop", "no partitions"),
    ("mysql", "retention_drop", "no partitions"),
    ("sqlite", "retention_log", "no partitions"),
    ("mysql", "retention_log", "no partitions"),
    ("sqlite", "retention_unstamped", "every event has its position"),
    ("mysql", "retention_unstamped", "an event without a position isn't among those that go"),
    ("postgres", "retention_delete", "partitions are dropped"),
    ("postgres", "retention_floor", "partitions are dropped: origin_kept looks which"),
    ("postgres", "retention_floors", "partitions are dropped"),
    ("postgres", "retention_kept", "partitions are dropped"),
    ("postgres", "retention_records", "partitions are dropped"),
    ("sqlite", "sweep", "every event has its position"),
    ("postgres", "sweep", "no commit goes around the triggers"),
];

/// The same for what the operator's tool asks.
const LACKING_IN_OPS: &[(&str, &str, &str)] = &[
    ("postgres", "doctor_auto_increment", "a sequence isn't shared out among servers"),
    ("sqlite", "doctor_auto_increment", "a file has no other servers"),
    ("postgres", "doctor_binlog_format", "a standby replays bytes"),
    ("sqlite", "doctor_binlog_format", "a file has no replicas"),
    ("mysql", "doctor_default_partition", "no partitions"),
    ("sqlite", "doctor_default_partition", "no partitions"),
    ("mysql", "doctor_encoding", "the tables say theirs: doctor_table_altered"),
    ("sqlite", "doctor_encoding", "the slot is computed by the library, of UTF-8"),
    ("sqlite", "doctor_epoch", "a file has no server to tell it from"),
    ("mysql", "doctor_file", "a server looks at its files by itself"),
    ("postgres", "doctor_file", "a server looks at its files by itself"),
    ("postgres", "doctor_flush", "a service may choose `synchronous_commit` for each transaction"),
    ("sqlite", "doctor_flush", "`synchronous` is a connection's own, and can't be seen from another"),
    ("sqlite", "doctor_function_altered", "no functions: the library gives positions"),
    ("mysql", "doctor_journal", "an engine has one log: doctor_table_altered"),
    ("postgres", "doctor_journal", "there is one log"),
    ("postgres", "doctor_packet", "a message may have a gigabyte"),
    ("sqlite", "doctor_packet", "no messages: the library writes the file"),
    ("mysql", "doctor_partition_missing", "no partitions"),
    ("sqlite", "doctor_partition_missing", "no partitions"),
    (
        "mysql",
        "doctor_replication_role",
        "no triggers to be left out: doctor_unstamped finds what went around the commit",
    ),
    ("sqlite", "doctor_replication_role", "no triggers"),
    ("mysql", "doctor_sequence_cached", "an AUTO_INCREMENT keeps nothing for a session"),
    ("sqlite", "doctor_sequence_cached", "one writer at a time"),
    ("postgres", "doctor_several_writers", "PostgreSQL has one writing server"),
    ("sqlite", "doctor_several_writers", "a file has no other servers"),
    ("postgres", "doctor_sql_mode", "what is too long is refused in any mode"),
    ("sqlite", "doctor_sql_mode", "the tables are STRICT"),
    ("mysql", "doctor_stamped_twice", "the keys of event_outbox_log allow one place for an event"),
    ("sqlite", "doctor_stamped_twice", "the position is the row's own"),
    (
        "postgres",
        "doctor_table_altered",
        "there is one engine, and texts are compared byte by byte in any collation that the slot sees",
    ),
    ("sqlite", "doctor_table_altered", "there is one engine, and texts are compared byte by byte"),
    (
        "sqlite",
        "doctor_transaction",
        "who holds the file can't be seen from another process; its trace is doctor_wal_grown",
    ),
    (
        "postgres",
        "doctor_transaction_open",
        "a transaction that only sits there holds no slot: doctor_transaction_idle",
    ),
    ("mysql", "doctor_trigger_off", "no triggers: doctor_function_altered"),
    ("sqlite", "doctor_trigger_off", "no triggers"),
    ("sqlite", "doctor_unstamped", "every event has its position"),
    ("mysql", "doctor_wal_grown", "a server clears its log by itself: doctor_transaction_open"),
    ("postgres", "doctor_wal_grown", "a server clears its log by itself"),
    ("postgres", "lag_slot", "lag seeks in each slot"),
    ("sqlite", "lag_slot", "lag seeks in each slot"),
];

/// Which statements a folder lacks that another one has, as `<folder>/<file>`.
fn lacking(statements: &[(&str, &str)]) -> Vec<String> {
    let folders: BTreeSet<_> = statements.iter().map(|(folder, _)| *folder).collect();
    let names: BTreeSet<_> = statements.iter().map(|(_, name)| *name).collect();
    let missing = |folder: &str| {
        let names = names.iter().filter(|name| !statements.contains(&(folder, name)));
        names.map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
    };
    folders.iter().flat_map(|folder| missing(folder)).collect()
}

fn siblings(folder: &str, reasons: &[(&str, &str, &str)]) {
    let sources = under(&[folder], "sql");
    let parts = |source: &Source| {
        let (dialect, name) = source.file.strip_prefix(folder)?.strip_prefix('/')?.split_once('/')?;
        Some((dialect.to_owned(), name.to_owned()))
    };
    let files: Vec<(String, String)> = sources.iter().filter_map(parts).collect();
    let statements: Vec<_> = files.iter().map(|(dialect, name)| (dialect.as_str(), name.as_str())).collect();
    assert!(statements.len() > 40, "the walk finds the statements");
    let missing = lacking(&statements);
    let excused =
        |name: &String, (folder, beginning, _): &(&str, &str, &str)| name.starts_with(&format!("{folder}/{beginning}"));
    let stale: Vec<_> = reasons.iter().filter(|reason| !missing.iter().any(|name| excused(name, reason))).collect();
    assert!(stale.is_empty(), "these are lacking no more: {stale:#?}");
    let bare: Vec<_> = missing.iter().filter(|name| !reasons.iter().any(|reason| excused(name, reason))).collect();
    assert!(bare.is_empty(), "name siblings alike, or say why a database has none: {bare:#?}");
}

#[test]
fn each_statement_has_a_sibling_for_every_other_database() {
    siblings("adapters/event-sqlx/sql", LACKING);
    siblings("event-ops/sql", LACKING_IN_OPS);
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
    assert_eq!(lacking(&[("a", "x.sql"), ("b", "x.sql"), ("b", "y.sql")]), ["a/y.sql"]);
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
