//! The letter to the persons: in both languages, per kind of breach, and with its gaps marked.

use documents::{
    Case, Organisation, Words,
    letter::{Letter, letter},
};
use facts::{Fact, Language};
use incident::{Event, Incident};

use crate::fixture::{bare_organisation, changes, detected, organisation, reported, words, zoned};

fn made(incident: &Incident, organisation: &Organisation, words: &Words, language: Language) -> Letter {
    let made_at = zoned("2026-03-28T10:00:00[Europe/Amsterdam]");
    letter(&Case { incident, verdict: None, organisation, words, made_at: &made_at }, language)
}

fn with(facts: &[(&str, &[&str])]) -> Incident {
    let mut incident = reported();
    let mut stamped = incident.timeline.last().unwrap().clone();
    stamped.event = Event::FactsRecorded { changes: changes(facts), note: None };
    incident.apply(&stamped);
    incident
}

#[test]
fn a_letter_that_can_go_out() {
    let letter = made(&detected(), &organisation(), &words(), Language::Dutch);
    assert!(letter.missing.is_empty(), "{:?}", letter.missing);
    assert_eq!(letter.document.draft, "");
    insta::assert_snapshot!(letter.document.to_text());
}

#[test]
fn the_same_letter_in_english() {
    insta::assert_snapshot!(made(&detected(), &organisation(), &words(), Language::English).document.to_text());
}

#[test]
fn a_letter_with_gaps_says_where() {
    let letter = made(&reported(), &bare_organisation(), &Words::default(), Language::Dutch);
    assert!(!letter.missing.is_empty());
    let text = letter.document.to_text();
    // Each gap stands on the cover note and in its place.
    for missing in &letter.missing {
        assert!(text.contains(&format!("| {}\n", missing.nl)), "{}", missing.nl);
        let in_place = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(in_place.contains(&format!("[NOG INVULLEN: {}]", missing.nl)), "{}", missing.nl);
    }
    insta::assert_snapshot!(text);
}

#[test]
fn parents_are_addressed_about_children_alone() {
    let about = |groups: &[&str]| {
        let incident = with(&[("groups", groups)]);
        let letter = made(&incident, &organisation(), &words(), Language::Dutch);
        let warns = letter.checks.iter().any(|check| check.nl.contains("kinderen"));
        (letter.document.to_text().contains("Beste ouder(s)"), warns)
    };
    assert_eq!(about(&["pupils"]), (true, true));
    assert_eq!(about(&["pupils", "employees"]), (false, true));
    assert_eq!(about(&["employees"]), (false, false));
}

/// The organisation's own words for what happened never slip in: they may name people.
#[test]
fn the_reporters_words_stay_out() {
    let text = made(&reported(), &organisation(), &Words::default(), Language::Dutch).document.to_text();
    assert!(!text.contains("facturenlijst") && !text.contains("Meteen gebeld"), "{text}");
}

/// Sentences are short: a reader at level B1 gets through them.
#[test]
fn sentences_are_short() {
    let all: Vec<&str> = Fact::Data.choices().iter().map(|choice| choice.key).collect();
    let consequences: Vec<&str> = Fact::Consequences.choices().iter().map(|choice| choice.key).collect();
    let incident = with(&[("data", &all), ("consequences", &consequences), ("incident_type", &["ransomware"])]);
    let text = made(&incident, &organisation(), &words(), Language::Dutch).document.to_text();
    let flat = text.replace("www.", "www ").replace(".nl", " nl").replace("\n- ", ". ").replace("\n\n", ". ");
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in flat.split(['.', '?', ':']) {
        let words = sentence.split_whitespace().count();
        assert!(words <= 24, "{words} words: {sentence}");
    }
}
