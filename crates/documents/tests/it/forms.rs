//! Forms as data: each one complete, and the same case told in the words of each. What they tick for the stories of cases
//! stands in `stories`, what a form's file may hold in `file`.

mod file;
mod stories;

use std::collections::{BTreeMap, BTreeSet};

use documents::{
    Case, FieldState, Organisation, Words,
    dossier::{
        AP, Answer, Completeness, Dossier, EDPB, Purpose,
        asks::Asks,
        dossier_for, form,
        form::{Form, Kind},
        forms,
    },
};
use facts::{Country, Fact, Kind as FactKind};
use incident::{Event, Incident, ReportKind};
use jiff::Zoned;
use law::verdict::Duty;

use crate::fixture::{at, bare_organisation, changes, detected, organisation, reported, words, zoned};

fn made<'f>(incident: &Incident, form: &'f Form, purpose: Purpose) -> Dossier<'f> {
    made_at(incident, form, purpose, &organisation(), &Words::default(), &in_time())
}

fn made_at<'f>(
    incident: &Incident,
    form: &'f Form,
    purpose: Purpose,
    organisation: &Organisation,
    words: &Words,
    made_at: &Zoned,
) -> Dossier<'f> {
    dossier_for(&Case { incident, verdict: None, organisation, words, made_at }, form, purpose)
}

fn in_time() -> Zoned {
    zoned("2026-03-27T17:15:00[Europe/Amsterdam]")
}

fn ap() -> &'static Form {
    form(AP).unwrap()
}

fn edpb() -> &'static Form {
    form(EDPB).unwrap()
}

fn with_event(incident: &Incident, event: Event) -> Incident {
    let mut incident = incident.clone();
    let mut stamped = incident.timeline.last().unwrap().clone();
    stamped.event = event;
    incident.apply(&stamped);
    incident
}

fn sent(incident: &Incident, kind: ReportKind, dossier: &Dossier<'_>) -> Incident {
    let event = Event::AuthorityNotified {
        at: at("2026-03-28T09:00:00Z"),
        receipt: "DL-2026-0042".into(),
        kind,
        form: dossier.form.id.clone(),
        answers: dossier.answers(),
        reason: None,
    };
    with_event(incident, event)
}

/// What a dossier answers at a number, ticks first; `-` where it is missing, `~` before a proposal.
fn answer(dossier: &Dossier<'_>, number: &str) -> String {
    let fields: Vec<_> = dossier.fields.iter().filter(|field| field.question.number == number).collect();
    let told = fields.iter().map(|field| match (&field.answer, field.copy_text()) {
        (Answer::Missing, _) => "-".to_owned(),
        (Answer::Derived(_), text) => format!("~{}", text.unwrap_or_default()),
        (Answer::Recorded(_), text) => text.unwrap_or_default(),
    });
    if fields.is_empty() { "not asked".into() } else { told.collect::<Vec<_>>().join(" / ").replace('\n', "; ") }
}

#[test]
fn the_built_in_forms_are_whole() {
    let counts: Vec<_> = forms().iter().map(|form| (form.id.as_str(), form.questions().count())).collect();
    assert_eq!(counts, [(AP, 56), (EDPB, 100)]);
    let kinds: BTreeSet<_> = forms().iter().map(|form| form.document_kind.as_str()).collect();
    assert_eq!(kinds.len(), forms().len());
    for form in forms() {
        let needed: BTreeSet<_> =
            form.questions().filter(|(_, question)| question.is_needed).map(|(_, question)| question.asks).collect();
        // Who, what, when known, what kind; and of what follows an earlier report, which one (AVG art. 33(3), 33(4)).
        for asks in [
            Asks::OrganisationName,
            Asks::ReporterName,
            Asks::Description,
            Asks::AwareAt,
            Asks::BreachNature,
            Asks::EarlierNumber,
            Asks::WithdrawalReason,
            Asks::LateReason,
        ] {
            assert!(needed.contains(&asks), "{}: {}", form.id, asks.key());
        }
        // We know no form's own length limits, and say so.
        assert!(form.questions().all(|(_, question)| question.limit.is_none_or(|limit| !limit.is_known)));
        // Numbers stand in order, as far as they are known.
        let numbers: Vec<Vec<u32>> = form
            .questions()
            .filter_map(|(_, question)| question.number.split('.').map(|part| part.parse().ok()).collect())
            .collect();
        assert!(numbers.is_sorted(), "{}: {numbers:?}", form.id);
    }
}

