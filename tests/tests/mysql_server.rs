//! The server of a test's own: what the crash tests build on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use event_tests::mysql::{Server, Shutdown, database, url};
use event_tests::on_every_mysql;
use sqlx::{Connection, MySqlConnection};

on_every_mysql!(what_was_committed_outlives_every_way_to_end, every_test_has_a_database_of_its_own);

async fn connect(server: &Server) -> MySqlConnection {
    MySqlConnection::connect_with(&server.connect_options()).await.unwrap()
}

async fn add(server: &Server) -> MySqlConnection {
    let mut connection = connect(server).await;
    sqlx::query("INSERT INTO kept VALUES (1)").execute(&mut connection).await.unwrap();
    connection
}

async fn what_was_committed_outlives_every_way_to_end(server: &str) {
    let mut server = Server::start(server, &["--max-connections=20"]);
    let mut connection = connect(&server).await;
    sqlx::query("CREATE TABLE kept (number int)").execute(&mut connection).await.unwrap();
    let settings = "SELECT @@innodb_flush_log_at_trx_commit, @@max_connections";
    let settings: (u64, u64) = sqlx::query_as(settings).fetch_one(&mut connection).await.unwrap();
    assert_eq!(settings, (1, 20));
    let _open = add(&server).await;
    server.restart(Shutdown::Fast);
    let _open = add(&server).await;
    server.kill();
    server.resume();
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connect(&server).await).await.unwrap();
    assert_eq!(count, 2);
    let (id, data) = (server.id(), server.data());
    assert!(std::fs::exists(format!("/proc/{id}")).unwrap() && data.exists());
    drop(server);
    assert!(!std::fs::exists(format!("/proc/{id}")).unwrap() && !data.exists(), "a dropped server leaves nothing");
}

async fn every_test_has_a_database_of_its_own(server: &str) {
    let (one, other) = (database(&url(server)).await, database(&url(server)).await);
    let mut connection = MySqlConnection::connect_with(&one).await.unwrap();
    sqlx::query("CREATE TABLE mine (number int)").execute(&mut connection).await.unwrap();
    let mut connection = MySqlConnection::connect_with(&other).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SHOW TABLES").fetch_all(&mut connection).await.unwrap();
    assert_eq!(tables, [""; 0]);
}
