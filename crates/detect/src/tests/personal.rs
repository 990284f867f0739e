//! Personal data on its way out: the innocent first.

use jiff::Timestamp;
use wire::{
    PersonalCategory as Category, PersonalCount as Count, PersonalFound as Found,
    event::{Conversation, Endpoint, Event, FlowId, Kind as Seen, PersonalData, Transport},
};

use super::{Findings, Settings, Watch, lines};

const OUTSIDE: &str = "203.0.113.9";

fn sent(client: &str, server: &str, carrier: &'static str, is_from_client: bool, found: &[(Category, u64)]) -> Event {
    let at: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    let conversation = Conversation {
        transport: Transport::Tcp,
        client: Endpoint { ip: client.parse().unwrap(), port: 50_000 },
        server: Endpoint { ip: server.parse().unwrap(), port: 80 },
    };
    let found =
        found.iter().map(|(category, count)| (*category, Count { occurrences: *count, distinct: *count })).collect();
    let data = PersonalData { carrier, is_from_client, found: Found(found) };
    Event { at, flow: FlowId(1), conversation, kind: Seen::PersonalData(data) }
}

fn watch(events: &[Event], settings: Settings) -> Findings {
    let mut watch = Watch::new(settings);
    events.iter().for_each(|event| watch.event(event));
    watch.finish()
}

#[test]
fn what_stays_inside_comes_in_or_is_little_is_no_finding() {
    let bsn = [(Category::Bsn, 3)];
    for event in [
        sent("10.0.0.5", "10.0.0.1", "http", true, &bsn),
        sent(OUTSIDE, "10.0.0.1", "http", true, &bsn),
        sent("10.0.0.5", OUTSIDE, "text", false, &bsn),
        sent("10.0.0.5", OUTSIDE, "http", true, &[(Category::BirthDate, 1), (Category::Email, 5)]),
        sent("10.0.0.5", OUTSIDE, "smtp", true, &[(Category::Email, 500)]),
    ] {
        assert_eq!(lines(&watch(&[event], Settings::default())), [""; 0]);
    }
    let settings = Settings { looks_into_content: false, ..Settings::default() };
    assert_eq!(lines(&watch(&[sent("10.0.0.5", OUTSIDE, "http", true, &bsn)], settings)), [""; 0]);
}

#[test]
fn what_leaves_is_one_finding_a_place_with_counts() {
    let events = [
        sent("10.0.0.5", OUTSIDE, "http", true, &[(Category::Bsn, 1), (Category::BirthDate, 1)]),
        sent("10.0.0.5", OUTSIDE, "smtp", true, &[(Category::Bsn, 200), (Category::Iban, 1)]),
    ];
    let found = watch(&events, Settings::default());
    let [detection] = found.detections.as_slice() else { panic!("{found:#?}") };
    assert_eq!(detection.evidence["bsn"], crate::Figure::Whole(201));
    insta::assert_snapshot!(detection.summary.nl, @"10.0.0.5 stuurt persoonsgegevens leesbaar over internet naar 203.0.113.9: 201 burgerservicenummers, 1 rekeningnummer, 1 geboortedatum. Wie onderweg meeleest, ziet ze. Gebruik een versleutelde verbinding, ga na of de ontvanger ze mocht hebben, en beoordeel of dit een datalek is.");
    insta::assert_snapshot!(detection.summary.en, @"10.0.0.5 sends personal data readable across the internet to 203.0.113.9: 201 citizen service numbers, 1 bank account, 1 date of birth. Whoever listens on the way sees them. Use an encrypted connection, find out whether the receiver was to have them, and judge whether this is a data breach.");
    // A file fetched over a connection that the other side opened goes out as well; dates alone are a list.
    let other = [sent(OUTSIDE, "10.0.0.1", "text", false, &[(Category::BirthDate, 40)])];
    assert_eq!(lines(&watch(&other, Settings::default())), ["cleartext_personal_data low 10.0.0.1 203.0.113.9"]);
}
