//! What the commands print, and their exit codes, on real databases.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use std::time::Duration;

use event_core::runtime::{Origin, Outbox as _, Sinks};
use event_core::{Claim, Registration, Sink};
use event_sqlx::Store;
use setup::{Outbox, ops};

async fn commands_say_that_tables_are_missing_until_migrate_made_them(server: &str) {
    let outbox = Outbox::bare(server, "").await;
    for command in [&["status"][..], &["lag"], &["doctor"], &["sink", "list"]] {
        let said = outbox.ops(command);
        assert_eq!((said.exit, said.out.as_str()), (2, ""));
        assert_eq!(
            said.err,
            "error: there are no tables of an outbox\n  = help: run `event-ops migrate`, or name their schema by `--schema`\n"
        );
    }
    let json = outbox.ops(&["status", "--format", "json"]);
    assert_eq!((json.exit, json.json()["error"]["message"].as_str()), (2, Some("there are no tables of an outbox")));
    assert_eq!(outbox.ops(&["migrate"]).out, "applied 3 migrations: the tables are of version 3\n");
    assert_eq!(outbox.ops(&["migrate"]).out, "nothing to do: the tables are of version 3\n");
    assert_eq!(outbox.ops(&["migrate", "--format", "json"]).json(), serde_json::json!({"before": 3, "version": 3}));
    assert_eq!(outbox.ops(&["doctor"]).exit, 0);
    outbox.end().await;
}

async fn tables_of_another_release_are_refused(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("INSERT INTO event_migration VALUES (99, 'of the future', 99)").await;
    let said = outbox.ops(&["status"]);
    assert_eq!(said.exit, 2);
    assert_eq!(said.err, "error: the tables are of version 99 and this release knows 3\n  = help: update event-ops\n");
    outbox.run("DELETE FROM event_migration WHERE version > 1").await;
    let said = outbox.ops(&["status"]);
    assert_eq!(
        said.err,
        "error: the tables are of version 1 and this release needs 3\n  = help: run `event-ops migrate`\n"
    );
    outbox.end().await;
}

async fn what_migrate_prints_makes_a_schema_of_any_name(server: &str) {
    let outbox = Outbox::bare(server, "").await;
    let printed = ops(&["migrate", "--print", "postgres", "--schema", "Ünusual \"schema\""]);
    assert_eq!(printed.exit, 0);
    assert!(
        printed.out.starts_with("CREATE SCHEMA IF NOT EXISTS \"Ünusual \"\"schema\"\"\";\nSET search_path = "),
        "{}",
        printed.out
    );
    outbox.run(&printed.out).await;
    let schema = ["--schema", "Ünusual \"schema\""];
    assert_eq!(outbox.ops(&[&["migrate"], &schema[..]].concat()).out, "nothing to do: the tables are of version 3\n");
    assert_eq!(outbox.ops(&[&["doctor", "--full"], &schema[..]].concat()).exit, 0);
    assert_eq!(outbox.ops(&[&["lag"], &schema[..]].concat()).exit, 0);
    let status = outbox.ops(&[&["status", "--format", "json"], &schema[..]].concat()).json();
    assert_eq!(status["schema"], "Ünusual \"schema\"");
    assert_eq!(outbox.ops(&["status"]).exit, 2, "nothing is in the schema `public`");
    outbox.end().await;
}

