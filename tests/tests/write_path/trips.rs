//! Round trips, seen by a proxy.

use event_sqlx::{Enqueue, EnqueueWith, enqueue_all};
use event_tests::events::Placed;
use event_tests::postgres::proxy::Proxy;
use event_tests::postgres::url;
use event_tests::setup::postgres_schema;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

async fn through_a_proxy(major: u32) -> (PgPool, Proxy) {
    let address = url(&format!("postgres_{major}"));
    let schema = postgres_schema(&address).await;
    sqlx::query("CREATE TABLE orders (id text)").execute(&schema).await.unwrap();
    let name: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&schema).await.unwrap();
    let options: PgConnectOptions = address.parse().unwrap();
    let proxy = Proxy::start(&options).await;
    let options = proxy.options(options).options([("search_path", name)]);
    let pool = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
    (pool.connect_with(options).await.unwrap(), proxy)
}

/// The trips of `begin`, one event, many events, a fused event and `commit`.
async fn trips(pool: &PgPool, proxy: &Proxy) -> [usize; 5] {
    let many: Vec<_> = (0..100).map(|step| Placed::new("o-2", step)).collect();
    // sqlx pings a connection that comes back; that is no trip of the next transaction.
    while pool.num_idle() == 0 {
        tokio::task::yield_now().await;
    }
    proxy.trips();
    let mut tx = event_sqlx::begin(pool).await.unwrap();
    let begin = proxy.trips();
    Placed::new("o-1", 1).enqueue(&mut tx).correlation("c".into()).await.unwrap();
    let one = proxy.trips();
    enqueue_all(&many, &mut tx).await.unwrap();
    let all = proxy.trips();
    let order = sqlx::query("INSERT INTO orders (id) VALUES ($1)").bind("o-3");
    Placed::new("o-3", 1).enqueue_with(order, &mut tx).await.unwrap();
    let fused = proxy.trips();
    tx.commit().await.unwrap();
    [begin, one, all, fused, proxy.trips()]
}

pub(crate) async fn each_step_costs_one(major: u32) {
    let (pool, proxy) = through_a_proxy(major).await;
    trips(&pool, &proxy).await;
    assert_eq!(trips(&pool, &proxy).await, [1, 1, 1, 1, 1], "once the statements are prepared");
}
