//! Writers in other languages: plain SQL.

use sqlx::AssertSqlSafe;

use crate::outbox::{Outbox, enqueue, insert, run};

pub(crate) async fn a_writer_of_another_language_ends_by_the_procedure(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    let mut tx = outbox.begin().await;
    run(&mut stranger, "START TRANSACTION").await;
    let first = insert(&mut stranger, "a", 2).await;
    let second = insert(&mut stranger, "a", 3).await;
    enqueue(&mut tx, "a", 1).await;
    tx.commit().await.unwrap();
    run(&mut stranger, format!(r#"CALL event_outbox_commit('["{first}", "{second}"]')"#)).await;
    assert_eq!(outbox.steps("a").await, [1, 2, 3]);
    assert_eq!(outbox.counts().await, [3; 3]);
    outbox.is_free().await;
}

/// The rows are rolled back, and no lock is left.
pub(crate) async fn a_procedure_that_is_given_nonsense_rolls_back(server: &str) {
    let outbox = Outbox::on(server).await;
    let mut stranger = outbox.connect().await;
    for nonsense in ["oops", "[\"a\"", "{\"a\": }"] {
        run(&mut stranger, "START TRANSACTION").await;
        insert(&mut stranger, "a", 1).await;
        let call = AssertSqlSafe(format!("CALL event_outbox_commit('{nonsense}')"));
        sqlx::raw_sql(call).execute(&mut stranger).await.unwrap_err();
        run(&mut stranger, "COMMIT").await;
    }
    assert_eq!(outbox.counts().await, [0; 3]);
    // Ids that are nobody's are no mistake: a savepoint may have taken them back.
    run(&mut stranger, r#"CALL event_outbox_commit('["nobody"]')"#).await;
    run(&mut stranger, "CALL event_outbox_commit('[]')").await;
    outbox.is_free().await;
}
