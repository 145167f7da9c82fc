//! The load example under `kill -9`: whatever happens to the process, every order is placed and invoiced once.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and tells its seed"
)]
#![allow(clippy::disallowed_methods, reason = "a test of real processes waits for facts, with limits")]

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use event_core::Envelope;
use event_examples::orders::generate;
use event_examples::shop::OrderPlaced;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

/// What the run has to end with, counted from the file alone.
fn expected(lines: &[String]) -> String {
    let mut placed = HashSet::new();
    let (mut duplicates, mut dead) = (0, 0);
    for line in lines {
        let order = Envelope::from_json(line.as_bytes()).ok().filter(|envelope| {
            let data = envelope.data.as_ref().unwrap();
            event_core::read::<OrderPlaced>(&envelope.event_type, envelope.event_version, data).is_ok()
        });
        match order {
            None => dead += 1,
            Some(envelope) if placed.insert(envelope.id.clone()) => {}
            Some(_) => duplicates += 1,
        }
    }
    let placed = placed.len();
    assert_eq!(placed + duplicates + dead, lines.len());
    format!("placed={placed} applied={placed} duplicates={duplicates} dead={dead}")
}

fn orders(arguments: &[&Path]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orders"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A connection that never writes; `None` before the program has made the file and its tables.
async fn look(db: &Path) -> Option<SqliteConnection> {
    SqliteConnectOptions::new().filename(db).read_only(true).connect().await.ok()
}

async fn count(db: &Path, query: &'static str) -> Option<i64> {
    sqlx::query_scalar(query).fetch_one(&mut look(db).await?).await.ok()
}

async fn lines_taken(db: &Path) -> i64 {
    count(db, "SELECT coalesce(sum(lines), 0) FROM intake").await.unwrap_or(0)
}

/// Waits until the process has committed something, or has ended; bounded.
async fn first_commit(child: &mut Child, db: &Path, before: i64) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if lines_taken(db).await > before {
            return true;
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("the process has committed nothing in a minute");
}

/// Ends the process at a random moment, unless it is done before; tells what it printed if it was.
async fn run_and_kill(file: &Path, db: &Path, random: &mut u64) -> Option<Output> {
    let before = lines_taken(db).await;
    let mut child = orders(&[file, Path::new("--db"), db]).spawn().unwrap();
    if first_commit(&mut child, db, before).await {
        let start = Instant::now();
        let moment = Duration::from_millis(100 + next(random) % 2900);
        while start.elapsed() < moment && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(5));
        }
    }
    let ended = child.try_wait().unwrap().is_some();
    if !ended {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    ended.then_some(output)
}

/// xorshift64: any spread of moments will do, as long as its seed is printed.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn seed() -> u64 {
    let given = std::env::var("EVENT_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()) | 1)
}

#[tokio::test]
async fn kills_at_random_moments_lose_nothing_and_repeat_nothing() {
    let mut random = seed();
    eprintln!("EVENT_TEST_SEED={random}");
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (folder.path().join("orders.jsonl"), folder.path().join("orders.db"));
    let lines = generate(random, 10_000);
    fs::write(&file, lines.join("\n")).unwrap();

    let mut kills = 0;
    let output = loop {
        match run_and_kill(&file, &db, &mut random).await {
            Some(output) => break output,
            None => kills += 1,
        }
        assert!(kills < 500, "the process gets nowhere");
    };
    eprintln!("kills={kills}");
    assert!(kills > 0, "nothing was killed, so nothing was shown");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = expected(&lines);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), line);
    let once =
        "SELECT count(*) FROM invoices i JOIN event_outbox o ON o.id = i.issued_for WHERE o.type = 'order.placed'";
    let outbox = "SELECT count(*) FROM event_outbox WHERE type = 'order.placed'";
    assert_eq!(count(&db, once).await, count(&db, outbox).await);

    let again = orders(&[&file, Path::new("--db"), &db]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&again.stdout).trim(), line, "a restarted run prints the same");
}

#[test]
fn a_file_that_is_not_there_is_told_by_its_name() {
    let output = orders(&[Path::new("no-such-file.jsonl")]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.starts_with("orders: cannot read no-such-file.jsonl: No such file"), "{message}");
}

#[test]
fn poison_of_every_kind_is_a_letter_and_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.jsonl");
    let event = |id: &str, data: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"/s","type":"order.placed","eventversion":1,"data":{data}}}"#
        )
    };
    let good = event("no uuid", r#"{"order_id":"o-1","total_cents":5}"#);
    let empty_key = event("2", r#"{"order_id":"","total_cents":5}"#);
    let wrong = event("3", r#"{"order_id":"o-1","total_cents":1.0}"#);
    let text = [good.as_str(), "", &empty_key, "\u{0}", &wrong, "[]", &good].join("\n");
    fs::write(&file, text).unwrap();
    let output = orders(&[&file]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "placed=1 applied=1 duplicates=1 dead=5");
}

#[tokio::test]
async fn an_id_that_comes_again_from_another_source_is_a_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.jsonl");
    let line = |source: &str| {
        let event = r#""specversion":"1.0","id":"e-1","type":"order.placed","eventversion":1"#;
        format!(r#"{{{event},"source":"{source}","data":{{"order_id":"o-1","total_cents":5}}}}"#)
    };
    fs::write(&path, [line("/a"), line("/b"), line("/a")].join("\n")).unwrap();
    let output = orders(&[&path]).output().unwrap();
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(out.lines().last(), Some("placed=1 applied=1 duplicates=2 dead=0"), "{errors}");
}
