//! `dijkwacht sensor`: watches a network, or replays captures as if it did, and tells a server what it sees.

mod contact;
mod folders;
mod keeping;
mod kept;
mod lists;
mod printer;
mod rights;
mod sources;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use capture::Input;
#[cfg(target_os = "linux")]
use collect::Origin;
use detect::{Cidr, Settings, ThreatList};
use facts::Text;
use feeds::Folder;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use sensor::courier::Say;
use sensor::output::{EveFile, Output, Syslog, Target};
use sensor::state::{LeftOff, StateFolder};
use sensor::{Clock, Ended, Engine, Sensor, Stop};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::{Format, Speech, captures, intel, scan};
use crate::wiring;
use contact::{Access, ServerArgs};
pub(crate) use keeping::DEFAULT_ARCHIVE;
use keeping::KeepArgs;
use kept::Kept;
use printer::Printer;
use rights::give_up_rights;
use sources::SourceArgs;

/// How long after the end of a replay a server that takes nothing is still tried.
const REPLAY_GRACE: Duration = Duration::from_secs(10);

/// The same for a sensor that is asked to end: whoever stops a service waits for it.
const STOP_GRACE: Duration = Duration::from_secs(3);

/// How long a replay waits for what the server says before it reads: its settings, and then its lists.
const SETTINGS_WITHIN: Duration = Duration::from_secs(15);
const LISTS_WITHIN: Duration = Duration::from_secs(120);

/// Where in the state folder the lists of the server lie.
const SERVED_LISTS: &str = "lists";

/// Watch a network for leaks and infected machines: a mirror port or bridge with --interface, what routers, resolvers and
/// firewalls tell with --netflow, --syslog-in, --dns-log and their like, or captures with --read.
///
/// Sources may be combined. Nothing is ever sent on an interface that is watched. Without --server what is found is printed as it comes (and what
/// was learnt is remembered only with --state); with it, it is kept on disk until the server has it.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht sensor --interface eth1\n  dijkwacht sensor --interface eth1 --server https://dijkwacht.example.nl --enrol TOKEN\n  dijkwacht sensor --netflow 0.0.0.0:2055 --dns-log /var/log/pihole/pihole.log\n  dijkwacht sensor --read monday.pcap.gz --intel bad-domains.txt --format json"
)]
pub(crate) struct Args {
    /// An interface to watch; several together where a tap gives each direction its own.
    #[arg(long, value_name = "IF", conflicts_with = "read")]
    interface: Vec<String>,
    #[command(flatten)]
    sources: SourceArgs,
    /// Captures to replay instead, in this order (pcap, pcapng; plain, gzip or zstd; - is standard input).
    #[arg(long, value_name = "PCAP", num_args = 1..)]
    read: Vec<OsString>,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    keep: KeepArgs,
    /// Which addresses are yours [default: the private ranges].
    #[arg(long, value_name = "CIDR")]
    home: Vec<Cidr>,
    /// A threat list; several may be given.
    #[arg(long, value_name = "FILE")]
    intel: Vec<PathBuf>,
    /// A folder of lists that `dijkwacht intel` keeps; a list that is swapped there is taken up while the sensor runs.
    #[arg(long, value_name = "DIR", env = "DIJKWACHT_INTEL_DIR")]
    intel_dir: Option<PathBuf>,
    /// What is no cause for alarm: a line such as 'kind=beacon domain=*.example.nl until=2027-01-01 # reason', or a file of them.
    #[arg(long, value_name = "LINE|FILE")]
    except: Vec<OsString>,
    /// How findings are printed where there is no server.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
    /// Also write findings to this file, as alerts in Suricata's EVE format.
    #[arg(long, value_name = "FILE")]
    eve_out: Option<PathBuf>,
    /// Also send findings to a syslog collector, as CEF: HOST:PORT (UDP), or tcp://HOST:PORT.
    #[arg(long, value_name = "HOST:PORT")]
    syslog: Option<Target>,
    /// Who the sensor becomes once the interfaces are open, when started as root [default: dijkwacht, or nobody].
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// What may wait to be read from an interface, in MiB, before the system lets packets go.
    #[arg(long, value_name = "MIB", default_value_t = 32, value_parser = clap::value_parser!(u16).range(4..=4096))]
    ring: u16,
    /// How often new findings are told, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=3600))]
    every: u16,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if args.read.is_empty() && args.interface.is_empty() && args.sources.is_empty() {
        return Err(Failure::Told(Text::new(
            "er is niets om naar te kijken; geef een bron: --interface IF (een spiegelpoort of bridge), --netflow ADRES:POORT, --syslog-in ADRES:POORT, --dns-log BESTAND, --firewall-log BESTAND, --eve BESTAND, --zeek MAP, of --read OPNAME (docs/sensor-sources.md)",
            "there is nothing to watch; give a source: --interface IF (a mirror port or bridge), --netflow ADDR:PORT, --syslog-in ADDR:PORT, --dns-log FILE, --firewall-log FILE, --eve FILE, --zeek DIR, or --read PCAP (docs/sensor-sources.md)",
        )));
    }
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = args.interface.iter().find(|name| !seen.insert(*name)) {
        return Err(Failure::Told(Text::made(
            format!(
                "--interface {twice} staat er twee keer; wat tweemaal gezien wordt telt tweemaal: noem haar één keer"
            ),
            format!("--interface {twice} is given twice; what is seen twice counts twice: name it once"),
        )));
    }
    let access = args.server.access()?;
    if let Some(folder) = &args.intel_dir {
        intel::is_there(folder)?;
    }
    let lists = args.intel.iter().map(|path| scan::read_list(path, args.speech)).collect::<Result<Vec<_>, _>>()?;
    if args.read.is_empty() { watch(args, access, lists) } else { replay(args, access, lists) }
}

