//! A node of a real Galera cluster is refused: every node takes writes, and no lock that orders commits is shared.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error;
use std::net::TcpListener;

use event_tests::mysql::Server;
use event_tests::setup::mysql_pool;

mod mariadb_10_6 {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_node_of_a_galera_cluster_is_refused() {
        super::a_node_of_a_galera_cluster_is_refused("mariadb_10_6").await;
    }
}

/// The first node of a cluster of one.
fn node(server: &str) -> Server {
    let port = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let provider = Server::installed(server, "lib/galera/libgalera_smm.so");
    let ports = format!("gmcast.listen_addr=tcp://127.0.0.1:{};ist.recv_addr=127.0.0.1:{}", port(), port());
    Server::start(
        server,
        &[
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--wsrep-on=ON",
            &format!("--wsrep-provider={}", provider.display()),
            "--wsrep-cluster-address=gcomm://",
            "--wsrep-new-cluster",
            "--wsrep-node-address=127.0.0.1",
            &format!("--wsrep-provider-options={ports}"),
        ],
    )
}

async fn a_node_of_a_galera_cluster_is_refused(server: &str) {
    let server = node(server);
    let pool = mysql_pool(server.connect_options()).await;
    let error = event_sqlx::migrate(&pool).await.unwrap_err();
    let cause = error.source().and_then(Error::source).unwrap().to_string();
    assert_eq!(
        cause,
        "this server is part of a Galera cluster, where every node takes writes and no lock that orders commits is shared; \
         keep the outbox on a server with plain replication, or one outside of the cluster"
    );
}
