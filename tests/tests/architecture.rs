//! The arrows of `docs/ARCHITECTURE.md`, held against the code: what may never be imported from where.
//!
//! Each law is a function that is shown a forbidden snippet as well, so that it is known to be able to fail.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "architecture/crates.rs"]
mod crates;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/rooms.rs"]
mod rooms;
#[path = "architecture/sources.rs"]
mod sources;

use sources::{Source, under};

/// What touches the world outside of the process.
const INPUT_AND_OUTPUT: &[&str] =
    &["std::fs", "std::net", "std::process", "std::env", "tokio::fs", "tokio::net", "tokio::process"];

const DATABASES_AND_BROKERS: &[&str] =
    &["sqlx", "event_sqlx", "async_nats", "rdkafka", "lapin", "redis", "fred", "aws_sdk_sqs", "rusqlite"];

const WALL_CLOCK: &[&str] = &["SystemTime", "Instant::now", "Utc::now", "Local::now", "now_v7"];

const PRINTING: &[&str] = &["println!", "print!", "eprintln!", "eprint!", "std::io", "anstream", "annotate_snippets"];

const TRANSPORTS: &[&str] = &["Transport", "transport", "in_process", "InProcess", "Subscription", "async_nats"];

fn core_keeps_to_itself(source: &Source) -> Vec<String> {
    // Under schema-check's own feature a program answers through its environment and ends; it opens no file either.
    let answers_the_tool = source.is_in("event-core/src/discovery");
    let mut found = source.uses_of(if answers_the_tool { &["std::fs", "std::net", "tokio"] } else { INPUT_AND_OUTPUT });
    found.extend(source.uses_of(DATABASES_AND_BROKERS));
    if !source.is("event-core/src/clock.rs") {
        found.extend(source.uses_of(WALL_CLOCK).into_iter().filter(|use_| !is_a_timer(source, use_)));
    }
    found
}

/// The loops run on tokio's timers, whose clock a test pauses and moves. Spelt out, so that it can't be the other one.
fn is_a_timer(source: &Source, use_: &str) -> bool {
    source.is_in("event-core/src/runtime") && use_.ends_with("`tokio::time::Instant::now`")
}

/// The decisions of core don't know the loops that carry them out.
fn core_decides_without_loops(source: &Source) -> Vec<String> {
    let rooms = ["event-core/src/runtime", "event-core/src/testing", "event-core/src/lib.rs"];
    if rooms.iter().any(|room| source.is_in(room)) { Vec::new() } else { source.uses_of(&["crate::runtime", "tokio"]) }
}

/// No network inside of a business transaction: what writes an event knows no transport.
fn writing_knows_no_transport(source: &Source) -> Vec<String> {
    let writes = ["draft", "enqueue", "outbox", "transaction"].iter().any(|room| source.is_of(room));
    if writes { source.uses_of(TRANSPORTS) } else { Vec::new() }
}

fn rules_only_judge(source: &Source) -> Vec<String> {
    let mut found = source.uses_of(INPUT_AND_OUTPUT);
    found.extend(source.uses_of(PRINTING));
    found.extend(source.uses_of(&["crate::report", "crate::render", "crate::cli"]));
    found
}

fn adapters_read_no_wall_clock(source: &Source) -> Vec<String> {
    source.uses_of(WALL_CLOCK)
}

fn hold(folders: &[&str], law: fn(&Source) -> Vec<String>) {
    let broken: Vec<String> = under(folders, "rs").iter().flat_map(law).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn core_knows_no_database_no_broker_no_files_and_no_wall_clock() {
    hold(&["event-core/src"], core_keeps_to_itself);
}

#[test]
fn the_decisions_of_core_do_not_know_its_loops() {
    hold(&["event-core/src"], core_decides_without_loops);
}

#[test]
fn writing_an_event_knows_no_transport() {
    hold(&["event-core/src", "adapters"], writing_knows_no_transport);
}

#[test]
fn rules_of_schema_check_only_judge() {
    hold(&["schema-check/src/rules", "schema-check/src/rules.rs"], rules_only_judge);
}

#[test]
fn adapters_take_time_from_a_clock_or_from_their_server() {
    hold(&["adapters"], adapters_read_no_wall_clock);
}

#[test]
fn each_law_refuses_what_it_forbids() {
    let broken = |law: fn(&Source) -> Vec<String>, file: &str, text: &str| !law(&Source::new(file, text)).is_empty();
    let core = "event-core/src/relay.rs";
    assert!(broken(core_keeps_to_itself, core, "use std::{fs, fmt};"));
    assert!(broken(core_keeps_to_itself, core, "use sqlx::Row;"));
    assert!(broken(core_keeps_to_itself, core, "fn f() { select! { _ = async_nats::connect(x) => {} } }"));
    assert!(broken(core_keeps_to_itself, core, "fn f() { let at = Instant::now(); }"));
    let timer = "fn f() { let at = tokio::time::Instant::now(); }";
    assert!(broken(core_keeps_to_itself, core, timer));
    assert!(broken(core_keeps_to_itself, "event-core/src/runtime/relay.rs", "fn f() { let at = Instant::now(); }"));
    assert!(!broken(core_keeps_to_itself, "event-core/src/runtime/relay.rs", timer));
    assert!(broken(core_keeps_to_itself, core, "use std::time::{Duration, SystemTime};"));
    assert!(!broken(core_keeps_to_itself, "event-core/src/clock.rs", "use std::time::SystemTime;"));
    let discovery = "event-core/src/discovery/serve.rs";
    assert!(broken(core_keeps_to_itself, core, "fn f() { std::env::var_os(NAME) }"));
    assert!(!broken(core_keeps_to_itself, discovery, "fn f() { std::env::var_os(NAME) }"));
    assert!(broken(core_keeps_to_itself, discovery, "fn f() { std::fs::write(path, text) }"));
    assert!(broken(core_decides_without_loops, core, "use crate::runtime::Store;"));
    assert!(!broken(core_decides_without_loops, "event-core/src/runtime/relay.rs", "use crate::runtime::Store;"));
    let enqueue = "adapters/event-sqlx/src/enqueue.rs";
    assert!(broken(writing_knows_no_transport, enqueue, "use event_core::runtime::Transport;"));
    assert!(!broken(writing_knows_no_transport, enqueue, "use event_core::Draft;"));
    let rule = "schema-check/src/rules/field_removed.rs";
    assert!(broken(rules_only_judge, rule, "fn check() { println!(\"x\"); }"));
    assert!(broken(rules_only_judge, rule, "fn check() { std::fs::read(path); }"));
    assert!(broken(rules_only_judge, rule, "use crate::report::Human;"));
    assert!(broken(adapters_read_no_wall_clock, enqueue, "fn f() { chrono::Utc::now() }"));
}

#[test]
fn what_is_allowed_stays_quiet() {
    let text = "
        //! Talks about `std::fs` and calls println!.
        use std::fmt;
        fn f(instant: Instant) { log(\"SystemTime::now\"); }
        #[cfg(test)]
        mod tests { use std::fs; fn g() { Instant::now(); } }
    ";
    let source = Source::new("event-core/src/relay.rs", text);
    assert_eq!(core_keeps_to_itself(&source), [""; 0]);
    assert_eq!(rules_only_judge(&source), [""; 0]);
}

#[test]
fn a_breach_says_where_and_what() {
    let source = Source::new("event-core/src/relay.rs", "use std::{fmt, fs::File};");
    assert_eq!(core_keeps_to_itself(&source), ["event-core/src/relay.rs uses `std::fs::File`"]);
}
