//! The file of a form: a third one is one more file, and a bad one is refused with the question it stands at.

use documents::{
    Words,
    dossier::{InvalidForm, Purpose, form::Form},
};

use super::{answer, made, made_at};
use crate::fixture::{detected, organisation, zoned};

/// The shape of a form file, as short as one can be.
const THIRD: &str = r#"
id = "be-proef"
document_kind = "be_dossier"
title = { nl = "Proefformulier", en = "Trial form" }
heading = { nl = "Voorbereiding van een proefmelding", en = "Preparation of a trial report" }
edition = { nl = "proef", en = "trial" }
status = { nl = "Bestaat niet.", en = "Does not exist." }
instruction = { nl = "Neem over.", en = "Copy." }
address = "https://example.be"
late_after_hours = 24

[[section]]
number = "A"
title = { nl = "Alles", en = "All" }

[[section.question]]
number = "A1"
text = { nl = "Wat ging mis?", en = "What went wrong?" }
kind = "one"
asks = "breach_nature"
needed = true
omit = ["confidentiality.none", "integrity.none", "availability.none", "integrity.recoverable", "integrity.unrecoverable"]
options = [
  { nl = "Gelezen", en = "Read", exact = ["confidentiality.likely", "confidentiality.confirmed"], near = ["confidentiality.possible"] },
  { nl = "Kwijt", en = "Gone", exact = ["availability.permanent", "availability.temporary"] },
]

[[section.question]]
number = "A2"
text = { nl = "Wat voor incident?", en = "What kind of incident?" }
kind = "text"
asks = "incident_nature"

[[section.question]]
number = "A3"
text = { nl = "Waarom zo laat?", en = "Why so late?" }
kind = "text"
asks = "late_reason"
limit = { chars = 10, mark = "known" }
shown = [{ flag = "late" }]
"#;

#[test]
fn a_third_form_is_one_file() {
    let third = Form::read(THIRD).unwrap();
    let words = Words { late_reason: Some("Wij wisten het niet.".into()), ..Words::default() };
    let in_25_hours = zoned("2026-03-28T16:20:00[Europe/Amsterdam]");
    let dossier = made_at(&detected(), &third, Purpose::First, &organisation(), &words, &in_25_hours);
    assert_eq!(answer(&dossier, "A1"), "Gelezen");
    assert_eq!(answer(&dossier, "A2"), "Gegevens weggesluisd", "a form that takes text gets the word");
    assert_eq!(answer(&dossier, "A3"), "Wij wisten het niet.", "this form counts 24 hours");
    assert_eq!(dossier.field("late_reason").unwrap().too_long(), Some(10));
    assert!(!dossier.is_filable(), "a limit that is the form's own stands in the way");
    let text = dossier.document().to_text();
    assert!(text.contains("Voorbereiding van een proefmelding") && text.contains("24 uur na de kennisname"), "{text}");
    let early = made(&detected(), &third, Purpose::First);
    assert_eq!(answer(&early, "A3"), "not asked");
}

#[test]
fn a_bad_form_is_refused_with_the_question_it_stands_at() {
    let refused = |from: &str, to: &str| {
        let text = THIRD.replace(from, to);
        assert_ne!(text, THIRD, "`{from}` is not in the form");
        Form::read(&text).unwrap_err()
    };
    let says = |from, to, wanted: &str| {
        let told = refused(from, to).to_string();
        assert!(told.contains(wanted), "{told}");
    };
    says(
        "asks = \"late_reason\"",
        "asks = \"late_reson\"",
        "question A3 (late_reson): there is no source `late_reson` (did you mean `late_reason`?)",
    );
    says("kind = \"text\"\nasks = \"inc", "kind = \"txt\"\nasks = \"inc", "did you mean `text`?");
    says("en = \"Gone\"", "en = \" \"", "the text `option` is missing in English");
    says("nl = \"Alles\"", "nl = \"\"", "section A: the text `title` is missing in Dutch");
    says(", \"integrity.unrecoverable\"]", "]", "can say `integrity.unrecoverable`, and no box stands for it");
    says("\"availability.temporary\"", "\"availability.tempory\"", "cannot say `availability.tempory`");
    says("chars = 10", "chars = 0", "at least one character");
    says("\"known\"", "\"guess\"", "there is no mark of a limit `guess`");
    says("flag = \"late\"", "flag = \"lat\"", "there is no flag `lat`");
    says(
        "flag = \"late\"",
        "fact = \"protecton\", is = [\"none\"]",
        "there is no fact `protecton` (did you mean `protection`?)",
    );
    says("flag = \"late\"", "fact = \"protection\", is = [\"nothing\"]", "`protection` cannot say `nothing`");
    says("flag = \"late\"", "fact = \"protection\"", "says `is` or `is_not`");
    says("flag = \"late\"", "flag = \"late\", purpose = [\"first\"]", "about one of");
    says(
        "near = [\"confidentiality.possible\"]",
        "near = [\"confidentiality.possible\", \"availability.permanent\"]",
        "more than one box",
    );
    says("asks = \"incident_nature\"", "asks = \"late_reason\"", "the key `late_reason` stands twice");
    says("needed = true", "needed = true\noptional = true", "not both");
    says("late_after_hours = 24", "late_after_hours = 0", "positive number of hours");
    says("late_after_hours = 24", "late_after_hours = 24\nsurprise = 1", "unknown field `surprise`");
    assert!(matches!(refused("id =", "id"), InvalidForm::Unreadable(told) if told.contains("line 2")));
}
