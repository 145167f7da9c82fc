//! A business statement and its event in one.

use event_sqlx::{Enqueue, EnqueueError, EnqueueWith};
use event_tests::cut_over::Moved;
use event_tests::events::Placed;
use event_tests::postgres::url;
use event_tests::setup::postgres_schema;
use sqlx::PgPool;

async fn database(major: u32) -> PgPool {
    let pool = postgres_schema(&url(&format!("postgres_{major}"))).await;
    sqlx::query("CREATE TABLE orders (id text PRIMARY KEY, cents bigint NOT NULL)").execute(&pool).await.unwrap();
    pool
}

async fn count(pool: &PgPool, what: &'static str) -> i64 {
    sqlx::query_scalar(what).fetch_one(pool).await.unwrap()
}

pub(crate) async fn both_or_neither(major: u32) {
    let pool = database(major).await;
    let insert = || sqlx::query("INSERT INTO orders (id, cents) VALUES ($1, $2);").bind("o-1").bind(4_200_i64);
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    Placed::new("o-1", 1).enqueue_with(insert(), &mut tx).extension("tenant", "acme").await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(count(&pool, "SELECT count(*) FROM orders").await, 0);
    assert_eq!(count(&pool, "SELECT count(*) FROM event_outbox").await, 0);
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let id = Placed::new("o-1", 1).enqueue_with(insert(), &mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&pool, "SELECT cents FROM orders").await, 4_200);
    let logged: String = sqlx::query_scalar("SELECT id::text FROM event_outbox_log").fetch_one(&pool).await.unwrap();
    assert_eq!(logged, id.as_str());
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let error = Placed::new("o-1", 2).enqueue_with(insert(), &mut tx).await.unwrap_err();
    assert!(matches!(error, EnqueueError::Store(_)), "{error:?}");
    drop(tx);
    assert_eq!(count(&pool, "SELECT count(*) FROM event_outbox_log").await, 1);
}

pub(crate) async fn any_statement(major: u32) {
    let pool = database(major).await;
    let statements = [
        "INSERT INTO orders (id, cents) VALUES ('o-1', 1), ('o-2', 2) RETURNING id",
        "UPDATE orders SET cents = cents + 1 -- all of them",
        "DELETE FROM orders WHERE id = 'o-2'",
        "WITH one AS (SELECT 'o-3' AS id) INSERT INTO orders SELECT id, 3 FROM one ON CONFLICT DO NOTHING",
    ];
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    for statement in statements {
        let moved = Moved { order_id: "o-1".to_owned(), place: ("here".to_owned(), "there".to_owned()) };
        moved.enqueue_with(sqlx::query(statement), &mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(count(&pool, "SELECT sum(cents)::bigint FROM orders").await, 5);
    assert_eq!(count(&pool, "SELECT count(*) FROM event_outbox_log").await, 8, "both twins of each");
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    for statement in ["SELECT 1", "VALUES (1)", "WITH a AS (DELETE FROM orders RETURNING id) SELECT * FROM a", "COMMIT"]
    {
        let error = Placed::new("o-1", 1).enqueue_with(sqlx::query(statement), &mut tx).await.unwrap_err();
        let chain = event_core::error_chain(&error).join(": ");
        assert!(chain.contains("run it by itself, then call `enqueue`"), "{chain}");
    }
    tx.commit().await.unwrap();
    assert_eq!(count(&pool, "SELECT count(*) FROM orders").await, 2, "nothing was run");
}

pub(crate) async fn in_a_transaction_of_sqlx(major: u32) {
    let pool = database(major).await;
    let mut tx = pool.begin().await.unwrap();
    Placed::new("o-1", 1).enqueue(&mut tx).await.unwrap();
    Placed::new("o-1", 2)
        .enqueue_with(sqlx::query("DELETE FROM orders WHERE id = $1").bind("x"), &mut tx)
        .await
        .unwrap();
    event_sqlx::enqueue_all(&[Placed::new("o-1", 3), Placed::new("o-1", 4)], &mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let order = "SELECT o.payload::jsonb ->> 'step' FROM event_outbox_log l JOIN event_outbox o USING (at, id) ORDER BY l.position";
    let steps: Vec<String> = sqlx::query_scalar(order).fetch_all(&pool).await.unwrap();
    assert_eq!(steps, ["1", "2", "3", "4"]);
}

pub(crate) async fn no_uuid(major: u32) {
    let pool = database(major).await;
    let mut tx = event_sqlx::begin(&pool).await.unwrap();
    let error = Placed::new("o-1", 1).enqueue(&mut tx).id("twice".into()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the attribute `id` must be a UUID in lower case with hyphens: PostgreSQL keeps it as `uuid`"
    );
    let delete = sqlx::query("DELETE FROM orders");
    Placed::new("o-1", 1).enqueue_with(delete, &mut tx).id("TWICE".into()).await.unwrap_err();
    Placed::new("o-1", 1).enqueue(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&pool, "SELECT count(*) FROM event_outbox").await, 1, "the transaction goes on");
}
