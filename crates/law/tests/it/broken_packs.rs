//! A broken pack is refused, with file, line and rule.

use law::{Pack, PackProblem, Packs};

const HEAD: &str = r#"
id = "try"
edition = "1"
in_force_from = "2020-01-01"
zone = "Europe/Amsterdam"
title = { nl = "proef", en = "trial" }
source = "made up"

[seats]
home = "NL"
home_authority = "NL-AP"
members = ["BE"]
member_suffix = "-SA"

[[parameter]]
id = "few"
value = 10
unit = "persons"
mark = "P"
set_by = "made up"
text = { nl = "weinig", en = "few" }
"#;

/// A small pack that is sound: each duty and answer with one rule.
fn sound() -> String {
    let mut topic = String::from("title = { nl = \"alles\", en = \"everything\" }\n");
    let tables = [
        ("breach", "breach", "\"no\", \"yes\"", "no"),
        ("risk", "risk", "\"not_weighed\", \"unlikely\", \"risk\", \"high\"", "not_weighed"),
        ("document", "document", "\"not_required\"", "not_required"),
        ("notify_authority", "notify_authority", "\"not_required\"", "not_required"),
        ("inform_subjects", "inform_subjects", "\"not_required\"", "not_required"),
        ("notify_controllers", "notify_controllers", "\"not_required\"", "not_required"),
        ("notify_csirt", "notify_csirt", "\"not_required\"", "not_required"),
    ];
    for (table, answers, values, first) in tables {
        let open = if matches!(table, "breach" | "risk") {
            String::new()
        } else {
            format!(
                "[table.open]\nid = \"try-{table}-open\"\ncites = [\"x\"]\ntext = {{ nl = \"open\", en = \"open\" }}\n"
            )
        };
        topic.push_str(&format!(
            "[[table]]\nid = \"{table}\"\nname = {{ nl = \"{table}\", en = \"{table}\" }}\nvalues = [{values}]\npick = \"single\"\nanswers = \"{answers}\"\n{open}"
        ));
        topic.push_str(&rule(&format!("try-{table}"), table, "always", first, ""));
    }
    topic.push_str(&rule("try-breach-yes", "breach", "security_incident", "yes", "overrides = [\"try-breach\"]"));
    for (place, value) in ["unlikely", "risk", "high"].into_iter().enumerate() {
        let kind = ["confirmed", "likely", "possible"][place];
        topic.push_str(&rule(
            &format!("try-risk-{value}"),
            "risk",
            &format!("confidentiality = {kind}"),
            value,
            "overrides = [\"try-risk\"]",
        ));
    }
    topic
}

fn rule(id: &str, table: &str, when: &str, gives: &str, more: &str) -> String {
    format!(
        "\n[[rule]]\nid = \"{id}\"\ntable = \"{table}\"\nwhen = \"{when}\"\ngives = \"{gives}\"\ncites = [\"x art. 1\"]\nmark = \"P\"\nsource = \"made up\"\ntext = {{ nl = \"tekst\", en = \"text\" }}\n{more}\n"
    )
}

fn problems(head: &str, topic: &str) -> Vec<PackProblem> {
    Pack::check(&[("pack.toml", head), ("all.toml", topic)])
}

/// The one problem that a change brings; its text must hold every word.
fn refused(head: &str, topic: &str, words: &[&str]) {
    let problems = problems(head, topic);
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|text| words.iter().all(|word| text.contains(word))),
        "expected a problem with {words:?}, found: {texts:#?}"
    );
}

#[test]
fn the_small_pack_is_sound() {
    assert_eq!(problems(HEAD, &sound()), []);
}

#[test]
fn the_built_in_packs_are_sound() {
    let packs = Packs::builtin().unwrap_or_else(|invalid| panic!("{invalid}"));
    assert!(packs.iter().count() > 0);
}

