//! Has the crate built again when a migration is added: the macro that embeds them watches only those it has seen. Refuses
//! two of one number, with which no database would open; changes made beside each other easily take the same.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::collections::BTreeMap;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let mut by_number = BTreeMap::new();
    for entry in std::fs::read_dir("migrations")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let number = name.split('_').next().unwrap_or_default().to_owned();
        if let Some(other) = by_number.insert(number, name.clone()) {
            return Err(format!("{other} and {name} have one number: give the newer one the next").into());
        }
    }
    Ok(())
}
