//! Packs from files, beside each other and beside the built-in ones: what is refused, with file and line.

use law::verdict::{Duty, Outcome};
use law::{PackFiles, Packs, builtin_files};

use crate::support::facts;

/// A pack that extends another, in force between these dates.
fn head(id: &str, extends: &str, dates: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\nedition = \"1\"\nextends = \"{extends}\"\n{dates}\ntitle = {{ nl = \"proef\", en = \"trial\" }}\nsource = \"made up\"\n{more}"
    )
}

const PROPOSAL: &str = "standing = \"proposal\"";

fn from_folder(folder: &str, head: &str) -> PackFiles {
    PackFiles::new(folder, &[("pack.toml", head)])
}

/// What is wrong with these packs, put beside the built-in ones.
fn problems(more: Vec<PackFiles>) -> Vec<String> {
    Packs::check(more).iter().map(ToString::to_string).collect()
}

fn refused(more: Vec<PackFiles>, words: &[&str]) {
    let problems = problems(more);
    let found = problems.iter().any(|text| words.iter().all(|word| text.contains(word)));
    assert!(found, "expected a problem with {words:?}, found: {problems:#?}");
}

#[test]
fn a_pack_from_a_folder_extends_a_built_in_one_and_replaces_items_of_the_same_name() {
    let few = "[[parameter]]\nid = \"few\"\nvalue = 7\nunit = \"persons\"\nmark = \"P\"\nset_by = \"made up\"\ntext = { nl = \"weinig\", en = \"few\" }\n";
    let packs = Packs::with(vec![from_folder("mine", &head("mine", "avg", PROPOSAL, few))]);
    let packs = packs.unwrap_or_else(|invalid| panic!("{invalid}"));
    let mine = packs.by_id("mine").expect("loaded");
    let value =
        |id: &str| mine.parameters().iter().find(|parameter| parameter.id == id).map(|parameter| parameter.value);
    assert_eq!((value("few"), value("large")), (Some(7.0), Some(1000.0)));
    let now = "2026-11-30T12:00:00Z".parse().expect("a moment");
    let verdict = packs.assess(&facts(r#"{"personal_data": false}"#), now, Some("mine")).expect("a verdict");
    assert_eq!((verdict.law.id.as_str(), verdict.notify_authority.outcome), ("mine", Outcome::NotRequired));
}

#[test]
fn a_file_of_the_same_name_stands_in_the_place_of_the_other() {
    let law = r#"title = { nl = "proef", en = "trial" }
[[rule]]
id = "mine-2-2-c"
table = ["document", "notify_authority", "inform_subjects", "notify_controllers"]
when = "household_use"
gives = "not_required"
overrides = ["*"]
cites = ["x"]
mark = "P"
source = "made up"
text = { nl = "proef", en = "trial" }
"#;
    let pack = PackFiles::new("mine", &[("pack.toml", &head("mine", "avg", PROPOSAL, "")), ("scope.toml", law)]);
    let packs = Packs::with(vec![pack]).unwrap_or_else(|invalid| panic!("{invalid}"));
    let mine = packs.by_id("mine").expect("loaded");
    assert!(mine.rules().iter().any(|rule| rule.id == "mine-2-2-c"));
    assert!(mine.rules().iter().all(|rule| !rule.id.starts_with("avg-regime")));
    assert!(mine.rules().iter().any(|rule| rule.id == "avg-33-1"));
}

#[test]
fn two_packs_that_judge_on_the_same_day_are_refused_with_both_names_and_the_days() {
    let dates = "in_force_from = \"2018-01-01\"\nin_force_until = \"2018-06-30\"";
    let mine = || vec![from_folder("mine", &head("mine", "avg", dates, ""))];
    refused(mine(), &["mine/pack.toml:1 (`mine`)", "`avg` (avg/pack.toml:", "from 2018-05-25 until 2018-06-30"]);
    refused(mine(), &["mine/pack.toml:1 (`mine`)", "`wbp` (wbp/pack.toml:", "from 2018-01-01 until 2018-05-24"]);
    // Before both there is room.
    let early = "in_force_from = \"2014-01-01\"\nin_force_until = \"2015-12-31\"";
    assert_eq!(problems(vec![from_folder("mine", &head("mine", "wbp", early, ""))]), Vec::<String>::new());
    let onwards = head("mine", "avg", "in_force_from = \"2026-01-01\"", "");
    refused(vec![from_folder("mine", &onwards)], &["from 2026-01-01 until further notice"]);
}

#[test]
fn an_id_is_used_once() {
    let twice = from_folder("mine", &head("avg", "wbp", PROPOSAL, ""));
    refused(vec![twice], &["mine/pack.toml:1 (`avg`)", "another pack of this id, at avg/pack.toml:"]);
}

#[test]
fn a_duty_is_answered_by_one_pack() {
    let dates = "in_force_from = \"2027-01-01\"";
    let beside = from_folder("mine", &head("mine", "cbw", dates, "beside = true\n"));
    refused(vec![beside], &["mine/pack.toml:1 (`mine`)", "`notify_csirt` is answered by `cbw` (cbw/pack.toml:"]);
    let later = from_folder(
        "mine",
        &head("mine", "cbw", "in_force_from = \"2020-01-01\"\nin_force_until = \"2026-08-14\"", "beside = true\n"),
    );
    assert_eq!(problems(vec![later]), Vec::<String>::new());
    // A companion that answers what the judge answers too.
    let topic = r#"title = { nl = "proef", en = "trial" }
[[table]]
id = "document"
name = { nl = "proef", en = "trial" }
values = ["required"]
pick = "single"
answers = "document"
[table.open]
id = "mine-open"
cites = ["x"]
text = { nl = "open", en = "open" }
[[rule]]
id = "mine-document"
table = "document"
when = "always"
gives = "required"
cites = ["x"]
mark = "P"
source = "made up"
text = { nl = "proef", en = "trial" }
"#;
    let head = r#"id = "mine"
edition = "1"
beside = true
in_force_from = "2026-01-01"
zone = "Europe/Amsterdam"
title = { nl = "proef", en = "trial" }
source = "made up"
[seats]
home = "NL"
home_authority = "NL-AP"
members = []
member_suffix = "-SA"
[before]
id = "mine-before"
cites = ["x"]
mark = "P"
source = "made up"
text = { nl = "nog niet", en = "not yet" }
"#;
    let files = |head: &str| PackFiles::new("mine", &[("pack.toml", head), ("all.toml", topic)]);
    refused(vec![files(head)], &["mine/pack.toml:1 (`mine`)", "`document` is answered by `avg` (avg/pack.toml:"]);
    let silent = head.replace("[before]", "[[note]]");
    refused(vec![files(&silent)], &["mine/pack.toml:1 (`mine`)", "needs [before]"]);
    // Alone beside a judge that leaves it, it answers before its life and in it.
    let without = Packs::load(&[files(head)]).unwrap_or_else(|invalid| panic!("{invalid}"));
    assert_eq!(without.by_id("mine").expect("loaded").duties().collect::<Vec<_>>(), [Duty::Document]);
}

#[test]
fn a_base_must_be_there_and_no_circle() {
    let unknown = || vec![from_folder("mine", &head("mine", "gdpr", PROPOSAL, ""))];
    refused(unknown(), &["mine/pack.toml:3 (`mine`)", "no pack `gdpr` to extend", "avg"]);
    let one = from_folder("one", &head("one", "two", PROPOSAL, ""));
    let two = from_folder("two", &head("two", "one", PROPOSAL, ""));
    refused(vec![one.clone(), two.clone()], &["two/pack.toml:3", "circle: one → two → one"]);
    let own = from_folder("own", &head("own", "own", PROPOSAL, ""));
    refused(vec![own], &["own/pack.toml:3", "circle: own → own"]);
}

#[test]
fn a_proposal_has_no_dates_and_a_law_has() {
    let dated = head("mine", "avg", "standing = \"proposal\"\nin_force_from = \"2030-01-01\"", "");
    refused(vec![from_folder("mine", &dated)], &["mine/pack.toml:1", "a proposal is in force at no date"]);
    refused(vec![from_folder("mine", &head("mine", "avg", "", ""))], &["mine/pack.toml:1", "needs in_force_from"]);
    let odd = head("mine", "avg", "standing = \"draft\"", "");
    refused(vec![from_folder("mine", &odd)], &["mine/pack.toml:1", "`draft` is no standing"]);
}

#[test]
fn what_is_wrong_in_an_inherited_file_is_told_where_it_stands() {
    let mut library = builtin_files();
    let broken = |text: &str| text.replace("when = \"role = processor\"\n", "when = \"role = boss\"\n");
    for files in library.iter_mut().filter(|files| files.at == "avg") {
        for (_, text) in files.files.iter_mut().filter(|(name, _)| name == "art-34.toml") {
            *text = broken(text);
        }
    }
    let invalid = Packs::load(&library).expect_err("a fact has no such value").to_string();
    // Once for the pack itself, once for the one that takes the file over.
    assert_eq!(invalid.matches("avg/art-34.toml:").count(), 2, "{invalid}");
    assert!(invalid.contains("never has the value `boss`"), "{invalid}");
}

#[test]
fn an_aid_a_note_and_what_is_left_are_checked_like_rules() {
    let aid = |fact: &str, gives: &str, cites: &str| {
        format!(
            "title = {{ nl = \"x\", en = \"x\" }}\n[[aid]]\nid = \"mine-aid\"\nfact = \"{fact}\"\ngives = \"{gives}\"\ncites = [{cites}]\nmark = \"P\"\nsource = \"made up\"\ntext = {{ nl = \"x\", en = \"x\" }}\n"
        )
    };
    let with = |topic: &str| {
        vec![PackFiles::new("mine", &[("pack.toml", &head("mine", "avg", PROPOSAL, "")), ("aid.toml", topic)])]
    };
    assert_eq!(problems(with(&aid("vulnerable", "true", "\"x\""))), Vec::<String>::new());
    refused(with(&aid("vulnerabel", "true", "\"x\"")), &["mine/aid.toml:3 (`mine-aid`)", "did you mean `vulnerable`"]);
    refused(with(&aid("role", "boss", "\"x\"")), &["mine/aid.toml:3 (`mine-aid`)", "never has the value `boss`"]);
    refused(with(&aid("vulnerable", "true", "")), &["mine/aid.toml:3 (`mine-aid`)", "cites no source"]);
    let note =
        "[[note]]\nid = \"mine-note\"\ncites = [\"x\"]\nmark = \"P\"\nsource = \"made up\"\ntext = { nl = \"x\" }\n";
    refused(
        vec![from_folder("mine", &head("mine", "avg", PROPOSAL, note))],
        &["mine/pack.toml:8 (`mine-note`)", "missing in en"],
    );
    let left =
        "[[leaves]]\nid = \"mine-left\"\nduty = \"document\"\ncites = [\"x\"]\ntext = { nl = \"x\", en = \"x\" }\n";
    refused(
        vec![from_folder("mine", &head("mine", "avg", PROPOSAL, left))],
        &["mine/pack.toml:1", "`document` is left to another"],
    );
}
