//! What hosts say of themselves.

use wire::event::Kind;

use crate::build::*;

#[test]
fn an_announcement_names_its_host_and_the_flow_its_protocol() {
    let announced = b"\0\0\x84\0\0\0\0\x01\0\0\0\0\x08Printer1\x05local\0\0\x01\x80\x01\0\0\0\x78\0\x04\x0a\0\0\x09";
    let (events, stats) = run(&[udp(0, true, 5353, 5353, announced), udp(9, true, 5353, 5353, announced)]);
    assert_eq!(story(&events), ["0 begins", "0 host printer1", "0 host printer1", "0 EndOfInput"]);
    let Kind::HostName(told) = &events[1].kind else { panic!("{events:?}") };
    assert_eq!(told.ip, Some([10, 0, 0, 9].into()));
    assert_eq!((flows(&events)[0].application, stats.malformed), (Some("mdns"), 0));
}

#[test]
fn announcements_without_end_are_read_for_a_while() {
    let announced = b"\0\0\x84\0\0\0\0\x01\0\0\0\0\x08Printer1\x05local\0\0\x01\x80\x01\0\0\0\x78\0\x04\x0a\0\0\x09";
    let frames: Vec<_> = (0..1000).map(|at| udp(at, true, 5353, 5353, announced)).collect();
    let told = run(&frames).0.iter().filter(|event| matches!(event.kind, Kind::HostName(_))).count();
    assert!((2..300).contains(&told), "{told}");
}
