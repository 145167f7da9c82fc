//! A relay whose host is gone in the middle of a claim: no process, no closed connection, only silence.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "claim/silence.rs"]
mod silence;

mod postgres_15 {
    use std::time::Duration;

    use event_core::runtime::{Origin, Outbox, Sinks};
    use event_core::{Owner, Registration, Sink};
    use event_sqlx::Store;
    use event_tests::setup::{postgres_pool, postgres_schema};
    use sqlx::Postgres;
    use tokio::time::timeout;

    use crate::silence::Silence;

    const LEASE: Duration = Duration::from_millis(200);

    /// Hangs are caught after this.
    const LIMIT: Duration = Duration::from_secs(30);

    /// Takes its share of the slots, once some of it is free.
    async fn take(store: &Store<Postgres>, owner: &Owner) -> usize {
        let sink = Sink::default();
        loop {
            let claim = store.survey(&sink).await.unwrap().claim(owner);
            let leases = store.claim(&sink, owner, LEASE, &claim).await.unwrap();
            if !leases.is_empty() {
                return leases.len();
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_a_relay_has_locked_is_free_once_its_host_is_gone_for_a_lease() {
        let url = event_tests::postgres::url("postgres_15");
        let here = postgres_schema(&url).await;
        let schema: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&here).await.unwrap();
        let silence = Silence::before(&url).await;
        let gone = Store::new(postgres_pool(&silence.url(&url), &schema).await);
        gone.register(&Sink::default(), &Registration::default()).await.unwrap();
        let owner = gone.owner();
        assert_eq!(take(&gone, &owner).await, 64);
        silence.fall_at("COMMIT");
        let stuck = tokio::spawn(async move { take(&gone, &owner).await });
        silence.fallen().await;
        let other = Store::new(here);
        let taken = timeout(LIMIT, take(&other, &other.owner())).await.unwrap();
        assert!(taken > 0);
        stuck.abort();
    }
}