/// Users tick across: a label that is not the form's to the letter is a mistake.
#[test]
fn the_labels_of_the_ap() {
    let mut lines = Vec::new();
    for (_, question) in ap().questions() {
        let part = question.part.as_ref().map(|part| format!(" – {}", part.nl)).unwrap_or_default();
        lines.push(format!("{} {}{part}", question.number, question.text.nl));
        lines.extend(question.boxes.iter().map(|tickbox| format!("    {}", tickbox.nl)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_source_is_asked_by_some_form_or_read_by_a_condition() {
    let asked: BTreeSet<_> = forms().iter().flat_map(Form::questions).map(|(_, question)| question.asks).collect();
    let left: Vec<_> = Asks::ALL.iter().filter(|asks| !asked.contains(asks)).map(|asks| asks.key()).collect();
    assert_eq!(left, ["in_eea"], "what no form asks is not needed");
}

#[test]
fn the_template_of_a_case_known_in_full() {
    let dossier = made(&detected(), edpb(), Purpose::First);
    insta::assert_snapshot!(dossier.document().to_text());
}

#[test]
fn the_template_of_a_case_only_just_reported() {
    let now = zoned("2026-10-25T02:45:00+01:00[Europe/Amsterdam]");
    let dossier = made_at(&reported(), edpb(), Purpose::First, &bare_organisation(), &Words::default(), &now);
    insta::assert_snapshot!(dossier.document().to_text());
}

#[test]
fn how_complete_each_dossier_is() {
    let bare = |form| made_at(&reported(), form, Purpose::First, &bare_organisation(), &Words::default(), &in_time());
    let completeness =
        |recorded, derived, missing, optional_open| Completeness { recorded, derived, missing, optional_open };
    assert_eq!(made(&detected(), ap(), Purpose::First).completeness(), completeness(24, 12, 8, 2));
    assert_eq!(made(&detected(), edpb(), Purpose::First).completeness(), completeness(26, 20, 17, 9));
    assert_eq!(bare(ap()).completeness(), completeness(3, 12, 23, 4));
    assert_eq!(bare(edpb()).completeness(), completeness(6, 12, 32, 8));
}

#[test]
fn a_report_can_be_filed_once_it_says_who_what_and_when() {
    let known = made(&detected(), ap(), Purpose::First);
    assert!(known.is_filable() && known.missing().count() > 0, "an incomplete first report may be filed");
    assert!(made(&detected(), edpb(), Purpose::First).is_filable());
    let bare = made_at(&reported(), ap(), Purpose::First, &bare_organisation(), &Words::default(), &in_time());
    let blocking: Vec<_> = bare.blocking().map(|field| field.question.key.as_str()).collect();
    assert_eq!(blocking, ["reporter_name", "reporter_function", "reporter_email", "reporter_phone", "aware_at"]);
    // A withdrawal of what was never reported has no number to name.
    let withdrawal = made(&detected(), ap(), Purpose::Withdrawal);
    assert_eq!(withdrawal.blocking().map(|field| field.label()).collect::<Vec<_>>(), ["1.1.x", "1.1.x"]);
}

#[test]
fn nothing_is_cut_and_what_is_too_long_says_so() {
    let words = Words { description: Some("é".repeat(2_003)), ..Words::default() };
    let dossier = made_at(&detected(), ap(), Purpose::First, &organisation(), &words, &in_time());
    let field = dossier.field("description").unwrap();
    assert_eq!(field.too_long(), Some(3), "characters count, not bytes");
    assert_eq!(field.copy_text().unwrap().chars().count(), 2_003);
    assert!(dossier.is_filable(), "a limit that is only our proposal stops nobody");
    let text = dossier.document().to_text();
    assert!(text.contains("3 tekens meer dan 2000"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&dossier.to_json().unwrap()).unwrap();
    let field = json["fields"].as_array().unwrap().iter().find(|field| field["id"] == "description").unwrap();
    assert_eq!(
        (&field["too_long"], &field["max_chars"], &field["max_chars_known"]),
        (&3.into(), &2000.into(), &false.into())
    );
}

#[test]
fn a_supplement_tells_what_changed_and_nothing_else() {
    for form in forms() {
        let first = made(&detected(), form, Purpose::First);
        let reported = sent(&detected(), ReportKind::First, &first);
        assert_eq!(Purpose::next(&reported), Purpose::Supplement);
        let unchanged = made(&reported, form, Purpose::Supplement);
        assert_eq!(unchanged.changes(), Some(Vec::new()), "{}", form.id);
        assert_eq!(unchanged.earlier_number.as_deref(), Some("DL-2026-0042"));
        assert!(unchanged.document().to_text().contains("Er is niets gewijzigd"));
        // Asked a week later, nothing else has changed either.
        let later = zoned("2026-04-03T09:00:00[Europe/Amsterdam]");
        let a_week_later = made_at(&reported, form, Purpose::Supplement, &organisation(), &Words::default(), &later);
        assert_eq!(a_week_later.changes(), Some(Vec::new()), "{}", form.id);

        let learned = Event::FactsRecorded { changes: changes(&[("subjects_max", &["61"])]), note: None };
        let supplement = made(&with_event(&reported, learned), form, Purpose::Supplement);
        let changes = supplement.changes().unwrap();
        assert_eq!(changes.len(), 1, "{}: {changes:?}", form.id);
        let change = &changes[0];
        let number = if form.id == AP { ("7.3 maximum", "52", "61") } else { ("68", "38 tot 52", "38 tot 61") };
        assert_eq!(
            (change.field.as_str(), change.before.as_deref(), change.now.as_deref()),
            (number.0, Some(number.1), Some(number.2))
        );
        let text = supplement.document().to_text();
        assert!(text.contains("In de vorige melding stond") && text.contains("gelijk aan de vorige melding"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&supplement.to_json().unwrap()).unwrap();
        assert_eq!((&json["purpose"], &json["earlier_number"]), (&"supplement".into(), &"DL-2026-0042".into()));
        assert_eq!(json["changes"][0]["now"], number.2);
    }
}

#[test]
fn a_supplement_to_a_report_whose_answers_were_not_kept_says_so() {
    let first = made(&detected(), ap(), Purpose::First);
    let mut incident = sent(&detected(), ReportKind::First, &first);
    incident.reports[0].answers.clear();
    let supplement = made(&incident, ap(), Purpose::Supplement);
    assert_eq!(supplement.changes(), None);
    let text = supplement.document().to_text();
    assert!(text.contains("niet bewaard") && text.contains("7.3 Aantal betrokkenen"), "{text}");
}

#[test]
fn a_withdrawal_names_the_report_and_the_reason_and_little_else() {
    let first = made(&detected(), ap(), Purpose::First);
    let incident = sent(&detected(), ReportKind::First, &first);
    // Decided since: no need to have reported.
    let decided = match detected().timeline.pop().unwrap().event {
        Event::Decided(mut decided) => {
            decided.duties.insert(Duty::NotifyAuthority, false);
            decided.motivation = "De map bleek leeg: er zijn geen gegevens weggegaan.".into();
            Event::Decided(decided)
        }
        other => panic!("{other:?}"),
    };
    let incident = with_event(&incident, decided);
    let told = made(&incident, ap(), Purpose::Withdrawal);
    assert_eq!(answer(&told, "1.1"), "Ik wil een eerdere melding intrekken");
    assert_eq!(answer(&told, "1.1.x"), "DL-2026-0042 / ~De map bleek leeg: er zijn geen gegevens weggegaan.");
    assert_eq!(answer(&told, "5.3"), "not asked");
    assert!(told.is_filable());
    let told = made(&incident, edpb(), Purpose::Withdrawal);
    assert_eq!(answer(&told, "3"), "Vervolg op een eerdere");
    assert_eq!(answer(&told, "4"), "Intrekken");
    assert_eq!(answer(&told, "6"), "DL-2026-0042");
    assert_eq!(answer(&told, "60"), "not asked");
    let written = Words { withdrawal_reason: Some("Het was een oefening.".into()), ..Words::default() };
    let told = made_at(&incident, edpb(), Purpose::Withdrawal, &organisation(), &written, &in_time());
    assert_eq!(answer(&told, "5"), "Het was een oefening.");
    assert!(told.document().to_text().contains("intrekking"));
    // Once taken back, the next report is a first one again.
    assert_eq!(Purpose::next(&sent(&incident, ReportKind::Withdrawal, &told)), Purpose::First);
}

/// What is not known yet may be said where the form has a box for it, and only while something is open.
#[test]
fn a_form_that_has_a_box_for_not_yet_known_offers_it() {
    let incident =
        with_event(&reported(), Event::FactsRecorded { changes: BTreeMap::from([(Fact::Data, None)]), note: None });
    let on_ap = made(&incident, ap(), Purpose::First);
    let field = on_ap.field("general_data").unwrap();
    assert_eq!(field.unknown.unwrap().nl, "Onbekend");
    assert!(field.note.as_ref().unwrap().nl.contains("Kruis dan ‘Onbekend’ aan"));
    let on_edpb = made(&incident, edpb(), Purpose::First);
    assert_eq!(on_edpb.field("cause").unwrap().unknown.unwrap().en, "To be determined");
    assert!(on_edpb.field("incident_nature").unwrap().unknown.is_none(), "it is known");
}

/// Every value of every fact, on every form and for every purpose: a field is answered or missing, never both; a tick is one
/// of the form's boxes; and every fact that a form maps changes some answer.
#[test]
fn every_fact_that_a_form_maps_changes_an_answer() {
    // One verdict for all, of an organisation whose lead authority is the AP: what is looked at is what the case says itself.
    let packs = law::Packs::builtin().unwrap();
    let situation = detected().situation(Country::NL);
    let verdict = law::assess(packs.in_force(at("2026-03-27T17:00:00Z")).unwrap(), &situation);
    assert_eq!(verdict.authority.as_deref(), Some("NL-AP"));
    let (organisation, words, made_at) = (organisation(), Words::default(), in_time());
    let made = |incident: &Incident, form| {
        let case =
            Case { incident, verdict: Some(&verdict), organisation: &organisation, words: &words, made_at: &made_at };
        dossier_for(&case, form, Purpose::First)
    };
    for form in forms() {
        let mapped: BTreeSet<Fact> =
            form.questions().flat_map(|(_, question)| question.asks.facts()).copied().collect();
        assert!(mapped.len() > 20, "{}", form.id);
        for fact in mapped {
            let values: Vec<Vec<&str>> = match fact.kind() {
                FactKind::Truth => vec![vec!["true"], vec!["false"]],
                FactKind::One(choices) | FactKind::Many(choices) => {
                    choices.iter().map(|choice| vec![choice.key]).collect()
                }
                FactKind::Countries => vec![vec!["NL"], vec!["NL", "DE"], vec!["NL", "SR"]],
                FactKind::Whole | FactKind::Number => vec![vec!["3"], vec!["70"]],
            };
            let mut told = BTreeSet::new();
            for base in bases() {
                for value in &values {
                    let learned = Event::FactsRecorded { changes: changes(&[(fact.key(), value)]), note: None };
                    let dossier = made(&with_event(&base, learned), form);
                    holds_together(&dossier);
                    told.insert(dossier.answers().into_iter().collect::<Vec<_>>());
                }
            }
            assert!(told.len() > bases().len(), "{}: {} changes nothing", form.id, fact.key());
        }
    }
}

/// Cases that differ in which questions are asked.
fn bases() -> Vec<Incident> {
    let refused = match detected().timeline.pop().unwrap().event {
        Event::Decided(mut decided) => {
            decided.duties.insert(Duty::InformSubjects, false);
            Event::Decided(decided)
        }
        other => panic!("{other:?}"),
    };
    let informed = Event::SubjectsInformed {
        at: at("2026-03-28T10:00:00Z"),
        count: 30,
        channel: "brief en website".into(),
        is_correction: false,
    };
    let away = Event::FactsRecorded {
        changes: changes(&[
            ("availability", &["temporary"]),
            ("integrity", &["recoverable"]),
            ("confidentiality", &["possible"]),
            ("protection", &["intact"]),
            ("protection_kind", &["encryption"]),
            ("exfiltration", &["unlikely"]),
            ("recipient", &["unknown"]),
        ]),
        note: None,
    };
    vec![
        detected(),
        reported(),
        with_event(&detected(), refused),
        with_event(&detected(), informed),
        with_event(&detected(), away),
    ]
}

fn holds_together(dossier: &Dossier<'_>) {
    for field in &dossier.fields {
        let label = format!("{} {}", dossier.form.id, field.label());
        assert_eq!(field.state() == FieldState::Missing, field.content().is_none(), "{label}");
        assert!(!(field.is_missing() && field.copy_text().is_some()), "{label}");
        let content = field.content().cloned().unwrap_or_default();
        for tick in &content.ticks {
            assert!(field.question.boxes.iter().any(|tickbox| tickbox.nl == *tick), "{label}: {tick}");
        }
        match field.question.kind {
            Kind::One | Kind::YesNo => assert!(content.ticks.len() <= 1, "{label}: {:?}", content.ticks),
            Kind::Many => {}
            _ => assert!(content.ticks.is_empty(), "{label}"),
        }
        let is_empty = content.ticks.is_empty() && content.text.as_deref().is_none_or(|text| text.trim().is_empty());
        let may_tick_nothing = field.question.kind == Kind::Many;
        assert!(field.content().is_none() || !is_empty || may_tick_nothing, "{label}: an empty answer");
    }
    assert_eq!(dossier.missing().count(), dossier.completeness().missing);
}

#[test]
fn every_purpose_on_every_form_can_be_printed() {
    for form in forms() {
        for incident in bases() {
            let incident = sent(&incident, ReportKind::First, &made(&incident, form, Purpose::First));
            for purpose in Purpose::ALL {
                let dossier = made_at(&incident, form, purpose, &organisation(), &words(), &in_time());
                holds_together(&dossier);
                assert!(dossier.document().to_text().len() > 500);
                serde_json::from_str::<serde_json::Value>(&dossier.to_json().unwrap()).unwrap();
            }
        }
    }
}
