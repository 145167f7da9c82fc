//! The guides "Working on dead letters" and "When a gap is reported", typed against the running shop.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test of real processes waits for facts, with limits")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, SqlitePool};

const LETTERS: &str = include_str!("../../docs/guides/working-on-dead-letters.md");
const GAPS: &str = include_str!("../../docs/guides/when-a-gap-is-reported.md");

/// A shop that runs, until it is dropped.
struct Shop {
    process: Child,
    orders: Option<ChildStdin>,
}

impl Shop {
    fn open(db: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_shop"))
            .arg("--db")
            .arg(db)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let orders = process.stdin.take();
        Self { process, orders }
    }

    fn place(&mut self, order: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
    }

    /// Its input ends, and so does the shop.
    fn close(mut self) {
        self.orders = None;
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct World {
    db: PathBuf,
    pool: SqlitePool,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("shop.db");
        drop(event_examples::shop::open(&db).await.unwrap());
        let options = SqliteConnectOptions::new().filename(&db).busy_timeout(Duration::from_secs(10));
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        Self { db, pool, _folder: folder }
    }

    async fn number(&self, statement: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(statement.to_owned())).fetch_one(&self.pool).await.unwrap()
    }

    async fn until(&self, statement: &str, number: i64) {
        let start = Instant::now();
        while self.number(statement).await != number {
            assert!(start.elapsed() < Duration::from_secs(60), "{statement} is not {number}");
            sleep(Duration::from_millis(20));
        }
    }

    async fn run(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await.unwrap();
    }

    /// Types a line of a guide, in which `replace` differs from run to run; answers what was said and the exit code.
    fn types(&self, guide: &str, line: &str, replace: &[(&str, &str)]) -> (i32, String) {
        assert!(guide.contains(line), "the guide doesn't say:\n{line}");
        let line = replace.iter().fold(line.to_owned(), |line, (shown, real)| line.replace(shown, real));
        let words = words(&line);
        let (tool, arguments) = words.split_first().unwrap();
        assert_eq!(tool, "event-ops");
        let mut said = Vec::new();
        let url = format!("sqlite:{}", self.db.display());
        let output = Command::new(event_ops()).env("DATABASE_URL", url).args(arguments).output().unwrap();
        said.extend(output.stdout);
        said.extend(output.stderr);
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    }
}

/// The words of a line as a shell reads it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The tool, built by the workspace's own cargo where it isn't there yet.
fn event_ops() -> PathBuf {
    let shop = Path::new(env!("CARGO_BIN_EXE_shop"));
    let tool = shop.with_file_name(format!("event-ops{}", std::env::consts::EXE_SUFFIX));
    static BUILT: std::sync::Once = std::sync::Once::new();
    BUILT.call_once(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "event-ops", "--bin", "event-ops", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
            .status();
        assert!(built.unwrap().success());
    });
    tool
}

