//! The pages in process: a database a test, a clock that stands still, and clients that are somebody.

#![allow(unreachable_pub, reason = "one binary: nothing here is seen from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail like this")]

mod advice;
mod client;
mod clocks;
mod closed_meanwhile;
mod evidence;
mod exporting;
mod forms;
mod importing;
mod interview;
mod listing;
mod outgoing;
mod pages;
mod reports;
mod retention;
mod road;
mod safety;
mod sensor_cases;
mod sensor_enrol;
mod sensor_health;
mod sensor_pages;
mod sensor_reports;
mod settings;
mod together;
mod verdict;
mod walk;
mod world;
