//! The suite, by topic. Each module has a macro that lists its tests for one setup.

pub mod alive;
pub mod alongside;
pub mod batching;
pub mod benching;
pub mod claim_check;
pub mod consuming;
pub mod cut_over;
pub mod failing;
pub mod fanning_out;
pub mod following;
pub mod gaps;
pub mod letters;
pub mod malformed;
pub mod rebuilding;
pub mod relaying;
pub mod restoring;
pub mod retaining;
pub mod sharing;
pub mod sinks;
pub mod together;
pub mod watching;
mod world;

/// Runs every test of the suite over one setup.
#[macro_export]
macro_rules! conformance {
    ($name:ident, $setup:ty) => {
        mod $name {
            $crate::conformance!(@tests $setup, relaying:
                a_committed_event_is_sent_once_and_a_rolled_back_one_never,
                a_restarted_relay_goes_on_where_it_stopped,
                events_of_one_key_are_sent_in_the_order_of_their_commits,
                the_envelope_carries_what_the_event_says,
                a_transient_failure_stops_one_slot_and_the_event_is_sent_again,
                a_refused_event_is_parked_with_the_later_ones_of_its_key,
                a_second_relay_gets_no_slot_while_the_lease_lasts,
                a_relay_whose_lease_was_taken_can_not_move_the_cursor,
                a_relay_that_stops_gives_its_slots_back,
                a_lease_of_any_length_sends,
                a_nul_in_the_data_is_sent_as_it_was_written,
                a_foreign_row_that_is_no_json_blocks_nobody,
            );
            $crate::conformance!(@tests $setup, sharing:
                two_relays_share_the_slots_and_hand_over_between_batches,
                a_relay_that_ends_leaves_its_slots_to_the_others,
                a_relay_that_dies_leaves_its_slots_to_the_others_after_its_lease,
                relays_that_come_and_go_send_everything_once_and_in_order,
            );
            $crate::conformance!(@tests $setup, sinks:
                a_filter_leaves_events_out_and_no_gap,
                a_filter_is_written_again_with_each_registration,
                a_sink_that_was_removed_ends_its_relay,
                a_new_sink_begins_where_it_says,
                a_sink_that_fails_holds_up_no_other,
                what_is_parked_for_a_sink_is_parked_for_no_other,
            );
            $crate::conformance!(@tests $setup, failing:
                a_destination_that_fails_is_left_alone_and_probed_with_single_events,
                a_slot_that_fails_holds_up_no_other,
                a_publish_that_hangs_holds_up_no_other_slot,
                a_publish_that_takes_too_long_is_made_again,
                what_hangs_at_the_end_is_given_up_and_what_was_sent_is_kept,
                few_slots_at_once_still_send_everything,
                a_refusal_whose_text_has_a_nul_parks_the_event,
            );
            $crate::conformance!(@tests $setup, consuming:
                an_event_is_applied_and_a_redelivery_changes_nothing,
                an_older_version_is_upcast_before_the_handler_runs,
                a_failed_handler_leaves_nothing_behind_and_is_retried_on_schedule,
                a_spent_budget_ends_in_a_dead_letter_with_its_causes,
                a_permanent_failure_is_a_dead_letter_at_once,
                later_events_of_a_key_are_held_and_flow_in_order,
                a_discarded_letter_frees_its_key_and_is_audited,
                a_replay_applies_once_however_often_it_is_run,
                a_replay_that_fails_keeps_the_letter,
                an_unordered_handler_does_not_hold_later_events,
                a_panic_and_a_deadline_are_failures_like_others,
                a_handler_that_breaks_its_transaction_blocks_nobody,
                a_newer_version_awaits_its_deploy_with_all_behind_it,
                a_newer_version_that_says_so_is_read_by_the_older_reader,
                unknown_types_follow_the_declaration,
                foreign_events_without_a_place_go_by_their_id,
                a_gap_is_not_taken_and_nothing_is_lost,
                another_event_at_the_place_of_the_mark_is_not_lost,
            );
            $crate::conformance!(@tests $setup, fanning_out:
                each_of_several_consumers_applies_every_event_once_and_in_order,
                what_one_of_several_consumers_has_not_taken_comes_again_to_all,
                two_consumers_of_one_name_are_refused,
            );
            $crate::conformance!(@tests $setup, claim_check:
                large_data_is_put_away_and_read_again_and_small_data_stays,
                a_blob_store_that_is_away_stops_the_slot_before_the_event,
                data_that_can_not_be_fetched_is_retried_and_holds_its_key,
                data_that_is_gone_ends_in_a_dead_letter_and_is_replayed_once_it_is_back,
                what_is_no_json_where_data_should_be_is_a_dead_letter_at_once,
                a_consumer_without_the_blob_store_says_what_to_write,
            );
            $crate::conformance!(@tests $setup, malformed:
                what_is_no_event_is_one_dead_letter,
                a_nul_in_an_attribute_is_one_dead_letter_and_the_others_are_applied,
                an_error_whose_text_has_a_nul_is_a_dead_letter_at_once,
                an_event_with_control_characters_is_applied_and_may_cause_others,
                data_that_does_not_fit_is_a_dead_letter_with_the_cause,
            );
            $crate::conformance!(@tests $setup, alongside:
                what_awaits_a_deploy_flows_in_order_also_when_an_older_build_still_runs,
                what_awaits_a_deploy_that_takes_it_no_more_is_a_dead_letter,
                two_processes_that_see_one_due_retry_try_it_once,
                a_gap_holds_up_no_other_stream,
            );
            $crate::conformance!(@tests $setup, gaps:
                what_is_missing_is_fetched_from_the_outbox_and_applied_in_order,
                what_is_parked_is_not_fetched_and_what_was_sent_before_it_is,
                what_retention_or_another_epoch_has_taken_is_waited_for,
                what_never_comes_is_skipped_after_its_time_and_audited,
                a_consumer_of_half_of_the_types_sees_no_gap,
                a_first_contact_at_a_position_takes_what_is_behind_it,
            );
            $crate::conformance!(@tests $setup, restoring:
                what_a_restored_producer_sends_again_is_applied_once_and_what_is_new_is_applied,
                what_was_taken_long_before_a_restore_is_recognised,
                what_nobody_remembers_after_a_restore_is_a_dead_letter,
                what_comes_late_under_the_old_name_is_applied_once,
                both_epochs_in_one_batch_are_applied_once,
                three_epochs_at_once_are_applied_once,
                a_position_to_begin_at_drops_nothing_of_another_epoch,
                a_key_that_waits_waits_over_a_restore,
                restores_at_any_time_apply_everything_once,
            );
            $crate::conformance!(@tests $setup, following:
                a_consumer_follows_an_outbox_without_a_broker,
                consumers_that_follow_as_one_share_and_go_on_for_each_other,
                gaps_in_some_slots_hold_up_no_other,
                a_consumer_that_was_restored_reads_again_what_it_lost,
            );
            $crate::conformance!(@tests $setup, alive:
                a_slow_handler_keeps_its_messages,
                what_was_given_to_another_is_not_committed,
                over_a_transport_without_order_events_go_by_their_ids,
                batches_of_different_slots_are_worked_on_at_once,
                what_another_process_sets_aside_meanwhile_holds_what_is_behind_it,
                one_message_that_breaks_its_transaction_costs_few_transactions,
            );
            $crate::conformance!(@tests $setup, letters:
                letters_are_found_by_all_that_is_known_of_them,
                a_page_of_letters_goes_on_behind_the_last,
                a_replay_of_many_counts_what_it_did_and_what_was_held_flows,
                two_replays_at_once_apply_each_event_once,
                an_operator_has_the_running_consumer_try_once_more,
                what_an_operator_discards_is_audited_and_frees_its_key,
            );
            $crate::conformance!(@tests $setup, rebuilding:
                a_gap_is_listed_and_skipped_by_hand_once,
                a_rebuilt_consumer_has_nothing_of_before_and_takes_all_again,
                a_rebuild_from_a_place_takes_what_is_behind_it,
                a_rebuild_while_batches_run_repeats_what_was_asked_and_loses_nothing,
            );
            $crate::conformance!(@tests $setup, cut_over:
                a_cut_over_writes_both_versions_as_twins,
                each_build_applies_the_highest_version_that_it_reads,
                a_deploy_between_twins_neither_loses_nor_repeats,
                a_twin_that_an_older_reader_understands_is_applied_by_it,
                a_stream_that_begins_with_the_second_twin_loses_nothing,
                of_three_twins_the_one_that_can_be_read_is_applied,
                twins_of_two_epochs_are_twins,
            );
            $crate::conformance!(@tests $setup, benching:
                a_bench_over_this_store_finds_each_event_applied_once_whatever_fails,
                a_bench_over_this_store_delivers_in_another_order,
            );
            $crate::conformance!(@tests $setup, watching:
                hooks_hear_after_the_commit_what_became_of_each_event,
                a_census_counts_what_was_not_applied,
                a_gap_is_in_the_census_until_it_is_passed,
                what_a_handler_enqueues_carries_the_trace,
                a_hook_that_panics_ends_nothing,
            );
            $crate::conformance!(@tests $setup, together:
                the_loops_apply_everything_once_and_in_order,
                a_restart_in_the_middle_loses_and_repeats_nothing,
            );
        }
    };
    (@tests $setup:ty, $module:ident: $($test:ident),* $(,)?) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    $crate::$module::$test::<$setup>().await;
                }
            )*
        }
    };
}

