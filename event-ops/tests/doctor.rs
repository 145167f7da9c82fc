//! Each fault is planted for real, found, mended by the line that the doctor prints, and gone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use event_core::runtime::Origin;
use event_sqlx::Store;
use setup::Outbox;

/// The one finding: its message and its mend.
fn only(outbox: &Outbox, arguments: &[&str], id: &str) -> (String, String) {
    let findings = outbox.findings(arguments);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let (found, message, mend) = findings.into_iter().next().unwrap();
    assert_eq!(found, id);
    (message, mend)
}

/// Plants a fault, sees it, types the mend, and sees it gone.
async fn mended(server: &str, plant: &str, id: &str, message: &str, mend: &str) {
    let outbox = Outbox::on(server).await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.run(plant).await;
    assert_eq!(only(&outbox, &[], id), (message.to_owned(), mend.to_owned()));
    outbox.run(mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    outbox.end().await;
}

async fn an_outbox_in_order_has_no_findings(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.write(&["a", "b"]).await;
    let said = outbox.ops(&["doctor"]);
    assert_eq!((said.exit, said.out.as_str()), (0, "14 checks: nothing is wrong\n"));
    outbox.end().await;
}

const INSERT: &str = "INSERT INTO event_outbox (id, at, aggregatetype, type, payload) VALUES (gen_random_uuid(), now(), 'order', 'order.placed', '{}');";

async fn unstamped_rows_get_a_place(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox
        .run(&format!("SET session_replication_role = replica; {INSERT} {INSERT} RESET session_replication_role"))
        .await;
    outbox.write(&["a"]).await;
    let (message, mend) = only(&outbox, &[], "unstamped");
    assert_eq!(
        message,
        "2 events have no place in the log, so no relay sees them: written while triggers were off, or by logical replication"
    );
    assert!(mend.starts_with("SELECT event_outbox_stamp_missing('20"), "{mend}");
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    outbox.end().await;
}

async fn old_unstamped_rows_are_found_by_a_full_look(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("SELECT event_outbox_month('2025-01-01', 0)").await;
    let insert = INSERT.replace("now()", "'2025-01-15'");
    outbox.run(&format!("SET session_replication_role = replica; {insert} RESET session_replication_role")).await;
    assert_eq!(outbox.findings(&[]), []);
    let (message, mend) = only(&outbox, &["--full"], "unstamped");
    assert!(message.starts_with("1 event has no place in the log, so"), "{message}");
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    outbox.end().await;
}

async fn rows_that_were_stamped_twice_keep_one_place(server: &str) {
    mended(
        server,
        &format!("BEGIN; {INSERT} COMMIT; INSERT INTO event_outbox_log (slot, position, at, id) SELECT slot, nextval('event_outbox_position'), at, id FROM event_outbox_log"),
        "stamped_twice",
        "1 event has several places in the log and may be sent several times: rows of a dump were inserted with triggers on",
        "SELECT event_outbox_stamp_once();",
    )
    .await;
}

/// Of two places a sink has passed the first: then the second stays, for the event may not have been sent.
async fn mending_what_was_stamped_twice_loses_nothing(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.write(&["a"]).await;
    outbox.run("INSERT INTO event_outbox_log (slot, position, at, id) SELECT slot, position + 10, at, id FROM event_outbox_log").await;
    outbox.run("INSERT INTO event_sink VALUES ('s', '*', now()); INSERT INTO event_relay_slot (sink, slot, position) SELECT 's', slot, min(position) FROM event_outbox_log GROUP BY slot").await;
    let kept = "SELECT position > (SELECT max(position) FROM event_relay_slot) FROM event_outbox_log";
    outbox.run("SELECT event_outbox_stamp_once()").await;
    let kept: Vec<bool> = sqlx::query_scalar(kept).fetch_all(&outbox.pool).await.unwrap();
    assert_eq!(kept, [true]);
    outbox.end().await;
}

async fn a_sequence_with_a_cache_is_found(server: &str) {
    mended(
        server,
        "ALTER SEQUENCE event_outbox_position CACHE 20",
        "sequence_cached",
        "the sequence of positions has `CACHE 20`: sessions use positions after greater ones, which relays have passed",
        "ALTER SEQUENCE event_outbox_position CACHE 1; -- then let every writer connect anew",
    )
    .await;
}

async fn missing_partitions_are_made(server: &str) {
    mended(
        server,
        "DO $$ DECLARE p text; BEGIN FOR p IN SELECT name FROM event_partition WHERE parent = 'event_outbox' AND upper IS NOT NULL
           LOOP EXECUTE format('DROP TABLE %I', p); END LOOP; END $$",
        "partition_missing",
        "there is no partition of `event_outbox` for what is written now; rows go to the default partition",
        "SELECT event_outbox_partitions();",
    )
    .await;
    mended(
        server,
        "SELECT setval('event_outbox_position', 29000000)",
        "partition_missing",
        "partitions of `event_outbox_log` end at position 30000000, and the last position is 29000000",
        "SELECT event_outbox_partitions();",
    )
    .await;
}

async fn rows_of_default_partitions_find_a_home(server: &str) {
    mended(
        server,
        &INSERT.replace("now()", "'2031-12-31 23:59:59+00'"),
        "default_partition",
        "1 row is in `event_outbox_default`: the partition was missing when they came, and retention waits for them",
        "SELECT event_outbox_adopt();",
    )
    .await;
}

async fn a_forgotten_sink_is_removed(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run(&INSERT.replace("now()", "now() - interval '2 hours'")).await;
    outbox.run("INSERT INTO event_sink VALUES ('old one', '*', now())").await;
    outbox.run("INSERT INTO event_relay_slot (sink, slot) SELECT 'old one', g FROM generate_series(0, 63) g").await;
    let (message, mend) = only(&outbox, &[], "sink_forgotten");
    assert!(
        message.starts_with("no relay runs for the sink `old one`, and its oldest unsent event is of 20"),
        "{message}"
    );
    assert!(message.ends_with(" UTC; retention keeps all events for it"), "{message}");
    assert_eq!(mend, "event-ops sink remove 'old one' # or start its relay");
    assert_eq!(outbox.ops(&["sink", "remove", "old one"]).exit, 0);
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn a_prepared_transaction_that_holds_a_slot_is_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let gid = format!("it's {}", outbox.database());
    outbox.run(&format!("BEGIN; {INSERT} PREPARE TRANSACTION '{}'", gid.replace('\'', "''"))).await;
    let (message, mend) = only(&outbox, &[], "transaction_prepared");
    assert!(message.starts_with(&format!("the prepared transaction `{gid}` of 20")), "{message}");
    assert!(message.ends_with(": events of this slot wait at commit, and nothing of them is sent"), "{message}");
    let quoted = gid.replace('\'', "''");
    assert_eq!(
        mend,
        format!("COMMIT PREPARED '{quoted}'; -- or ROLLBACK PREPARED '{quoted}', as its coordinator decides")
    );
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&["--full"]), []);
    outbox.end().await;
}

