//! The rules of the house, each a test; a failure lists every place that breaks the rule.

#![expect(clippy::panic, reason = "helpers of tests fail the test")]

mod arrows;
mod documents;
mod manifests;
mod migrations;
mod sources;

use tidy::{SourceFile, source_files};

/// The repository's text files.
fn files() -> Vec<SourceFile> {
    source_files().unwrap_or_else(|problem| panic!("{problem}"))
}

/// Fails with the rule and every place that breaks it.
#[track_caller]
fn check(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}
