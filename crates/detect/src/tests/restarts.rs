//! A watch that goes on where another left off: the same things are not told as others.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use wire::event::Kind as EventKind;

use super::*;
use crate::memory::Writer;

fn settings() -> Settings {
    Settings { intel: intel(EVIL), ..Settings::default() }
}

fn start() -> Timestamp {
    "2026-10-19T06:30:00Z".parse().unwrap()
}

/// One host calls a listed place, at moments as a live interface gives them: to the nanosecond.
fn traffic() -> Vec<Event> {
    let mut stream = Stream::default();
    stream.tls(1.0, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190);
    stream.tls(61.0, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190);
    let mut events = stream.events();
    let uneven = SignedDuration::from_nanos(783);
    for event in &mut events {
        event.at += uneven;
        if let EventKind::FlowEnded(flow) = &mut event.kind {
            flow.first_at += uneven;
            flow.last_at += uneven;
        }
    }
    events
}

/// Ethernet addresses are told with the end of a conversation.
fn without_cards(events: &[Event]) -> Vec<Event> {
    events.iter().filter(|event| !matches!(event.kind, EventKind::FlowEnded(_))).cloned().collect()
}

fn run(watch: &mut Watch, events: &[Event]) {
    events.iter().for_each(|event| watch.event(event));
}

fn later(event: &Event) -> Event {
    let mut event = event.clone();
    let hours = SignedDuration::from_hours(3);
    event.at += hours;
    if let EventKind::FlowEnded(flow) = &mut event.kind {
        flow.first_at += hours;
        flow.last_at += hours;
    }
    event
}

#[test]
fn the_same_traffic_after_a_restart_is_no_news_though_the_host_is_known_by_less_at_first() {
    let events = traffic();
    let mut watch = Watch::new(settings());
    run(&mut watch, &events);
    let before = watch.news(start());
    assert_eq!((before.detections.len(), before.cases.len()), (1, 1));
    assert!(before.cases[0].host.mac.is_some(), "its story is that of its card");

    let mut restarted = Watch::with_memory(settings(), &watch.memory()).unwrap();
    run(&mut restarted, &without_cards(&events));
    assert_eq!(restarted.news(start()), Findings::default(), "the card is not known yet");
    // Nor after a second one, that came before the card showed.
    let mut restarted = Watch::with_memory(settings(), &restarted.memory()).unwrap();
    run(&mut restarted, &events);
    assert_eq!(restarted.news(start() + SignedDuration::from_hours(2)), Findings::default());

    // What is new is told under the ids that are known.
    let mut restarted = Watch::with_memory(settings(), &restarted.memory()).unwrap();
    let more: Vec<Event> = events.iter().map(later).collect();
    run(&mut restarted, &without_cards(&more));
    let after = restarted.news(start() + SignedDuration::from_hours(3));
    assert_eq!(after.detections[0].id, before.detections[0].id);
    assert_eq!(after.cases.len(), 1);
    assert_eq!(after.cases[0].id, before.cases[0].id);
    assert_eq!(after.cases[0].detections, before.cases[0].detections);
}

#[test]
fn an_address_whose_card_is_another_has_a_story_of_its_own() {
    let events = traffic();
    let mut watch = Watch::new(settings());
    run(&mut watch, &events);
    let before = watch.news(start());
    let mut restarted = Watch::with_memory(settings(), &watch.memory()).unwrap();
    let another = |event: &Event| {
        let mut event = later(event);
        if let EventKind::FlowEnded(flow) = &mut event.kind {
            flow.client_mac = Some([0, 0x1b, 0x21, 7, 7, 7]);
        }
        event
    };
    let others: Vec<Event> = events.iter().map(another).collect();
    run(&mut restarted, &others);
    let after = restarted.news(start() + SignedDuration::from_hours(3));
    assert_ne!(after.cases[0].id, before.cases[0].id);
}

/// A switch between networks puts its own Ethernet address on everybody's frames, and who shows first after a restart passes
/// for all of them.
#[test]
fn the_first_finding_of_another_address_behind_the_same_card_is_told_in_a_case_that_names_it() {
    let events = traffic();
    let mut watch = Watch::new(settings());
    run(&mut watch, &events);
    let before = watch.news(start());
    let mut restarted = Watch::with_memory(settings(), &watch.memory()).unwrap();
    let of_another = |event: &Event| {
        let mut event = event.clone();
        let another = [10, 0, 0, 8].into();
        event.conversation.client.ip = another;
        if let EventKind::FlowEnded(flow) = &mut event.kind {
            flow.conversation.client.ip = another;
        }
        event
    };
    let others: Vec<Event> = events.iter().map(of_another).collect();
    run(&mut restarted, &others);
    let soon = start() + SignedDuration::from_mins(1);
    let after = restarted.news(soon);
    assert_eq!(after.detections.len(), 1);
    assert_ne!(after.detections[0].id, before.detections[0].id);
    let [case] = after.cases.as_slice() else { panic!("{:?}", after.cases) };
    assert_eq!(case.host.ip, after.detections[0].host.ip);
    assert!(case.detections.contains(&after.detections[0].id));
    assert_eq!(restarted.news(soon + SignedDuration::from_mins(1)), Findings::default(), "once");
}

/// What the first version wrote of one finding that was told.
fn old_memory(about: &str, first_at: Timestamp, told_at: Timestamp) -> Vec<u8> {
    let micros = |moment: Timestamp| u64::try_from(moment.as_microsecond()).unwrap();
    let mut to = Writer::new();
    to.u32(0);
    to.i32(i32::MIN);
    to.count(0);
    to.count(1);
    to.text(about);
    to.u64(micros(first_at));
    to.u8(1);
    to.u64(micros(told_at));
    to.severity(Severity::Critical);
    to.u64(micros(told_at));
    to.count(0);
    let mut bytes = to.finish();
    bytes[5] = 1;
    bytes.truncate(bytes.len() - 8);
    let check = Sha256::digest(&bytes);
    bytes.extend(&check[..8]);
    bytes
}

#[test]
fn a_memory_of_the_first_version_is_read_and_no_case_names_only_what_was_never_told() {
    let events = traffic();
    let mut watch = Watch::new(settings());
    run(&mut watch, &events);
    let found = watch.found().0.remove(0);
    let mut restarted = Watch::with_memory(settings(), &old_memory(&found.id, found.first_at, start())).unwrap();
    run(&mut restarted, &events);
    let news = restarted.news(start() + SignedDuration::from_mins(1));
    assert_eq!(news.detections[0].severity, Severity::Critical, "what was told is not taken back");
    let told: BTreeSet<&String> = news.detections.iter().map(|one| &one.id).collect();
    assert!(news.cases[0].detections.iter().all(|id| told.contains(id)));
    // Once: the memory that it writes is exact.
    let mut again = Watch::with_memory(settings(), &restarted.memory()).unwrap();
    run(&mut again, &events);
    assert_eq!(again.news(start() + SignedDuration::from_mins(2)), Findings::default());
}
