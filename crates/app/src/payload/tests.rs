//! What the journal holds is read for ever: every event, and the bodies of programs that came before.

use incident::{Access, Caution, Custody, DetectionsAdded, EvidenceFile, GrownDetection};
use incident::{ErasedEntry, Erasure, ErasureGround, Imported, RetentionKind, SaidAt, SaidTold};

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a literal time")
}

fn incident() -> IncidentId {
    IncidentId(Uuid::from_u128(7))
}

/// A row of a register kept elsewhere, with everything filled in.
fn imported(when: Timestamp) -> Opening {
    let said = |is_day| Some(SaidAt { at: when, is_day });
    let mut facts = facts::Facts::new();
    facts.set(Fact::Data, Value::Many(["name"].into())).expect("a word of the vocabulary");
    Opening::Imported(Box::new(Imported {
        file: "register 2019.xlsx".into(),
        file_sha256: "ab".repeat(32),
        sheet: Some("Blad1".into()),
        row: 12,
        cells: vec![("Datum".into(), "3-4-2019".into()), ("Omschrijving".into(), "Mail\nnaar de verkeerde".into())],
        number: Some("2019-07".into()),
        occurred_from: said(true),
        occurred_to: said(true),
        detected_at: said(false),
        aware_at: said(true),
        facts,
        narrative: Narrative {
            description: Some("Mail".into()),
            measures_taken: Some("Gebeld".into()),
            measures_planned: Some("Opletten".into()),
            late_reason: Some("Vakantie".into()),
        },
        effects: Some("Geen".into()),
        authority: SaidTold { was_told: Some(true), at: said(true), what: Some("AP-1".into()), count: None },
        subjects: SaidTold { was_told: Some(false), at: None, what: None, count: Some(3) },
        motivation: Some("Weinig gegevens".into()),
        decided_by: Some("De directie".into()),
        dpo_advice: Some("Melden".into()),
        lessons: Some("Adres nalezen".into()),
        is_closed: true,
        closed_at: said(true),
    }))
}

