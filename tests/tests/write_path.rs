//! What an event costs inside of a business transaction: round trips and allocations, counted.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "write_path/allocations.rs"]
mod allocations;
#[path = "write_path/fused.rs"]
mod fused;
#[path = "write_path/trips.rs"]
mod trips;

macro_rules! on_each_major {
    ($($module:ident: $major:literal),* $(,)?) => {
        $(mod $module {
            #[tokio::test]
            async fn an_event_costs_one_round_trip_also_with_the_statement_of_the_business() {
                super::trips::each_step_costs_one($major).await;
            }

            #[tokio::test]
            async fn a_fused_event_commits_with_its_statement_or_not_at_all() {
                super::fused::both_or_neither($major).await;
            }

            #[tokio::test]
            async fn what_a_statement_can_be_fused() {
                super::fused::any_statement($major).await;
            }

            #[tokio::test]
            async fn enqueueing_allocates_thrice_more_than_serialising() {
                super::allocations::on_postgres($major).await;
            }

            #[tokio::test]
            async fn sqlx_s_own_transaction_can_enqueue() {
                super::fused::in_a_transaction_of_sqlx($major).await;
            }

            #[tokio::test]
            async fn an_id_that_is_no_uuid_is_refused_before_the_database_sees_it() {
                super::fused::no_uuid($major).await;
            }
        })*
    };
}

on_each_major!(postgres_13: 13, postgres_15: 15, postgres_17: 17, postgres_18: 18);