fn replay(args: &Args, access: Option<Access>, lists: Vec<ThreatList>) -> Result<Outcome, Failure> {
    if !args.server.is_given() && args.server.folder().is_some() {
        args.speech.warn(&Text::new(
            "--state doet hier niets: wat --read ziet wordt niet onthouden, en er is geen server om iets voor te bewaren",
            "--state does nothing here: what --read sees is not remembered, and there is no server to keep anything for",
        ));
    }
    give_up_rights(args, true)?;
    let _held = folders::held(args)?;
    let inputs: Vec<_> = args.read.iter().map(|argument| Input::from_argument(argument)).collect();
    let sensor = sensor(args, access, lists, REPLAY_GRACE)?;
    let bar = captures::bar(&inputs);
    let (ended, outcome) = sensor.replay(&inputs, &mut |bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let read = captures::told(&outcome, inputs.len(), args.speech);
    let sent = told(&ended, args.speech);
    Ok(match read.outcome() {
        Outcome::Done => sent,
        other => other,
    })
}

#[cfg(target_os = "linux")]
fn watch(args: &Args, access: Option<Access>, lists: Vec<ThreatList>) -> Result<Outcome, Failure> {
    let options = capture::LiveOptions { ring_mebibytes: args.ring.into(), is_promiscuous: true };
    let open = |name: &String| capture::Interface::open(name, options);
    let interfaces: Vec<_> = args
        .interface
        .iter()
        .map(open)
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Told(sensor::words::text_of(&error)))?;
    let mut receivers = args.sources.open(&home(args))?;
    give_up_rights(args, false)?;
    let _held = folders::held(args)?;
    let watching = sensor(args, access, lists, STOP_GRACE)?;
    if let Some(state) = &watching.state {
        go_on(&mut receivers, state, args.speech);
    }
    say_watching(args, &receivers);
    for down in interfaces.iter().filter(|interface| !interface.is_up()) {
        args.speech.warn(&sensor::words::is_down(down.name()));
    }
    let ended = watching.watch(interfaces, receivers);
    // What waits goes with the next run: a sensor that was asked to end did what it was asked.
    Ok(if told(&ended, args.speech) == Outcome::Fault { Outcome::Fault } else { Outcome::Done })
}

/// What was written to followed files while no sensor ran is read as if one had. That where the last one left off cannot be
/// read is no reason not to watch.
#[cfg(target_os = "linux")]
fn go_on(receivers: &mut collect::Receivers, state: &StateFolder, speech: Speech) {
    let left_off = match state.left_off() {
        Ok(Some(left_off)) if !left_off.places.is_empty() => left_off,
        Ok(_) => return,
        Err(error) => {
            return speech.warn(&Text::made(
                format!("waar de sensor de vorige keer was in de logs is niet te lezen ({error}); hij volgt ze vanaf hun einde"),
                format!("where the sensor left off in the logs cannot be read ({error}); it follows them from their end"),
            ));
        }
    };
    let is_recent = left_off.is_recent(edge::now());
    let LeftOff { at, places } = left_off;
    let when = at.to_zoned(TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC)).strftime("%Y-%m-%d %H:%M");
    if is_recent {
        speech.say(&Text::made(
            format!("de logs worden gelezen vanaf waar de sensor op {when} ophield"),
            format!("the logs are read from where the sensor left off on {when}"),
        ));
        receivers.go_on_from(places);
    } else {
        speech.warn(&Text::made(
            format!("de sensor hield op {when} op, meer dan een dag geleden: wat sindsdien in de logs kwam, leest hij niet; bekijk het met dijkwacht scan BESTAND"),
            format!("the sensor left off on {when}, more than a day ago: it does not read what came into the logs since; look at it with dijkwacht scan FILE"),
        ));
    }
}