/// One event of every kind, with everything filled in.
fn every_event() -> Vec<Event> {
    let when = at("2026-03-27T14:20:00.000001Z");
    vec![
        Event::Opened {
            number: 1,
            title: "Mail".into(),
            opening: Opening::Reported {
                what: "Mail naar de verkeerde".into(),
                when_said: Some("gisteren".into()),
                whose_said: None,
                done_said: Some("gebeld".into()),
                contact: Some("a@b.example".into()),
            },
        },
        Event::Opened {
            number: 2,
            title: "Besmet".into(),
            opening: Opening::Detected {
                case: "c1".into(),
                urgency: Urgency::Critical,
                host: "10.0.0.5".into(),
                summary: Text::new("Besmet", "Infected"),
                detections: vec![("d1".into(), "ab".into())],
                first_at: when,
                last_at: when,
                detected_at: Some(when),
            },
        },
        Event::Opened { number: 3, title: "Uit het oude register".into(), opening: imported(when) },
        Event::FactsRecorded {
            changes: BTreeMap::from([
                (Fact::PersonalData, Some(Value::Truth(true))),
                (Fact::Backup, Some(Value::One("none"))),
                (Fact::Data, Some(Value::Many(["name", "health"].into()))),
                (Fact::Countries, Some(Value::Many(["NL", "BE"].into()))),
                (Fact::SubjectsMin, Some(Value::Whole(3))),
                (Fact::RestoreHours, Some(Value::Number(0.2))),
                (Fact::Vulnerable, None),
            ]),
            note: Some("uit het logboek".into()),
        },
        Event::NarrativeRecorded(Narrative {
            description: Some("Wat er gebeurde".into()),
            measures_taken: None,
            measures_planned: Some("Beter opletten".into()),
            late_reason: None,
        }),
        Event::DetectedAtSet { at: when },
        Event::AwarenessSet { at: when, is_estimated: true, reason: "zeker".into() },
        Event::Assessed(Box::new(Assessment {
            law: "avg".into(),
            law_version: "1".into(),
            is_historical: true,
            breach: facts::Truth::False,
            outcomes: BTreeMap::from([
                (Duty::Document, Outcome::Required),
                (Duty::InformSubjects, Outcome::Undetermined),
            ]),
            risk: Some(Risk::High),
            verdict_json: r#"{"law":{},"breach":"no"}"#.into(),
            situation_json: "{}".into(),
        })),
        Event::Decided(Decided {
            duties: BTreeMap::from([(Duty::NotifyAuthority, true)]),
            departs: vec![Duty::NotifyAuthority],
            motivation: "daarom".into(),
            dpo_followed: Some(false),
            dpo_departure: Some("anders gewogen".into()),
            mandate: Some("gemandateerd door de directie".into()),
        }),
        Event::DocumentMade {
            kind: "brief".into(),
            title: Text::new("Brief", "Letter"),
            sha256: "00".into(),
            size_bytes: 12,
        },
        Event::AuthorityNotified {
            at: when,
            receipt: "AP-1".into(),
            kind: ReportKind::Withdrawal,
            form: "ap-2022-08".into(),
            answers: BTreeMap::from([("aware_at".into(), "27-03-2026 15:20".into())]),
            reason: Some("toch geen datalek".into()),
        },
        Event::AuthorityNotified {
            at: when,
            receipt: "AP-1".into(),
            kind: ReportKind::First,
            form: String::new(),
            answers: BTreeMap::new(),
            reason: None,
        },
        Event::CsirtNotified { step: CsirtStepKind::FinalReport, at: when, receipt: String::new() },
        Event::ControllersWarned { at: when, count: 4, channel: "e-mail".into() },
        Event::TermMet { term: "termijn-1".into(), with: "Verzekeraar".into(), at: when },
        Event::ProcessorInformed { at: when, by: "Lantaarn IT".into() },
        Event::DetectionChecked { is_real: false, note: Some("een test".into()) },
        Event::DetectionsAdded(DetectionsAdded {
            urgency: Urgency::High,
            summary: Text::new("Nog meer", "Even more"),
            detections: vec![("d2".into(), "cd".into())],
            grown: Vec::new(),
            first_at: when,
            last_at: when,
        }),
        Event::DetectionsAdded(DetectionsAdded {
            urgency: Urgency::High,
            summary: Text::new("Veel meer", "Much more"),
            detections: Vec::new(),
            grown: vec![GrownDetection {
                id: "d1".into(),
                urgency: Urgency::Medium,
                figures: BTreeMap::from([("sent_bytes".into(), 9_000_000)]),
            }],
            first_at: when,
            last_at: when,
        }),
        Event::DpoAdvised {
            by_name: "Ferdi".into(),
            advised_at: when,
            advice: "melden".into(),
            advises: BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::NotifyCsirt, false)]),
        },
        Event::NotKnownYet { facts: [Fact::Backup, Fact::Records].into() },
        Event::EnisaAdjusted {
            score: Some(Score {
                dpc: 3,
                ei4: 4,
                cb: Circumstances { confidentiality: 2, integrity: 0, availability: 1, malicious_intent: 2 },
            }),
            reason: "patiënten".into(),
        },
        Event::EnisaAdjusted { score: None, reason: "vergissing".into() },
        Event::SubjectsInformed { at: when, count: 3, channel: "brief".into(), is_correction: false },
        Event::Custody(Custody::Added(EvidenceFile {
            sha256: "ab".into(),
            size_bytes: 12,
            name: "foto \"één\".png".into(),
            media_type: "image/png".into(),
            caution: Some(Caution::Page),
            description: "het scherm".into(),
            origin: "helpdesk".into(),
        })),
        Event::Custody(Custody::Opened { sha256: "ab".into(), access: Access::Downloaded }),
        Event::Custody(Custody::HandedOver { sha256: "ab".into(), to: "politie".into(), reason: "aangifte".into() }),
        Event::Custody(Custody::Checked { intact: vec!["ab".into()], damaged: vec![], missing: vec!["cd".into()] }),
        Event::Custody(Custody::PutRight { sha256: "cd".into() }),
        Event::Custody(Custody::Withdrawn { sha256: "ab".into(), reason: "verkeerd".into() }),
        Event::Noted { text: "let op".into() },
        Event::Closed { lessons: "geleerd".into() },
        Event::Reopened { reason: "nieuw".into() },
        Event::HoldPlaced { reason: "claim".into() },
        Event::HoldReleased { reason: "geschikt".into() },
        Event::Erased(Erasure {
            ground: ErasureGround::Officer,
            kind: RetentionKind::NotNotified,
            years: 5,
            reason: "niet meer nodig".into(),
            number: 12,
            opened_at: when,
            closed_at: Some(when),
            is_closed_day: true,
            entries: 9,
            indices: vec![0, 3, 4],
            persons_told: Some(40),
            holds: vec![incident::HeldFor { placed_at: when, released_at: Some(when) }],
        }),
        Event::EntriesErased {
            ground: ErasureGround::Request,
            reason: "verzoek 17".into(),
            entries: vec![
                ErasedEntry { index: 3, restated: None },
                ErasedEntry {
                    index: 4,
                    restated: Some(Box::new((Actor::Reporter { name: None }, Event::Noted { text: "gebeld".into() }))),
                },
            ],
        },
        Event::Gone { kind: "incident.noted".into() },
    ]
}

