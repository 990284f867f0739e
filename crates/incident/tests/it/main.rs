//! The case file from outside: what may follow what, and who may do what.

#![expect(clippy::expect_used, reason = "helpers of tests: a failure is the test failing")]

mod advice;
mod clock;
mod custody;
mod detected;
mod forgetting;
mod imported;
mod permissions;
mod reassessed;
mod reports;
mod road;
mod support;
mod told;
