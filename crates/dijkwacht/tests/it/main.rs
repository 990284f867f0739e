//! The command line as programs meet it: exit codes, what goes to which stream, and the JSON, whole.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "helpers of tests: a failure is the test failing")]

mod captures;
mod clock;
mod demo;
mod evidence;
mod facts;
mod interview;
mod law;
mod law_pages;
mod program;
mod register;
