//! Frames from an interface: the machine's own loopback.

use std::net::UdpSocket;
use std::time::Duration;

use capture::{Interface, LiveOptions, OpenError, wait};
use wire::event::Transport;

#[test]
fn what_is_sent_over_the_loopback_is_read_once_whole_and_with_its_time() {
    let opened = Interface::open("lo", LiveOptions { ring_mebibytes: 4, ..LiveOptions::default() });
    if let Err(OpenError::NotAllowed(_)) = &opened {
        println!("skipped: no right to read an interface (needs root or CAP_NET_RAW)");
        return;
    }
    let mut lo = opened.unwrap();
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = receiver.local_addr().unwrap().port();
    let datagrams = [vec![7; 100], vec![8; 40_000]];
    for datagram in &datagrams {
        sender.send_to(datagram, ("127.0.0.1", port)).unwrap();
    }
    let mut seen = Vec::new();
    for _ in 0..100 {
        wait([&lo], Duration::from_millis(100)).unwrap();
        lo.read(&mut |frame| {
            let Ok(Some(packet)) = wire::frame::decode(&frame) else { return };
            if packet.transport == Transport::Udp && packet.destination.port == port {
                assert_eq!(frame.wire_length as usize, frame.bytes.len(), "whole");
                assert!(frame.at.as_second() > 1_700_000_000, "{}", frame.at);
                seen.push(packet.payload.to_vec());
            }
        });
        if seen.len() >= datagrams.len() {
            break;
        }
    }
    assert_eq!(seen, datagrams, "each of them once");
    let counted = lo.counted();
    assert!(counted.packets >= 2 && counted.bytes > 40_000, "{counted:?}");
    assert_eq!(lo.look(), None);
    assert!(lo.is_up());
}

#[test]
fn a_name_that_is_none_and_an_interface_that_is_not_there_are_told_apart() {
    for name in ["", ".", "..", "../../etc", "an interface", "longer-than-any-is"] {
        assert!(matches!(Interface::open(name, LiveOptions::default()), Err(OpenError::Name(_))), "{name:?}");
    }
    let absent = Interface::open("nosuch0", LiveOptions::default()).unwrap_err();
    assert!(matches!(absent, OpenError::Absent(_)), "{absent}");
    assert!(absent.to_string().contains("nosuch0"));
}