async fn the_status_tells_sinks_relays_partitions_and_consumers(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    let (busy, idle) = (Sink::new("broker"), Sink::new("warehouse"));
    let only_orders = Registration::new("order.*".parse().unwrap(), event_core::Start::Earliest);
    store.register(&busy, &Registration::default()).await.unwrap();
    store.register(&idle, &only_orders).await.unwrap();
    let survey = store.survey(&busy).await.unwrap();
    let mut claim = Claim::default();
    claim.take = survey.slots.iter().take(40).map(|slot| slot.lease).collect();
    store.claim(&busy, &store.owner(), Duration::from_secs(600), &claim).await.unwrap();
    outbox.run("INSERT INTO event_inbox_mark VALUES ('billing', '/x', 1, NULL, NULL)").await;
    outbox.run("INSERT INTO event_backlog (consumer, place, body, blocks, attempts, errors, since) SELECT 'shipping', p, 'x', true, 1, '[]', now()
                FROM unnest(ARRAY['dead_letter', 'held', 'held', 'retry', 'awaiting_deploy']) p").await;
    let said = outbox.ops(&["status"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let lines: Vec<_> = said.out.lines().collect();
    assert!(
        lines[0].starts_with("outbox `/outbox/") && lines[0].ends_with("?epoch=1` on postgres, schema `public`"),
        "{}",
        said.out
    );
    assert_eq!(lines[1], "  epoch 1, tables of version 3, last position 1");
    assert!(
        lines[2].starts_with("  ") && lines[2].ends_with(" ahead), 3 of the log until position 30000000"),
        "{}",
        lines[2]
    );
    assert!(lines[3].starts_with("sink `broker` takes `*`, since 20"), "{}", lines[3]);
    assert!(lines[4].starts_with("  relay `") && lines[4].contains("` has 40 slots until 20"), "{}", lines[4]);
    assert_eq!(lines[5], "  nobody has 24 slots");
    assert!(lines[6].starts_with("sink `warehouse` takes `order.*`, since 20"), "{}", lines[6]);
    assert_eq!(lines[7], "  no relay runs");
    assert_eq!(lines[8], "consumer `billing`: nothing left behind");
    assert_eq!(lines[9], "consumer `shipping`: 1 dead letter, 1 in retry, 2 held, 1 awaiting a deploy");
    let json = outbox.ops(&["status", "--format", "json"]).json();
    assert_eq!(json["sinks"][0]["relays"][0]["slots"], 40);
    assert_eq!(json["consumers"][1]["held"], 2);
    assert!(json["partitions"]["days_ahead"].as_i64().unwrap() >= 30);
    outbox.end().await;
}

async fn the_lag_is_counted_from_cursors_and_bounded(server: &str) {
    let outbox = Outbox::on(server).await;
    assert_eq!(outbox.ops(&["lag"]).out, "no sink is registered; a relay registers its own when it starts\n");
    let store = Store::new(outbox.pool.clone());
    store.register(&Sink::new("a"), &Registration::default()).await.unwrap();
    assert_eq!(outbox.ops(&["lag"]).out, "a  nothing to send\n");
    outbox.write(&["k", "k", "k", "k"]).await;
    let json = outbox.ops(&["lag", "--format", "json"]).json();
    assert_eq!((&json["sinks"][0]["events"], &json["sinks"][0]["more"]), (&4.into(), &false.into()));
    let some = outbox.ops(&["lag", "--count", "3", "--format", "json"]).json();
    assert_eq!((&some["sinks"][0]["events"], &some["sinks"][0]["more"]), (&3.into(), &true.into()));
    assert!(outbox.ops(&["lag", "--count", "3"]).out.starts_with("a  3+ events, the oldest "));
    outbox.run("UPDATE event_relay_slot SET position = (SELECT max(position) FROM event_outbox_log)").await;
    assert_eq!(outbox.ops(&["lag", "--max-age", "0"]).exit, 0);
    outbox.run("INSERT INTO event_outbox (id, at, aggregatetype, type, payload) VALUES (gen_random_uuid(), now() - interval '90 minutes', 'x', 'x.y', '{}')").await;
    let late = outbox.ops(&["lag", "--max-age", "3600"]);
    assert_eq!((late.exit, late.out.as_str()), (1, "a  1 event, 1 h 30 min old\n1 sink behind by more than 1 h\n"));
    assert_eq!(outbox.ops(&["lag", "--max-age", "86400", "--format", "json"]).json()["summary"]["exit"], 0);
    outbox.end().await;
}

async fn sinks_are_listed_and_removed(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    store.register(&Sink::new("a"), &Registration::default()).await.unwrap();
    let said = outbox.ops(&["sink", "list"]);
    assert!(said.out.starts_with("a  takes `*`, since 20"), "{}", said.out);
    let json = outbox.ops(&["sink", "list", "--format", "json"]).json();
    assert_eq!((&json["sinks"][0]["sink"], &json["sinks"][0]["filter"]), (&"a".into(), &"*".into()));
    let said = outbox.ops(&["sink", "remove", "b"]);
    assert_eq!(
        (said.exit, said.err.as_str()),
        (2, "error: there is no sink `b`\n  = help: see `event-ops sink list`\n")
    );
    let said = outbox.ops(&["sink", "remove", "a"]);
    assert_eq!((said.exit, said.out.as_str()), (0, "removed the sink `a`; retention no longer waits for it\n"));
    assert_eq!(store.sinks().await.unwrap(), []);
    outbox.end().await;
}

on_every_server!(
    commands_say_that_tables_are_missing_until_migrate_made_them,
    tables_of_another_release_are_refused,
    what_migrate_prints_makes_a_schema_of_any_name,
    the_status_tells_sinks_relays_partitions_and_consumers,
    the_lag_is_counted_from_cursors_and_bounded,
    sinks_are_listed_and_removed,
);

#[test]
fn what_can_not_run_says_why_and_what_to_type() {
    let cases: [(&[&str], &str); 5] = [
        (&["status"], "error: no database is named\n  = help: give `--database-url URL`, or set `DATABASE_URL`\n"),
        (
            &["status", "--database-url", "oracle://x/y"],
            "error: this is no address of a database that has an outbox\n  = help: write `postgres://user@host/database`, `mysql://user@host/database` or `sqlite:file.db`\n",
        ),
        (
            &["lag", "--database-url", "sqlite::memory:", "--schema", "x"],
            "error: a file of SQLite has one schema\n  = help: leave `--schema` out\n",
        ),
        (
            &["migrate", "--print", "mysql", "--schema", "x"],
            "error: a database of MySQL or MariaDB is a schema by itself\n  = help: leave `--schema` out, and name it in `--database-url`\n",
        ),
        (
            &["migrate", "--print", "sqlite", "--schema", "x"],
            "error: a file of SQLite has one schema\n  = help: leave `--schema` out\n",
        ),
    ];
    for (arguments, message) in cases {
        let said = ops(arguments);
        assert_eq!((said.exit, said.err.as_str(), said.out.as_str()), (2, message, ""), "{arguments:?}");
    }
    assert_eq!(ops(&["nonsense"]).exit, 2);
    let refused = ops(&["status", "--database-url", "postgres://postgres@127.0.0.1:1/none", "--format", "json"]);
    assert_eq!(refused.exit, 2);
    assert!(refused.json()["error"]["message"].as_str().unwrap().starts_with("cannot connect to the database: "));
}

#[test]
fn the_help_names_every_command() {
    let help = ops(&["--help"]);
    assert_eq!(help.exit, 0);
    insta::assert_snapshot!(help.out);
}

#[test]
fn the_guide_names_every_finding() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("../docs/guides/operating-the-outbox.md")).unwrap();
    for dialect in ["postgres", "mysql", "sqlite"] {
        for file in std::fs::read_dir(root.join("sql").join(dialect)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let Some(id) = name.strip_prefix("doctor_").and_then(|name| name.strip_suffix(".sql")) else { continue };
            assert!(guide.contains(&format!("`{id}`")), "{dialect}: say how `{id}` comes about");
        }
    }
}

#[test]
fn a_script_after_the_last_version_only_makes_the_record() {
    let script = ops(&["migrate", "--print", "postgres", "--after", "2"]);
    assert_eq!(script.exit, 0);
    assert!(script.out.contains("event_migration") && !script.out.contains("event_outbox ("), "{}", script.out);
}

mod sqlite {
    use super::*;
    use sqlx::sqlite::SqlitePoolOptions;

    #[tokio::test]
    async fn a_file_has_a_status_a_lag_sinks_and_a_doctor() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("orders.db").display());
        let run = |arguments: &[&str]| ops(&[&["--database-url", &url], arguments].concat());
        assert_eq!(run(&["status"]).err.lines().next(), Some("error: there are no tables of an outbox"));
        assert_eq!(run(&["migrate"]).out, "applied 4 migrations: the tables are of version 4\n");
        let pool = SqlitePoolOptions::new().connect(&url).await.unwrap();
        let store = Store::new(pool.clone());
        store.register(&Sink::new("it's"), &Registration::default()).await.unwrap();
        assert_eq!(run(&["lag"]).out, "it's  nothing to send\n");
        assert_eq!(run(&["doctor"]).exit, 1, "a file that SQLite made isn't in WAL mode");
        sqlx::query("PRAGMA journal_mode = WAL").execute(&pool).await.unwrap();
        assert_eq!(run(&["doctor"]).out, "5 checks: nothing is wrong\n");
        let insert = "INSERT INTO event_outbox (id, slot, aggregatetype, type, version, occurred_at, payload)
                      VALUES ('1', 3, 'x', 'x.y', 1, (unixepoch() - 7200) * 1000000, '{}')";
        sqlx::query(insert).execute(&pool).await.unwrap();
        let lag = run(&["lag", "--max-age", "60"]);
        assert_eq!(lag.exit, 1, "{}{}", lag.out, lag.err);
        assert!(lag.out.starts_with("it's  1 event, 2 h"), "{}", lag.out);
        let status = run(&["status"]);
        assert_eq!(status.exit, 0, "{}", status.err);
        assert!(
            status.out.contains("on sqlite\n  epoch 1, tables of version 4, last position 1\nsink `it's` takes `*`"),
            "{}",
            status.out
        );
        let doctor = run(&["doctor", "--full"]);
        assert_eq!(doctor.exit, 1);
        assert!(doctor.out.starts_with("warning[sink_forgotten]: no relay runs for the sink `it's`"), "{}", doctor.out);
        assert_eq!(run(&["sink", "remove", "it's"]).exit, 0);
        assert_eq!(run(&["doctor", "--full", "--format", "json"]).json()["findings"], serde_json::json!([]));
    }
}
