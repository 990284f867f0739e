//! A day of a made-up office, seen by the sensor and sent to a server.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use capture::Input;
use contract::detection::Kind;
use contract::sensor::{DiskFault, Exception, Report, Settings as Settled};
use detect::{Settings, ThreatList};
use jiff::{SignedDuration, Timestamp};
use office::Plan;
use sensor::courier::{Courier, Say};
use sensor::server::{Contact, Server as Remote};
use sensor::spool::Spool;
use sensor::state::StateFolder;
use sensor::{Ended, Engine, Sensor, Stop};

use crate::server::{SECRET, Server};

fn settings(plan: &Plan) -> Settings {
    let list = ThreatList::read("office", office::threat_list(plan).as_bytes()).list;
    Settings { intel: [list].into(), looks_into_content: false, ..Settings::default() }
}

fn frames(plan: &Plan, on_frame: &mut dyn FnMut(wire::Frame<'_>)) {
    let capture = office::capture(plan);
    capture::read_frames(capture.as_slice(), &mut |frame| {
        on_frame(frame);
        None
    })
    .unwrap();
}

fn short(infection: Option<office::Infection>) -> Plan {
    Plan { hours: 4, infection, ..Plan::default() }
}

fn replayed(url: &str, plan: &Plan, folder: &std::path::Path) -> Ended {
    replayed_and_kept(url, plan, folder, None)
}

fn replayed_and_kept(
    url: &str,
    plan: &Plan,
    folder: &std::path::Path,
    archive: Option<(archive::Recorder, archive::Writer)>,
) -> Ended {
    replayed_until(url, plan, folder, archive, Stop::default())
}

fn replayed_until(
    url: &str,
    plan: &Plan,
    folder: &std::path::Path,
    archive: Option<(archive::Recorder, archive::Writer)>,
    stop: Stop,
) -> Ended {
    let file = folder.join("office.pcap");
    std::fs::write(&file, office::capture(plan)).unwrap();
    let state = StateFolder::open(&folder.join("state")).unwrap();
    let spool = Arc::new(Mutex::new(Spool::open(&state.spool(), 1 << 20).unwrap()));
    let say: Say = Arc::new(|_: &facts::Text| {});
    let remote = Remote::new(&Contact { url: url.into(), ..Contact::default() }).unwrap();
    let settled = Arc::new(Mutex::new(state.settings().unwrap().unwrap_or_default()));
    if folder.join("no disk").exists() {
        std::fs::remove_dir_all(state.spool()).unwrap();
    }
    let courier = Courier::new(remote, SECRET.into(), spool, settled, state, Arc::clone(&say));
    let sensor = Sensor {
        engine: Engine::new(settings(plan)),
        outputs: Vec::new(),
        courier: Some(courier),
        state: None,
        archive,
        exceptions: Vec::new(),
        lists: Vec::new(),
        reload: None,
        news_every: SignedDuration::from_mins(1),
        grace: std::time::Duration::ZERO,
        clock: Arc::new(|| Timestamp::constant(1_795_000_000, 0)),
        say,
        stop,
    };
    let (ended, outcome) = sensor.replay(&[Input::File(file)], &mut |_| {});
    assert!(outcome.failures.is_empty() && outcome.stats.packets > 1_000);
    ended
}

#[test]
fn an_infected_day_reaches_the_server_as_one_case_with_its_detections() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let plan = short(Some(office::Infection::default()));
    let ended = replayed(&server.url(), &plan, folder.path());
    assert_eq!(ended, Ended::default());
    let seen = server.seen.lock().unwrap();
    let infected = office::truth(&plan).infected.unwrap();
    let cases: Vec<_> = seen.findings.values().filter(|report| matches!(report, Report::Case(_))).collect();
    let [Report::Case(case)] = &cases[..] else { panic!("{cases:?}") };
    assert_eq!(case.host.ip, infected.ip);
    for id in &case.detections {
        assert!(matches!(seen.findings.get(id), Some(Report::Detection(_))), "{id}");
    }
    let [Report::State(state)] = &seen.states[..] else { panic!("{:?}", seen.states) };
    assert!(state.sources[0].packets > 1_000 && state.hosts >= 8 && !state.looks_into_content, "{state:?}");
    let to_attacker = seen.traffic.iter().any(|line| {
        matches!(line, Report::Traffic(line) if line.host.ip == infected.ip && line.remote.ip == Some(infected.address.into()))
    });
    assert!(to_attacker, "{} lines of traffic", seen.traffic.len());
}

#[test]
fn a_server_that_never_answers_keeps_nobody_waiting_who_asks_for_the_end() {
    // The system takes the connection for it, and nobody reads.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let (stop, asked) = (Stop::default(), Stop::default());
    for (stop, is_asked_before) in [(stop, false), (asked, true)] {
        if is_asked_before {
            stop.ask();
        }
        let (done, ended) = mpsc::channel();
        let (url, of_run) = (url.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            let folder = tempfile::tempdir().unwrap();
            done.send(replayed_until(&url, &short(None), folder.path(), None, of_run)).unwrap();
        });
        if !is_asked_before {
            assert!(ended.recv_timeout(Duration::from_secs(5)).is_err(), "it waits for an answer");
            stop.ask();
        }
        let ended = ended.recv_timeout(Duration::from_secs(30)).expect("no longer than the grace and some seconds");
        assert!(ended.spooled > 0 && ended.lost == 0 && !ended.has_fallen, "{ended:?}");
        thread.join().unwrap();
    }
}