const APPLIED: &str = "SELECT count(*) FROM invoices";
const PACKED: &str = "SELECT count(*) FROM parcels";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guide_about_dead_letters_does_what_it_says() {
    let world = World::new().await;
    let types = |line: &str| world.types(LETTERS, line, &[]);
    let mut shop = Shop::open(&world.db, &[]);
    for order in ["o-1 1990 EUR", "o-2 500 USD", "o-2 700 EUR"] {
        assert!(LETTERS.contains(order));
        shop.place(order);
    }
    world.until(APPLIED, 1).await;
    world.until(PACKED, 3).await;
    world.until("SELECT count(*) FROM event_backlog", 2).await;
    let (exit, listed) = types("event-ops letters list");
    assert_eq!(exit, 0, "{listed}");
    for line in [
        " 1  billing   order.placed  order/o-2  permanent      1  ",
        "    no bank account for USD\n",
        "1 dead letter\n",
    ] {
        assert!(listed.contains(line) && LETTERS.contains(line), "{listed}");
    }
    let (_, shown) = types("event-ops letters show 1");
    assert!(shown.contains("\"currency\": \"USD\"") && shown.contains("1 event is held behind it"), "{shown}");
    shop.close();

    let shop = Shop::open(&world.db, &["--currency", "USD"]);
    let dry = r#"event-ops letters replay --consumer billing --error "no bank account" --dry-run"#;
    assert_eq!(types(dry), (0, "1 dead letter of `billing` would be replayed\n".to_owned()));
    let replay = r#"event-ops letters replay --consumer billing --error "no bank account" --reason "the account for USD is open""#;
    let replayed = "replayed 1, skipped 0, failed 0\n";
    assert!(LETTERS.contains(replayed));
    assert_eq!(types(replay), (0, replayed.to_owned()));
    world.until(APPLIED, 3).await;
    world.until("SELECT count(*) FROM event_backlog", 0).await;
    let discard = r#"event-ops letters discard 1 --reason "a test order""#;
    assert_eq!(types(discard), (0, "discarded 0, skipped 1\n".to_owned()), "it was replayed");
    let audit = "SELECT at, action, actor, reason, event_id FROM event_audit ORDER BY id DESC;";
    assert!(LETTERS.contains(audit));
    let replays =
        "SELECT count(*) FROM event_audit WHERE action = 'replayed' AND reason = 'the account for USD is open'";
    assert_eq!(world.number(replays).await, 1);

    let empty = "DELETE FROM parcels;";
    assert!(LETTERS.contains(empty));
    let (exit, said) = types(r#"event-ops consumer rebuild packing --dry-run --reason "parcels were packed twice""#);
    assert_eq!(exit, 0, "{said}");
    world.run(empty).await;
    let (exit, said) = types(r#"event-ops consumer rebuild packing --reason "parcels were packed twice""#);
    assert!(exit == 0 && said.contains("the sink `packing` goes back as well"), "{said}");
    world.until(PACKED, 3).await;
    assert_eq!(world.number(APPLIED).await, 3, "billing is not asked");
    shop.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guide_about_gaps_does_what_it_says() {
    let world = World::new().await;
    let mut shop = Shop::open(&world.db, &[]);
    for cents in ["1", "2", "3"] {
        shop.place(&format!("o-1 {cents} EUR"));
    }
    world.until(PACKED, 3).await;
    world.until(APPLIED, 3).await;
    assert_eq!(world.types(GAPS, "event-ops consumer gaps", &[]), (0, "nothing is missing\n".to_owned()));
    shop.close();
    // The consumer's marks are lost, and so are the events.
    let (slot, place) = ("slot", "position");
    world
        .run(&format!("INSERT INTO event_outbox_floor SELECT {slot}, max({place}) FROM event_outbox GROUP BY {slot}"))
        .await;
    world.run("DELETE FROM event_outbox; DELETE FROM event_inbox_mark WHERE consumer = 'packing'").await;
    let mut shop = Shop::open(&world.db, &[]);
    shop.place("o-1 4 EUR");
    // Both the order and its invoice stand behind events that nobody has any more.
    world.until("SELECT count(*) FROM event_gap", 2).await;
    world.until(APPLIED, 4).await;
    let (exit, said) = world.types(GAPS, "event-ops consumer gaps", &[]);
    assert!(exit == 1 && said.ends_with("2 gaps\n"), "{said}");
    assert!(said.contains("the outbox has none of them: they were deleted, or retention has dropped them"), "{said}");
    let gaps: Vec<(String, i64)> =
        sqlx::query_as("SELECT source, slot FROM event_gap").fetch_all(&world.pool).await.unwrap();
    let skip = r#"event-ops consumer skip packing --source '/outbox/6f0c…?epoch=1' --slot 34 --reason "emptied by hand on 1 March""#;
    for (source, slot) in gaps {
        let slot = format!("--slot {slot}");
        let (exit, said) = world.types(GAPS, skip, &[("/outbox/6f0c…?epoch=1", &source), ("--slot 34", &slot)]);
        assert_eq!(exit, 0, "{said}");
    }
    world.until(PACKED, 4).await;
    shop.close();
}
