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
pub mod importing;
pub mod projection;
pub mod sessions;
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
                a_projection_that_misses_entries_is_a_conflict,
                detections_come_back_byte_for_byte,
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
            ],
            cases: [
                an_incident_starts_with_what_the_organisation_filled_in,
                a_detection_waits_for_a_person_before_its_clock_runs,
                what_changed_after_a_report_asks_for_a_supplement,
                advice_is_given_by_the_fg_or_recorded_in_their_name,
            ],
            importing: [
                a_register_is_taken_over_row_by_row,
                one_wrong_row_keeps_all_of_them_out,
                the_same_rows_come_once,
                five_thousand_rows_come_at_once,
                another_organisation_may_take_the_same_file_over,
            ],
            sessions: [
                a_session_is_kept_replaced_and_deleted,
                a_session_expires,
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