#[cfg(target_os = "linux")]
fn say_watching(args: &Args, receivers: &collect::Receivers) {
    let say = |text: &Text| args.speech.say(text);
    if args.interface.is_empty() {
        say(&Text::new(
            "kijkt naar wat andere apparaten vertellen; stop met Ctrl-C",
            "watching what other devices tell; stop with Ctrl-C",
        ));
    } else {
        let names = args.interface.join(", ");
        say(&Text::made(
            format!("kijkt naar {names}; er wordt niets op verzonden; stop met Ctrl-C"),
            format!("watching {names}; nothing is sent on it; stop with Ctrl-C"),
        ));
    }
    for source in receivers.sources() {
        let (nl, en) = match source.origin {
            Origin::Netflow => ("NetFlow en IPFIX komen binnen op", "NetFlow and IPFIX are taken at"),
            Origin::Syslog => ("syslog komt binnen, over UDP en TCP, op", "syslog is taken, over UDP and TCP, at"),
            Origin::DnsLog | Origin::FirewallLog | Origin::Eve | Origin::Zeek => ("gevolgd:", "followed:"),
        };
        let name = &source.name;
        say(&Text::made(format!("{nl} {name}"), format!("{en} {name}")));
    }
}

#[cfg(not(target_os = "linux"))]
fn watch(_: &Args, _: Option<Access>, _: Vec<ThreatList>) -> Result<Outcome, Failure> {
    Err(Failure::Told(Text::new(
        "interfaces worden alleen op Linux bekeken; speel opnamen af met --read",
        "interfaces are watched on Linux only; replay captures with --read",
    )))
}

/// Says what did not get where it should, and what that is as an outcome.
fn told(ended: &Ended, speech: Speech) -> Outcome {
    let Ended { spooled, lost, let_go, has_fallen } = ended;
    if *spooled > 0 {
        speech.say(&match spooled {
            1 => Text::new(
                "1 regel wacht op schijf; een volgende keer wordt die verzonden",
                "1 line waits on disk; the next run sends it",
            ),
            _ => Text::made(
                format!("{spooled} regels wachten op schijf; een volgende keer worden ze verzonden"),
                format!("{spooled} lines wait on disk; the next run sends them"),
            ),
        });
    }
    if *lost > 0 {
        speech.complain(&match lost {
            1 => Text::new(
                "1 regel was nergens te schrijven en kwam niet bij de server: hij is verloren",
                "1 line could not be written anywhere and did not reach the server: it is lost",
            ),
            _ => Text::made(
                format!("{lost} regels waren nergens te schrijven en kwamen niet bij de server: ze zijn verloren"),
                format!("{lost} lines could not be written anywhere and did not reach the server: they are lost"),
            ),
        });
    }
    if *let_go > 0 {
        speech.complain(&sensor::words::let_go(*let_go));
    }
    if *lost > 0 || *let_go > 0 || *has_fallen {
        return Outcome::Fault;
    }
    if *spooled > 0 { Outcome::No } else { Outcome::Done }
}