#[test]
fn an_added_rule_that_is_wrong_is_named() {
    let table = [
        (
            "it reads a fact that does not exist",
            rule("try-x", "breach", "security_incidnt", "yes", ""),
            "did you mean `security_incident`",
        ),
        (
            "a value that does not exist",
            rule("try-x", "breach", "role = boss", "yes", ""),
            "never has the value `boss`",
        ),
        (
            "a value the table lacks",
            rule("try-x", "breach", "security_incident", "maybe", ""),
            "never has the value `maybe`",
        ),
        ("a table that does not exist", rule("try-x", "nothing", "security_incident", "yes", ""), "no table `nothing`"),
        ("a parameter that does not exist", rule("try-x", "breach", "subjects_max >= $lots", "yes", ""), "$lots"),
        ("a set that does not exist", rule("try-x", "breach", "data any @odd", "yes", ""), "@odd"),
        (
            "a condition that does not read",
            rule("try-x", "breach", "security_incident and", "yes", ""),
            "cannot be read at `the end`",
        ),
        ("a view read directly", rule("try-x", "breach", "severity = limited", "yes", ""), "never directly"),
        ("a set tested as a choice", rule("try-x", "breach", "data = health", "yes", ""), "`any` or `all`"),
        (
            "an override of nothing",
            rule("try-x", "breach", "security_incident", "yes", "overrides = [\"try-nothing\"]"),
            "no rule `try-nothing`",
        ),
        (
            "a date that is none",
            rule("try-x", "breach", "security_incident", "yes", "from = \"yesterday\""),
            "`yesterday` is no date",
        ),
        (
            "an end before its beginning",
            rule("try-x", "breach", "security_incident", "yes", "from = \"2024-01-01\"\nuntil = \"2023-01-01\""),
            "before it begins",
        ),
        (
            "an id of another pack",
            rule("avg-x", "breach", "security_incident", "yes", ""),
            "does not start with `try-`",
        ),
        (
            "a rule that overrides itself",
            rule("try-x", "breach", "personal_data and not security_incident", "yes", "overrides = [\"try-x\"]"),
            "it overrides itself",
        ),
        (
            "a disagreement without an override",
            rule("try-x", "breach", "not personal_data", "yes", ""),
            "none overrides the other, for: not security_incident, not personal_data",
        ),
        (
            "a rule that can never apply",
            rule("try-x", "breach", "role = processor and role = controller", "yes", "overrides = [\"try-breach\"]"),
            "ever makes it apply",
        ),
        (
            "a circle of overrides",
            rule("try-x", "breach", "personal_data", "no", "overrides = [\"try-y\"]")
                + &rule("try-y", "breach", "personal_data", "yes", "overrides = [\"try-x\"]"),
            "circle",
        ),
        ("an unknown key", rule("try-x", "breach", "security_incident", "yes", "because = 1"), "all.toml:"),
    ];
    for (what, added, word) in table {
        let topic = sound() + &added;
        println!("{what}");
        refused(HEAD, &topic, &["all.toml", word]);
    }
}

#[test]
fn a_problem_names_file_line_and_rule() {
    let topic = sound() + &rule("try-x", "breach", "role = boss", "yes", "");
    let line = topic.lines().position(|line| line.contains("\"try-x\"")).expect("the rule") + 1;
    refused(HEAD, &topic, &[&format!("all.toml:{line} (`try-x`): ")]);
}

#[test]
fn what_a_rule_lacks_is_named() {
    let without = |part: &str| {
        sound() + &rule("try-x", "breach", "personal_data", "yes", "overrides = [\"try-breach\"]").replace(part, "")
    };
    refused(HEAD, &without("cites = [\"x art. 1\"]\n"), &["try-x", "cites no source"]);
    refused(HEAD, &without("en = \"text\""), &["all.toml"]);
    let empty = sound()
        + &rule("try-x", "breach", "personal_data", "yes", "overrides = [\"try-breach\"]")
            .replace("en = \"text\"", "en = \" \"");
    refused(HEAD, &empty, &["try-x", "missing in en"]);
}

#[test]
fn a_table_nobody_reads_and_a_value_nobody_gives_are_named() {
    let table =
        "[[table]]\nid = \"idle\"\nname = { nl = \"x\", en = \"x\" }\nvalues = [\"no\", \"yes\"]\npick = \"highest\"\n";
    let topic = sound() + table + &rule("try-idle", "idle", "always", "no", "");
    refused(HEAD, &topic, &["idle", "nothing reads this table"]);
    refused(HEAD, &topic, &["idle", "no rule ever gives its value `yes`"]);
}

#[test]
fn a_gap_is_shown_by_an_example() {
    let topic = sound().replacen("when = \"always\"", "when = \"personal_data\"", 1);
    refused(
        HEAD,
        &topic,
        &["all.toml:3 (`breach`)", "no rule answers for: ", "not security_incident", "not personal_data"],
    );
}

