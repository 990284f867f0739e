//! What every store must do, as checks over `Arc<dyn Store>`. A store's tests name a function that makes a fresh, empty
//! store, and [`conformance!`] makes a test of each check:
//!
//! ```text
//! /// The store, and what must live as long as it (a temporary folder); nothing where this machine lacks what it needs.
//! async fn fresh() -> Option<(Arc<dyn Store>, impl Sized)> { … }
//!
//! store_conformance::conformance!(fresh);
//! ```
//!
//! Promises: no check knows a database; clock and chance are fixed. Deliberately not here: what is a store's own,
//! such as its triggers and files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this crate is test code: a check that fails panics"
)]

pub mod appending;
pub mod bench;
pub mod blobs;
pub mod cases;
pub mod copies;
pub mod directory;
pub mod forgetting;
pub mod importing;
pub mod importing_breaches;
pub mod importing_persons;
pub mod jobs;
pub mod lists;
pub mod outbox;
pub mod outgoing;
pub mod projection;
pub mod sensor_bounds;
pub mod sensor_choices;
pub mod sensor_health;
pub mod sensor_stories;
pub mod sensors;
pub mod servers;
pub mod sessions;
pub mod stamps;
pub mod tenancy;
mod throwaway;

pub use bench::Bench;
pub use throwaway::Throwaway;

