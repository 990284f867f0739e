//! The law pages of the documentation say what the packs say: they are made from them. `make docs-law` makes them again.

use std::path::Path;

use crate::program::run;

const PACKS: [&str; 4] = ["avg", "cbw", "wbp", "omnibus"];

/// A page as it must be; with UPDATE_DOCS set it is written first.
fn check(file: &str, arguments: &[&str]) -> Option<String> {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/law")).join(file);
    #[expect(clippy::disallowed_methods, reason = "a person asks by it to write the pages again")]
    let is_asked = std::env::var_os("UPDATE_DOCS").is_some();
    if is_asked {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of the pages");
        std::fs::write(&path, &ran.stdout).expect("the page is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    (kept != ran.stdout).then(|| file.to_owned())
}

#[test]
fn law_pages_are_those_of_the_packs() {
    let mut behind = Vec::new();
    for (ending, language) in [("md", "nl"), ("en.md", "en")] {
        for id in PACKS {
            let arguments = ["law", "show", id, "--format", "markdown", "--language", language];
            behind.extend(check(&format!("{id}.{ending}"), &arguments));
        }
        let index = if language == "nl" { "README.md" } else { "README.en.md" };
        behind.extend(check(index, &["law", "list", "--format", "markdown", "--language", language]));
    }
    assert!(behind.is_empty(), "docs/law is behind the packs in {behind:?}: run `make docs-law` and read what changed");
}
