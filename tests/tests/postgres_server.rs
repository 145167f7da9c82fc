//! The server of a test's own: what the crash tests build on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod postgres_15 {
    use event_tests::postgres::{Server, Shutdown};
    use sqlx::{Connection, PgConnection};

    async fn count(server: &Server) -> i64 {
        let mut connection = PgConnection::connect(&server.url()).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(&mut connection).await.unwrap()
    }

    async fn add(server: &Server) -> PgConnection {
        let mut connection = PgConnection::connect(&server.url()).await.unwrap();
        sqlx::query("INSERT INTO kept VALUES (1)").execute(&mut connection).await.unwrap();
        connection
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_committed_outlives_every_way_to_end() {
        let mut server = Server::start(&["max_connections=20"]);
        let mut connection = PgConnection::connect(&server.url()).await.unwrap();
        sqlx::query("CREATE TABLE kept (number int)").execute(&mut connection).await.unwrap();
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await.unwrap();
        assert_eq!(fsync, "on");
        let _open = add(&server).await;
        server.restart(Shutdown::Fast);
        let _open = add(&server).await;
        server.restart(Shutdown::Immediate);
        let _open = add(&server).await;
        server.kill();
        server.resume();
        assert_eq!(count(&server).await, 3);
        assert!(server.log().contains("automatic recovery in progress"), "{}", server.log());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_is_restored_to_a_point_and_the_other_still_tells_what_is_gone() {
        let mut gone = Server::start_archived(&["max_connections=20"]);
        let url = gone.url();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE kept (number int)").execute(&mut connection).await.unwrap();
        let backup = gone.backup().unwrap();
        let _open = add(&gone).await;
        let now = "SELECT clock_timestamp()::text";
        let until: String = sqlx::query_scalar(now).fetch_one(&mut connection).await.unwrap();
        let _open = add(&gone).await;
        let mut server = gone.restored(&backup, &until);
        assert_eq!((server.url(), count(&server).await), (url, 1));
        gone.resume();
        assert_eq!(count(&gone).await, 2);
        drop(gone);
        let _open = add(&server).await;
        let backup = server.backup().unwrap();
        let mut connection = PgConnection::connect(&server.url()).await.unwrap();
        let until: String = sqlx::query_scalar(now).fetch_one(&mut connection).await.unwrap();
        let _open = add(&server).await;
        assert_eq!(count(&server.restored(&backup, &until)).await, 2, "a restored server can be restored as well");
    }

    #[test]
    fn a_dropped_server_leaves_nothing() {
        let server = Server::start(&[]);
        let (id, data) = (server.id(), server.data());
        assert!(std::fs::exists(format!("/proc/{id}")).unwrap() && data.exists());
        drop(server);
        assert!(!std::fs::exists(format!("/proc/{id}")).unwrap() && !data.exists());
    }
}
