//! Two cases replayed from their events: one known in full and decided, one that was only just reported.

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};

use documents::{Contact, DataProtectionOfficer, Organisation, Reporter, Words};
use facts::{Country, Fact, IncidentId, OrganisationId, Text, UserId, Value};
use incident::{
    Actor, Assessment, Command, Decided, ErasureGround, Event, Imported, Incident, Opening, SaidAt, SaidTold, Stamped,
    Urgency,
};
use law::verdict::{Duty, Outcome, Risk};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn zoned(text: &str) -> Zoned {
    text.parse().unwrap()
}

fn officer() -> Actor {
    Actor::Person { id: UserId("00000000-0000-0000-0000-000000000002".parse().unwrap()), name: "P. de Wit".into() }
}

fn replay(events: &[(&str, Actor, Event)]) -> Incident {
    let history: Vec<Stamped> = events
        .iter()
        .map(|(recorded_at, by, event)| Stamped {
            incident: IncidentId("00000000-0000-0000-0000-000000000001".parse().unwrap()),
            index: None,
            recorded_at: at(recorded_at),
            by: by.clone(),
            event: event.clone(),
        })
        .collect();
    Incident::replay(OrganisationId("00000000-0000-0000-0000-000000000003".parse().unwrap()), &history).unwrap()
}

pub(crate) fn changes(facts: &[(&str, &[&str])]) -> BTreeMap<Fact, Option<Value>> {
    facts
        .iter()
        .map(|(key, words)| {
            let fact = Fact::from_key(key).unwrap();
            (fact, Some(fact.read(words).unwrap()))
        })
        .collect()
}

/// Taken over from a register that named days only: reported, and closed.
pub(crate) fn imported() -> Incident {
    let day = |text: &str| Some(SaidAt { at: at(text), is_day: true });
    let imported = Imported {
        file: "register.xlsx".into(),
        row: 7,
        number: Some("2019-3".into()),
        authority: SaidTold {
            was_told: Some(true),
            at: day("2019-01-03T23:00:00Z"),
            what: Some("AP-1".into()),
            count: None,
        },
        subjects: SaidTold { count: Some(12), ..SaidTold::default() },
        is_closed: true,
        closed_at: day("2019-01-31T23:00:00Z"),
        ..Imported::default()
    };
    let opening = Opening::Imported(Box::new(imported));
    replay(&[("2026-11-20T08:00:00Z", officer(), Event::Opened { number: 3, title: "Brief".into(), opening })])
}

/// The same incident closed, whatever is left to do.
pub(crate) fn closed(mut incident: Incident) -> Incident {
    let event = Event::Closed { lessons: "Geen".into() };
    let (id, by, now) = (incident.id, officer(), at("2029-06-01T08:00:00Z"));
    incident.apply(&Stamped { incident: id, index: None, recorded_at: now, by, event });
    incident
}

/// The same incident erased as its term ended.
pub(crate) fn erased(mut incident: Incident) -> Incident {
    let (id, now) = (incident.id, at("2031-06-01T08:00:00Z"));
    let command = Command::Erase { ground: ErasureGround::TermEnded, years: 5, reason: String::new() };
    for event in incident.decide(command, &Actor::Program, now).unwrap() {
        incident.apply(&Stamped { incident: id, index: None, recorded_at: now, by: Actor::Program, event });
    }
    incident
}