#[test]
fn what_the_server_calls_an_exception_is_not_reported() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let plan = short(Some(office::Infection::default()));
    let infected = office::truth(&plan).infected.unwrap();
    let exception = Exception {
        id: uuid::Uuid::from_u128(1),
        kind: None,
        host: Some(infected.ip.into()),
        domain: None,
        network: None,
        until: None,
        author: "A. Beheerder".into(),
        reason: "een proef".into(),
        reason_en: None,
    };
    let settled = Settled { exceptions: vec![exception], ..Settled::default() };
    let state = StateFolder::open(&folder.path().join("state")).unwrap();
    state.keep_settings(&settled).unwrap();
    assert_eq!(replayed(&server.url(), &plan, folder.path()), Ended::default());
    let seen = server.seen.lock().unwrap();
    assert!(seen.findings.is_empty() && seen.states.len() == 1, "{:?}", seen.findings.keys());
}

#[test]
fn metadata_are_kept_beside_the_reports_unless_the_server_says_for_no_day() {
    let server = Server::start();
    let plan = short(None);
    for (days, is_kept) in [(7, true), (0, false)] {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(&folder.path().join("state")).unwrap();
        state.keep_settings(&Settled { keep_days: days, ..Settled::default() }).unwrap();
        let kept = folder.path().join("archive");
        let keeping = archive::Keeping { folder: kept.clone(), days: u16::MAX, limit_bytes: u64::MAX, spare_bytes: 0 };
        let ends = archive::start(keeping, true).unwrap();
        assert_eq!(replayed_and_kept(&server.url(), &plan, folder.path(), Some(ends)), Ended::default());
        let answer = archive::hunt(&kept, &archive::Question::default()).unwrap();
        assert_eq!(answer.flows > 100 && answer.dns > 50, is_kept, "{} {}", answer.flows, answer.dns);
        assert!(is_kept || answer.files == 0);
    }
}

#[test]
fn while_the_server_is_away_everything_waits_and_the_next_run_sends_it() {
    let server = Server::start();
    let url = server.url();
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    drop(server);
    let folder = tempfile::tempdir().unwrap();
    let plan = short(Some(office::Infection::default()));
    let ended = replayed(&url, &plan, folder.path());
    assert!(ended.spooled > 2 && ended.lost == 0, "{ended:?}");
    let server = Server::start_at(address, Arc::default());
    assert_eq!(replayed(&url, &plan, folder.path()), Ended::default());
    let seen = server.seen.lock().unwrap();
    assert!(seen.known > 0, "the same day again is known");
    let cases = seen.findings.values().filter(|report| matches!(report, Report::Case(_))).count();
    assert_eq!(cases, 1);
}

#[test]
fn asked_every_minute_it_tells_each_thing_when_it_ripens_and_a_healthy_day_is_silent() {
    let plan = short(Some(office::Infection::default()));
    let truth = office::truth(&plan).infected.unwrap();
    let mut engine = Engine::new(settings(&plan));
    let mut told = Vec::new();
    let mut next = plan.start;
    frames(&plan, &mut |frame| {
        if frame.at >= next {
            let now = frame.at;
            told.extend(engine.news().into_iter().map(|report| (now, report)));
            next = frame.at + SignedDuration::from_mins(1);
        }
        let _ = engine.frame(frame);
    });
    told.extend(engine.stop().into_iter().map(|report| (next, report)));
    let first = told.iter().find_map(|(at, report)| match report {
        Report::Detection(line) if line.kind == Kind::Indicator => Some((*at, line.host.ip)),
        _ => None,
    });
    let (at, ip) = first.expect("the indicator is told");
    assert_eq!(ip, truth.ip);
    let after = at.duration_since(truth.first_at);
    assert!(after < SignedDuration::from_mins(3), "told {after:#} after it was first seen");

    let plan = short(None);
    let mut engine = Engine::new(settings(&plan));
    frames(&plan, &mut |frame| {
        let _ = engine.frame(frame);
    });
    let (reports, stats) = engine.finish();
    let findings: Vec<_> = reports.iter().filter(|report| !matches!(report, Report::Traffic(_))).collect();
    assert!(findings.is_empty() && stats.packets > 1_000, "{findings:?}");
}

#[test]
fn a_quiet_network_ends_its_conversations_by_the_clock() {
    let plan = short(None);
    let mut engine = Engine::new(settings(&plan));
    let mut last = plan.start;
    frames(&plan, &mut |frame| {
        last = frame.at;
        let _ = engine.frame(frame);
    });
    let lines = |reports: Vec<Report>| reports.iter().filter(|report| matches!(report, Report::Traffic(_))).count();
    let _ = engine.news();
    engine.quiet(last + SignedDuration::from_hours(2));
    assert!(lines(engine.news()) > 0, "the last hour's traffic is told without another frame");
}

