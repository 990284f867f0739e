//! Sockets and files as devices use them.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod rotation;
mod syslog;
mod twice;

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use capture::Input;
use collect::{LogInput, Options, Origin, Receivers, Why, log_format, read_logs};
use detect::Cidr;
use jiff::Timestamp;
use logs::{Format, Settings};
use wire::event::{Event, Kind};

fn now() -> Timestamp {
    "2026-10-19T06:00:10Z".parse().unwrap()
}

fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

/// Reads until that many events came, or long enough.
fn wait_for(receivers: &mut Receivers, wanted: usize) -> Vec<Event> {
    let mut events = Vec::new();
    for _ in 0..200 {
        receivers.read(now(), &mut |event| events.push(event));
        if events.len() >= wanted {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(10));
    }
    events
}

fn line(number: u32) -> String {
    format!(
        "<134>Oct 19 08:00:0{} filterlog[9]: 4,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,192.168.20.{number},203.0.113.9,50001,443,0,S,1,,64240,,mss",
        number % 10
    )
}

/// One record of NetFlow v5, a SYN that nobody answered, of a router whose clock shows that.
fn syn(seconds: u32) -> Vec<u8> {
    let mut packet = vec![0, 5, 0, 1];
    for part in [1_000_000u32, seconds, 0, 1, 0] {
        packet.extend(part.to_be_bytes());
    }
    packet.extend([192, 168, 20, 21, 203, 0, 113, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 60]);
    packet.extend(999_000u32.to_be_bytes());
    packet.extend(999_000u32.to_be_bytes());
    packet.extend([195, 80, 1, 187, 0, 2, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    packet
}

#[test]
fn routers_and_firewalls_are_heard_and_strangers_are_not() {
    let options = Options { netflow: vec![any_port()], syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [netflow, syslog] = receivers.addresses()[..] else { unreachable!("two addresses") };
    let sender = UdpSocket::bind(any_port()).unwrap();
    let packet = syn(1_792_389_610);
    sender.send_to(&packet, netflow).unwrap();
    sender.send_to(line(1).as_bytes(), syslog).unwrap();
    let mut connection = TcpStream::connect(syslog).unwrap();
    let second = line(2);
    write!(connection, "{}\n{} {second}", line(3), second.len()).unwrap();
    drop(connection);
    let mut events = wait_for(&mut receivers, 3);
    receivers.finish(&mut |event| events.push(event));
    let mut clients: Vec<String> = events.iter().map(|event| event.conversation.client.ip.to_string()).collect();
    clients.sort();
    assert_eq!(clients, ["192.168.20.1", "192.168.20.2", "192.168.20.21", "192.168.20.3"]);
    let [flows, lines] = receivers.sources() else { unreachable!("a source each") };
    assert_eq!((flows.origin, lines.origin), (Origin::Netflow, Origin::Syslog));
    assert_eq!((flows.name.parse(), lines.name.parse()), (Ok(netflow), Ok(syslog)));
    assert!(flows.tally.disbeliefs.is_empty());
    let counted = |one: &collect::Source| (one.tally.messages, one.tally.flows, one.tally.unread, one.tally.strangers);
    assert_eq!((counted(flows), counted(lines)), ((1, 1, 0, 0), (3, 3, 0, 0)));
    assert_eq!(lines.tally.formats.iter().copied().collect::<Vec<_>>(), [Format::Filterlog]);
    assert_eq!(lines.tally.heard_at, Some(now()));
}

#[test]
fn a_router_whose_clock_is_not_believed_is_named_with_its_source() {
    let options = Options { netflow: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [netflow] = receivers.addresses()[..] else { unreachable!("one address") };
    UdpSocket::bind(any_port()).unwrap().send_to(&syn(9), netflow).unwrap();
    for _ in 0..100 {
        wait_for(&mut receivers, 1);
        if receivers.sources()[0].tally.messages > 0 {
            break;
        }
    }
    let disbeliefs = &receivers.sources()[0].tally.disbeliefs;
    let (exporter, disbelief) = disbeliefs.iter().next().unwrap();
    assert_eq!((exporter.to_string().as_str(), disbelief.why, disbelief.heard_at), ("127.0.0.1", Why::Off, now()));
    assert_eq!(disbelief.records, 1);
}

#[test]
fn what_is_not_read_is_counted_where_it_came_in() {
    let options = Options { netflow: vec![any_port()], syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [netflow, syslog] = receivers.addresses()[..] else { unreachable!("two addresses") };
    let sender = UdpSocket::bind(any_port()).unwrap();
    sender.send_to(b"no flow records", netflow).unwrap();
    sender.send_to(format!("what is this\n{}", line(1)).as_bytes(), syslog).unwrap();
    wait_for(&mut receivers, 1);
    let unread: Vec<_> = receivers.sources().iter().map(|one| (one.tally.messages, one.tally.unread)).collect();
    assert_eq!(unread, [(1, 1), (2, 1)]);
}

#[test]
fn lines_of_a_firewall_that_tell_nothing_are_counted_by_why_where_they_came_in() {
    let options = Options { syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [at] = receivers.addresses()[..] else { unreachable!("one address") };
    let sender = UdpSocket::bind(any_port()).unwrap();
    let knocks = line(1).replace("pass", "block").replace("192.168.20.1,203.0.113.9", "198.51.100.7,203.0.113.9");
    sender.send_to(format!("{knocks}\n{knocks}\n{}", line(2)).as_bytes(), at).unwrap();
    assert_eq!(wait_for(&mut receivers, 1).len(), 1);
    let tally = &receivers.sources()[0].tally;
    let unused: Vec<_> = tally.unused.all().collect();
    assert_eq!((tally.messages, tally.unread, unused), (3, 0, vec![(logs::Unused::Knocking, 2)]));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_lets_go_at_a_socket_that_is_not_read_in_time_is_counted() {
    let options = Options { netflow: vec![any_port()], syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [flooded, quiet] = receivers.addresses()[..] else { unreachable!("two addresses") };
    let sender = UdpSocket::bind(any_port()).unwrap();
    sender.send_to(line(1).as_bytes(), quiet).unwrap();
    // Much more than any buffer that the system gives holds.
    let sent: u64 = 60_000;
    for _ in 0..sent {
        sender.send_to(&[0; 1_400], flooded).unwrap();
    }
    let mut before = 0;
    for _ in 0..100 {
        wait_for(&mut receivers, 1);
        receivers.look_at_drops();
        if std::mem::replace(&mut before, receivers.sources()[0].tally.messages) == before {
            break;
        }
    }
    let [flows, lines] = receivers.sources() else { unreachable!("a source each") };
    assert!(flows.tally.kernel_drops > 0);
    assert_eq!(flows.tally.messages + flows.tally.kernel_drops, sent, "none is unaccounted for");
    assert_eq!(lines.tally.kernel_drops, 0);
}

#[test]
fn an_input_of_which_no_line_is_understood_is_told_and_so_is_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let input = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        LogInput { input: Input::File(path), written_at: now() }
    };
    let inputs = [
        input("garbage.log", "one\n\n\0\x01\x02\nthree"),
        input("empty.log", ""),
        input("good.log", &format!("what is this\n{}\n", line(1))),
    ];
    let settings = Settings { only: Some(Format::Filterlog), ..Settings::default() };
    let outcome = read_logs(&inputs, settings, &mut |_| {}, &mut |_| {});
    assert_eq!(outcome.not_understood, [(inputs[0].input.clone(), 3)]);
    assert_eq!(outcome.empty, [inputs[1].input.clone()]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_fault_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let (file, zeek) = (folder.path().join("pihole.log"), folder.path().join("zeek"));
    let options =
        Options { files: vec![(Origin::DnsLog, file.clone())], folders: vec![zeek.clone()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let faults = |receivers: &mut Receivers| -> Vec<_> {
        receivers.read(now(), &mut |_| {});
        receivers.sources().iter().map(|one| one.tally.fault.as_ref().map(|fault| fault.kind)).collect()
    };
    assert_eq!(faults(&mut receivers), [Some(std::io::ErrorKind::NotFound); 2]);
    let fault = receivers.sources()[0].tally.fault.clone().unwrap();
    assert!(fault.place.ends_with("pihole.log"), "{fault:?}");
    append(&file, &reply("one.example"));
    fs::create_dir(&zeek).unwrap();
    assert_eq!(faults(&mut receivers), [None, None]);
    fs::remove_file(&file).unwrap();
    assert_eq!(faults(&mut receivers), [Some(std::io::ErrorKind::NotFound), None]);
}

#[test]
fn a_question_without_an_answer_is_told_though_no_line_comes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pihole.log");
    let files = vec![(Origin::DnsLog, path.clone())];
    let mut receivers = Receivers::open(&Options { files, ..Options::default() }).unwrap();
    assert!(asked(&mut receivers).is_empty());
    // By a clock that is two minutes slow.
    append(&path, "Oct 19 07:58:10 dnsmasq[1]: query[A] blocked.example from 192.168.20.21\n");
    append(&path, "Oct 19 07:58:10 dnsmasq[1]: query[A] answered.example from 192.168.20.21\n");
    append(&path, "Oct 19 07:58:10 dnsmasq[1]: reply answered.example is 203.0.113.66\n");
    assert!(asked(&mut receivers).is_empty(), "more may come");
    let mut later = |seconds: i64| {
        let mut names = Vec::new();
        let at = now() + jiff::SignedDuration::from_secs(seconds);
        receivers.read(at, &mut |event| {
            if let Kind::Dns(dns) = event.kind {
                names.push(dns.name);
            }
        });
        names
    };
    assert_eq!(later(5), ["answered.example"]);
    assert_eq!(later(40), ["blocked.example"]);
}

/// The answer waits for more lines of it, and the firewall's datagram comes at once.
#[test]
fn a_firewalls_first_packet_is_told_after_the_answer_that_was_asked_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pihole.log");
    let files = vec![(Origin::DnsLog, path.clone())];
    let options = Options { files, syslog: vec![any_port()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [at] = receivers.addresses()[..] else { unreachable!("one address") };
    receivers.read(now(), &mut |_| {});
    append(&path, "Oct 19 08:00:09 dnsmasq[1]: query[A] www.example from 192.168.20.1\n");
    append(&path, "Oct 19 08:00:09 dnsmasq[1]: reply www.example is 203.0.113.9\n");
    assert!(wait_for(&mut receivers, 0).is_empty());
    let sender = UdpSocket::bind(any_port()).unwrap();
    sender.send_to(line(9).as_bytes(), at).unwrap();
    let mut told = Vec::new();
    for _ in 0..200 {
        receivers.read(now(), &mut |event| told.push(matches!(event.kind, Kind::Dns(_))));
        if receivers.sources()[1].tally.messages + receivers.sources()[0].tally.messages >= 3 {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    assert!(told.is_empty());
    for seconds in 1..=4 {
        let at = now() + jiff::SignedDuration::from_secs(seconds);
        receivers.read(at, &mut |event| told.push(matches!(event.kind, Kind::Dns(_))));
    }
    assert_eq!(told, [true, false]);
}

#[test]
fn a_socket_that_is_taken_is_named() {
    let taken = UdpSocket::bind(any_port()).unwrap();
    let options = Options { netflow: vec![taken.local_addr().unwrap()], ..Options::default() };
    let error = Receivers::open(&options).err().unwrap().to_string();
    assert!(error.contains(&taken.local_addr().unwrap().to_string()) && error.contains("NetFlow"), "{error}");
}

#[test]
fn who_may_send_is_a_list() {
    let senders = vec!["10.9.9.0/24".parse::<Cidr>().unwrap()];
    let options = Options { syslog: vec!["[::]:0".parse().unwrap()], senders, ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    let [at] = receivers.addresses()[..] else { unreachable!("one address") };
    // Loopback is this machine itself and always may; its other address may not, where it has one.
    let sender = UdpSocket::bind("0.0.0.0:0").unwrap();
    sender.send_to(line(1).as_bytes(), (Ipv4Addr::LOCALHOST, at.port())).unwrap();
    let own = sender.connect("192.0.2.1:9").and_then(|()| sender.local_addr()).map(|own| own.ip());
    let Some(own) = own.ok().filter(|own| !own.is_loopback()) else { return println!("skipped: no other address") };
    let stranger = UdpSocket::bind((own, 0)).unwrap();
    stranger.send_to(line(2).as_bytes(), (own, at.port())).unwrap();
    let _connection = TcpStream::connect((own, at.port())).unwrap();
    assert_eq!(wait_for(&mut receivers, 1).len(), 1);
    wait_for(&mut receivers, 1);
    let tally = &receivers.sources()[0].tally;
    assert_eq!((tally.messages, tally.strangers), (1, 2));
}

fn asked(receivers: &mut Receivers) -> Vec<String> {
    let mut names = Vec::new();
    receivers.read(now(), &mut |event| {
        if let Kind::Dns(dns) = event.kind {
            names.push(dns.name);
        }
    });
    names
}

fn reply(name: &str) -> String {
    format!("[1792389601] unbound[77:0] reply: 192.168.20.21 {name}. A IN NOERROR 0.1 0 56\n")
}

fn append(path: &Path, text: &str) {
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_file_is_followed_from_its_end_over_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unbound.log");
    append(&path, &reply("before.example"));
    let mut receivers =
        Receivers::open(&Options { files: vec![(Origin::DnsLog, path.clone())], ..Options::default() }).unwrap();
    assert!(asked(&mut receivers).is_empty(), "what stood there is not read again");
    append(&path, &reply("one.example"));
    assert_eq!(asked(&mut receivers), ["one.example"]);
    // A line in two pieces.
    let whole = reply("two.example");
    append(&path, &whole[..20]);
    assert!(asked(&mut receivers).is_empty());
    append(&path, &whole[20..]);
    assert_eq!(asked(&mut receivers), ["two.example"]);
    // Renamed and made again: what came last to the old one is not lost.
    append(&path, &reply("three.example"));
    fs::rename(&path, folder.path().join("unbound.log.1")).unwrap();
    append(&path, &reply("four.example"));
    assert_eq!(asked(&mut receivers), ["three.example", "four.example"]);
    // Copied and cut short.
    fs::write(&path, "").unwrap();
    assert!(asked(&mut receivers).is_empty());
    append(&path, &reply("five.example"));
    assert_eq!(asked(&mut receivers), ["five.example"]);
    // Away for a while.
    fs::remove_file(&path).unwrap();
    assert!(asked(&mut receivers).is_empty());
    append(&path, &reply("six.example"));
    assert_eq!(asked(&mut receivers), ["six.example"]);
    assert!(receivers.rotations() >= 3);
}

#[test]
fn a_later_run_goes_on_where_an_earlier_one_left_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unbound.log");
    let options = Options { files: vec![(Origin::DnsLog, path.clone())], ..Options::default() };
    let begin = |places: &[collect::Place]| {
        let mut receivers = Receivers::open(&options).unwrap();
        receivers.go_on_from(places.to_vec());
        receivers
    };
    append(&path, &reply("before.example"));
    let mut first = begin(&[]);
    assert!(asked(&mut first).is_empty());
    append(&path, &reply("one.example"));
    let half = reply("two.example");
    append(&path, &half[..20]);
    assert_eq!(asked(&mut first), ["one.example"]);
    let places = first.places();
    // The rest of a line of which half was there, and a line since.
    append(&path, &format!("{}{}", &half[20..], reply("three.example")));
    let mut next = begin(&places);
    assert_eq!(asked(&mut next), ["two.example", "three.example"]);
    assert!(asked(&mut begin(&next.places())).is_empty(), "nothing came since");
    // Renamed and made again meanwhile.
    let places = next.places();
    append(&path, &reply("four.example"));
    fs::rename(&path, folder.path().join("unbound.log.1")).unwrap();
    append(&path, &reply("five.example"));
    assert_eq!(asked(&mut begin(&places)), ["four.example", "five.example"]);
    // The old one is nowhere any more: all that stands in the new one came since.
    fs::remove_file(folder.path().join("unbound.log.1")).unwrap();
    let mut next = begin(&places);
    assert_eq!(asked(&mut next), ["five.example"]);
    // Copied and cut short meanwhile.
    let places = next.places();
    fs::write(&path, "").unwrap();
    append(&path, &reply("6.example"));
    let mut next = begin(&places);
    assert_eq!(asked(&mut next), ["6.example"]);
    // Away now, and there later: not read yet, and not forgotten where it was.
    let places = next.places();
    fs::remove_file(&path).unwrap();
    let mut next = begin(&places);
    assert!(asked(&mut next).is_empty());
    append(&path, &reply("seven.example"));
    assert_eq!(asked(&mut next), ["seven.example"]);
    // Places of other files are none of this one's.
    let other = Options { files: vec![(Origin::DnsLog, folder.path().join("other.log"))], ..Options::default() };
    append(&folder.path().join("other.log"), &reply("before.example"));
    let mut receivers = Receivers::open(&other).unwrap();
    receivers.go_on_from(next.places());
    assert!(asked(&mut receivers).is_empty());
}

#[test]
fn zeeks_folder_is_followed_with_files_that_come_later() {
    let folder = tempfile::tempdir().unwrap();
    let head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\trcode_name\n";
    let row =
        |name: &str| format!("1792389601.5\tC1\t192.168.20.21\t5000\t192.168.20.1\t53\tudp\t{name}\tA\tNOERROR\n");
    let path = folder.path().join("dns.log");
    append(&path, &format!("{head}{}", row("before.example")));
    let options = Options { folders: vec![folder.path().to_owned()], ..Options::default() };
    let mut receivers = Receivers::open(&options).unwrap();
    assert!(asked(&mut receivers).is_empty());
    append(&path, &row("one.example"));
    assert_eq!(asked(&mut receivers), ["one.example"], "by the header that stood there before");
    append(&folder.path().join("dns2.log"), &format!("{head}{}", row("two.example")));
    assert_eq!(asked(&mut receivers), ["two.example"]);
    // Rotated in the folder: the old one has been read.
    fs::rename(&path, folder.path().join("dns.2026-10-19-10-00-00.log")).unwrap();
    append(&path, &format!("{head}{}", row("three.example")));
    assert_eq!(asked(&mut receivers), ["three.example"]);
    assert!(asked(&mut receivers).is_empty());
}

/// Some lines, more than a kilobyte.
fn replies(prefix: &str, count: usize) -> String {
    (0..count).map(|number| reply(&format!("{prefix}{number}.example"))).collect()
}

fn gzip(path: &Path, packed: &Path) {
    let bytes = fs::read(path).unwrap();
    let mut writer = flate2::write::GzEncoder::new(fs::File::create(packed).unwrap(), flate2::Compression::default());
    writer.write_all(&bytes).unwrap();
    writer.finish().unwrap();
}

#[test]
fn what_rotation_left_of_a_log_is_read_by_the_next_run_or_said_to_be_missed() {
    type Rotation = fn(&Path);
    let truncated: Rotation = |path| {
        fs::copy(path, path.with_extension("log.1")).unwrap();
        fs::write(path, replies("new", 60)).unwrap();
    };
    let packed: Rotation = |path| {
        gzip(path, &path.with_extension("log.1.gz"));
        fs::remove_file(path).unwrap();
        append(path, &replies("new", 60));
    };
    let dated: Rotation = |path| {
        fs::rename(path, path.with_file_name("unbound-20261019.log")).unwrap();
        append(path, &replies("new", 60));
    };
    let grown: Rotation = |path| fs::write(path, replies("new", 60)).unwrap();
    let elsewhere: Rotation = |path| {
        fs::rename(path, path.with_file_name("packed.zip")).unwrap();
        fs::remove_file(path.with_file_name("packed.zip")).unwrap();
        append(path, &replies("new", 60));
    };
    let anew: Rotation = |path| {
        let bytes = fs::read(path).unwrap();
        fs::rename(path, path.with_file_name("old")).unwrap();
        fs::remove_file(path.with_file_name("old")).unwrap();
        fs::write(path, [&bytes[..], replies("new", 60).as_bytes()].concat()).unwrap();
    };
    // (what happened while no sensor ran, whether the last line of the old one is found)
    for (number, (rotation, is_found)) in
        [(truncated, true), (packed, true), (dated, true), (grown, false), (elsewhere, false), (anew, true)]
            .into_iter()
            .enumerate()
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unbound.log");
        let options = Options { files: vec![(Origin::DnsLog, path.clone())], ..Options::default() };
        append(&path, &replies("before", 20));
        let mut first = Receivers::open(&options).unwrap();
        assert!(asked(&mut first).is_empty());
        append(&path, &replies("seen", 20));
        assert_eq!(asked(&mut first).len(), 20);
        let places = first.places();
        drop(first);
        append(&path, &reply("last.example"));
        rotation(&path);
        let mut next = Receivers::open(&options).unwrap();
        next.go_on_from(places);
        let names = asked(&mut next);
        assert_eq!(names.iter().any(|name| name == "last.example"), is_found, "{number}");
        assert_eq!(names.len(), 60 + usize::from(is_found), "{number}: nothing twice, nothing passed over: {names:?}");
        assert_eq!(next.missed().count(), usize::from(!is_found), "{number}");
        append(&path, &reply("now.example"));
        assert_eq!(asked(&mut next), ["now.example"], "{number}");
        let mut later = Receivers::open(&options).unwrap();
        later.go_on_from(next.places());
        assert_eq!(asked(&mut later), [""; 0], "{number}");
        assert_eq!(later.missed().count(), 0, "{number}");
    }
}

#[test]
fn logs_that_came_and_went_while_no_sensor_ran_are_read_in_between() {
    for packed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.log");
        let rotated = |number: u32| folder.path().join(format!("q.log.{number}"));
        let options = Options { files: vec![(Origin::DnsLog, path.clone())], ..Options::default() };
        append(&rotated(9), &replies("ancient", 20));
        let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        fs::File::options().append(true).open(rotated(9)).unwrap().set_modified(long_ago).unwrap();
        append(&path, &replies("before", 20));
        let mut first = Receivers::open(&options).unwrap();
        assert!(asked(&mut first).is_empty());
        append(&path, &replies("seen", 20));
        assert_eq!(asked(&mut first).len(), 20);
        let places = first.places();
        append(&path, &reply("two.example"));
        fs::rename(&path, rotated(2)).unwrap();
        append(&path, &reply("three.example"));
        fs::rename(&path, rotated(1)).unwrap();
        append(&path, &reply("four.example"));
        // Another program's, and what people put there.
        append(&folder.path().join("q2.log"), &reply("other.example"));
        append(&folder.path().join("q.log.bak"), &reply("bak.example"));
        if packed {
            for number in [2, 1] {
                gzip(&rotated(number), &folder.path().join(format!("q.log.{number}.gz")));
                fs::remove_file(rotated(number)).unwrap();
            }
        }
        let mut next = Receivers::open(&options).unwrap();
        next.go_on_from(places);
        assert_eq!(asked(&mut next), ["two.example", "three.example", "four.example"], "{packed}");
        assert_eq!(next.missed().count(), 0);
        assert!(asked(&mut next).is_empty());
        let mut later = Receivers::open(&options).unwrap();
        later.go_on_from(next.places());
        assert_eq!(asked(&mut later), [""; 0]);
    }
}

#[test]
fn what_is_left_of_a_large_log_is_read_a_piece_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("q.log");
    let options = Options { files: vec![(Origin::DnsLog, path.clone())], ..Options::default() };
    append(&path, &replies("before", 20));
    let mut first = Receivers::open(&options).unwrap();
    assert!(asked(&mut first).is_empty());
    let places = first.places();
    append(&path, &replies("much", 40_000));
    gzip(&path, &folder.path().join("q.log.1.gz"));
    fs::remove_file(&path).unwrap();
    append(&path, &reply("new.example"));
    let mut next = Receivers::open(&options).unwrap();
    next.go_on_from(places.clone());
    let piece = asked(&mut next).len();
    assert!((1_000..30_000).contains(&piece), "{piece}: no more than fits in memory");
    assert_eq!(next.places(), places, "who is killed here begins with it again");
    let rest: Vec<_> = (0..10).flat_map(|_| asked(&mut next)).collect();
    assert_eq!(piece + rest.len(), 40_001);
    assert_eq!(rest.last().map(String::as_str), Some("new.example"));
    assert_ne!(next.places(), places);
}

#[test]
fn a_log_that_is_first_made_while_no_sensor_runs_is_read_from_its_first_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unbound.log");
    let options = Options {
        files: vec![(Origin::DnsLog, path.clone())],
        folders: vec![folder.path().join("zeek")],
        ..Options::default()
    };
    fs::create_dir(folder.path().join("zeek")).unwrap();
    let mut first = Receivers::open(&options).unwrap();
    assert!(asked(&mut first).is_empty());
    let places = first.places();
    append(&path, &reply("one.example"));
    append(&folder.path().join("zeek/dns.log"), &reply("two.example"));
    let mut next = Receivers::open(&options).unwrap();
    next.go_on_from(places);
    assert_eq!(asked(&mut next), ["one.example", "two.example"]);
    assert!(asked(&mut next).is_empty());
}

#[test]
fn zeeks_rotation_in_its_folder_while_no_sensor_ran_loses_nothing_and_reads_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dns.log");
    let rotated = |hour: u32| folder.path().join(format!("dns.2026-10-19-{hour}-00-00.log"));
    let options = Options { folders: vec![folder.path().to_owned()], ..Options::default() };
    let mut first = Receivers::open(&options).unwrap();
    assert!(asked(&mut first).is_empty());
    append(&path, &replies("ten", 20));
    assert_eq!(asked(&mut first).len(), 20);
    fs::rename(&path, rotated(10)).unwrap();
    append(&path, &replies("eleven", 20));
    assert_eq!(asked(&mut first).len(), 20);
    let places = first.places();
    append(&path, &reply("late.example"));
    fs::rename(&path, rotated(11)).unwrap();
    append(&path, &reply("twelve.example"));
    fs::rename(&path, rotated(12)).unwrap();
    let mut next = Receivers::open(&options).unwrap();
    next.go_on_from(places);
    let mut names = asked(&mut next);
    names.sort();
    assert_eq!(names, ["late.example", "twelve.example"], "also where nothing stands under the name now");
    assert!(next.sources()[0].tally.fault.is_none(), "a log of a folder comes and goes");
    append(&path, &reply("thirteen.example"));
    assert_eq!(asked(&mut next), ["thirteen.example"]);
    let mut later = Receivers::open(&options).unwrap();
    later.go_on_from(next.places());
    assert_eq!(asked(&mut later), [""; 0]);
}

#[test]
fn several_files_are_read_in_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    let at = |second: u32, name: &str| reply(name).replace("1792389601", &second.to_string());
    let (one, two) = (folder.path().join("a"), folder.path().join("b"));
    fs::write(&one, at(1, "a1.example") + &at(3, "a3.example") + &at(2, "a2.example")).unwrap();
    fs::write(&two, at(2, "b2.example") + "nonsense\n" + &at(4, "b4.example")).unwrap();
    let input = |path: &Path| LogInput { input: Input::File(path.to_owned()), written_at: now() };
    let mut names = Vec::new();
    let mut take = |event: Event| {
        if let Kind::Dns(dns) = event.kind {
            names.push(dns.name);
        }
    };
    let missing = input(&folder.path().join("none"));
    let outcome = read_logs(&[input(&one), input(&two), missing], Settings::default(), &mut take, &mut |_| {});
    assert_eq!(names, ["a1.example", "b2.example", "a3.example", "a2.example", "b4.example"]);
    assert_eq!((outcome.counters.unknown, outcome.failures.len()), (1, 1));
    assert_eq!(outcome.unsorted.len(), 1);
}

#[test]
fn what_a_file_is_its_content_says() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        log_format(&Input::File(path))
    };
    assert_eq!(write("x.pcap", reply("a.example").as_bytes()), Some(Format::Unbound));
    let capture = office::capture(&office::Plan { hours: 1, workstations: 3, ..office::Plan::default() });
    assert_eq!(write("x.log", &capture), None);
    assert_eq!(write("empty.log", b""), None);
}
