//! An outbox of a test's own on MariaDB or MySQL: a database on a server of the environment.

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, MySqlPool};

use super::{Said, findings, ops_on, server};

/// A database with our tables.
pub(crate) struct Outbox {
    pub(crate) pool: MySqlPool,
    pub(crate) url: String,
    name: String,
    admin: MySqlPool,
}

impl Outbox {
    /// A new database on a server, migrated by the tool.
    pub(crate) async fn on(server: &str) -> Self {
        let outbox = Self::bare(server).await;
        let said = outbox.ops(&["migrate"]);
        assert_eq!(said.exit, 0, "{}", said.err);
        outbox
    }

    /// A new database without tables.
    pub(crate) async fn bare(name: &str) -> Self {
        let (url, name) = server(name);
        let admin = MySqlPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&admin).await.unwrap();
        let options: MySqlConnectOptions = url.parse().unwrap();
        let pool = MySqlPoolOptions::new().max_connections(3).connect_with(options.database(&name)).await.unwrap();
        let url = format!("{}/{name}", url.rsplit_once('/').unwrap().0);
        Self { pool, url, name, admin }
    }

    pub(crate) fn database(&self) -> &str {
        &self.name
    }

    pub(crate) fn ops(&self, arguments: &[&str]) -> Said {
        ops_on(&self.url, arguments)
    }

    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<(String, String, String)> {
        findings(&self.url, arguments)
    }

    /// The one finding: its message and its mend.
    pub(crate) fn only(&self, arguments: &[&str], id: &str) -> (String, String) {
        let findings = self.findings(arguments);
        assert_eq!(findings.len(), 1, "{findings:?}");
        let (found, message, mend) = findings.into_iter().next().unwrap();
        assert_eq!(found, id);
        (message, mend)
    }

    /// Plants a fault, sees it, types the mend, and sees it gone.
    pub(crate) async fn mended(&self, plant: &str, id: &str, message: &str, mend: &str) {
        assert_eq!(self.findings(&[]), []);
        self.run(plant).await;
        assert_eq!(self.only(&[], id), (message.to_owned(), mend.to_owned()));
        self.run(mend).await;
        assert_eq!(self.findings(&["--full"]), []);
    }

    /// Types statements into a session, each on a line of its own.
    pub(crate) async fn run(&self, statements: &str) {
        let mut connection = self.pool.acquire().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut *connection).await.unwrap();
    }

    /// An event that was committed as the store does it.
    pub(crate) async fn write(&self, key: &str) {
        self.run(&format!("START TRANSACTION; {} CALL event_outbox_commit('[\"{key}\"]')", insert(key, ""))).await;
    }

    /// Removes the database; one of a test that failed is left to be looked at.
    pub(crate) async fn end(self) {
        self.pool.close().await;
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {}", self.name))).execute(&self.admin).await.unwrap();
    }
}

/// Waits for a fact, at most half a minute. It pauses: a server refreshes what it tells of its transactions only when nobody
/// has asked for a tenth of a second.
pub(crate) async fn once<T>(what: &str, mut fact: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..100 {
        if let Some(found) = fact().await {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    panic!("not in time: {what}")
}

/// An event whose id is its key; `seconds` may say how old it is.
pub(crate) fn insert(key: &str, seconds: &str) -> String {
    let age = if seconds.is_empty() { "0" } else { seconds };
    format!(
        "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload, at) VALUES ('{key}', 'order', '{key}', \
         'order.placed', '{{}}', TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) - {age} * 1000000);"
    )
}

/// Every test of a list, on every version.
#[macro_export]
macro_rules! on_every_mysql {
    ($($test:ident),* $(,)?) => {
        $crate::on_every_server!(@ mariadb_10_6: $($test),*);
        $crate::on_every_server!(@ mariadb_10_11: $($test),*);
        $crate::on_every_server!(@ mariadb_11_8: $($test),*);
        $crate::on_every_server!(@ mysql_8_0: $($test),*);
        $crate::on_every_server!(@ mysql_8_4: $($test),*);
    };
}
