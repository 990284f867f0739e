//! `evidence check` on a data folder.

use std::fs;

use sha2::{Digest, Sha256};

use crate::program::run;

#[test]
fn what_is_stored_without_an_incident_is_named_and_erased_only_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let made = run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]);
    let id = made.stdout.split('\t').nth(1).expect("an id").to_owned();
    let name: String = Sha256::digest(b"half an upload").iter().map(|byte| format!("{byte:02x}")).collect();
    let own = folder.path().join("blobs").join(id);
    fs::create_dir_all(&own).expect("makes");
    fs::write(own.join(&name), b"half an upload").expect("writes");

    let check = ["evidence", "check", "--data", data];
    let ran = run(&check);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("0 damaged, 0 missing, 1 of no incident"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&name) && own.join(&name).exists());
    let ran = run(&[&check[..], &["--organisation", "bakkerij-jansen", "--erase-extra", "--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((&json["sound"], &json["erased"], &json["extra"][0]), (&true.into(), &1.into(), &name.clone().into()));
    assert!(!own.join(&name).exists());
    assert_eq!(run(&[&check[..], &["--organisation", "nergens"]].concat()).code, 2);
}