/// Runs what retention promises over one setup; where events go in batches, say so: `retention!(sqlite, SqliteFile, in batches)`.
#[macro_export]
macro_rules! retention {
    ($name:ident, $setup:ty $(, in $batches:ident)?) => {
        mod $name {
            $crate::conformance!(@tests $setup, retaining:
                nothing_goes_unless_an_age_is_given,
                nothing_goes_without_a_sink,
                every_sink_holds_what_it_has_not_passed_until_it_is_removed,
                what_is_parked_is_kept_until_somebody_decides,
                an_event_that_happened_long_ago_is_kept_as_long_as_others,
                an_event_that_comes_late_is_sent_all_the_same,
                a_new_sink_begins_with_what_is_kept_and_its_consumer_sees_no_gap,
                a_sink_that_begins_at_the_end_of_an_emptied_outbox_gets_what_comes,
            );
            $($crate::retention!(@$batches $setup);)?
        }
    };
    (@batches $setup:ty) => {
        $crate::conformance!(@tests $setup, batching:
            the_archive_gets_each_batch_whole_before_it_goes,
            writers_get_in_between_two_batches,
            an_archive_that_fails_keeps_the_batch_and_what_comes_after_it,
            a_walk_that_is_cut_off_leaves_whole_batches,
            a_sink_that_comes_while_a_batch_is_archived_gets_it,
            what_is_held_in_front_is_looked_at_once_and_the_walk_goes_on,
            stores_that_walk_at_once_delete_each_event_once,
        );
    };
}
