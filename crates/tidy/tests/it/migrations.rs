//! Migrations: each number once, and the same steps in both stores by number and name.

use std::collections::BTreeMap;
use std::fs;

use tidy::repository_root;

use crate::check;

/// The names of a store's migrations by their number.
fn migrations(store: &str) -> BTreeMap<String, Vec<String>> {
    let folder = repository_root().join("crates").join(store).join("migrations");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut by_number: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let (number, name) = file.split_once('_').unwrap_or_else(|| panic!("{file} is not called NUMBER_NAME.sql"));
        by_number.entry(number.to_owned()).or_default().push(name.to_owned());
    }
    by_number
}

#[test]
fn a_number_is_one_migration_and_the_same_in_both_stores() {
    let (sqlite, postgres) = (migrations("store-sqlite"), migrations("store-postgres"));
    assert!(sqlite.len() > 10, "the migrations are where this test looks");
    let mut broken: Vec<String> = Vec::new();
    for (store, found) in [("store-sqlite", &sqlite), ("store-postgres", &postgres)] {
        let twice = found.iter().filter(|(_, names)| names.len() > 1);
        broken.extend(twice.map(|(number, names)| format!("{store}: {number} is {}", names.join(" and "))));
    }
    let numbers = sqlite.keys().chain(postgres.keys());
    let differing = numbers.filter(|number| sqlite.get(*number) != postgres.get(*number));
    broken.extend(differing.map(|number| format!("{number} is not the same in both stores")));
    check("each migration has a number of its own, the same in both stores", &broken);
}