/// The sensor saw an infected host; the facts are in, persons decided.
pub(crate) fn detected() -> Incident {
    let facts: &[(&str, &[&str])] = &[
        ("security_incident", &["true"]),
        ("personal_data", &["true"]),
        ("role", &["controller"]),
        ("confidentiality", &["likely"]),
        ("integrity", &["none"]),
        ("availability", &["none"]),
        ("incident_type", &["data_exfiltration"]),
        ("cause", &["external_malicious"]),
        ("exfiltration", &["likely"]),
        ("recipient", &["malicious"]),
        ("data", &["name", "contact", "address", "national_id", "id_document", "employment", "health"]),
        ("subjects_min", &["38"]),
        ("subjects_max", &["52"]),
        ("records", &["52"]),
        ("groups", &["employees", "former_employees", "applicants"]),
        ("identification", &["maximum"]),
        ("protection", &["none"]),
        ("consequences", &["identity_fraud", "phishing", "loss_of_control", "distress"]),
        ("severity", &["considerable"]),
        ("likelihood", &["likely"]),
        ("countries", &["NL", "BE"]),
    ];
    let assessment = Assessment {
        law: "avg".into(),
        law_version: "1".into(),
        is_historical: false,
        breach: facts::Truth::True,
        outcomes: BTreeMap::from([
            (Duty::Document, Outcome::Required),
            (Duty::NotifyAuthority, Outcome::Required),
            (Duty::InformSubjects, Outcome::Required),
            (Duty::NotifyControllers, Outcome::NotRequired),
        ]),
        risk: Some(Risk::High),
        verdict_json: "{}".into(),
        situation_json: "{}".into(),
    };
    replay(&[
        (
            "2026-03-27T14:25:10Z",
            Actor::Program,
            Event::Opened {
                number: 7,
                title: "Werkplek van de personeelsadministratie praat met een bekend adres van inbrekers".into(),
                opening: Opening::Detected {
                    case: "4f2a".into(),
                    urgency: Urgency::High,
                    host: "10.1.0.23".into(),
                    summary: Text::new(
                        "Werkplek 10.1.0.23 nam om de 60 seconden contact op met cdn-sync.example, dat op een dreigingslijst \
                         staat, en verstuurde 412 MB.",
                        "Workstation 10.1.0.23 contacted cdn-sync.example, which is on a threat list, every 60 seconds, and \
                         sent 412 MB.",
                    ),
                    detections: vec![("a1".into(), "00".repeat(32)), ("b2".into(), "11".repeat(32))],
                    first_at: at("2026-03-27T03:12:44Z"),
                    last_at: at("2026-03-27T14:20:02Z"),
                    detected_at: Some(at("2026-03-27T14:05:00Z")),
                },
            },
        ),
        (
            "2026-03-27T14:40:00Z",
            officer(),
            Event::AwarenessSet {
                at: at("2026-03-27T14:20:00Z"),
                is_estimated: false,
                reason: "De beheerder zag dat de map Personeel was gekopieerd.".into(),
            },
        ),
        ("2026-03-27T15:30:00Z", officer(), Event::FactsRecorded { changes: changes(facts), note: None }),
        ("2026-03-27T15:31:00Z", Actor::Program, Event::Assessed(Box::new(assessment))),
        (
            "2026-03-27T16:02:00Z",
            officer(),
            Event::Decided(Decided {
                duties: BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, true)]),
                departs: Vec::new(),
                motivation: "Kopieën van identiteitsbewijzen zijn waarschijnlijk weg; dat raakt onze mensen hard."
                    .into(),
                ..Decided::default()
            }),
        ),
    ])
}

/// Somebody reported a mail to the wrong address; little is known yet.
pub(crate) fn reported() -> Incident {
    let facts: &[(&str, &[&str])] =
        &[("incident_type", &["sent_by_mistake"]), ("confidentiality", &["confirmed"]), ("data", &["name", "payment"])];
    replay(&[
        (
            "2026-10-24T21:10:00Z",
            Actor::Reporter { name: None },
            Event::Opened {
                number: 8,
                title: "Mail naar verkeerde klant".into(),
                opening: Opening::Reported {
                    what: "Ik heb de facturenlijst van september naar de verkeerde klant gemaild.".into(),
                    when_said: Some("vanavond rond elf uur".into()),
                    whose_said: Some("ongeveer twintig klanten, met rekeningnummers".into()),
                    done_said: Some("Meteen gebeld en gevraagd de mail te wissen.".into()),
                    contact: None,
                },
            },
        ),
        ("2026-10-25T00:30:00Z", officer(), Event::FactsRecorded { changes: changes(facts), note: None }),
    ])
}

/// A profile with everything in it.
pub(crate) fn organisation() -> Organisation {
    Organisation {
        name: "Gemaal & Zonen B.V.".into(),
        address: vec!["Dijkweg 12".into(), "1234 AB Waterdorp".into()],
        kvk: Some("12345678".into()),
        country: Some(Country::NL),
        sector: Some("zakelijke dienstverlening".into()),
        fg: Some(DataProtectionOfficer {
            name: Some("mr. A. Sluis".into()),
            registration: Some("FG001234".into()),
            email: None,
        }),
        reporter: Reporter {
            name: Some("P. de Wit".into()),
            function: Some("directeur".into()),
            email: Some("p.dewit@gemaal.example".into()),
            phone: Some("010 000 00 00".into()),
        },
        contact: Contact {
            name: Some("het privacyteam".into()),
            function: None,
            email: Some("privacy@gemaal.example".into()),
            phone: Some("010 000 00 01".into()),
        },
        ..Organisation::default()
    }
}

/// A profile with a name alone.
pub(crate) fn bare_organisation() -> Organisation {
    Organisation { name: "Kwelder Catering".into(), ..Organisation::default() }
}

/// What people wrote, so that the letter can go out.
pub(crate) fn words() -> Words {
    Words {
        measures_taken: Some(
            "Wij hebben de computer meteen van het netwerk gehaald en alle wachtwoorden vervangen. Een onderzoeker zoekt uit \
             wat er precies is weggehaald."
                .into(),
        ),
        measures_planned: Some("Wij bewaren geen kopieën van identiteitsbewijzen meer op werkplekken.".into()),
        ..Words::default()
    }
}
