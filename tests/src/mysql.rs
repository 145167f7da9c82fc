//! MariaDB and MySQL in tests: the servers which `cargo xtask test` brings up, and servers of a test's own.
//!
//! A test that needs a server is in a module of its name, `mariadb_10_6`, `mariadb_10_11`, `mariadb_11_8`, `mysql_8_0` or
//! `mysql_8_4`: where there is no such server, the tests of that module are left out.

pub mod server;

use std::path::PathBuf;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Connection, MySqlConnection};

pub use server::{Server, Shutdown};

use crate::environment;
use crate::setup::unique_name;

/// The address of a server, `mariadb_10_11`: a superuser and the database `test`.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn url(server: &str) -> String {
    environment::url(server)
}

/// The folder with `mariadbd` or `mysqld` of a server, where Debian has it or where the environment says.
///
/// # Panics
/// When there is none; the message says what to type.
pub fn programs(server: &str) -> PathBuf {
    // Debian 12 has this one and no other.
    let usual = if server == "mariadb_10_11" { "/usr/sbin/mariadbd" } else { "" };
    let folder = PathBuf::from(usual);
    environment::programs(server, if folder.exists() { folder.with_file_name("") } else { folder })
}

/// A new database on the server of `url`, and the options to connect to it.
pub async fn database(url: &str) -> MySqlConnectOptions {
    let (options, name): (MySqlConnectOptions, _) = (url.parse().unwrap(), unique_name("test"));
    let mut connection = MySqlConnection::connect_with(&options).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    options.database(&name)
}

/// Runs each function on every version: each is `async fn(server: &str)`, and its test is in a module of the server's name.
#[macro_export]
macro_rules! on_every_mysql {
    ($($test:ident),* $(,)?) => {
        $crate::on_every_mysql!(@server mariadb_10_6: $($test),*);
        $crate::on_every_mysql!(@server mariadb_10_11: $($test),*);
        $crate::on_every_mysql!(@server mariadb_11_8: $($test),*);
        $crate::on_every_mysql!(@server mysql_8_0: $($test),*);
        $crate::on_every_mysql!(@server mysql_8_4: $($test),*);
    };
    (@server $server:ident: $($test:ident),*) => {
        mod $server {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(stringify!($server)).await;
            })*
        }
    };
}