/// Makes a `#[tokio::test]` of every check, each on a fresh store.
#[macro_export]
macro_rules! conformance {
    ($fresh:ident) => {
        $crate::conformance! {
            $fresh,
            appending: [
                entries_come_back_in_order_byte_for_byte,
                a_journal_is_read_in_pages,
                an_unknown_incident_has_no_history,
                a_stale_expectation_is_a_conflict_and_writes_nothing,
                a_number_in_use_is_a_conflict_and_writes_nothing,
                a_body_that_the_register_refuses_writes_nothing,
                every_append_signs_a_checkpoint_that_continues_the_last,
                an_append_without_entries_signs_nothing_new,
                appends_at_the_same_time_lose_nothing,
                several_incidents_are_appended_whole_or_not_at_all,
                several_incidents_are_signed_once,
                an_append_abandoned_at_any_moment_is_whole_or_not_there,
            ],
            projection: [
                every_field_of_a_line_comes_back,
                incidents_are_listed_newest_first,
                numbers_count_up_per_organisation,
                a_rebuilt_projection_equals_the_live_one,
                a_line_that_misses_entries_is_a_conflict,
                lines_of_another_edition_are_told,
                detections_come_back_byte_for_byte,
            ],
            forgetting: [
                an_erasure_takes_what_stands_beside_and_leaves_the_proof,
                that_something_was_handed_over_stays,
                an_erasure_that_fails_erases_nothing,
                entries_of_others_are_not_erased,
                what_ended_is_found_by_kind_and_moment,
                every_term_that_was_set_is_kept,
                a_request_is_kept_without_who_asked,
                an_incident_whose_term_ended_is_erased_and_says_so,
                a_clock_that_leapt_erases_nothing_until_somebody_says_that_it_is_right,
                what_is_held_or_not_announced_is_not_erased,
                one_entry_is_erased_and_the_incident_still_tells,
                words_that_took_the_place_of_an_entry_are_erased_like_it,
                an_incident_with_an_entry_told_anew_is_erased_whole,
                an_incident_that_cannot_be_erased_keeps_no_other_waiting,
                a_person_is_found_and_the_request_recorded,
                a_person_in_the_words_of_a_report_needs_other_words,
            ],
            lists: [
                pages_hold_every_incident_once_in_order,
                a_page_shows_what_is_asked,
                of_what_nobody_looked_at_the_most_urgent_is_on_top,
                what_was_not_decided_is_not_told_as_not_notified,
                what_is_found_is_counted_without_looking_at_all,
                words_are_found_in_number_title_and_texts,
                a_word_is_found_whether_few_or_many_have_it,
                what_is_gone_is_found_no_more,
                a_board_tells_each_customer_what_presses_most,
                the_register_reads_as_replaying_would,
            ],
            tenancy: [
                another_organisation_sees_nothing,
                an_incident_of_another_organisation_cannot_be_written,
                two_organisations_have_registers_of_their_own,
            ],
            directory: [
                an_organisation_comes_back_whole,
                details_are_changed_of_ones_own_organisation_alone,
                only_who_administers_changes_the_details,
                of_two_who_change_the_details_at_the_same_moment_one_does,
                a_slug_and_a_report_code_are_taken_once,
                a_person_comes_back_with_their_password,
                an_address_signs_in_one_person,
                roles_are_ones_own_and_those_of_ones_provider,
                a_provider_never_gets_a_deciding_role,
                what_is_not_there_cannot_be_joined,
                an_invitation_works_once,
                an_invitation_expires,
                only_roles_permit_anything,
                nobody_advises_and_decides_in_one_organisation,
                an_invitation_is_taken_up_whole_or_not_at_all,
                of_several_first_administrators_there_is_one,
                text_with_a_nul_is_refused_and_found_nowhere,
            ],
            cases: [
                an_incident_starts_with_what_the_organisation_filled_in,
                a_detection_waits_for_a_person_before_its_clock_runs,
                what_is_scanned_again_is_one_incident_and_what_is_new_is_another,
                what_changed_after_a_report_asks_for_a_supplement,
                advice_is_given_by_the_fg_or_recorded_in_their_name,
                a_report_sent_twice_is_one_incident,
                a_clock_set_back_sets_no_entry_back,
            ],
            sensors: [
                a_sensor_enrols_once_with_its_token,
                a_token_that_nobody_used_is_seen_and_withdrawn,
                a_removed_sensor_is_heard_no_more,
                a_line_sent_twice_counts_once,
                what_one_organisation_reports_another_never_sees,
                a_case_becomes_one_incident_with_what_the_sensor_said,
                a_rule_opens_incidents_and_tells_of_each_once,
                an_exception_hides_at_once_and_shows_again_when_taken_back,
                a_silent_sensor_is_told_of_once,
                what_lies_far_ahead_is_refused_and_the_clock_is_known_to_be_off,
                a_case_is_as_new_as_its_traffic_and_says_who_was_told,
                what_comes_in_late_is_seen_when_it_comes_in,
                of_two_who_settle_at_the_same_moment_one_does,
                the_digest_comes_once_a_week_with_what_could_wait,
                what_sensors_said_is_forgotten_in_time,
                what_was_settled_stays_on_file,
            ],
            sensor_bounds: [
                what_a_sensor_saw_is_discovered_when_it_came_in,
                a_case_says_nothing_that_may_not_be_kept,
                what_waits_for_somebody_is_not_pushed_aside,
                what_is_critical_comes_before_a_thousand_that_are_high,
                what_is_graver_of_the_same_traffic_replaces_what_was_said,
                a_sensor_floods_neither_the_register_nor_mailboxes,
                a_critical_case_is_told_and_opened_after_a_burst_of_milder_ones,
                the_digest_counts_what_is_medium_and_in_no_incident,
                a_week_with_nothing_for_the_digest_is_not_counted_again,
                a_report_of_many_cases_is_followed_up_as_several_small_ones,
            ],
            sensor_health: [
                a_blind_sensor_is_not_well_and_those_who_must_act_are_told_once,
                what_is_wrong_with_a_sensor_is_told_in_few_letters_and_not_once_it_is_over,
                a_case_that_nobody_did_anything_with_is_counted_until_somebody_did,
                what_needs_attention_is_counted_shown_and_mailed_by_one_rule,
                what_waits_is_counted_at_each_of_many_customers,
            ],
            sensor_stories: [
                what_is_told_again_under_another_id_is_one_story_and_one_incident,
                what_comes_back_after_it_was_closed_is_another_time,
                what_is_seen_later_is_added_to_the_open_incident_with_its_figures,
                what_becomes_much_more_is_told_to_the_open_incident,
                what_is_added_while_somebody_writes_is_in_their_way_where_it_is_more_urgent,
                data_that_leave_in_an_open_incident_are_proposed_and_told,
                what_a_sensor_proposed_it_proposes_anew_where_it_saw_more,
                what_went_into_an_incident_just_now_takes_in_what_rests_on_it,
                what_becomes_more_than_readable_is_told_once_more,
                what_was_added_is_erased_with_what_the_sensor_said_of_it,
                what_comes_beside_a_false_alarm_is_no_part_of_it,
                an_exception_for_a_part_of_a_case_leaves_the_rest,
                a_page_further_back_tells_cases_as_the_first_does,
            ],
            sensor_choices: [
                a_learning_week_proposes_what_a_person_takes_over,
                of_two_alike_made_at_the_same_moment_there_is_one,
                of_two_who_decide_on_a_proposal_at_the_same_moment_one_does,
                a_sensor_learns_again_when_asked,
                learning_holds_nothing_back,
                lists_are_chosen_by_each_organisation,
                comparing_is_decided_by_the_organisation_itself,
                what_is_compared_is_told_by_the_week_and_only_among_many,
                who_makes_detections_up_learns_little_and_late,
                what_is_recorded_at_the_same_moment_is_recorded_twice,
            ],
            servers: [
                the_first_key_stands,
            ],
            importing_breaches: [
                a_breach_of_which_nothing_was_asked_stands_and_is_kept_as_one,
            ],
            importing_persons: [
                a_column_that_is_left_out_stands_nowhere,
                a_column_cannot_be_taken_over_and_left_out,
                somebody_in_a_row_is_erased_from_it_and_the_row_stays,
            ],
            importing: [
                a_closing_on_an_unknown_day_is_announced_as_such,
                a_register_is_taken_over_row_by_row,
                what_a_row_said_cannot_be_guessed_from_its_id,
                what_is_opened_again_can_be_closed_again,
                what_was_erased_does_not_come_back_by_our_own_file,
                one_wrong_row_keeps_all_of_them_out,
                what_is_unsure_or_missing_is_said_of_its_cell,
                a_row_of_totals_is_left_out_and_a_stray_cell_is_named,
                the_same_rows_come_once,
                five_thousand_rows_come_at_once,
                another_organisation_may_take_the_same_file_over,
                a_row_is_found_by_all_that_stood_in_it,
                a_corrected_row_does_not_double_unseen,
                a_register_without_a_first_signal_gives_none,
                what_closed_long_ago_is_announced_before_it_is_taken_over,
                what_was_known_before_any_duty_is_opened_and_closed_without_a_verdict,
                what_needs_a_look_in_a_row_is_noted,
                our_own_register_comes_back_the_same,
            ],
            sessions: [
                a_session_is_kept_replaced_and_deleted,
                a_session_expires,
            ],
            outbox: [
                a_letter_comes_back_whole,
                a_letter_is_queued_once_by_its_key,
                a_letter_queued_at_the_same_moment_is_one,
                an_append_queues_its_letters_or_nothing,
                a_letter_is_leased_to_one_worker,
                letters_taken_at_the_same_moment_are_given_once_each,
                what_waits_longest_is_given_first_up_to_the_limit,
                a_letter_that_was_sent_is_not_sent_again,
                a_letter_that_failed_is_tried_later_and_once_given_up_only_when_asked,
                letters_of_another_organisation_are_not_found,
                a_clock_set_back_holds_no_letter_for_ever,
            ],
            outgoing: [
                a_decision_hands_over_the_checkpoint_of_just_that_moment,
                without_an_address_nothing_is_handed_over,
                a_letter_that_is_refused_is_given_up_and_one_that_is_not_taken_now_waits,
                an_alarm_rings_once_to_who_must_act,
                a_closed_incident_rings_no_more,
            ],
            jobs: [
                a_job_is_held_by_one_until_it_is_done,
                a_job_whose_holder_stopped_goes_to_another,
                a_job_that_takes_long_is_held_on_to,
                a_job_that_failed_is_due_again_when_its_holder_says,
                a_job_claimed_at_the_same_moment_is_claimed_once,
                a_clock_set_back_stops_no_job_for_ever,
            ],
            stamps: [
                a_provider_countersigns_every_checkpoint,
                the_newest_checkpoint_is_stamped_once,
            ],
            blobs: [
                a_document_comes_back_byte_for_byte,
                a_document_under_a_wrong_name_is_refused,
                a_name_that_is_no_hash_names_nothing,
                a_file_comes_in_and_goes_out_in_pieces,
                a_file_that_was_given_up_was_never_there,
                the_same_file_at_the_same_time_is_stored_once,
                a_file_goes_when_the_last_incident_lets_go_of_it,
                an_incident_cannot_use_a_file_that_is_not_stored,
            ],
            copies: [
                of_moves_at_the_same_moment_one_is_first,
                what_was_moved_takes_no_entry_and_says_where_it_goes_on,
                the_last_backup_and_the_last_drill_are_remembered,
                a_copy_holds_every_row_and_two_copies_are_equal,
                a_snapshot_does_not_see_what_is_written_after_it,
                every_register_is_found_sound,
                a_store_that_holds_something_takes_nothing_in,
                what_no_copy_can_hold_is_refused,
            ],
        }
    };
    ($fresh:ident, $($area:ident: [$($check:ident),+ $(,)?]),+ $(,)?) => {
        $(mod $area {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $check() {
                    let Some((store, _kept)) = super::$fresh().await else { return };
                    $crate::$area::$check($crate::Bench::new(store)).await;
                }
            )+
        })+
    };
}
