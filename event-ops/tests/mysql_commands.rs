//! What the commands print on MariaDB and MySQL, and their exit codes.
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
use setup::mysql::{Outbox, insert};
use setup::ops;

async fn commands_say_that_tables_are_missing_until_migrate_made_them(server: &str) {
    let outbox = Outbox::bare(server).await;
    for command in [&["status"][..], &["lag"], &["doctor"], &["sink", "list"]] {
        let said = outbox.ops(command);
        assert_eq!((said.exit, said.out.as_str()), (2, ""));
        assert_eq!(
            said.err,
            "error: there are no tables of an outbox\n  = help: run `event-ops migrate`, or name their database in `--database-url`\n"
        );
    }
    assert_eq!(outbox.ops(&["migrate"]).out, "applied 2 migrations: the tables are of version 2\n");
    assert_eq!(outbox.ops(&["migrate"]).out, "nothing to do: the tables are of version 2\n");
    let by_another_name = outbox.url.replace("mysql://", "mariadb://");
    assert_eq!(setup::findings(&by_another_name, &[]), []);
    outbox.run("INSERT INTO event_migration (version, name, oldest) VALUES (99, 'of the future', 99)").await;
    let said = outbox.ops(&["status"]);
    assert_eq!(said.err, "error: the tables are of version 99 and this release knows 2\n  = help: update event-ops\n");
    outbox.end().await;
}

async fn the_status_tells_sinks_relays_and_consumers(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    let (busy, idle) = (Sink::new("broker"), Sink::new("warehouse \"x\""));
    let only_orders = Registration::new("order.*".parse().unwrap(), event_core::Start::Earliest);
    store.register(&idle, &only_orders).await.unwrap();
    store.register(&busy, &Registration::default()).await.unwrap();
    let survey = store.survey(&busy).await.unwrap();
    let mut claim = Claim::default();
    claim.take = survey.slots.iter().take(40).map(|slot| slot.lease).collect();
    store.claim(&busy, &store.owner(), Duration::from_secs(600), &claim).await.unwrap();
    outbox.write("a").await;
    outbox.run("INSERT INTO event_inbox_mark (consumer, source, slot, digest) VALUES ('billing', '/x', 1, UNHEX(SHA2('/x', 256))); UPDATE event_outbox_sweep SET found = 3").await;
    for place in ["dead_letter", "held", "held", "retry", "awaiting_deploy"] {
        outbox.run(&format!("INSERT INTO event_backlog (consumer, place, body, blocks, attempts, errors, since) VALUES ('shipping', '{place}', 'x', true, 1, '[]', 1)")).await;
    }
    let said = outbox.ops(&["status"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let lines: Vec<_> = said.out.lines().collect();
    let kind = if server.starts_with("mariadb") { "mariadb" } else { "mysql" };
    let end = format!("?epoch=1` on {kind}, schema `{}`", outbox.database());
    assert!(lines[0].starts_with("outbox `/outbox/") && lines[0].ends_with(&end), "{}", said.out);
    assert_eq!(lines[1], "  epoch 1, tables of version 2, last position 1");
    assert_eq!(lines[2], "  3 events committed without a position, and swept");
    assert!(lines[3].starts_with("sink `broker` takes `*`, since 20"), "{}", lines[3]);
    assert!(lines[4].starts_with("  relay `") && lines[4].contains("` has 40 slots until 20"), "{}", lines[4]);
    assert_eq!(lines[5], "  nobody has 24 slots");
    assert!(lines[6].starts_with("sink `warehouse \"x\"` takes `order.*`, since 20"), "{}", lines[6]);
    assert_eq!(lines[7], "  no relay runs");
    assert_eq!(lines[8], "consumer `billing`: nothing left behind");
    assert_eq!(lines[9], "consumer `shipping`: 1 dead letter, 1 in retry, 2 held, 1 awaiting a deploy");
    let json = outbox.ops(&["status", "--format", "json"]).json();
    assert_eq!(json["sinks"][0]["relays"][0]["slots"], 40);
    assert_eq!(json["partitions"], serde_json::Value::Null);
    outbox.end().await;
}

async fn the_lag_is_counted_from_cursors_and_bounded(server: &str) {
    let outbox = Outbox::on(server).await;
    assert_eq!(outbox.ops(&["lag"]).out, "no sink is registered; a relay registers its own when it starts\n");
    let store = Store::new(outbox.pool.clone());
    store.register(&Sink::new("a"), &Registration::default()).await.unwrap();
    assert_eq!(outbox.ops(&["lag"]).out, "a  nothing to send\n");
    for id in ["1", "2", "3", "4"] {
        let row = insert(id, "").replace(&format!("'order', '{id}'"), "'order', 'k'");
        outbox.run(&format!("START TRANSACTION; {row} CALL event_outbox_commit('[\"{id}\"]')")).await;
    }
    let json = outbox.ops(&["lag", "--format", "json"]).json();
    assert_eq!((&json["sinks"][0]["events"], &json["sinks"][0]["more"]), (&4.into(), &false.into()));
    let some = outbox.ops(&["lag", "--count", "3", "--format", "json"]).json();
    assert_eq!((&some["sinks"][0]["events"], &some["sinks"][0]["more"]), (&3.into(), &true.into()));
    assert!(outbox.ops(&["lag", "--count", "3"]).out.starts_with("a  3+ events, the oldest "));
    outbox.run("UPDATE event_relay_slot SET position = (SELECT MAX(position) FROM event_outbox_log)").await;
    assert_eq!(outbox.ops(&["lag", "--max-age", "0"]).exit, 0);
    outbox.run(&format!("START TRANSACTION; {} CALL event_outbox_commit('[\"x\"]')", insert("x", "5400"))).await;
    let late = outbox.ops(&["lag", "--max-age", "3600"]);
    assert_eq!((late.exit, late.out.as_str()), (1, "a  1 event, 1 h 30 min old\n1 sink behind by more than 1 h\n"));
    outbox.end().await;
}

async fn sinks_are_listed_and_removed(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    store.register(&Sink::new("a"), &Registration::default()).await.unwrap();
    let said = outbox.ops(&["sink", "list"]);
    assert!(said.out.starts_with("a  takes `*`, since 20"), "{}", said.out);
    assert_eq!(outbox.ops(&["sink", "remove", "b"]).exit, 2);
    let said = outbox.ops(&["sink", "remove", "a"]);
    assert_eq!((said.exit, said.out.as_str()), (0, "removed the sink `a`; retention no longer waits for it\n"));
    assert_eq!(store.sinks().await.unwrap(), []);
    outbox.end().await;
}

on_every_mysql!(
    commands_say_that_tables_are_missing_until_migrate_made_them,
    the_status_tells_sinks_relays_and_consumers,
    the_lag_is_counted_from_cursors_and_bounded,
    sinks_are_listed_and_removed,
);

#[test]
fn what_migrate_prints_is_for_the_client_and_can_be_run_again() {
    let printed = ops(&["migrate", "--print", "mysql"]);
    assert_eq!(printed.exit, 0);
    assert!(printed.out.contains("CREATE TABLE IF NOT EXISTS event_outbox ("), "{}", printed.out);
    assert!(printed.out.contains("DELIMITER"), "{}", printed.out);
}
