//! pgbouncer in transaction mode: a transaction gets any connection that is free, and the next one another.

use event_tests::postgres;
use event_tests::setup::postgres_schema;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::law::assert_the_law;
use crate::load;
use crate::outbox::{Outbox, run};

/// A database whose connections see the outbox: what a session sets is not kept between transactions.
pub(crate) async fn writers_that_share_connections_keep_the_law(server: &str) {
    // What was prepared in a transaction is gone after it.
    let options: PgConnectOptions = postgres::url(server).parse().unwrap();
    let options = options.statement_cache_capacity(0);
    let mut behind = options.connect().await.unwrap();
    let direct = postgres_schema(&postgres::url("postgres_15")).await;
    let outbox = Outbox::of(direct).await;
    let database = outbox.schema.clone();
    run(&mut behind, format!("CREATE DATABASE {database}")).await;
    run(&mut behind, format!("ALTER DATABASE {database} SET search_path = {database}")).await;
    let pool = PgPoolOptions::new().connect_with(options.database(&database)).await.unwrap();
    event_sqlx::migrate_in(&pool, &database).await.unwrap();
    let own = PgPoolOptions::new().connect_with(outbox.options().database(&database)).await.unwrap();
    let inside = Outbox::of(own).await;
    load::prepare(&inside).await;
    assert_the_law(&inside, &pool).await;
    pool.close().await;
    inside.pool.close().await;
    run(&mut behind, format!("DROP DATABASE {database} WITH (FORCE)")).await;
}
