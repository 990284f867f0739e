//! Syslog of several senders at once: what one says of its own lines holds for no other's.

use std::io::Write;
use std::net::{TcpStream, UdpSocket};

use collect::{Options, Receivers};
use wire::event::Event;

use crate::{any_port, line, now};

/// Reads until so many messages came in all, and gives the clients that were told of.
fn clients(receivers: &mut Receivers, messages: u64) -> Vec<String> {
    let mut clients = Vec::new();
    for _ in 0..200 {
        receivers.read(now(), &mut |event: Event| clients.push(event.conversation.client.ip.to_string()));
        if receivers.sources().iter().map(|one| one.tally.messages).sum::<u64>() >= messages {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(10));
    }
    clients.sort();
    clients
}

#[test]
fn a_header_of_zeek_over_a_connection_holds_for_no_other_sender_and_is_forgotten_with_it() {
    let options = Options { syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [at] = receivers.addresses()[..] else { unreachable!("one address") };
    let mut odd = TcpStream::connect(at).unwrap();
    odd.write_all(b"#separator \\x09\n").unwrap();
    assert!(clients(&mut receivers, 1).is_empty());
    let mut firewall = TcpStream::connect(at).unwrap();
    writeln!(firewall, "{}", line(1)).unwrap();
    UdpSocket::bind(any_port()).unwrap().send_to(line(2).as_bytes(), at).unwrap();
    assert_eq!(clients(&mut receivers, 3), ["192.168.20.1", "192.168.20.2"]);
    // Closed, its number is the next one's.
    drop(odd);
    clients(&mut receivers, 3);
    let mut next = TcpStream::connect(at).unwrap();
    writeln!(next, "{}", line(3)).unwrap();
    writeln!(firewall, "{}", line(4)).unwrap();
    assert_eq!(clients(&mut receivers, 5), ["192.168.20.3", "192.168.20.4"]);
    assert_eq!(receivers.sources()[0].tally.unread, 0);
}