async fn an_idle_session_that_holds_a_slot_is_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut idle = outbox.pool.acquire().await.unwrap().detach();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("BEGIN; {INSERT} SET CONSTRAINTS ALL IMMEDIATE")))
        .execute(&mut idle)
        .await
        .unwrap();
    let (message, mend) = only(&outbox, &[], "transaction_idle");
    assert!(
        message.starts_with("the session ") && message.contains(" is idle in a transaction and holds slot "),
        "{message}"
    );
    assert!(message.ends_with(": events of this slot wait at commit"), "{message}");
    outbox.run(&mend).await;
    let gone = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND objid < 64
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    while sqlx::query_scalar::<_, i64>(gone).fetch_one(&outbox.pool).await.unwrap() > 0 {}
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn triggers_that_are_off_or_gone_are_found(server: &str) {
    for table in ["event_outbox", "event_outbox_default"] {
        mended(
            server,
            &format!("ALTER TABLE ONLY {table} DISABLE TRIGGER event_outbox_stamp"),
            "trigger_off",
            &format!("the trigger `event_outbox_stamp` of `{table}` is off: what is inserted gets no place in the log"),
            &format!("ALTER TABLE {table} ENABLE TRIGGER event_outbox_stamp;"),
        )
        .await;
    }
    let outbox = Outbox::on(server).await;
    let definition = "SELECT pg_get_triggerdef(oid) FROM pg_trigger
                      WHERE tgname = 'event_outbox_stamp' AND tgrelid = 'event_outbox'::regclass";
    let before: String = sqlx::query_scalar(definition).fetch_one(&outbox.pool).await.unwrap();
    outbox.run("DROP TRIGGER event_outbox_stamp ON event_outbox").await;
    let (message, mend) = only(&outbox, &[], "trigger_off");
    assert_eq!(
        message,
        "the trigger `event_outbox_stamp` of `event_outbox` is missing: what is inserted gets no place in the log"
    );
    outbox.run(&mend).await;
    let after: String = sqlx::query_scalar(definition).fetch_one(&outbox.pool).await.unwrap();
    assert_eq!(after, before, "the mend makes what the migration makes");
    assert_eq!(outbox.findings(&[]), []);
    outbox.end().await;
}

async fn an_altered_function_is_found(server: &str) {
    mended(
        server,
        "ALTER FUNCTION event_outbox_stamp() SECURITY INVOKER",
        "function_altered",
        "the function `event_outbox_stamp` runs with the rights of whoever writes, who may not write to the log",
        "ALTER FUNCTION event_outbox_stamp() SECURITY DEFINER;",
    )
    .await;
    let outbox = Outbox::on(server).await;
    let role = format!("{}_owner", outbox.database());
    outbox.run(&format!("CREATE ROLE {role}; ALTER FUNCTION event_outbox_stamp() OWNER TO {role}")).await;
    let (message, mend) = only(&outbox, &[], "function_altered");
    assert_eq!(
        message,
        format!(
            "the owner of the function `event_outbox_stamp`, `{role}`, may not write to the log: every commit with an event fails"
        )
    );
    assert_eq!(mend, "ALTER FUNCTION event_outbox_stamp() OWNER TO postgres;");
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.run(&format!("DROP ROLE {role}")).await;
    outbox.end().await;
}

