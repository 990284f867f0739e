//! The reasoning sheet: of a case that is known and decided, and of one where hardly anything is.

use documents::reasoning_sheet::{Options, reasoning_sheet};
use documents::{Case, Document, Organisation, Words};
use facts::{Country, Language};
use incident::Incident;

use crate::explanation::packs;
use crate::fixture::{bare_organisation, detected, organisation, reported, words, zoned};

fn sheet_of(incident: &Incident, organisation: &Organisation, words: &Words, options: Options) -> Document {
    let made_at = zoned("2026-03-28T09:00:00[Europe/Amsterdam]");
    let situation = incident.situation(Country::from_code("NL").unwrap());
    let verdict = packs().assess(&situation, made_at.timestamp(), None).unwrap();
    let case = Case { incident, verdict: Some(&verdict), organisation, words, made_at: &made_at };
    reasoning_sheet(&case, packs(), options)
}

fn full(options: Options) -> String {
    sheet_of(&detected(), &organisation(), &words(), options).to_text()
}

#[test]
fn a_case_known_and_decided() {
    let text = full(Options::default());
    for part in [
        "Motivering",
        "Gemaal & Zonen B.V.",
        "avg (uitgave",
        "De beheerder zag dat de map Personeel was gekopieerd.",
        "Hoeveel uur lagen de gegevens open?: niet bekend",
        "Meld dit datalek bij de Autoriteit Persoonsgegevens, uiterlijk maandag 30 maart 2026",
        "AVG art. 33(1)",
        "nagekeken bij de bron zelf",
        "Wat het oordeel zou veranderen",
        "Besloten door: P. de Wit",
        "Kopieën van identiteitsbewijzen zijn waarschijnlijk weg",
    ] {
        assert!(text.replace("\n  ", " ").contains(part), "`{part}` is missing in:\n{text}");
    }
    assert!(!text.contains("ENISA"), "the organisation does not use it");
}

#[test]
fn nothing_reads_as_undetermined_and_nothing_is_invented() {
    for language in [Language::Dutch, Language::English] {
        let options = Options { language, uses_enisa: true };
        let text = sheet_of(&reported(), &bare_organisation(), &Words::default(), options).to_text();
        for word in ["undetermined", "Undetermined", "onbepaald", "None", "Some("] {
            assert!(!text.contains(word), "`{word}` in:\n{text}");
        }
        let nobody = ["Niemand heeft nog besloten.", "Nobody has decided yet."];
        assert!(nobody.iter().any(|said| text.contains(said)), "{text}");
    }
}

#[test]
fn without_an_fg_the_word_does_not_occur() {
    let text = sheet_of(&reported(), &bare_organisation(), &Words::default(), Options::default()).to_text();
    assert!(!text.contains("FG"), "{text}");
    assert!(full(Options::default()).contains("Advies van de FG"));
}

#[test]
fn enisa_stands_in_it_only_as_a_second_opinion() {
    let text = full(Options { uses_enisa: true, ..Options::default() });
    assert!(text.contains("Tweede mening") && text.contains("SE = DPC × EI + CB ="), "{text}");
    assert!(text.contains("Het oordeel hierboven rust er niet op."));
    let without = full(Options::default());
    let verdict = |text: &str| {
        let from = text.find("Het oordeel van het programma").unwrap();
        let to = text.find("Wat nog ontbreekt").unwrap();
        text[from..to].to_owned()
    };
    assert_eq!(verdict(&text), verdict(&without), "the verdict is the same with and without");
}

#[test]
fn the_headings_never_skip_a_level() {
    let document = sheet_of(&detected(), &organisation(), &words(), Options { uses_enisa: true, ..Options::default() });
    let mut before = 0;
    for block in &document.blocks {
        if let documents::Block::Heading { level, .. } = block {
            assert!(*level <= before + 1, "{block:?}");
            before = *level;
        }
    }
}
