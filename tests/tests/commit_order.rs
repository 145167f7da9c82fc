//! Commit order on PostgreSQL and its adversaries, on every major: what a reader has passed never gets a new row before
//! it, and the order of each key is the order of its commits.
//!
//! Each test has a schema of its own and real connections. What waits is waited for as a fact, by what PostgreSQL says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "commit_order/bouncer.rs"]
mod bouncer;
#[path = "commit_order/constraints.rs"]
mod constraints;
#[path = "commit_order/copy.rs"]
mod copy;
#[path = "commit_order/isolation.rs"]
mod isolation;
#[path = "commit_order/law.rs"]
mod law;
#[path = "commit_order/load.rs"]
mod load;
#[path = "commit_order/many.rs"]
mod many;
#[path = "commit_order/outbox.rs"]
mod outbox;
#[path = "commit_order/partitions.rs"]
mod partitions;
#[path = "commit_order/prepared.rs"]
mod prepared;
#[path = "commit_order/psql.rs"]
mod psql;
#[path = "commit_order/reader.rs"]
mod reader;
#[path = "commit_order/restore.rs"]
mod restore;
#[path = "commit_order/savepoints.rs"]
mod savepoints;
#[path = "commit_order/slots.rs"]
mod slots;
#[path = "commit_order/snapshot.rs"]
mod snapshot;
#[path = "commit_order/writers.rs"]
mod writers;

/// The tests of some files, on one server.
macro_rules! on {
    ($server:ident: $($file:ident: $($test:ident),* $(,)?;)*) => {
        $(
            mod $file {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $test() {
                        crate::$file::$test(stringify!($server)).await;
                    }
                )*
            }
        )*
    };
}

/// The whole suite, on one server.
macro_rules! suite {
    ($server:ident) => {
        on! { $server:
            savepoints:
                what_a_savepoint_took_back_is_not_in_the_log,
                a_block_that_caught_an_exception_leaves_nothing,
                a_slot_that_a_savepoint_took_back_is_not_locked,
                random_savepoints_leave_the_log_equal_to_the_outbox;
            many:
                ten_thousand_events_one_by_one_keep_their_order,
                ten_thousand_events_at_once_keep_their_order_under_a_lock_per_slot;
            slots:
                slots_in_opposite_order_do_not_deadlock,
                transactions_over_many_slots_at_once_all_commit;
            isolation:
                on_disjoint_rows_events_make_no_transaction_fail,
                on_the_same_rows_the_same_transactions_fail;
            snapshot:
                a_held_snapshot_makes_neither_writing_nor_reading_more_work;
            constraints:
                immediate_constraints_keep_the_order_of_commits,
                immediate_constraints_in_opposite_order_are_a_deadlock_that_can_be_tried_again;
            prepared:
                a_prepared_transaction_blocks_its_slot_and_no_other,
                a_prepared_transaction_that_is_rolled_back_leaves_nothing;
            copy:
                copied_rows_are_stamped_in_their_order;
            writers:
                psql_writes_events_with_the_right_to_insert_alone,
                the_right_to_insert_allows_nothing_else,
                what_a_writer_shadows_is_not_run_by_the_owner,
                a_slot_that_a_writer_makes_up_is_refused;
            partitions:
                rows_that_go_into_a_partition_are_stamped_once_and_in_order,
                a_partition_of_a_later_month_stamps_as_well,
                rows_that_found_no_partition_move_into_it_once_it_is_made;
            law:
                what_a_reader_has_passed_never_gets_a_new_row_before_it,
                without_the_lock_the_law_is_broken,
                with_positions_taken_on_insert_the_law_is_broken;
        }
    };
}

/// Dump and restore, on the servers that the clients of PostgreSQL 15 can dump.
macro_rules! dumps {
    ($server:ident) => {
        on! { $server:
            restore:
                a_full_dump_goes_on_under_a_new_epoch,
                a_dump_restored_in_place_begins_a_new_epoch,
                a_data_only_restore_stamps_twice_unless_triggers_are_off;
        }
    };
}

mod postgres_13 {
    suite!(postgres_13);
    dumps!(postgres_13);
}

mod postgres_15 {
    suite!(postgres_15);
    dumps!(postgres_15);
}

mod postgres_17 {
    suite!(postgres_17);
}

mod postgres_18 {
    suite!(postgres_18);
}

mod pgbouncer {
    on! { pgbouncer: bouncer: writers_that_share_connections_keep_the_law; }
}
