//! A mark says how far what is decided was checked, and never more: who decides by our own choice does not claim the law.

use std::path::Path;

use toml::Value;

/// Every item of the packs' own files that carries a source and a mark, with where it stands.
fn marked() -> Vec<(String, String, toml::Table)> {
    let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/packs"));
    let mut found = Vec::new();
    for pack in std::fs::read_dir(packs).expect("the packs") {
        for file in std::fs::read_dir(pack.expect("a pack").path()).expect("the files of a pack") {
            let path = file.expect("a file").path();
            let table: toml::Table = std::fs::read_to_string(&path).expect("text").parse().expect("TOML");
            for (kind, items) in &table {
                for item in items.as_array().into_iter().flatten().filter_map(Value::as_table) {
                    if item.contains_key("mark") && item.contains_key("source") {
                        found.push((path.display().to_string(), kind.clone(), item.clone()));
                    }
                }
            }
        }
    }
    found
}

fn of<'a>(item: &'a toml::Table, key: &str) -> &'a str {
    item.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn is_our_own(source: &str) -> bool {
    let words = source.split(|letter: char| !letter.is_alphanumeric());
    source.contains("(P)") || words.into_iter().any(|word| word == "ours" || word == "our")
}

/// Advice tells things too: the built-in packs say of each how far it was checked.
#[test]
fn every_advice_of_the_built_in_packs_is_marked() {
    let unmarked: Vec<_> = crate::support::packs()
        .iter()
        .flat_map(|pack| pack.advice())
        .filter(|advice| advice.mark.is_none())
        .map(|advice| advice.id.as_str())
        .collect();
    assert_eq!(unmarked, Vec::<&str>::new());
}

/// Terms whose hours stand in the act itself; only the alarms before them, and how a limit beside them is counted, do not.
const TERMS_OF_THE_ACT: [&str; 4] = ["avg-33-1-term", "cbw-26-term", "cbw-27-1-term", "cbw-27-2-term"];

#[test]
fn who_leans_on_our_own_choice_or_on_memory_is_not_marked_as_checked() {
    let items = marked();
    assert!(items.len() > 150, "only {} marked items were found", items.len());
    let mut overclaimed = Vec::new();
    for (path, kind, item) in items {
        let (id, mark, source) = (of(&item, "id"), of(&item, "mark"), of(&item, "source"));
        let in_our_words = source.contains("in our words");
        let own = is_our_own(source) && !in_our_words;
        let remembered = source.contains("(K)") || source.contains("; K)") || source.contains("Annex B: K");
        let weaker = if own { mark != "P" } else { remembered && !["K", "P"].contains(&mark) };
        if weaker && !TERMS_OF_THE_ACT.contains(&id) {
            overclaimed.push(format!("{path}: {kind} {id} is marked {mark}: {source}"));
        }
        if mark == "V" && source.contains("V2") {
            overclaimed.push(format!("{path}: {kind} {id} is marked V on a secondary source: {source}"));
        }
    }
    assert!(overclaimed.is_empty(), "{}", overclaimed.join("\n"));
}
