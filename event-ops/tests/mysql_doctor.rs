//! MariaDB and MySQL: each fault is planted for real, found, mended by the line that the doctor prints, and gone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use event_core::runtime::{Origin, Sinks};
use event_core::{Registration, Sink};
use event_sqlx::Store;
use setup::mysql::{Outbox, insert, once};
use sqlx::AssertSqlSafe;

fn bin(server: &str) -> &'static str {
    if server.starts_with("mariadb") { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" }
}

async fn an_outbox_in_order_has_no_findings(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.write("a").await;
    let said = outbox.ops(&["doctor", "--full"]);
    assert_eq!(said.exit, 0, "{}{}", said.out, said.err);
    assert!(said.out.ends_with("15 checks: nothing is wrong\n"), "{}", said.out);
    outbox.end().await;
}

/// The tests' server doesn't flush: a note, which changes no exit code.
async fn a_commit_that_a_crash_may_take_back_is_noted(server: &str) {
    let outbox = Outbox::on(server).await;
    let json = outbox.ops(&["doctor", "--format", "json"]).json();
    let note = &json["findings"][0];
    assert_eq!((note["id"].as_str(), note["level"].as_str()), (Some("flush"), Some("note")));
    assert_eq!(
        note["message"],
        "`innodb_flush_log_at_trx_commit` is 0: a crash takes back the last commits, whose events may have been sent, and later ones get their places: consumers take those for repeats"
    );
    assert_eq!(
        note["mend"],
        "SET GLOBAL innodb_flush_log_at_trx_commit = 1; -- and in its configuration; after a crash without it: UPDATE event_outbox_identity SET made = 0"
    );
    assert_eq!(json["summary"], serde_json::json!({"checks": 15, "error": 0, "warn": 0, "note": 1, "exit": 0}));
    outbox.end().await;
}

async fn unstamped_rows_get_a_place(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.write("stamped").await;
    outbox.run(&insert("new", "200")).await;
    assert_eq!(outbox.findings(&[]), [], "what is new is the relay's");
    outbox.run(&insert("it''s", "400")).await;
    outbox.run(&insert("b", "500")).await;
    let (message, mend) = outbox.only(&[], "unstamped");
    assert_eq!(
        message,
        "2 events have no place in the log, so no relay sees them: they were committed by a raw COMMIT, and no relay has swept since, or was restarted too late"
    );
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    let stamped = "SELECT COUNT(*) FROM event_outbox_log";
    assert!(sqlx::query_scalar::<_, i64>(stamped).fetch_one(&outbox.pool).await.unwrap() >= 3);
    outbox.end().await;
}

async fn old_unstamped_rows_are_found_by_a_full_look(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run(&insert("old", "400")).await;
    outbox.run("ALTER TABLE event_outbox AUTO_INCREMENT = 200000").await;
    outbox.write("new").await;
    assert_eq!(outbox.findings(&[]), []);
    let (message, mend) = outbox.only(&["--full"], "unstamped");
    assert!(message.starts_with("1 event has no place in the log, so"), "{message}");
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    outbox.end().await;
}

async fn procedures_that_are_altered_or_gone_are_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let mend = format!(
        "event-ops migrate --print mysql | mariadb {} # makes it again, and leaves the tables as they are",
        outbox.database()
    );
    for plant in [
        "DROP PROCEDURE event_outbox_unlock",
        "ALTER PROCEDURE event_outbox_unlock SQL SECURITY DEFINER",
        "DROP PROCEDURE event_outbox_unlock; CREATE PROCEDURE event_outbox_unlock(IN slots BIGINT UNSIGNED) NO SQL SQL SECURITY INVOKER BEGIN END",
    ] {
        outbox.run(plant).await;
        let (message, said) = outbox.only(&[], "function_altered");
        let what = if plant.ends_with("unlock") {
            "missing: every commit with an event fails"
        } else {
            "another than this release made: what it does is not known"
        };
        assert_eq!(message, format!("the procedure `event_outbox_unlock` is {what}"));
        assert_eq!(said, mend);
        print_and_run(&outbox).await;
        assert_eq!(outbox.findings(&["--full"]), []);
    }
    outbox.end().await;
}

