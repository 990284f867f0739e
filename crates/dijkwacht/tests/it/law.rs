//! `dijkwacht law`: packs are listed, shown and checked; what is wrong is told with file and line.

use serde_json::Value;

use crate::program::run;

#[test]
fn the_built_in_packs_are_clean_and_it_says_how_much_was_proved() {
    let ran = run(&["law", "check"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("geen gat en geen tegenspraak"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("0 gebrek(en)\n"), "{}", ran.stdout);
    let ran = run(&["law", "check", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["problems"], Value::Array(Vec::new()));
    let sound = json["sound"].as_array().expect("a list");
    assert_eq!(sound.len(), json["looked_at"].as_u64().expect("a count") as usize);
    for pack in sound {
        assert!(pack["rules"].as_u64().is_some_and(|rules| rules > 0), "{pack}");
        assert!(pack["combinations"].as_str().is_some_and(|count| count.len() > 1), "{pack}");
    }
}

#[test]
fn a_flawed_pack_is_told_with_file_and_line_and_the_answer_is_no() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("mine");
    std::fs::create_dir(&pack).expect("a folder");
    std::fs::write(pack.join("pack.toml"), "id = \"mine\"\nextends = \"avg\"\nstanding = \"proposal\"\nedition = \"1\"\ntitle = { nl = \"Mijn\", en = \"Mine\" }\nsource = \"none\"\n").expect("written");
    let rule = "title = { nl = \"Extra\", en = \"Extra\" }\n\n[[rule]]\nid = \"mine-extra\"\ntable = \"notify_authority\"\nwhen = \"personal_dat\"\ngives = \"required\"\ncites = [\"x\"]\nmark = \"P\"\nsource = \"x\"\ntext = { nl = \"x\", en = \"\" }\n";
    std::fs::write(pack.join("extra.toml"), rule).expect("written");
    let at = folder.path().display().to_string();
    let ran = run(&["law", "check", "--law-dir", &at, "--language", "en"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let told = |part: &str| assert!(ran.stdout.contains(part), "`{part}` is missing in:\n{}", ran.stdout);
    told("extra.toml:");
    told("personal_data");
    told("its text is missing in en");
    told("avg ");
    // What cannot judge is not listed either.
    assert_eq!(run(&["law", "list", "--law-dir", &at]).code, 2);
}

/// A pack of its own in a folder of packs.
fn written(folder: &std::path::Path, id: &str, file: &str, text: &[u8]) {
    let pack = folder.join(id);
    std::fs::create_dir(&pack).expect("a folder");
    let head = format!(
        "id = \"{id}\"\nextends = \"avg\"\nstanding = \"proposal\"\nedition = \"1\"\ntitle = {{ nl = \"Mijn {id}\", en = \"Mine {id}\" }}\nsource = \"none\"\n"
    );
    std::fs::write(pack.join("pack.toml"), head).expect("written");
    std::fs::write(pack.join(file), text).expect("written");
}

#[test]
fn an_unreadable_pack_takes_no_other_along_and_flaws_are_told_in_dutch() {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = "title = { nl = \"Extra\", en = \"Extra\" }\n\n[[rule]]\nid = \"mine-extra\"\ntable = \"notify_authority\"\nwhen = \"personal_dat\"\ngives = \"required\"\ncites = [\"x\"]\nmark = \"P\"\nsource = \"x\"\ntext = { nl = \"x\", en = \"y\" }\n";
    written(folder.path(), "binary", "extra.toml", &[0xff, 0xfe, 0x00]);
    written(folder.path(), "mine", "extra.toml", rule.as_bytes());
    let at = folder.path().display().to_string();
    let ran = run(&["law", "check", "--law-dir", &at]);
    assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("extra.toml is geen tekst in UTF-8"), "{}", ran.stderr);
    for part in ["avg ", "bedoelt u `personal_data`?", "1 gebrek(en)"] {
        assert!(ran.stdout.contains(part), "`{part}` is missing in:\n{}", ran.stdout);
    }
}

#[test]
fn ids_of_another_pack_are_told_once_and_hide_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = |id: &str, when: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntable = \"notify_authority\"\nwhen = \"{when}\"\ngives = \"required\"\ncites = [\"x\"]\nmark = \"P\"\nsource = \"x\"\ntext = {{ nl = \"{id}\", en = \"{id}\" }}\n"
        )
    };
    // What only looking at all combinations of facts finds.
    let never = "role = processor and role = controller";
    let text = format!(
        "title = {{ nl = \"Extra\", en = \"Extra\" }}\n\n{}\n{}\n{}",
        rule("theirs-a", never),
        rule("theirs-b", never),
        rule("theirs-c", "personal_data and household_use")
    );
    written(folder.path(), "mine", "extra.toml", text.as_bytes());
    let at = folder.path().display().to_string();
    let ran = run(&["law", "check", "--law-dir", &at, "--language", "en"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout.matches("does not start with `mine-`").count(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("(nor do 2 others)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("(`theirs-b`): no combination of facts ever makes it apply"), "{}", ran.stdout);
}

#[test]
fn a_pack_is_shown_whole() {
    for (id, part) in
        [("avg", "avg-33-1"), ("cbw", "Cbw art. 26"), ("wbp", "niet meer van kracht"), ("omnibus", "geen wet")]
    {
        let ran = run(&["law", "show", id]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains(part), "`{part}` is missing in:\n{}", ran.stdout);
        let json: Value = serde_json::from_str(&run(&["law", "show", id, "--format", "json"]).stdout).expect("JSON");
        assert_eq!(json["id"], id);
        for rule in json["rules"].as_array().expect("rules") {
            let cites = rule["cites"].as_array().expect("a list");
            assert!(!cites.is_empty() && !rule["gives"].as_object().expect("an object").is_empty(), "{rule}");
        }
    }
    assert!(run(&["law", "show", "wbp"]).stdout.contains("uit kennis, niet nagekeken"));
}

#[test]
fn the_list_says_what_standing_a_pack_has() {
    let ran = run(&["law", "list", "--language", "en"]);
    for part in ["avg\t", "\tin force\t", "proposal, not law", "no longer in force", "beside another pack"] {
        assert!(ran.stdout.contains(part), "`{part}` is missing in:\n{}", ran.stdout);
    }
}
