//! Captures and logs named on a command line, read with a progress bar and with warnings that name file and byte.

mod folder;
mod words;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::Path;

use capture::Input;
use collect::LogInput;
use detect::Cidr;
use facts::Text;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::deadline::InvalidMoment;
use logs::{Format, Settings};
use wire::Limits;
use wire::event::{Event, Kind, Stats};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;

/// How files that are no captures are read.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LogArgs {
    /// Read every file as this log, instead of telling it by its content.
    #[arg(long, value_name = "FORMAT", value_parser = clap::builder::PossibleValuesParser::new(Format::ALL.map(Format::key)))]
    source: Option<String>,
    /// The zone of logs that name none.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    zone: String,
}

impl LogArgs {
    /// How lines are read, with these addresses at home.
    pub(crate) fn settings(&self, home: Vec<Cidr>) -> Result<Settings, Failure> {
        let zone = zone(&self.zone)?;
        let only = self.source.as_deref().and_then(Format::from_key);
        Ok(Settings { zone, home, only, ..Settings::default() })
    }
}

/// The zone that `--zone` names.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Failure> {
    let wrong = |_| Failure::about("--zone", &InvalidMoment::UnknownZone { zone: name.to_owned() }.text());
    TimeZone::get(name).map_err(wrong)
}

/// What came of reading.
pub(crate) struct Read {
    pub(crate) stats: Stats,
    /// Lines of logs, those that are left out among them.
    pub(crate) log_lines: u64,
    /// There were packets, and not one of them could be read.
    is_unread: bool,
    failed: usize,
    inputs: usize,
}

impl Read {
    /// An input of which nothing could be read is wrong input, also when the others were read.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.failed > 0 || self.is_unread { Outcome::WrongUsage } else { Outcome::Done }
    }

    /// Not one input could be read, or nothing in them.
    pub(crate) fn is_nothing(&self) -> bool {
        self.failed == self.inputs || self.is_unread && self.log_lines == 0
    }
}

/// Reads all inputs, of folders what is read in them: logs first, since their names explain the captures' addresses, in
/// order of time; then captures in their own order, followed by so many trackers at once, and all the same in one order.
/// Says on stderr what could not be read, and where.
pub(crate) fn read(
    arguments: &[OsString],
    settings: Settings,
    threads: NonZeroUsize,
    speech: Speech,
    sink: &mut dyn FnMut(&Event),
) -> Read {
    let (mut logs, mut captures, mut unread) = (Vec::new(), Vec::new(), 0);
    for argument in arguments {
        let input = Input::from_argument(argument);
        match &input {
            Input::File(path) if path.is_dir() => match folder::within(path, settings.only, speech) {
                Some(content) => {
                    logs.extend(content.logs);
                    captures.extend(content.captures);
                }
                None => unread += 1,
            },
            _ if settings.only.is_some() || collect::log_format(&input).is_some() => logs.push(input),
            _ => captures.push(input),
        }
    }
    let inputs: Vec<Input> = logs.iter().chain(&captures).cloned().collect();
    let bar = bar(&inputs);
    let (from_logs, lines, failed) = read_logs(&logs, settings, speech, sink, &bar);
    let before = logs.iter().filter_map(Input::size_bytes).sum::<u64>();
    let progress = &mut |bytes| bar.set_position(before + bytes);
    let outcome = capture::run_sharded(&captures, &Limits::default(), threads, sink, progress);
    bar.finish_and_clear();
    let mut read = told(&outcome, inputs.len() + unread, speech);
    add(&mut read.stats, &from_logs);
    read.failed += failed + unread;
    read.log_lines = lines;
    read
}

/// A bar that grows as so many inputs are read. It draws itself only where stderr is a terminal.
pub(crate) fn bar(inputs: &[Input]) -> ProgressBar {
    match inputs.iter().map(Input::size_bytes).sum::<Option<u64>>() {
        Some(total) => ProgressBar::new(total).with_style(
            ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        ),
        None => ProgressBar::new_spinner(),
    }
}

/// Says on stderr what could not be read, and where.
pub(crate) fn told(outcome: &capture::Outcome, inputs: usize, speech: Speech) -> Read {
    for (input, warning) in words::warnings(&outcome.warnings) {
        speech.warn(&of(input, &warning));
    }
    for capture::Failure { input, error } in &outcome.failures {
        speech.complain(&of(input, &words::error(error)));
    }
    let Stats { packets, flows, malformed, .. } = outcome.stats;
    let is_unread = packets > 0 && flows == 0 && malformed >= packets;
    if is_unread {
        speech.complain(&Text::made(
            format!("van de opnamen is niets te lezen: alle pakketten ({packets}) zijn onleesbaar; neem opnieuw op, als Ethernet of kaal IP"),
            format!("nothing of the captures can be read: all packets ({packets}) are malformed; record anew, as Ethernet or bare IP"),
        ));
    }
    Read { stats: outcome.stats.clone(), log_lines: 0, is_unread, failed: outcome.failures.len(), inputs }
}

