//! Rows that go into a partition by its own name, and rows that come before their partition.

use crate::outbox::{Outbox, backend, enqueue, key_in, run};

/// A plain INSERT into the outbox or one of its partitions.
pub(crate) fn insert(table: &str, key: &str, step: u32, at: &str) -> String {
    format!(
        "INSERT INTO {table} (id, at, aggregatetype, aggregateid, type, payload)
         VALUES (gen_random_uuid(), {at}, 'trial', '{key}', 'trial.placed', '{{\"step\": {step}}}')"
    )
}

/// The partition of a month from now.
pub(crate) async fn partition(outbox: &Outbox, months: i32) -> String {
    let name = "SELECT 'event_outbox_' || to_char((now() AT TIME ZONE 'UTC') + $1 * interval '1 month', 'YYYY_MM')";
    sqlx::query_scalar(name).bind(months).fetch_one(&outbox.pool).await.unwrap()
}

pub(crate) async fn rows_that_go_into_a_partition_are_stamped_once_and_in_order(server: &str) {
    let outbox = Outbox::on(server).await;
    let (partition, key, other) = (partition(&outbox, 0).await, key_in(44), key_in(4));
    let mut first = event_sqlx::begin(&outbox.pool).await.unwrap();
    run(first.connection(), insert(&partition, &other, 1, "clock_timestamp()")).await;
    run(first.connection(), insert(&partition, &key, 1, "clock_timestamp()")).await;
    run(first.connection(), "SET CONSTRAINTS ALL IMMEDIATE").await;
    let mut second = event_sqlx::begin(&outbox.pool).await.unwrap();
    run(second.connection(), insert(&partition, &key, 2, "clock_timestamp()")).await;
    enqueue(&mut second, &other, 2).await;
    let waiting = backend(second.connection()).await;
    let second = tokio::spawn(second.commit());
    outbox.waits_for_a_slot(waiting).await;
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(outbox.steps(&key).await, [1, 2]);
    assert_eq!(outbox.steps(&other).await, [1, 2]);
    assert_eq!(outbox.counts().await, [4; 3]);
}

pub(crate) async fn a_partition_of_a_later_month_stamps_as_well(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("SELECT event_outbox_partitions('70 days')").await;
    let partition = partition(&outbox, 2).await;
    outbox.run(insert(&partition, "a", 1, "now() + interval '2 months'")).await;
    outbox.run(insert("event_outbox", "a", 2, "now() + interval '2 months'")).await;
    let in_it: i64 = sqlx::query_scalar("SELECT count(*) FROM event_outbox WHERE tableoid = $1::regclass")
        .bind(&partition)
        .fetch_one(&outbox.pool)
        .await
        .unwrap();
    assert_eq!(in_it, 2);
    assert_eq!(outbox.steps("a").await, [1, 2]);
    assert_eq!(outbox.counts().await, [2; 3]);
}

/// One row of a later month, or a log that grew while no relay ran, must not keep partitions from being made.
pub(crate) async fn rows_that_found_no_partition_move_into_it_once_it_is_made(server: &str) {
    let outbox = Outbox::on(server).await;
    outbox.run("SELECT setval('event_outbox_position', 30000000)").await;
    outbox.run(insert("event_outbox", "a", 1, "now() + interval '2 months'")).await;
    outbox.run(insert("event_outbox", "a", 2, "clock_timestamp()")).await;
    let in_the_nets =
        "SELECT ARRAY[(SELECT count(*) FROM event_outbox_default), (SELECT count(*) FROM event_outbox_log_default)]";
    let before: Vec<i64> = sqlx::query_scalar(in_the_nets).fetch_one(&outbox.pool).await.unwrap();
    assert_eq!(before, [1, 2]);
    outbox.run("SELECT event_outbox_partitions('70 days')").await;
    let after: Vec<i64> = sqlx::query_scalar(in_the_nets).fetch_one(&outbox.pool).await.unwrap();
    assert_eq!(after, [0, 0]);
    outbox.run(insert("event_outbox", "a", 3, "now() + interval '2 months'")).await;
    assert_eq!(outbox.steps("a").await, [1, 2, 3]);
    assert_eq!(outbox.counts().await, [3; 3], "what moves is not stamped again");
}
