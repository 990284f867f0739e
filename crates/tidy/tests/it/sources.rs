//! What every source file must be: short, introduced, finished, and free of this or that machine.

use crate::{check, files};

const MOST_LINES: usize = 1000;

/// Words that are put together here, so that this file does not find itself.
fn joined(parts: &[[&str; 2]]) -> Vec<String> {
    parts.iter().map(|part| part.concat()).collect()
}

#[test]
fn no_source_file_is_over_a_thousand_lines() {
    let kinds = ["rs", "mjs", "js", "css", "html", "sql", "sh", "toml"];
    // Tables of test cases may be as long as what they hold up, and a form of an authority is one file (docs/forms.md).
    let is_judged = |path: &str| !path.contains("/cases/") && !path.contains("documents/forms/");
    let long = files().into_iter().filter(|file| file.has_extension(&kinds) && is_judged(&file.path));
    let long = long.filter(|file| file.text.lines().count() > MOST_LINES);
    check("at 600 lines look for the seam", &long.map(|file| file.path).collect::<Vec<_>>());
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let mut bare = Vec::new();
    for file in files().into_iter().filter(|file| file.has_extension(&["rs"])) {
        if !file.text.starts_with("//!") {
            bare.push(file.path);
        }
    }
    check("a Rust file begins with `//!`: what for, what it promises, what it does not do", &bare);
}

#[test]
fn nothing_is_left_unfinished_ignored_or_asleep() {
    let unfinished =
        joined(&[["todo", "!("], ["unimplemented", "!("], ["#[ign", "ore"], ["assert!(tr", "ue"], ["FIX", "ME"]]);
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.has_extension(&["rs", "mjs", "js", "sh"])) {
        let found = unfinished.iter().filter(|word| file.text.contains(word.as_str()));
        broken.extend(found.map(|word| format!("{}: {word}", file.path)));
    }
    check("what is committed is finished, and every test runs", &broken);
}

/// nextest runs no examples in comments, so there are none that look as if they were run.
#[test]
fn no_example_in_a_comment_goes_untested() {
    let mut broken = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("crates/") && file.has_extension(&["rs"])) {
        let comments =
            file.text.lines().filter_map(|line| line.trim_start().strip_prefix("//")?.strip_prefix(['/', '!']));
        let fences: Vec<&str> = comments.filter_map(|line| line.trim_start().strip_prefix("```")).collect();
        for label in fences.iter().step_by(2).filter(|label| ["", "rust", "no_run", "should_panic"].contains(label)) {
            broken.push(format!("{}: ```{label}", file.path));
        }
    }
    check("a block of code in a comment says what it is (`text`, `toml`, …); what must hold is a test", &broken);
}

#[test]
fn no_file_names_a_machine_or_a_package_registry() {
    // The crates.io index is how cargo itself names its registry in lock files and cargo-deny in its list.
    let places = joined(&[
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/ho", "me/"],
        ["registry.", "npmjs"],
        ["index.", "crates.io"],
        ["static.", "crates.io"],
        ["files.", "pythonhosted"],
        ["pypi.", "org"],
        ["deb.", "debian"],
        ["\"reso", "lved\""],
        ["index", "-url"],
    ]);
    let mut broken = Vec::new();
    for file in files() {
        let found = places.iter().filter(|place| file.text.contains(place.as_str()));
        broken.extend(found.map(|place| format!("{}: {place}", file.path)));
    }
    check("a clone builds anywhere: no path of one machine, no host of a registry", &broken);
}
