//! MariaDB and MySQL: faults that a whole server has, planted, found and mended one at a time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod setup;

use setup::mysql::{Outbox, insert, once};
use sqlx::AssertSqlSafe;
use tokio::sync::{Mutex, MutexGuard};

/// While one test changes a server, no other looks.
static SERVERS: [(&str, Mutex<()>); 5] = [
    ("mariadb_10_6", Mutex::const_new(())),
    ("mariadb_10_11", Mutex::const_new(())),
    ("mariadb_11_8", Mutex::const_new(())),
    ("mysql_8_0", Mutex::const_new(())),
    ("mysql_8_4", Mutex::const_new(())),
];

async fn alone(server: &str) -> MutexGuard<'static, ()> {
    SERVERS.iter().find(|(name, _)| *name == server).unwrap().1.lock().await
}

async fn a_prepared_transaction_is_found(server: &str) {
    let _alone = alone(server).await;
    let outbox = Outbox::on(server).await;
    let xid = outbox.database().to_owned();
    let mut session = outbox.pool.acquire().await.unwrap().detach();
    for statement in
        [format!("XA START '{xid}'"), insert("a", ""), format!("XA END '{xid}'"), format!("XA PREPARE '{xid}'")]
    {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut session).await.unwrap();
    }
    sqlx::Connection::close(session).await.unwrap();
    // The server lets go of the session in its own time, and tells of it later.
    let prepared = || {
        let mut findings = outbox.findings(&["--idle", "0"]);
        findings.retain(|(id, _, _)| id == "transaction_prepared");
        findings.pop()
    };
    let found = once("it is found", async || prepared()).await;
    assert!(found.1.starts_with("1 prepared transaction waits since 20"), "{}", found.1);
    assert!(found.1.ends_with(" for whoever coordinates it: what it locked stays locked, and its events are not sent"));
    assert_eq!(found.2, "XA RECOVER; -- names them; then XA COMMIT or XA ROLLBACK of each, as its coordinator decides");
    outbox.run(&format!("XA ROLLBACK '{xid}'")).await;
    once("it is gone", async || prepared().is_none().then_some(())).await;
    outbox.end().await;
}

/// Sessions take the server's mode, in which quotes and backslashes can mean something else.
async fn the_mode_of_a_server_changes_no_statement(server: &str) {
    let _alone = alone(server).await;
    let outbox = Outbox::on(server).await;
    let mode: String = sqlx::query_scalar("SELECT @@GLOBAL.sql_mode").fetch_one(&outbox.pool).await.unwrap();
    outbox.run("SET GLOBAL sql_mode = 'ANSI,STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ONLY_FULL_GROUP_BY'").await;
    let exits = [&["doctor", "--full"][..], &["status"], &["lag"], &["migrate"]].map(|words| outbox.ops(words).exit);
    outbox.run(&format!("SET GLOBAL sql_mode = '{mode}'")).await;
    assert_eq!(exits, [0; 4]);
    outbox.end().await;
}

async fn settings_that_break_promises_are_found(server: &str) {
    let _alone = alone(server).await;
    let outbox = Outbox::on(server).await;
    let value = |name: &'static str| {
        let statement = AssertSqlSafe(format!("SELECT CAST(@@GLOBAL.{name} AS CHAR)"));
        let pool = outbox.pool.clone();
        async move { sqlx::query_scalar::<_, String>(statement).fetch_one(&pool).await.unwrap() }
    };
    let (mode, packet) = (value("sql_mode").await, value("max_allowed_packet").await);
    outbox.mended(
        "SET GLOBAL sql_mode = ''",
        "sql_mode",
        "the `sql_mode` is not strict: what is too long for a column of the outbox is cut in silence, in writers that don't ask for better",
        "SET GLOBAL sql_mode = CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''), 'STRICT_TRANS_TABLES'); -- and in its configuration; then let every writer connect anew",
    )
    .await;
    outbox.mended(
        "SET GLOBAL max_allowed_packet = 1048576",
        "packet",
        "`max_allowed_packet` is 1.0 MiB: many events in one call, or a large one, are refused",
        "SET GLOBAL max_allowed_packet = 67108864; -- and in its configuration; then let every writer and relay connect anew",
    )
    .await;
    outbox.mended(
        "SET GLOBAL auto_increment_increment = 2",
        "auto_increment",
        "`auto_increment_increment` is 2, as for servers that take writes side by side: the locks that order commits are one server's own",
        "SET GLOBAL auto_increment_increment = 1, GLOBAL auto_increment_offset = 1; -- and in its configuration, if this server alone takes writes; then let every writer connect anew",
    )
    .await;
    outbox.run(&format!("SET GLOBAL sql_mode = '{mode}', GLOBAL max_allowed_packet = {packet}")).await;
    outbox.end().await;
}

/// The plugin isn't started: it is enough that it would let several servers write.
async fn a_cluster_with_several_writers_is_found(server: &str) {
    let _alone = alone(server).await;
    let outbox = Outbox::on(server).await;
    outbox.run("INSTALL PLUGIN group_replication SONAME 'group_replication.so'").await;
    outbox.run("SET GLOBAL group_replication_group_name = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'").await;
    assert_eq!(outbox.findings(&[]), [], "one server writes");
    outbox.run("SET GLOBAL group_replication_single_primary_mode = OFF").await;
    let (message, mend) = outbox.only(&[], "several_writers");
    let elsewhere = Outbox::bare(server).await;
    let refused = elsewhere.ops(&["migrate"]);
    outbox.run("UNINSTALL PLUGIN group_replication").await;
    assert_eq!(
        message,
        "group replication takes writes on several servers: no lock orders the commits of two servers, so relays pass over events"
    );
    assert_eq!(mend, "SELECT group_replication_switch_to_single_primary_mode();");
    assert_eq!(refused.exit, 2);
    assert!(refused.err.contains("group replication takes writes on several servers here"), "{}", refused.err);
    assert_eq!(outbox.findings(&[]), []);
    elsewhere.end().await;
    outbox.end().await;
}

async fn a_binary_log_of_statements_is_found(server: &str) {
    let _alone = alone(server).await;
    let outbox = Outbox::on(server).await;
    outbox.mended(
        "SET GLOBAL binlog_format = 'STATEMENT'",
        "binlog_format",
        "`binlog_format` is `STATEMENT`: a replica gives events other places than this server did, and READ COMMITTED can't write at all",
        "SET GLOBAL binlog_format = 'ROW'; -- and in its configuration; then let every writer connect anew",
    )
    .await;
    outbox.end().await;
}

on_every_mysql!(
    a_prepared_transaction_is_found,
    the_mode_of_a_server_changes_no_statement,
    settings_that_break_promises_are_found,
);

// MariaDB has no group replication, and its servers here keep no binary log.
mod of_mysql {
    use super::{a_binary_log_of_statements_is_found, a_cluster_with_several_writers_is_found};

    crate::on_every_server!(@ mysql_8_0: a_cluster_with_several_writers_is_found);
    crate::on_every_server!(@ mysql_8_4: a_cluster_with_several_writers_is_found, a_binary_log_of_statements_is_found);
}