#[test]
fn a_conflict_is_shown_by_a_smallest_set_of_facts() {
    let shown = |when: &str| {
        let topic = sound() + &rule("try-x", "breach", when, "no", "overrides = [\"try-breach\"]");
        let problems = problems(HEAD, &topic);
        let text =
            problems.iter().map(ToString::to_string).find(|text| text.contains("none overrides")).expect("a conflict");
        assert!(text.contains("try-x"), "the rules are named: {text}");
        let (_, facts) = text.rsplit_once("for: ").expect("an example");
        facts.split(", ").map(ToOwned::to_owned).collect::<std::collections::BTreeSet<String>>()
    };
    let set = |facts: &[&str]| facts.iter().map(|fact| (*fact).to_owned()).collect();
    // Against `security_incident`, which says yes.
    assert_eq!(shown("always"), set(&["security_incident"]));
    assert_eq!(shown("role = processor or personal_data or not personal_data"), set(&["security_incident"]));
    assert_eq!(
        shown("personal_data and (role = processor or vulnerable and systemic and key_compromised)"),
        set(&["security_incident", "personal_data", "role = processor"])
    );
    // However the condition is laid out, what does not bear on it is left out.
    assert_eq!(
        shown(
            "(not systemic and vulnerable) or (systemic and vulnerable and subjects_max >= 5) or (vulnerable and data any [health])"
        ),
        set(&["security_incident", "not systemic", "vulnerable"])
    );
}

#[test]
fn a_duty_that_nobody_answers_is_named() {
    let (start, end) = ("[[table]]\nid = \"notify_csirt\"", "\n[[rule]]\nid = \"try-breach-yes\"");
    let topic = sound();
    let (from, until) = (topic.find(start).expect("the table"), topic.find(end).expect("the next rule"));
    let without = format!("{}{}", &topic[..from], &topic[until..]);
    refused(HEAD, &without, &["pack.toml:2 (`try`)", "no table answers `notify_csirt`"]);
    let left = "\n[[leaves]]\nid = \"try-left\"\nduty = \"notify_csirt\"\ncites = [\"x\"]\ntext = { nl = \"x\", en = \"x\" }\n";
    assert_eq!(problems(&format!("{HEAD}{left}"), &without), []);
}

#[test]
fn a_term_is_of_one_kind_and_its_step_and_condition_are_known() {
    let term = |more: &str| {
        format!(
            "{HEAD}\n[[deadline]]\nid = \"try-term\"\nduty = \"notify_csirt\"\ncites = [\"x\"]\nmark = \"P\"\nsource = \"x\"\ntext = {{ nl = \"x\", en = \"x\" }}\n{more}"
        )
    };
    assert_eq!(
        problems(
            &term("months = 1\nstep = \"final_report\"\nafter = \"notification\"\nwhen = \"trust_service\"\n"),
            &sound()
        ),
        []
    );
    refused(&term("hours = 1\nmonths = 1\n"), &sound(), &["`try-term`", "a term is one of"]);
    refused(&term("hours = 1\nstep = \"last\"\n"), &sound(), &["`try-term`", "never has the value `last`"]);
    refused(&term("hours = 1\nwhen = \"trust_servic\"\n"), &sound(), &["`try-term`", "did you mean `trust_service`"]);
}

#[test]
fn a_head_that_is_wrong_is_named() {
    let topic = sound();
    refused(&HEAD.replace("Europe/Amsterdam", "Europe/Atlantis"), &topic, &["pack.toml", "Europe/Atlantis"]);
    refused(&HEAD.replace("members = [\"BE\"]", "members = [\"XX\"]"), &topic, &["no country `XX`"]);
    refused(&HEAD.replace("2020-01-01", "2020-13-01"), &topic, &["no date"]);
    refused(&HEAD.replace("mark = \"P\"", "mark = \"Q\""), &topic, &["few", "no mark"]);
    refused(&HEAD.replace("edition", "editoin"), &topic, &["pack.toml:3", "editoin"]);
    let none = Pack::check(&[("all.toml", topic.as_str())]);
    assert_eq!(none.len(), 1);
}

#[test]
fn every_problem_is_told_at_once() {
    let topic =
        sound() + &rule("try-x", "breach", "role = boss", "yes", "") + &rule("try-y", "breach", "odd", "yes", "");
    assert_eq!(problems(HEAD, &topic).len(), 2);
}
