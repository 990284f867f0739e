//! The public JSON as others see it: facts read, verdicts written.
#![expect(clippy::expect_used, reason = "helpers of tests fail the test")]

mod facts_read;
mod verdicts_written;