/// Said of an input.
fn of(input: &Input, what: &Text) -> Text {
    let name = match input {
        Input::File(path) => Text::made(path.display().to_string(), path.display().to_string()),
        Input::StandardInput => Text::new("standaardinvoer", "standard input"),
    };
    Text::made(format!("{}: {}", name.nl, what.nl), format!("{}: {}", name.en, what.en))
}

/// What logs told, as far as it is counted as packets are; of how many lines; and how many of the logs could not be read.
fn read_logs(
    logs: &[Input],
    settings: Settings,
    speech: Speech,
    sink: &mut dyn FnMut(&Event),
    bar: &ProgressBar,
) -> (Stats, u64, usize) {
    let mut stats = Stats::default();
    if logs.is_empty() {
        return (stats, 0, 0);
    }
    let inputs: Vec<LogInput> =
        logs.iter().map(|input| LogInput { input: input.clone(), written_at: written_at(input) }).collect();
    let mut counting = |event: Event| {
        stats.first_at = Some(stats.first_at.map_or(event.at, |first| first.min(event.at)));
        stats.last_at = stats.last_at.max(Some(event.at));
        if let Kind::FlowEnded(flow) = &event.kind {
            stats.flows += 1;
            stats.packets += flow.sent.packets + flow.received.packets;
            stats.bytes += flow.sent.bytes + flow.received.bytes;
        }
        sink(&event);
    };
    let only = settings.only;
    let outcome = collect::read_logs(&inputs, settings, &mut counting, &mut |bytes| bar.set_position(bytes));
    let failed = outcome.failures.len() + outcome.not_understood.len();
    for (input, error) in outcome.failures {
        speech.complain(&of(&input, &words::error(&capture::Error::Unreadable(error))));
    }
    for (input, lines) in &outcome.not_understood {
        speech.complain(&of(input, &not_understood(*lines, only)));
    }
    for input in &outcome.empty {
        speech.warn(&of(input, &Text::new("er staat geen regel in", "there is no line in it")));
    }
    for (input, count) in &outcome.unsorted {
        speech.warn(&of(
            input,
            &match count {
                1 => Text::new(
                    "1 regel staat achter latere; hij is gelezen waar hij staat",
                    "1 line stands behind later ones; it is read where it stands",
                ),
                _ => Text::made(
                    format!("{count} regels staan achter latere; ze zijn gelezen waar ze staan"),
                    format!("{count} lines stand behind later ones; they are read where they stand"),
                ),
            },
        ));
    }
    let counters = outcome.counters;
    let (unknown, lines) = (counters.unknown, counters.lines);
    let of_lines = sensor::words::lines(lines);
    if unknown > 0 {
        let (nl, en) = match unknown {
            1 => (("is", "hij is"), ("is", "it is")),
            _ => (("zijn", "ze zijn"), ("are", "they are")),
        };
        speech.warn(&Text::made(
            format!(
                "{unknown} van {} {} van geen logboek dat hier gelezen wordt, of beschadigd; {} overgeslagen",
                of_lines.nl, nl.0, nl.1
            ),
            format!("{unknown} of {} {} of no log that is read here, or damaged; {} left out", of_lines.en, en.0, en.1),
        ));
    }
    if let Some(unused) = sensor::words::unused(counters.unused) {
        speech.say(&Text::made(
            format!("van {} {}", of_lines.nl, unused.nl),
            format!("of {} {}", of_lines.en, unused.en),
        ));
    }
    stats.malformed = unknown;
    stats.dropped = counters.dropped;
    (stats, lines, failed)
}

/// Of a log of which no line could be read.
fn not_understood(lines: u64, only: Option<Format>) -> Text {
    let (nl, en) = match only {
        Some(format) => (
            format!("als {} (--source); laat --source weg, of noem het logboek dat het is", format.key()),
            format!("as {} (--source); leave --source out, or name the log that it is", format.key()),
        ),
        None => (
            "als een logboek dat hier bekend is; noem het met --source".to_owned(),
            "as a log that is known here; name it with --source".to_owned(),
        ),
    };
    match lines {
        1 => Text::made(format!("de ene regel is niet te lezen {nl}"), format!("its one line cannot be read {en}")),
        _ => Text::made(
            format!("geen van de {lines} regels is te lezen {nl}"),
            format!("none of its {lines} lines can be read {en}"),
        ),
    }
}

fn add(stats: &mut Stats, told: &Stats) {
    stats.packets += told.packets;
    stats.bytes += told.bytes;
    stats.flows += told.flows;
    stats.malformed += told.malformed;
    stats.dropped += told.dropped;
    stats.copies += told.copies;
    stats.first_at = [stats.first_at, told.first_at].into_iter().flatten().min();
    stats.last_at = stats.last_at.max(told.last_at);
}

/// When a file was last written: its lines may name no year. Now, for standard input.
fn written_at(input: &Input) -> Timestamp {
    let of = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let written = match input {
        Input::File(path) => of(path).and_then(|at| Timestamp::try_from(at).ok()),
        Input::StandardInput => None,
    };
    written.unwrap_or_else(edge::now)
}
