//! MariaDB and MySQL: a database of its own for each test, on one of the servers.

use std::marker::PhantomData;

use event_core::runtime::Sinks;
use event_core::testing::ManualClock;
use event_core::{EventId, Publish, Registration, Sink};
use event_sqlx::{ArchiveEvents, Enqueue, Retention};
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::{MySql, MySqlPool};

use super::{Effects, LONG_AGO, Setup, effects_of, on_a_pool, retaining_on_a_pool};
use crate::batching::Batching;
use crate::events::{Invoiced, Placed};
use crate::retaining::{MONTH, Retaining};

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

impl<S: Named> Retaining for MySqlDatabase<S> {
    retaining_on_a_pool!();

    async fn write_old(&self, order: &str) {
        self.commit(&[Placed::new(order, 1)]).await;
        let age = "UPDATE event_outbox SET at = at - ? WHERE aggregateid = ?";
        sqlx::query(age).bind(LONG_AGO).bind(order).execute(&self.pool).await.unwrap();
    }
}

impl<S: Named> Batching for MySqlDatabase<S> {
    fn archiving(&self, archive: impl ArchiveEvents) -> Self::Store {
        self.store().retention(Retention::keep(MONTH).archive_events(archive))
    }

    async fn write_many_old(&self, count: usize) {
        let events: Vec<_> = (1..).take(count).map(|step| Placed::new(&format!("old-{step}"), step)).collect();
        self.commit(&events).await;
        sqlx::query("UPDATE event_outbox SET at = at - ?").bind(LONG_AGO).execute(&self.pool).await.unwrap();
    }

    async fn write_at_once(&self, order: &str) {
        let options = MySqlConnectOptions::clone(&self.pool.connect_options());
        let pool = MySqlPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        sqlx::query("SET SESSION innodb_lock_wait_timeout = 1").execute(&pool).await.unwrap();
        let mut tx = event_sqlx::begin(&pool).await.unwrap();
        Placed::new(order, 1).enqueue(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn count(&self) -> usize {
        self.kept().await.len()
    }

    async fn pass_all(&self) {
        self.store().register(&Sink::default(), &Registration::default()).await.unwrap();
        let pass = "UPDATE event_relay_slot SET position = (SELECT MAX(position) FROM event_outbox_log)";
        sqlx::query(pass).execute(&self.pool).await.unwrap();
    }

    async fn park_all(&self) {
        let park = "INSERT INTO event_parked
                    SELECT 'default', l.position, o.id, CONCAT(o.aggregatetype, '/', o.aggregateid), '[]', 0
                    FROM event_outbox o JOIN event_outbox_log l ON l.number = o.number";
        sqlx::query(park).execute(&self.pool).await.unwrap();
    }
}
