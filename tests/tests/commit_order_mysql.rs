//! Commit order on MariaDB and MySQL and its adversaries, on every version: what a reader has passed never gets a new row
//! before it, and the order of each key is the order of its commits.
//!
//! Each test has a database of its own and real connections. What waits is waited for as a fact, by what the server says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "commit_order_mysql/epoch.rs"]
mod epoch;
#[path = "commit_order_mysql/isolation.rs"]
mod isolation;
#[path = "commit_order_mysql/law.rs"]
mod law;
#[path = "commit_order_mysql/locks.rs"]
mod locks;
#[path = "commit_order_mysql/many.rs"]
mod many;
#[path = "commit_order_mysql/outbox.rs"]
mod outbox;
#[path = "commit_order_mysql/strangers.rs"]
mod strangers;
#[path = "commit_order_mysql/sweep.rs"]
mod sweep;

use epoch::*;
use isolation::*;
use law::*;
use locks::*;
use many::*;
use strangers::*;
use sweep::*;

event_tests::on_every_mysql!(
    what_a_savepoint_took_back_is_not_in_the_log,
    ten_thousand_events_in_one_transaction_keep_their_order,
    slots_in_opposite_order_do_not_deadlock,
    an_id_that_was_refused_or_taken_back_does_not_fail_the_commit,
    many_events_of_which_one_is_refused_leave_nothing_and_the_transaction_goes_on,
    many_events_at_once_leave_no_holes_in_the_numbers,
    ids_of_any_characters_get_their_places,
    sessions_that_would_send_ghosts_are_refused,
    without_the_procedures_the_error_says_what_to_type,
    a_pool_of_one_connection_sweeps,
    a_server_that_counts_in_twos_is_swept_without_holes,
    on_rows_of_their_own_events_make_no_transaction_fail,
    a_held_snapshot_makes_no_step_of_a_relay_more_work,
    a_commit_waits_for_its_slot_and_for_no_other,
    a_commit_that_gets_no_lock_fails_for_a_while_and_leaves_nothing,
    a_commit_whose_caller_went_away_leaves_no_lock,
    a_commit_whose_server_is_killed_in_the_middle_leaves_no_lock,
    a_writer_of_another_language_ends_by_the_procedure,
    a_procedure_that_is_given_nonsense_rolls_back,
    a_raw_commit_is_swept_once_and_counted,
    an_old_transaction_that_ends_by_a_raw_commit_is_found_in_its_hole,
    holes_of_what_was_rolled_back_are_forgotten_and_those_of_open_transactions_stay,
    a_prepared_transaction_blocks_nobody_and_is_swept,
    what_a_reader_has_passed_never_gets_a_new_row_before_it,
    without_the_lock_the_law_is_broken,
    a_dump_restored_in_place_begins_an_epoch,
    optimised_and_rebuilt_tables_begin_no_epoch,
    an_operator_can_begin_an_epoch,
);
