//! What every manifest must say, and that it declares nothing it does not use.

use tidy::{SourceFile, Workspace};

use crate::{check, files};

#[test]
fn every_crate_has_our_licence_a_description_and_stays_unpublished() {
    let workspace = Workspace::read().unwrap_or_else(|problem| panic!("{problem}"));
    let mut broken = Vec::new();
    for package in workspace.members() {
        if package.license.as_deref() != Some("EUPL-1.2") {
            broken.push(format!("{}: licence {:?}", package.name, package.license));
        }
        if package.description.as_deref().is_none_or(|text| text.trim().is_empty()) {
            broken.push(format!("{}: no description", package.name));
        }
        if package.may_be_published {
            broken.push(format!("{}: publish is not false", package.name));
        }
    }
    check("a manifest says what its crate is, under which licence, and that it is not published", &broken);
}

fn manifests(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    files.iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml"))
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let files = files();
    let without = manifests(&files).filter(|file| !file.text.contains("[lints]\nworkspace = true"));
    check("`[lints] workspace = true` in every manifest", &without.map(|file| file.path.clone()).collect::<Vec<_>>());
}

#[test]
fn versions_stand_in_one_place() {
    let files = files();
    let mut broken = Vec::new();
    for file in manifests(&files) {
        let mut in_dependencies = false;
        for line in file.text.lines() {
            if line.starts_with('[') {
                in_dependencies = line.ends_with("dependencies]");
            } else if in_dependencies && line.contains('=') && !line.contains("workspace") {
                broken.push(format!("{}: {line}", file.path));
            }
        }
    }
    check("versions and features of dependencies stand in the root manifest", &broken);
}

#[test]
fn what_is_declared_is_used() {
    let files = files();
    let workspace = Workspace::read().unwrap_or_else(|problem| panic!("{problem}"));
    let mut broken = Vec::new();
    for package in workspace.members() {
        let folder = format!("crates/{}/", package.name);
        let own = files.iter().filter(|file| file.path.starts_with(&folder) && file.has_extension(&["rs"]));
        let shared: Vec<String> = own.clone().flat_map(|file| taken_from_elsewhere(&file.text)).collect();
        let code: Vec<&SourceFile> = own.chain(files.iter().filter(|file| shared.contains(&file.path))).collect();
        for dependency in &package.dependencies {
            let name = dependency.name.replace('-', "_");
            // md-5's library is named `md5`.
            let names = [name.clone(), name.replace("md_5", "md5")];
            if !code.iter().any(|file| names.iter().any(|name| mentions(&file.text, name))) {
                broken.push(format!("{}: {}", package.name, dependency.name));
            }
        }
    }
    check("a crate declares no dependency that its code does not name", &broken);
}

/// The files of other crates that code compiles as its own (`#[path = "../../other/src/file.rs"]`).
fn taken_from_elsewhere(code: &str) -> Vec<String> {
    let paths = code.split("#[path = \"../../").skip(1);
    paths.filter_map(|rest| Some(format!("crates/{}", rest.split_once('"')?.0))).collect()
}

/// Whether code names a crate: as a path (`name::`), in a `use`, or as a derive's or attribute's home.
fn mentions(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + name.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}
