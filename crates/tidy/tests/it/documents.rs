//! Documents in step with what is there: commands, links, the crate table, the glossary.

use std::collections::BTreeSet;
use std::path::Path;

use tidy::{CRATES, SourceFile, repository_root};

use crate::{check, files};

fn documents(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    files.iter().filter(|file| file.has_extension(&["md"]))
}

fn text_of(files: &[SourceFile], path: &str) -> String {
    files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is missing")).text.clone()
}

#[test]
fn the_licence_is_there_whole() {
    let licence = text_of(&files(), "LICENSE");
    assert!(licence.starts_with("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n"));
    for article in 1..=15 {
        assert!(licence.contains(&format!("\n{article}. ")), "article {article}");
    }
    assert!(licence.contains("‘Compatible Licences’ according to Article 5 EUPL are:"));
}

#[test]
fn every_make_command_in_the_documents_exists() {
    let files = files();
    let makefile = text_of(&files, "Makefile");
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter(|line| !line.starts_with(['\t', '#', '.']) && !line.contains(":="))
        .filter_map(|line| line.split_once(':').map(|(name, _)| name))
        .collect();
    let mut broken = Vec::new();
    for file in documents(&files) {
        for command in commands(&file.text, "make ") {
            if !targets.contains(command.as_str()) {
                broken.push(format!("{}: make {command}", file.path));
            }
        }
    }
    check("a command in a document is a target of the Makefile", &broken);
    assert!(targets.contains("demo") && targets.contains("test"), "the two commands of the README: {targets:?}");
}

#[test]
fn every_verb_in_the_documents_exists() {
    let files = files();
    let main = text_of(&files, "crates/dijkwacht/src/main.rs");
    let verbs = main.split("enum Verb {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
    let verbs: BTreeSet<String> =
        verbs.split(',').filter_map(|verb| verb.trim().split('(').next()).map(str::to_lowercase).collect();
    assert!(verbs.contains("demo"), "the verbs are where they were: {verbs:?}");
    let mut broken = Vec::new();
    for file in documents(&files) {
        let named = commands(&file.text, "dijkwacht ");
        let named = named.iter().filter(|word| word.chars().all(|c| c.is_ascii_lowercase()));
        broken.extend(named.filter(|verb| !verbs.contains(*verb)).map(|verb| format!("{}: {verb}", file.path)));
    }
    check("a verb in a document is a verb of the program", &broken);
}

#[test]
fn every_path_in_the_documents_is_there() {
    let root = repository_root();
    let mut broken = Vec::new();
    for file in documents(&files()) {
        for word in file.text.split('`').skip(1).step_by(2) {
            let is_ours = ["crates/", "scripts/", "docs/", "fuzz/"].iter().any(|folder| word.starts_with(folder));
            if is_ours && !word.contains([' ', '*', '…']) && !root.join(word).exists() {
                broken.push(format!("{}: {word}", file.path));
            }
        }
    }
    check("a path in a document is there", &broken);
}

/// The word after `start` wherever code in a document begins with it.
fn commands(text: &str, start: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        let pieces: Vec<&str> =
            if in_block { line.split("&& ").collect() } else { line.split('`').skip(1).step_by(2).collect() };
        for piece in pieces {
            let word = piece.trim_start().trim_start_matches("$ ").strip_prefix(start);
            found.extend(word.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let files = files();
    let mut broken = Vec::new();
    for file in documents(&files) {
        let folder = repository_root().join(&file.path).parent().map(Path::to_path_buf).unwrap_or_default();
        for (at, _) in file.text.match_indices("](") {
            let target = file.text[at + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            let is_outside = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !is_outside && !folder.join(target).exists() {
                broken.push(format!("{}: {target}", file.path));
            }
        }
    }
    check("a relative link names a file that is there", &broken);
}

#[test]
fn every_document_that_code_names_is_there() {
    let mut broken = Vec::new();
    for file in
        files().iter().filter(|file| file.has_extension(&["rs", "mjs", "js", "html", "css", "sql", "toml", "sh"]))
    {
        let comments = file.text.lines().filter(|line| line.trim_start().starts_with(['/', '#', '-', '*', '<']));
        let words = comments.flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || "/._-".contains(c))));
        let words = words.map(|word| word.trim_end_matches('.')).filter(|word| word.ends_with(".md"));
        for name in words.filter(|word| !word.starts_with("//")) {
            let root = repository_root();
            let beside = root.join(&file.path).with_file_name(name);
            if ![root.join(name), root.join("docs").join(name), beside].iter().any(|path| path.exists()) {
                broken.push(format!("{}: {name}", file.path));
            }
        }
    }
    check("a document that a comment refers to is in the repository (or under docs/)", &broken);
}

#[test]
fn the_crate_table_of_architecture_is_the_one_that_is_checked() {
    let architecture = text_of(&files(), "ARCHITECTURE.md");
    let mut broken = Vec::new();
    for row in CRATES {
        let start = format!("| `{}` |", row.name);
        let Some(line) = architecture.lines().find(|line| line.starts_with(&start)) else {
            broken.push(format!("{}: no row", row.name));
            continue;
        };
        let column = |nth: usize| -> BTreeSet<String> {
            let cell = line.split('|').nth(nth).unwrap_or_default();
            cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        let expected = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        if column(3) != expected(row.uses) || column(4) != expected(row.tests_use) {
            broken.push(format!("{}: the table says {:?} / {:?}", row.name, column(3), column(4)));
        }
    }
    check("ARCHITECTURE.md shows the arrows that tidy::CRATES allows", &broken);
}

#[test]
fn the_keys_of_the_glossary_are_in_the_code() {
    let files = files();
    let glossary = text_of(&files, "docs/glossary.md");
    let code: Vec<&SourceFile> =
        files.iter().filter(|file| file.path.starts_with("crates/") && file.has_extension(&["rs", "toml"])).collect();
    let mut broken = Vec::new();
    for line in glossary.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")) {
        let key_cell = line.split('|').nth(3).unwrap_or_default();
        for key in key_cell.split('`').skip(1).step_by(2) {
            if !code.iter().any(|file| file.text.contains(key)) {
                broken.push(key.to_owned());
            }
        }
    }
    check("a key in the glossary is a name in the code", &broken);
}
