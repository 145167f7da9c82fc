//! An outbox of a test's own: a database on a server of the environment, or a file; and the tool, run for real.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "the addresses of the servers come from the environment")]

pub(crate) mod mysql;
pub(crate) mod shop;
pub(crate) mod sqlite;

use std::process::Command;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};

/// A database with our tables.
pub(crate) struct Outbox {
    pub(crate) pool: PgPool,
    pub(crate) url: String,
    name: String,
    admin: PgPool,
}

/// What the tool said.
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// Runs the tool without the environment's own database.
pub(crate) fn ops(arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_event-ops"));
    let output = command.env_remove("DATABASE_URL").args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { exit: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

pub(crate) fn ops_on(url: &str, arguments: &[&str]) -> Said {
    ops(&[&["--database-url", url], arguments].concat())
}

/// The findings of the doctor, as `id`, message and mend; without notes, which change no exit code.
pub(crate) fn findings(url: &str, arguments: &[&str]) -> Vec<(String, String, String)> {
    let said = ops_on(url, &[&["doctor", "--format", "json"], arguments].concat());
    let json = said.json();
    let all = json["findings"].as_array().unwrap_or_else(|| panic!("{}", said.out));
    let findings: Vec<_> = all.iter().filter(|finding| finding["level"] != "note").map(finding).collect();
    assert_eq!(said.exit, i32::from(!findings.is_empty()), "{}", said.out);
    assert_eq!(json["summary"]["exit"], said.exit);
    findings
}

/// The address of a server, and a name for a database on it.
pub(crate) fn server(name: &str) -> (String, String) {
    let variable = format!("EVENT_TEST_{}_URL", name.to_uppercase());
    let url = std::env::var(&variable).unwrap_or_else(|_| panic!("set {variable}, or run cargo xtask test"));
    let id = event_core::EventId::generate(&event_core::SystemClock);
    (url, format!("ops_{}", id.as_str().replace('-', "")))
}

impl Outbox {
    /// A new database on a server, migrated by the tool.
    pub(crate) async fn on(server: &str) -> Self {
        Self::with(server, "").await
    }

    /// The same, made with `options` of `CREATE DATABASE`.
    pub(crate) async fn with(server: &str, options: &str) -> Self {
        let outbox = Self::bare(server, options).await;
        let said = outbox.ops(&["migrate"]);
        assert_eq!(said.exit, 0, "{}", said.err);
        outbox
    }

    /// A new database without tables.
    pub(crate) async fn bare(server: &str, options: &str) -> Self {
        let (url, name) = self::server(server);
        let admin = PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE DATABASE {name} {options}"));
        sqlx::query(create).execute(&admin).await.unwrap();
        let options: PgConnectOptions = url.parse().unwrap();
        let pool = PgPoolOptions::new().max_connections(3).connect_with(options.database(&name)).await.unwrap();
        let url = format!("{}/{name}", url.rsplit_once('/').unwrap().0);
        Self { pool, url, name, admin }
    }

    pub(crate) fn database(&self) -> &str {
        &self.name
    }

    pub(crate) fn ops(&self, arguments: &[&str]) -> Said {
        ops_on(&self.url, arguments)
    }

    pub(crate) async fn run(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&self.pool).await.unwrap();
    }

    /// Events in one transaction, one for each key.
    pub(crate) async fn write(&self, keys: &[&str]) {
        let rows: Vec<_> =
            keys.iter().map(|key| format!("(gen_random_uuid(), 'order', '{key}', 'order.placed', '{{}}')")).collect();
        let rows = rows.join(", ");
        self.run(&format!("INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload) VALUES {rows}"))
            .await;
    }

    /// The findings of the doctor, as `id`, message and mend.
    pub(crate) fn findings(&self, arguments: &[&str]) -> Vec<(String, String, String)> {
        findings(&self.url, arguments)
    }

    /// Removes the database; one of a test that failed is left to be looked at.
    pub(crate) async fn end(self) {
        self.pool.close().await;
        let drop = AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        sqlx::query(drop).execute(&self.admin).await.unwrap();
    }
}

fn finding(finding: &serde_json::Value) -> (String, String, String) {
    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
    (text("id"), text("message"), text("mend"))
}

/// Every test of a list, on every server.
#[macro_export]
macro_rules! on_every_server {
    ($($test:ident),* $(,)?) => {
        $crate::on_every_server!(@ postgres_13: $($test),*);
        $crate::on_every_server!(@ postgres_15: $($test),*);
        $crate::on_every_server!(@ postgres_17: $($test),*);
        $crate::on_every_server!(@ postgres_18: $($test),*);
    };
    (@ $server:ident: $($test:ident),*) => {
        mod $server {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(stringify!($server)).await;
            })*
        }
    };
}

/// Every test on every database.
#[macro_export]
macro_rules! on_every_database {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let file = super::setup::sqlite::File::new().await;
                let store = event_sqlx::Store::new(file.pool.clone()).clock(super::earlier());
                super::$test(store, &file.url).await;
            })*
        }
        $crate::on_every_database!(@ postgres_13, super::setup::Outbox: $($test),*);
        $crate::on_every_database!(@ postgres_15, super::setup::Outbox: $($test),*);
        $crate::on_every_database!(@ postgres_17, super::setup::Outbox: $($test),*);
        $crate::on_every_database!(@ postgres_18, super::setup::Outbox: $($test),*);
        $crate::on_every_database!(@ mariadb_10_6, super::setup::mysql::Outbox: $($test),*);
        $crate::on_every_database!(@ mariadb_10_11, super::setup::mysql::Outbox: $($test),*);
        $crate::on_every_database!(@ mariadb_11_8, super::setup::mysql::Outbox: $($test),*);
        $crate::on_every_database!(@ mysql_8_0, super::setup::mysql::Outbox: $($test),*);
        $crate::on_every_database!(@ mysql_8_4, super::setup::mysql::Outbox: $($test),*);
    };
    (@ $server:ident, $outbox:path: $($test:ident),*) => {
        mod $server {
            use $outbox as Database;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let outbox = Database::on(stringify!($server)).await;
                let store = event_sqlx::Store::new(outbox.pool.clone()).clock(super::earlier());
                super::$test(store, &outbox.url).await;
                outbox.end().await;
            })*
        }
    };
}