/// As after a dump without procedures: the mend makes it anew, and with that the next relay begins an epoch.
async fn the_procedure_that_tells_a_restored_database_is_missed(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("DROP PROCEDURE event_outbox_made").await;
    let (message, _) = outbox.only(&[], "function_altered");
    assert_eq!(
        message,
        "the procedure `event_outbox_made` is missing: a database that was restored can't be told from the one that was dumped"
    );
    print_and_run(&outbox).await;
    outbox.run("UPDATE event_outbox_identity SET made = made - 1").await;
    outbox.only(&[], "epoch");
    Origin::source(&Store::new(outbox.pool.clone())).await.unwrap();
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

/// What `event-ops migrate --print mysql | mariadb DATABASE` does, as the client does it: `DELIMITER` is its own word.
async fn print_and_run(outbox: &Outbox) {
    let script = outbox.ops(&["migrate", "--print", "mysql"]).out;
    let (mut delimiter, mut statement) = (";".to_owned(), String::new());
    for line in script.lines().filter(|line| !line.starts_with("--")) {
        if let Some(next) = line.strip_prefix("DELIMITER ") {
            delimiter = next.to_owned();
            continue;
        }
        statement += line;
        statement += "\n";
        let code = line.split(" -- ").next().unwrap().trim_end();
        if code.ends_with(&delimiter) {
            let whole = statement.trim_end().trim_end_matches(&delimiter).to_owned();
            statement.clear();
            outbox.run(&whole).await;
        }
    }
}

async fn altered_tables_are_found(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.mended(
        "ALTER TABLE event_parked CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        "table_altered",
        "the column `event_id` of `event_parked` has the collation `utf8mb4_general_ci`: texts that differ can be the same key",
        &format!("ALTER TABLE event_parked CONVERT TO CHARACTER SET utf8mb4 COLLATE {}; -- while no writer runs", bin(server)),
    )
    .await;
    outbox
        .mended(
            "ALTER TABLE event_relay ENGINE = MEMORY",
            "table_altered",
            "the table `event_relay` is of the engine `MEMORY`: what it holds is not part of a transaction",
            "ALTER TABLE event_relay ENGINE = InnoDB;",
        )
        .await;
    outbox.end().await;
}

async fn an_idle_session_that_holds_a_slot_is_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut idle = outbox.pool.acquire().await.unwrap().detach();
    let lock = "DO GET_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.7'), 0)";
    sqlx::raw_sql(lock).execute(&mut idle).await.unwrap();
    let (message, mend) = outbox.only(&[], "transaction_idle");
    let session: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(&mut idle).await.unwrap();
    assert_eq!(message, format!("the session {session} is idle and holds slot 7: events of this slot wait at commit"));
    assert_eq!(mend, format!("KILL {session};"));
    outbox.run(&mend).await;
    let held = "SELECT IS_USED_LOCK(CONCAT('event_outbox.', LEFT(MD5(DATABASE()), 24), '.7'))";
    once("the lock is free", async || {
        let held = sqlx::query_scalar::<_, Option<i64>>(held).fetch_one(&outbox.pool).await.unwrap();
        held.is_none().then_some(())
    })
    .await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn an_open_transaction_that_does_nothing_is_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut idle = outbox.pool.acquire().await.unwrap().detach();
    sqlx::raw_sql(AssertSqlSafe(format!("START TRANSACTION; {}", insert("a", "")))).execute(&mut idle).await.unwrap();
    assert_eq!(outbox.findings(&[]), [], "ten minutes are not over");
    let session: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(&mut idle).await.unwrap();
    let ours = |outbox: &Outbox| {
        let mut findings = outbox.findings(&["--idle", "0"]);
        // Other tests have transactions as well.
        findings.retain(|(_, message, _)| message.starts_with(&format!("the session {session} ")));
        findings.pop()
    };
    // What the server tells of its transactions is up to a tenth of a second old, or more when others ask as well.
    let (id, message, mend) = once("the transaction is found", async || ours(&outbox)).await;
    assert_eq!(id, "transaction_open");
    assert!(message.starts_with(&format!("the session {session} of `root` has had a transaction open since 20")));
    assert!(message.ends_with(" and does nothing: its events are not sent, and old rows can't be cleared away"));
    assert_eq!(mend, format!("KILL {session};"));
    outbox.run(&mend).await;
    once("the transaction is gone", async || ours(&outbox).is_none().then_some(())).await;
    outbox.end().await;
}

