//! Personal data on its way out: the innocent first.

use jiff::Timestamp;
use wire::{
    PersonalCategory as Category, PersonalCount as Count, PersonalFound as Found,
    event::{Conversation, Endpoint, Event, FlowId, Kind as Seen, Login, LoginOutcome, PersonalData, Transport},
};

use super::{Findings, Settings, Watch, intel, lines, office};
use crate::{Alarm, Severity};

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
    let data = PersonalData { carrier, is_from_client, name: None, found: Found(found) };
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
    insta::assert_snapshot!(detection.summary.nl, @"10.0.0.5 stuurt persoonsgegevens leesbaar over internet naar 203.0.113.9: 201 burgerservicenummers, 1 rekeningnummer, 1 geboortedatum (geteld over 2 berichten; wat in meer dan één staat, telt vaker mee). Wie onderweg meeleest, ziet ze. Gebruik een versleutelde verbinding, ga na of de ontvanger ze mocht hebben, en beoordeel of dit een datalek is.");
    insta::assert_snapshot!(detection.summary.en, @"10.0.0.5 sends personal data readable across the internet to 203.0.113.9: 201 citizen service numbers, 1 bank account, 1 date of birth (counted over 2 messages; what stands in several counts several times). Whoever listens on the way sees them. Use an encrypted connection, find out whether the receiver was to have them, and judge whether this is a data breach.");
    // A file fetched over a connection that the other side opened goes out as well; dates alone are a list.
    let other = [sent(OUTSIDE, "10.0.0.1", "text", false, &[(Category::BirthDate, 40)])];
    assert_eq!(lines(&watch(&other, Settings::default())), ["cleartext_personal_data low 10.0.0.1 203.0.113.9"]);
}

#[test]
fn many_numbers_cannot_wait_and_few_can() {
    let (bsn, iban, card) = (Category::Bsn, Category::Iban, Category::CreditCard);
    let (dates, addresses) = ((Category::BirthDate, 500), (Category::Email, 500));
    type Found<'a> = &'a [(Category, u64)];
    let table: [(Found<'_>, Severity, Alarm); 9] = [
        (&[(bsn, 1)], Severity::Medium, Alarm::Digest),
        (&[(bsn, 19)], Severity::Medium, Alarm::Digest),
        (&[(bsn, 20)], Severity::High, Alarm::Now),
        (&[(bsn, 10), (iban, 9)], Severity::Medium, Alarm::Digest),
        (&[(bsn, 10), (iban, 10)], Severity::High, Alarm::Now),
        (&[(bsn, 1), (iban, 10), (card, 9)], Severity::High, Alarm::Now),
        // Who a bank account belongs to does not stand in it; dates and addresses beside a number are not counted.
        (&[(iban, 500), (card, 500)], Severity::Medium, Alarm::Digest),
        (&[(bsn, 1), dates, addresses], Severity::Medium, Alarm::Digest),
        (&[(bsn, 12), (iban, 7), dates], Severity::Medium, Alarm::Digest),
    ];
    for (sent_out, severity, alarm) in table {
        let found = watch(&[sent("10.0.0.5", OUTSIDE, "http", true, sent_out)], Settings::default());
        let told: Vec<_> = found.detections.iter().map(|one| one.severity).collect();
        assert_eq!(told, [severity], "{sent_out:?}");
        let cases: Vec<_> = found.cases.iter().map(|case| (case.severity, case.alarm)).collect();
        assert_eq!(cases, [(severity, alarm)], "{sent_out:?}");
    }
    // The same number said twenty times in one message is one number.
    let mut again = sent("10.0.0.5", OUTSIDE, "http", true, &[]);
    let Seen::PersonalData(data) = &mut again.kind else { panic!("no personal data") };
    data.found = Found(vec![(bsn, Count { occurrences: 20, distinct: 1 })]);
    assert_eq!(watch(&[again], Settings::default()).detections[0].severity, Severity::Medium);
}

#[test]
fn what_leaves_goes_to_the_name_that_was_asked_for() {
    let mut event = sent("10.0.0.5", OUTSIDE, "http", true, &[(Category::Bsn, 1)]);
    let Seen::PersonalData(data) = &mut event.kind else { panic!("no personal data") };
    data.name = Some("portal.example".into());
    let found = watch(&[event], Settings::default());
    assert_eq!(found.detections[0].remote.domain.as_deref(), Some("portal.example"));
}

/// A log-in at this place, whose readable password is as severe as a few numbers, and surer.
fn login(server: &str) -> Event {
    let login = Login {
        protocol: "pop3",
        mechanism: "USER/PASS",
        name: None,
        account: Some("j…".to_owned()),
        account_key: 1,
        is_readable: true,
        has_secret: true,
        tries: 1,
        outcome: LoginOutcome::Accepted,
    };
    Event { kind: Seen::Login(login), ..sent("10.0.0.5", server, "text", true, &[]) }
}

#[test]
fn personal_data_are_told_before_log_ins() {
    let logins = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"].map(login);
    for count in [1, 40] {
        let mut events = logins.to_vec();
        events.push(sent("10.0.0.5", OUTSIDE, "http", true, &[(Category::Bsn, count)]));
        let found = watch(&events, Settings::default());
        let [case] = found.cases.as_slice() else { panic!("{found:#?}") };
        let (nl, en) = (case.summary.nl.to_string(), case.summary.en.to_string());
        let (personal, login) = (nl.find("burgerservicenummer"), nl.find("meldt zich"));
        assert!(personal.is_some() && personal < login, "{nl}");
        let (personal, login) = (en.find("citizen service number"), en.find("logs in"));
        assert!(personal.is_some() && personal < login, "{en}");
    }
}

#[test]
fn much_that_is_readable_makes_nobody_an_attacker() {
    let mut stream = office();
    stream.tls(10.0, "10.0.0.7", "203.0.113.70", Some("one.example"), "x", 500, 100);
    let mut watch = Watch::new(Settings { intel: intel("203.0.113.64/26"), ..Settings::default() });
    watch.event(&sent("10.0.0.7", OUTSIDE, "http", true, &[(Category::Bsn, 40)]));
    stream.events().iter().for_each(|event| watch.event(event));
    let found = watch.finish();
    let [case] = found.cases.as_slice() else { panic!("{found:#?}") };
    assert_eq!((case.severity, case.alarm, case.detections.len()), (Severity::High, Alarm::Now, 2));
    assert!(case.summary.en.starts_with("10.0.0.7 does something suspicious."), "{}", case.summary.en);
    // What was seen of the data stands there, whatever else is the matter.
    assert_eq!(case.proposed_facts.truth(facts::Fact::PersonalData), Some(true));
    assert_eq!(case.proposed_facts.one(facts::Fact::Cause), Some("external_malicious"));
}
