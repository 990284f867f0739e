//! The AP dossier: complete, only just reported, and what each state of knowledge ticks and asks.

use std::collections::BTreeMap;

use documents::{
    Case, FieldState, Organisation, Words,
    dossier::{AP, Answer, Dossier, Purpose, dossier_for, form, form::Asks},
};
use facts::{Fact, Kind, Situation, Text};
use incident::{Event, Incident, Opening, ReportKind, Urgency};
use jiff::Zoned;
use law::verdict::Duty;

use crate::fixture::{at, bare_organisation, changes, detected, organisation, reported, words, zoned};

/// The next report of a case on the AP's form.
fn made(incident: &Incident, organisation: &Organisation, words: &Words, made_at: &Zoned) -> Dossier<'static> {
    let case = Case { incident, verdict: None, organisation, words, made_at };
    dossier_for(&case, form(AP).unwrap(), Purpose::next(incident))
}

fn in_time() -> Zoned {
    zoned("2026-03-27T17:15:00[Europe/Amsterdam]")
}

fn ticks(dossier: &Dossier<'static>, asks: Asks) -> Vec<String> {
    let field = dossier.fields.iter().find(|field| field.question.asks == asks).unwrap();
    let ticks = field.content().map(|content| content.ticks.clone()).unwrap_or_default();
    ticks.into_iter().map(String::from).collect()
}

fn asked(dossier: &Dossier, asks: Asks) -> bool {
    dossier.fields.iter().any(|field| field.question.asks == asks)
}

#[test]
fn a_case_known_in_full() {
    let dossier = made(&detected(), &organisation(), &Words::default(), &in_time());
    insta::assert_snapshot!(dossier.document().to_text());
}

#[test]
fn a_case_only_just_reported() {
    let made_at = zoned("2026-10-25T02:45:00+01:00[Europe/Amsterdam]");
    let dossier = made(&reported(), &bare_organisation(), &Words::default(), &made_at);
    insta::assert_snapshot!(dossier.document().to_text());
}

#[test]
fn the_json_is_stable() {
    let dossier = made(&detected(), &organisation(), &Words::default(), &in_time());
    let json = dossier.to_json().unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["form"], "ap-2022-08");
    let keys: Vec<_> = value["fields"][0].as_object().unwrap().keys().cloned().collect();
    insta::assert_snapshot!(keys.join(" "), @"answer asks check copy explanation facts id kind mark max_chars max_chars_known needed no not_known_box note optional options part question question_en section status too_long");
    let fields = value["fields"].as_array().unwrap();
    let by_id: BTreeMap<_, _> = fields.iter().map(|field| (field["id"].as_str().unwrap(), field)).collect();
    assert_eq!(by_id.len(), fields.len(), "an id stands twice");
    insta::assert_snapshot!(serde_json::to_string_pretty(by_id["general_data"]).unwrap());
    assert_eq!(by_id["aware_at"]["answer"], "27-03-2026 15:20");
    assert_eq!(by_id["ended_at"]["answer"], serde_json::Value::Null);
    assert_eq!(by_id["ended_at"]["status"], "missing");
    assert!(value["missing"].as_array().unwrap().iter().any(|field| field["id"] == "ended_at"));
    // No person among the data subjects is named because none is known; the reporter is one of the organisation.
    assert_eq!(by_id["reporter_name"]["answer"], "P. de Wit");
}