/// Without PROCESS an account sees its own sessions alone.
async fn what_an_account_may_not_see_is_said(server: &str) {
    let outbox = Outbox::on(server).await;
    let user = format!("u{}", &outbox.database()[20..]);
    outbox
        .run(&format!(
            "CREATE USER '{user}'@'127.0.0.1'; GRANT SELECT, EXECUTE ON {}.* TO '{user}'@'127.0.0.1'",
            outbox.database()
        ))
        .await;
    let url = outbox.url.replace("root@", &format!("{user}@"));
    let said = setup::ops_on(&url, &["doctor"]);
    assert_eq!(said.exit, 0, "{}{}", said.out, said.err);
    let note = "note[transaction_open]: this account may not see the transactions of others, so this was not looked at\n  = mend: GRANT PROCESS ON *.* TO …; -- the account of event-ops\n";
    assert!(said.out.contains(note), "{}", said.out);
    outbox.run(&format!("GRANT PROCESS ON *.* TO '{user}'@'127.0.0.1'")).await;
    assert!(!setup::ops_on(&url, &["doctor"]).out.contains("this account may not see"));
    outbox.run(&format!("DROP USER '{user}'@'127.0.0.1'")).await;
    outbox.end().await;
}

async fn a_restored_database_waits_for_a_relay(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("UPDATE event_outbox_identity SET server = 'another'").await;
    let (message, mend) = outbox.only(&[], "epoch");
    assert_eq!(
        message,
        "the database was restored or failed over, and no relay has begun a new epoch yet: nothing is sent until one does"
    );
    assert_eq!(mend, "start a relay # it begins the epoch by itself");
    let source = Origin::source(&Store::new(outbox.pool.clone())).await.unwrap();
    assert!(source.as_str().ends_with("?epoch=2"), "{source}");
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn a_forgotten_sink_is_removed(server: &str) {
    let outbox = Outbox::on(server).await;
    let store = Store::new(outbox.pool.clone());
    for name in ["it's", "plain"] {
        store.register(&Sink::new(name), &Registration::default()).await.unwrap();
    }
    outbox.write("new").await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.run(&format!("START TRANSACTION; {} CALL event_outbox_commit('[\"old\"]')", insert("old", "4000"))).await;
    outbox.run("INSERT INTO event_relay VALUES ('plain', 'somebody', 9000000000000000)").await;
    let (message, mend) = outbox.only(&[], "sink_forgotten");
    assert!(
        message.starts_with("no relay runs for the sink `it's`, and its oldest unsent event is of 20")
            && message.ends_with(" UTC; retention keeps all events for it"),
        "{message}"
    );
    assert_eq!(mend, r"event-ops sink remove 'it'\''s' # or start its relay");
    assert_eq!(outbox.ops(&["sink", "remove", "it's"]).exit, 0);
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn parked_events_are_told_with_their_cause(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox
        .run(
            r#"INSERT INTO event_parked VALUES ('it''s', 1, 'x', 'order/a', '["the broker says: too large"]', 1772366400000000),
               ('it''s', 2, 'y', 'order/a', '["an earlier event of this key is parked"]', 1772366460000000)"#,
        )
        .await;
    let (message, mend) = outbox.only(&[], "parked");
    assert_eq!(
        message,
        "2 events are parked for the sink `it's` since 2026-03-01 12:00 UTC: the broker says: too large"
    );
    assert_eq!(
        mend,
        "DELETE FROM event_parked WHERE sink = 'it''s'; -- gives them up; later events of their keys flow again"
    );
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

on_every_mysql!(
    an_outbox_in_order_has_no_findings,
    a_commit_that_a_crash_may_take_back_is_noted,
    unstamped_rows_get_a_place,
    old_unstamped_rows_are_found_by_a_full_look,
    procedures_that_are_altered_or_gone_are_found,
    the_procedure_that_tells_a_restored_database_is_missed,
    altered_tables_are_found,
    an_idle_session_that_holds_a_slot_is_found,
    an_open_transaction_that_does_nothing_is_found,
    what_an_account_may_not_see_is_said,
    a_restored_database_waits_for_a_relay,
    a_forgotten_sink_is_removed,
    parked_events_are_told_with_their_cause,
);