async fn another_encoding_is_found(server: &str) {
    // A migration refuses such a database; a dump that is restored into it doesn't ask.
    let outbox = Outbox::bare(server, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0").await;
    assert_eq!(outbox.ops(&["migrate"]).exit, 2);
    let script = setup::ops(&["migrate", "--print", "postgres"]).out;
    outbox.run(&script.replace("current_setting('server_encoding') <> 'UTF8'", "false")).await;
    let (message, mend) = only(&outbox, &[], "encoding");
    assert_eq!(
        message,
        "the database has the encoding `LATIN1`: slots of keys that are not ASCII differ from what writers and relays compute, and some texts can't be written"
    );
    let wanted = format!(
        "createdb --encoding=UTF8 --template=template0 {}_utf8 # then move the data by pg_dump",
        outbox.database()
    );
    assert_eq!(mend, wanted);
    outbox.end().await;
}

async fn parked_events_are_told_with_their_cause(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox
        .run(
            r#"INSERT INTO event_parked VALUES ('it''s', 1, gen_random_uuid(), 'order/a', '["the broker says: too large"]', '2026-03-01 12:00+00'),
               ('it''s', 2, gen_random_uuid(), 'order/a', '["an earlier event of this key is parked"]', '2026-03-01 12:01+00')"#,
        )
        .await;
    let (message, mend) = only(&outbox, &[], "parked");
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

async fn a_role_whose_triggers_do_not_run_is_found(server: &str) {
    let outbox = Outbox::on(server).await;
    let (database, role) = (outbox.database(), format!("{}_role", outbox.database()));
    outbox
        .run(&format!(
            "CREATE ROLE {role}; ALTER ROLE {role} IN DATABASE {database} SET session_replication_role = replica"
        ))
        .await;
    let (message, mend) = only(&outbox, &[], "replication_role");
    assert_eq!(
        message,
        format!(
            "`session_replication_role` is `replica` for the role `{role}` in the database `{database}`: what its sessions insert gets no place in the log"
        )
    );
    assert_eq!(mend, format!("ALTER ROLE {role} IN DATABASE {database} RESET session_replication_role;"));
    outbox.run(&mend).await;
    outbox.run(&format!("ALTER DATABASE {database} SET session_replication_role = replica")).await;
    let (message, mend) = only(&outbox, &[], "replication_role");
    assert!(message.contains(&format!("`replica` for the database `{database}`")), "{message}");
    assert_eq!(mend, format!("ALTER DATABASE {database} RESET session_replication_role;"));
    outbox.run(&mend).await;
    assert_eq!(outbox.findings(&[]), []);
    outbox.run(&format!("DROP ROLE {role}")).await;
    outbox.end().await;
}

async fn a_restored_database_waits_for_a_relay(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("UPDATE event_outbox_identity SET system = 1").await;
    let (message, mend) = only(&outbox, &[], "epoch");
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

async fn findings_read_well(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("ALTER SEQUENCE event_outbox_position CACHE 5").await;
    outbox.run(&INSERT.replace("now()", "'2031-12-31 23:59:59+00'")).await;
    let said = outbox.ops(&["doctor"]);
    assert_eq!(said.exit, 1);
    insta::allow_duplicates! { insta::assert_snapshot!(said.out, @r"
    error[sequence_cached]: the sequence of positions has `CACHE 5`: sessions use positions after greater ones, which relays have passed
      = mend: ALTER SEQUENCE event_outbox_position CACHE 1; -- then let every writer connect anew

    warning[default_partition]: 1 row is in `event_outbox_default`: the partition was missing when they came, and retention waits for them
      = mend: SELECT event_outbox_adopt();

    2 findings
    "); }
    outbox.end().await;
}

on_every_server!(
    an_outbox_in_order_has_no_findings,
    unstamped_rows_get_a_place,
    old_unstamped_rows_are_found_by_a_full_look,
    rows_that_were_stamped_twice_keep_one_place,
    mending_what_was_stamped_twice_loses_nothing,
    a_sequence_with_a_cache_is_found,
    missing_partitions_are_made,
    rows_of_default_partitions_find_a_home,
    a_forgotten_sink_is_removed,
    a_prepared_transaction_that_holds_a_slot_is_found,
    an_idle_session_that_holds_a_slot_is_found,
    triggers_that_are_off_or_gone_are_found,
    an_altered_function_is_found,
    another_encoding_is_found,
    parked_events_are_told_with_their_cause,
    a_role_whose_triggers_do_not_run_is_found,
    a_restored_database_waits_for_a_relay,
    findings_read_well,
);