fn sensor(args: &Args, access: Option<Access>, lists: Vec<ThreatList>, grace: Duration) -> Result<Sensor, Failure> {
    let (speech, is_replay) = (args.speech, !args.read.is_empty());
    let say: Say = Arc::new(move |text| speech.say(text));
    let clock: Clock = Arc::new(edge::now);
    let stop = Stop::default();
    if let Some(folder) = &args.intel_dir {
        intel::may_be_read(folder)?;
    }
    let courier = access.map(|access| args.server.courier(access, &say, speech)).transpose()?;
    // A capture is over before the first report would bring them.
    if let Some(courier) = courier.as_ref().filter(|_| is_replay) {
        courier.hear(SETTINGS_WITHIN);
    }
    let machine = edge::machine();
    let mut outputs: Vec<Box<dyn Output>> = Vec::new();
    if courier.is_none() {
        outputs.push(Box::new(Printer::new(args.format, speech.language())));
    }
    if let Some(path) = &args.eve_out {
        writable(path)?;
        outputs.push(Box::new(EveFile::new(path.clone(), machine.clone())));
    }
    if let Some(target) = &args.syslog {
        outputs.push(Box::new(Syslog::new(target.clone(), machine)));
    }
    let home = home(args);
    // Who keeps no folder of lists uses what was chosen on the server.
    let served = courier.as_ref().filter(|_| args.intel_dir.is_none()).map(|courier| {
        let folder = courier.state.path().join(SERVED_LISTS);
        let first = lists::follow(courier, Folder::at(&folder), Arc::clone(&say), stop.clone());
        if is_replay && first.recv_timeout(LISTS_WITHIN).is_err() {
            speech.warn(&Text::new(
                "de lijsten van de server kwamen niet op tijd; die van de laatste keer gelden",
                "the server's lists did not come in time; those of the last time hold",
            ));
        }
        folder
    });
    let kept = args.intel_dir.as_ref().or(served.as_ref());
    let kept = kept.map(|folder| Kept::load(folder, lists.clone(), speech)).transpose()?;
    let lists = kept.as_ref().map_or_else(|| lists.into(), Kept::all);
    let known = kept::states(&lists);
    // Content is looked into once the server says that the staff was told.
    let settings = Settings { home, intel: Arc::default(), looks_into_content: false };
    // What is learnt of a network is of the network that is watched.
    let state =
        args.server.folder().filter(|_| !is_replay).map(|folder| args.server.open_folder(folder)).transpose()?;
    let memory = state.as_ref().and_then(|state| remembered(state, speech));
    let mut engine = match memory.map(|memory| Engine::with_memory(settings.clone(), &memory)) {
        Some(Ok(engine)) => engine,
        Some(Err(error)) => {
            begins_anew(&error, speech);
            Engine::new(settings)
        }
        None => Engine::new(settings),
    };
    engine.watch_mut().replace_lists(&lists);
    stop_on_signal(&stop, speech)?;
    Ok(Sensor {
        engine,
        outputs,
        courier,
        state,
        archive: args.keep.start(&args.server, is_replay)?,
        exceptions: scan::read_exceptions(&args.except, speech)?,
        lists: known,
        reload: kept.map(Kept::into_reload),
        news_every: SignedDuration::from_secs(args.every.into()),
        grace,
        clock,
        say,
        stop,
    })
}

fn home(args: &Args) -> Vec<Cidr> {
    if args.home.is_empty() { detect::private_ranges() } else { args.home.clone() }
}

/// What an earlier run remembered. That it cannot be read is no reason not to watch.
fn remembered(state: &StateFolder, speech: Speech) -> Option<Vec<u8>> {
    state.memory().unwrap_or_else(|error| {
        begins_anew(&error, speech);
        None
    })
}

fn begins_anew(error: &dyn std::error::Error, speech: Speech) {
    speech.warn(&Text::made(
        format!("wat de sensor onthouden had is niet te gebruiken: {error}; hij begint opnieuw"),
        format!("what the sensor remembered cannot be used: {error}; it begins anew"),
    ));
}

/// A file that cannot be written is said now, not with the first finding.
fn writable(path: &Path) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| Failure::unwritable(path, &error))
}

/// Within so long, who asks it to end again is taken to mean the same.
const ONE_WISH: Duration = Duration::from_secs(2);

/// Asks it to end once somebody wants that; who asks again later does not wait.
fn stop_on_signal(stop: &Stop, speech: Speech) -> Result<(), Failure> {
    let asked = stop.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Fault(error.into()))?;
    std::thread::spawn(move || {
        // A thread that opens no interface needs no right to do so.
        #[cfg(target_os = "linux")]
        if let Err(error) = sensor::privileges::give_up_all() {
            speech.warn(&error.text());
        }
        #[cfg(not(target_os = "linux"))]
        let _ = speech;
        runtime.block_on(async {
            wiring::asked_to_stop().await;
            asked.ask();
            // A service manager and whoever stands behind it may both ask, at once: that is one wish.
            tokio::time::sleep(ONE_WISH).await;
            wiring::asked_to_stop().await;
            std::process::exit(3);
        });
    });
    Ok(())
}