/// A conversation of that host, told by a device whose clock may be anything.
fn flow(host: [u8; 4], last_at: jiff::Timestamp) -> wire::event::Event {
    use wire::event::{Conversation, Endpoint, Event, Flow, FlowEnd, FlowId, Handshake, Kind, Transport, Volume};
    let conversation = Conversation {
        transport: Transport::Tcp,
        client: Endpoint { ip: host.into(), port: 50_000 },
        server: Endpoint { ip: [203, 0, 113, 66].into(), port: 443 },
    };
    let volume = Volume { packets: 9, bytes: 9_000 };
    let flow = Flow {
        id: FlowId(1),
        conversation,
        client_mac: None,
        server_mac: None,
        vlan: None,
        first_at: last_at - SignedDuration::from_secs(9),
        last_at,
        is_timed: true,
        sent: volume,
        received: volume,
        sent_payload: 8_000,
        received_payload: 8_000,
        handshake: Handshake::Established,
        end: FlowEnd::Finished,
        application: None,
        name: None,
    };
    Event { at: last_at, flow: flow.id, conversation, kind: Kind::FlowEnded(Box::new(flow)) }
}

#[test]
fn what_a_device_tells_keeps_its_own_time_unless_its_clock_is_a_day_off() {
    let list = detect::ThreatList::read("list", b"203.0.113.66\n").list;
    let settings = detect::Settings { intel: [list].into(), ..detect::Settings::default() };
    let now: jiff::Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
    for (own, expected) in [
        ("2026-11-29T09:40:00Z", "2026-11-29T09:40:00Z"),
        ("2026-11-29T11:00:00Z", "2026-11-29T11:00:00Z"),
        ("1970-01-03T00:00:00Z", "2026-11-29T10:00:00Z"),
        ("2038-01-01T00:00:00Z", "2026-11-29T10:00:00Z"),
    ] {
        let mut engine = Engine::new(settings.clone());
        engine.event(flow([10, 0, 0, 5], own.parse().unwrap()), now);
        let told: Vec<_> = engine
            .news()
            .into_iter()
            .filter_map(|report| match report {
                Report::Detection(line) => Some(line.last_at.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(told, [expected], "a clock that says {own}");
        assert_eq!(engine.hosts(), 1);
    }
}

#[test]
fn what_was_received_every_minute_of_a_clock_that_is_not_believed_is_no_beacon() {
    let start: jiff::Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
    // (by how much the device's clock is off, whether a rhythm is told)
    for (off, is_told) in [(0, true), (300 * 24, false)] {
        let mut told = Vec::new();
        // Three more hosts, which go elsewhere and without a rhythm.
        for (number, host) in [(0, 5), (7, 6), (11, 7), (13, 8)] {
            for beat in 0..180 {
                let seconds = if host == 5 { beat * 60 } else { beat * beat * number / 10 };
                let at = start + SignedDuration::from_secs(seconds);
                let mut event = flow([10, 0, 0, host], at - SignedDuration::from_hours(off));
                if let (wire::event::Kind::FlowEnded(flow), 6..) = (&mut event.kind, host) {
                    flow.conversation.server.ip = [198, 51, 100, host].into();
                    event.conversation = flow.conversation;
                }
                told.push((at, event));
            }
        }
        told.sort_by_key(|(at, _)| *at);
        let mut engine = Engine::new(detect::Settings::default());
        told.into_iter().for_each(|(at, event)| engine.event(event, at));
        let is_beacon = |report: &Report| matches!(report, Report::Detection(line) if line.kind == contract::detection::Kind::Beacon);
        assert_eq!(engine.stop().iter().any(is_beacon), is_told, "{off} hours off");
    }
}

#[test]
fn what_the_disk_does_not_take_reaches_a_server_that_can_be_reached_and_is_said() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let plan = short(Some(office::Infection::default()));
    std::fs::write(folder.path().join("no disk"), "").unwrap();
    assert_eq!(replayed(&server.url(), &plan, folder.path()), Ended::default());
    let seen = server.seen.lock().unwrap();
    assert!(seen.findings.values().any(|report| matches!(report, Report::Case(_))), "{:?}", seen.order);
    let disks: Vec<_> = seen
        .states
        .iter()
        .filter_map(|report| match report {
            Report::State(state) => state.disk,
            _ => None,
        })
        .collect();
    assert!(disks.is_empty() || disks == [DiskFault::Unwritable], "{disks:?}");
    drop(seen);
    // Nor is it kept where there is no server either: that is said as lost, not as waiting.
    let away = {
        let server = Server::start();
        server.url()
    };
    let ended = replayed(&away, &plan, folder.path());
    assert!(ended.spooled == 0 && ended.lost > 2, "{ended:?}");
}