#[test]
fn it_keeps_the_order_of_the_form() {
    let dossier = made(&detected(), &organisation(), &Words::default(), &in_time());
    let form: Vec<_> = dossier.form.questions().map(|(_, question)| question.asks).collect();
    let places: Vec<_> =
        dossier.fields.iter().map(|field| form.iter().position(|asks| *asks == field.question.asks).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn why_late_is_asked_only_of_a_late_report() {
    // Aware at 27 March 14:20 UTC, with a change of clock in between: 72 elapsed hours end at 30 March 14:20 UTC.
    let incident = detected();
    let ask = |made_at: &str| {
        made(&incident, &organisation(), &Words::default(), &zoned(made_at))
            .fields
            .into_iter()
            .find(|field| field.question.asks == Asks::LateReason)
            .map(|field| field.answer)
    };
    assert_eq!(ask("2026-03-30T16:20:00[Europe/Amsterdam]"), None);
    assert_eq!(ask("2026-03-30T16:20:01[Europe/Amsterdam]"), Some(Answer::Missing));

    // What counts for a report that went in is when it went in.
    let mut sent = incident.clone();
    let mut stamped = sent.timeline.last().unwrap().clone();
    stamped.event = Event::AuthorityNotified {
        at: at("2026-03-28T09:00:00Z"),
        receipt: "DL-2026-0042".into(),
        kind: ReportKind::First,
        form: String::new(),
        answers: BTreeMap::new(),
        reason: None,
    };
    sent.apply(&stamped);
    let later = made(&sent, &organisation(), &Words::default(), &zoned("2026-04-20T10:00:00[Europe/Amsterdam]"));
    assert!(!asked(&later, Asks::LateReason));
    assert_eq!(ticks(&later, Asks::NotificationKind), ["Ik wil een eerdere melding aanvullen"]);
    assert!(asked(&later, Asks::EarlierNumber));
}

#[test]
fn follow_up_questions_are_asked_where_they_apply() {
    let told_later = made(&detected(), &organisation(), &Words::default(), &in_time());
    assert_eq!(ticks(&told_later, Asks::PersonsTold), ["Nog niet, maar dat ga ik wel doen"]);
    assert!(asked(&told_later, Asks::PersonsToldWhen) && !asked(&told_later, Asks::PersonsToldHow));

    let mut told = detected();
    let mut stamped = told.timeline.last().unwrap().clone();
    stamped.event = Event::SubjectsInformed {
        at: at("2026-03-28T10:00:00Z"),
        count: 30,
        channel: "brief en e-mail".into(),
        is_correction: false,
    };
    told.apply(&stamped);
    let told = made(&told, &organisation(), &Words::default(), &in_time());
    assert_eq!(ticks(&told, Asks::PersonsTold), ["Ja"]);
    assert_eq!(ticks(&told, Asks::PersonsToldHow), ["Per brief", "Per e-mail"]);
    // 30 were told, at least 38 are hit.
    assert!(asked(&told, Asks::PersonsNotAllWhy) && !asked(&told, Asks::PersonsNotToldWhy));

    let mut refused = detected();
    stamped.event = match &refused.timeline.last().unwrap().event {
        Event::Decided(decided) => {
            let mut decided = decided.clone();
            decided.duties.insert(Duty::InformSubjects, false);
            Event::Decided(decided)
        }
        other => panic!("{other:?}"),
    };
    refused.apply(&stamped);
    let mut wiped = stamped.clone();
    wiped.event = Event::FactsRecorded { changes: changes(&[("withholding_ground", &["d"])]), note: None };
    refused.apply(&wiped);
    let refused = made(&refused, &organisation(), &Words::default(), &in_time());
    assert_eq!(ticks(&refused, Asks::PersonsTold), ["Nee"]);
    let why = refused.fields.iter().find(|field| field.question.asks == Asks::PersonsNotToldWhy).unwrap();
    insta::assert_snapshot!(why.copy_text().unwrap(), @r"
    Grond van UAVG art. 41(1): d. strafbare feiten.
    Motivering: Kopieën van identiteitsbewijzen zijn waarschijnlijk weg; dat raakt onze mensen hard.
    ");
}

#[test]
fn what_was_written_for_the_report_counts_as_recorded() {
    let dossier = made(&detected(), &organisation(), &words(), &in_time());
    let measures = dossier.fields.iter().find(|field| field.question.asks == Asks::Measures).unwrap();
    assert_eq!(measures.state(), FieldState::Recorded);
    assert!(measures.copy_text().unwrap().starts_with("Wij hebben de computer meteen van het netwerk gehaald"));
}

/// What the case says to who must act is no text for the authority.
#[test]
fn what_a_sensor_saw_is_told_without_orders_or_addresses() {
    let told = |urgency| {
        let mut incident = detected();
        if let Opening::Detected { urgency: stated, summary, .. } = &mut incident.opening {
            *stated = urgency;
            *summary = Text::new("10.1.0.23 … Haal het apparaat van het netwerk.", "Take it off the network.");
        }
        let dossier = made(&incident, &organisation(), &Words::default(), &in_time());
        [Asks::Discovery, Asks::Description].map(|asks| {
            let field = dossier.fields.iter().find(|field| field.question.asks == asks).unwrap();
            assert_eq!(field.state(), FieldState::Derived);
            field.copy_text().unwrap()
        })
    };
    let [discovery, description] = told(Urgency::Critical);
    insta::assert_snapshot!(discovery, @"Een sensor die het uitgaande netwerkverkeer bekijkt, zag op 27 maart 2026 dat een computer in ons netwerk verbinding hield met een adres dat waarschijnlijk van aanvallers is.");
    assert!(description.starts_with(&discovery), "{description}");
    for text in told(Urgency::Low).into_iter().chain([description]) {
        assert!(!text.contains("Haal ") && !text.contains("10.1.0.23"), "{text}");
    }
}

/// An opening of before does not say when what the sensor saw came in.
#[test]
fn when_it_came_in_is_said_where_that_is_on_file() {
    for is_on_file in [true, false] {
        let mut incident = detected();
        if let Opening::Detected { detected_at, .. } = &mut incident.opening
            && !is_on_file
        {
            *detected_at = None;
        }
        let dossier = made(&incident, &organisation(), &Words::default(), &in_time());
        let text = dossier.document().to_text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.contains("Toen kwam binnen wat de sensor zag"), is_on_file, "{text}");
        assert_eq!(text.contains("Dit is het eerste moment dat wij kennen"), !is_on_file, "{text}");
    }
}

#[test]
fn severity_is_proposed_until_a_person_says_it() {
    let organisation = organisation();
    let mut incident = detected();
    let packs = law::Packs::builtin().unwrap();
    let situation = Situation { facts: incident.facts.clone(), ..Situation::default() };
    let mut verdict = law::assess(packs.in_force(at("2026-03-27T17:00:00Z")).unwrap(), &situation);
    verdict.proposed = vec![(Fact::Likelihood, "likely"), (Fact::Severity, "very_large")];
    let severity = |incident: &Incident| {
        let made_at = in_time();
        let (verdict, words) = (Some(&verdict), &Words::default());
        let case = Case { incident, verdict, organisation: &organisation, words, made_at: &made_at };
        let dossier = dossier_for(&case, form(AP).unwrap(), Purpose::First);
        let field = dossier.fields.iter().find(|field| field.question.asks == Asks::Severity).unwrap();
        (ticks(&dossier, Asks::Severity), field.state(), field.note.clone())
    };
    let (recorded, state, _) = severity(&incident);
    assert_eq!((recorded, state), (vec!["Aanzienlijk".to_owned()], FieldState::Recorded));
    let mut stamped = incident.timeline.last().unwrap().clone();
    stamped.event = Event::FactsRecorded { changes: BTreeMap::from([(Fact::Severity, None)]), note: None };
    incident.apply(&stamped);
    let (proposed, state, note) = severity(&incident);
    assert_eq!((proposed, state), (vec!["Zeer groot".to_owned()], FieldState::Derived));
    assert!(note.unwrap().nl.contains("Uw organisatie beslist"));
}

/// Every single value of every fact gives a dossier: nothing panics, nothing leads to a box that the form does not have.
#[test]
fn every_value_of_every_fact_gives_a_dossier() {
    let organisation = organisation();
    let mut boxes_seen = 0;
    for fact in Fact::ALL {
        let words: Vec<&str> = match fact.kind() {
            Kind::Truth => vec!["true", "false"],
            Kind::One(choices) | Kind::Many(choices) => choices.iter().map(|choice| choice.key).collect(),
            Kind::Countries => vec!["NL", "SR"],
            Kind::Whole | Kind::Number => vec!["0", "7"],
        };
        for word in words {
            let mut incident = reported();
            let mut stamped = incident.timeline.last().unwrap().clone();
            stamped.event = Event::FactsRecorded { changes: changes(&[(fact.key(), &[word])]), note: None };
            incident.apply(&stamped);
            let dossier = made(&incident, &organisation, &Words::default(), &in_time());
            for field in &dossier.fields {
                for tick in field.content().iter().flat_map(|content| &content.ticks) {
                    assert!(
                        field.question.boxes.iter().any(|tickbox| tickbox.nl == *tick),
                        "{} {word}: {tick}",
                        fact.key()
                    );
                    boxes_seen += 1;
                }
            }
        }
    }
    assert!(boxes_seen > 1000, "{boxes_seen}");
}
