//! MariaDB and MySQL: a database of its own for each test, on one of the servers.

use std::marker::PhantomData;

use event_core::testing::ManualClock;
use event_core::{EventId, Publish};
use event_sqlx::Enqueue;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::{MySql, MySqlPool};

use super::{Effects, Setup, effects_of, on_a_pool};
use crate::events::{Invoiced, Placed};

/// A server by its name in the table of servers.
pub trait Named: Clone + Send + Sync + 'static {
    const NAME: &'static str;
}

/// A database on a server.
#[derive(Clone)]
pub struct MySqlDatabase<S> {
    pool: MySqlPool,
    clock: ManualClock,
    server: PhantomData<S>,
}

/// A pool on a database.
pub async fn mysql_pool(options: MySqlConnectOptions) -> MySqlPool {
    MySqlPoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await.unwrap()
}

/// A new database on a server, with our tables.
pub async fn mysql_database(url: &str) -> MySqlPool {
    let pool = mysql_pool(crate::mysql::database(url).await).await;
    event_sqlx::migrate(&pool).await.unwrap();
    pool
}

impl<S: Named> Setup for MySqlDatabase<S> {
    on_a_pool!(MySql);

    async fn fresh(clock: ManualClock) -> Self {
        let pool = mysql_database(&crate::mysql::url(S::NAME)).await;
        let table = "CREATE TABLE written (place BIGINT PRIMARY KEY AUTO_INCREMENT, line LONGTEXT NOT NULL)";
        sqlx::query(table).execute(&pool).await.unwrap();
        Self { pool, clock, server: PhantomData }
    }
}

effects_of!(MySql, "INSERT INTO written (line) VALUES (?)");

/// The servers of the suite.
macro_rules! servers {
    ($($name:ident = $server:literal),*) => {
        $(#[derive(Clone, Debug)]
        pub struct $name;

        impl Named for $name {
            const NAME: &'static str = $server;
        })*
    };
}
servers!(
    MariaDb10_6 = "mariadb_10_6",
    MariaDb10_11 = "mariadb_10_11",
    MariaDb11_8 = "mariadb_11_8",
    MySql8_0 = "mysql_8_0",
    MySql8_4 = "mysql_8_4"
);