#[test]
fn every_event_reads_back_as_it_was_written() {
    let actors = [
        Actor::Person { id: UserId(Uuid::from_u128(9)), name: "Anna".into() },
        Actor::Reporter { name: None },
        Actor::Program,
    ];
    for (event, by) in every_event().into_iter().zip(actors.into_iter().cycle()) {
        let body = write_event(incident(), &by, &event).expect("writes");
        let read = read_event(&body, 4, at("2026-03-28T00:00:00Z")).expect("reads");
        assert_eq!((read.incident, read.index, &read.by, &read.event), (incident(), Some(4), &by, &event));
    }
}

#[test]
fn every_kind_of_entry_has_a_name_in_both_languages() {
    for event in every_event() {
        let name = incident::kind_name(event.kind());
        assert!(!name.nl.contains("incident.") && !name.en.contains('_'), "{}: {name:?}", event.kind());
    }
    assert_eq!(incident::kind_name("incident.of_tomorrow").nl, "incident.of_tomorrow");
}

/// The bytes that version 1 has shipped with: they are under signatures and must never change.
#[test]
fn version_1_keeps_its_bytes() {
    let event = Event::FactsRecorded {
        changes: BTreeMap::from([
            (Fact::PersonalData, Some(Value::Truth(true))),
            (Fact::Data, Some(Value::Many(["name", "health"].into()))),
            (Fact::Vulnerable, None),
        ]),
        note: None,
    };
    let body = write_event(incident(), &Actor::Program, &event).expect("writes");
    assert_eq!(
        str::from_utf8(&body).expect("text"),
        r#"{"v":1,"incident":"00000000-0000-0000-0000-000000000007","by":{"kind":"program"},"event":{"type":"facts_recorded","changes":{"data":["health","name"],"personal_data":true,"vulnerable":null},"note":null}}"#
    );
}

#[test]
fn a_body_of_another_version_or_with_a_strange_word_is_refused_with_its_name() {
    let body = |event: &str| {
        format!(r#"{{"v":1,"incident":"{}","by":{{"kind":"program"}},"event":{event}}}"#, Uuid::nil()).into_bytes()
    };
    let problem = |body: &[u8]| read_event(body, 0, Timestamp::UNIX_EPOCH).expect_err("refused").to_string();
    let strange = body(r#"{"type":"facts_recorded","changes":{"colour":"red"},"note":null}"#);
    assert!(problem(&strange).contains("colour"), "{}", problem(&strange));
    let newer = String::from_utf8(body(r#"{"type":"noted","text":"x"}"#)).expect("text").replace("\"v\":1", "\"v\":2");
    assert!(problem(newer.as_bytes()).contains("version 2"));
}

/// Bodies as programs before this one wrote them: they stand under signatures, and read as what they meant.
#[test]
fn bodies_of_before_are_read_as_what_they_meant() {
    let read = |event: &str| {
        let incident = "00000000-0000-0000-0000-000000000007";
        let by = r#"{"kind":"person","id":"00000000-0000-0000-0000-000000000009","name":"Anna"}"#;
        let body = format!(r#"{{"v":1,"incident":"{incident}","by":{by},"event":{event}}}"#);
        read_event(body.as_bytes(), 0, Timestamp::UNIX_EPOCH).expect("reads").event
    };
    let when = at("2026-03-27T14:20:00Z");
    let decided = r#"{"type":"decided","duties":{"inform_subjects":false,"notify_authority":true},"departs":[],"motivation":"daarom"}"#;
    assert_eq!(
        read(decided),
        Event::Decided(Decided {
            duties: BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, false)]),
            motivation: "daarom".into(),
            ..Decided::default()
        })
    );
    let notified = r#"{"type":"authority_notified","at":"2026-03-27T14:20:00Z","receipt":"AP-1"}"#;
    assert_eq!(
        read(notified),
        Event::AuthorityNotified {
            at: when,
            receipt: "AP-1".into(),
            kind: ReportKind::First,
            form: String::new(),
            answers: BTreeMap::new(),
            reason: None,
        }
    );
}

/// What says nothing is not written, so that a decision without an FG has the bytes it always had.
#[test]
fn what_came_later_is_written_only_where_it_says_something() {
    let decided = Event::Decided(Decided {
        duties: BTreeMap::from([(Duty::NotifyAuthority, true)]),
        motivation: "daarom".into(),
        ..Decided::default()
    });
    let body = write_event(incident(), &Actor::Program, &decided).expect("writes");
    assert_eq!(
        str::from_utf8(&body).expect("text"),
        r#"{"v":1,"incident":"00000000-0000-0000-0000-000000000007","by":{"kind":"program"},"event":{"type":"decided","duties":{"notify_authority":true},"departs":[],"motivation":"daarom"}}"#
    );
}
