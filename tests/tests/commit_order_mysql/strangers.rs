//! Writers in other languages: plain SQL.

use event_core::{Relay, error_chain};
use event_sqlx::Store;
use event_tests::recorder::Recorder;
use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlPoolOptions;

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

/// A relay on sessions that see what isn't committed would send ghosts.
pub(crate) async fn sessions_that_would_send_ghosts_are_refused(server: &str) {
    let outbox = Outbox::on(server).await;
    for (setting, word) in [
        ("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "READ UNCOMMITTED"),
        ("SET SESSION autocommit = 0", "autocommit=0"),
    ] {
        let pool = MySqlPoolOptions::new().max_connections(2).after_connect(move |connection, _| {
            Box::pin(async move {
                run(connection, setting).await;
                Ok(())
            })
        });
        let pool = pool.connect_with((*outbox.pool.connect_options()).clone()).await.unwrap();
        let error = Relay::new(Store::new(pool), Recorder::default()).step().await.unwrap_err();
        assert!(!error.is_transient());
        assert!(error_chain(&error).iter().any(|text| text.contains(word)), "{error:?}");
    }
}

/// As a dump without its procedures is restored.
pub(crate) async fn without_the_procedures_the_error_says_what_to_type(server: &str) {
    let outbox = Outbox::on(server).await;
    for procedure in ["commit", "insert", "unlock", "made"] {
        outbox.run(format!("DROP PROCEDURE event_outbox_{procedure}")).await;
    }
    let mut tx = outbox.begin().await;
    enqueue(&mut tx, "a", 1).await;
    let error = tx.commit().await.unwrap_err();
    let chain = error_chain(&error);
    assert!(chain.iter().any(|text| text.contains("event-ops migrate --print mysql")), "{chain:?}");
    assert_eq!(outbox.counts().await, [0; 3]);
    Relay::new(Store::new(outbox.pool.clone()), Recorder::default()).step().await.unwrap();
}
