//! Who may use whom: the table of `tidy::CRATES` against what cargo says.

use std::collections::BTreeSet;

use tidy::{CRATES, Layer, Package, Workspace, member, production_code};

use crate::{check, files};

/// What the pure core must not bring along, by the beginning of its name: a runtime, a server, a database, a network
/// client, a typesetter.
const NEVER_IN_THE_CORE: &[&str] =
    &["tokio", "async-std", "mio", "socket2", "hyper", "axum", "tower", "reqwest", "sqlx", "libsqlite3", "typst"];

/// What the pure core must not touch in the standard library: paths after `std::`.
const NEVER_CALLED_IN_THE_CORE: &[&str] =
    &["fs", "env", "process", "thread", "net::Tcp", "net::Udp", "time::SystemTime", "time::Instant"];

fn workspace() -> Workspace {
    Workspace::read().unwrap_or_else(|problem| panic!("{problem}"))
}

fn ours(package: &Package, is_dev: bool) -> BTreeSet<&str> {
    let all = package.dependencies.iter().filter(|dependency| dependency.is_dev == is_dev);
    all.map(|dependency| dependency.name.as_str()).filter(|name| member(name).is_some()).collect()
}

fn is_core(package: &Package) -> bool {
    member(&package.name).is_some_and(|row| row.layer == Layer::Core)
}

#[test]
fn the_table_names_the_members_and_no_others() {
    let workspace = workspace();
    let there: BTreeSet<&str> = workspace.members().map(|package| package.name.as_str()).collect();
    let named: BTreeSet<&str> = CRATES.iter().map(|row| row.name).collect();
    assert_eq!(there, named, "crates/ and tidy::CRATES name the same crates");
}

#[test]
fn every_arrow_is_in_the_table_and_every_row_is_true() {
    let workspace = workspace();
    let mut broken = Vec::new();
    for package in workspace.members() {
        let Some(row) = member(&package.name) else { continue };
        let in_tests: BTreeSet<&str> = row.tests_use.iter().copied().collect();
        let tables = [(false, row.uses.iter().copied().collect::<BTreeSet<_>>(), "uses"), (true, in_tests, "in tests")];
        for (is_dev, may, how) in tables {
            let does = ours(package, is_dev);
            broken.extend(does.difference(&may).map(|other| format!("{} → {other} ({how}): not allowed", row.name)));
            broken.extend(may.difference(&does).map(|other| format!("{} → {other} ({how}): not so", row.name)));
        }
    }
    check("an arrow between crates is a row of tidy::CRATES, and a row is an arrow", &broken);
}

#[test]
fn no_arrow_points_outward() {
    let mut broken = Vec::new();
    for row in CRATES.iter().filter(|row| row.layer < Layer::Binary) {
        let outward = row.uses.iter().filter_map(|name| member(name)).filter(|used| used.layer > row.layer);
        broken.extend(outward.map(|used| format!("{} → {}", row.name, used.name)));
    }
    check("a crate uses what stands at its own layer or further in", &broken);
}

#[test]
fn the_core_brings_no_runtime_server_or_database() {
    let workspace = workspace();
    let mut broken = Vec::new();
    for package in workspace.members().filter(|package| is_core(package)) {
        let brought = workspace.brings(package);
        let unwanted = brought.iter().filter(|name| NEVER_IN_THE_CORE.iter().any(|start| name.starts_with(start)));
        broken.extend(unwanted.map(|name| format!("{} brings {name}", package.name)));
    }
    check("the pure core is free of runtimes, servers, databases and typesetters", &broken);
}

#[test]
fn only_typeset_compiles_the_typesetter() {
    let workspace = workspace();
    let users = workspace.members().filter(|package| package.dependencies.iter().any(|d| d.name.starts_with("typst")));
    let names: Vec<&str> = users.map(|package| package.name.as_str()).collect();
    assert_eq!(names, ["typeset"], "the heaviest dependency is one crate's alone");
}

#[test]
fn the_verifier_shares_nothing_of_ours_with_the_writer() {
    let workspace = workspace();
    let verify = workspace.members().find(|package| package.name == "verify").expect("the verifier is a member");
    let brought: Vec<&str> = workspace.brings(verify).into_iter().filter(|name| member(name).is_some()).collect();
    assert_eq!(brought, [""; 0], "a mistake of the writer must not be the verifier's too");
}

/// The paths after `std::` that a piece of code names, `use std::{…}` lists taken apart.
fn std_paths(code: &str) -> Vec<String> {
    let tight: String = code.split_whitespace().collect();
    let mut paths = Vec::new();
    for rest in tight.split("std::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split(';').next().unwrap_or_default();
                paths.extend(list.split(',').map(|path| path.trim_matches(['{', '}']).to_owned()));
            }
            None => paths.push(rest.chars().take(40).collect()),
        }
    }
    paths
}

fn names(path: &str, forbidden: &str) -> bool {
    path.strip_prefix(forbidden)
        .is_some_and(|rest| forbidden.contains("net::") || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn the_core_touches_no_file_socket_clock_or_environment() {
    let mut broken = Vec::new();
    let cores: Vec<String> =
        CRATES.iter().filter(|row| row.layer == Layer::Core).map(|row| format!("crates/{}/src/", row.name)).collect();
    for file in files().iter().filter(|file| file.has_extension(&["rs"])) {
        let is_test = file.path.ends_with("/tests.rs") || file.path.contains("/src/tests/");
        if is_test || !cores.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        for path in std_paths(&production_code(&file.text)) {
            let touched = NEVER_CALLED_IN_THE_CORE.iter().find(|forbidden| names(&path, forbidden));
            broken.extend(touched.map(|forbidden| format!("{}: std::{forbidden}", file.path)));
        }
    }
    check("what the pure core needs of the world comes as an argument", &broken);
}

#[test]
fn forbidden_paths_are_found_however_they_are_written() {
    let found = |code: &str| {
        let paths = std_paths(code);
        NEVER_CALLED_IN_THE_CORE.iter().any(|forbidden| paths.iter().any(|path| names(path, forbidden)))
    };
    for code in [
        "std::fs::read(path)",
        "use std::{fmt, fs};",
        "use std::{fmt, fs::File};",
        "use std::net::{self}; std::env::var(x)",
    ] {
        assert!(found(code), "{code}");
    }
    for code in ["use std::net::IpAddr;", "use std::{fmt, collections::BTreeMap};", "std::fsx()", "env!(\"CARGO\")"] {
        assert!(!found(code), "{code}");
    }
}
