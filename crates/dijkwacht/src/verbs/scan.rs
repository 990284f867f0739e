//! `dijkwacht scan`: what capture files give away.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use app::FromCase;
use contract::detection::{StatsLine, lines};
use detect::{Cidr, Exception, ExceptionFault, Findings, InvalidException, Settings, ThreatList, Watch};
use facts::{Language, Text};
use feeds::Unusable;
use sensor::words;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::captures::{self, LogArgs};
use crate::verbs::{Format, Speech, organisation};
use crate::wiring::{self, DataFolder};

/// Find infected hosts in captures (pcap, pcapng) and in logs of resolvers, firewalls, Suricata and Zeek; plain, gzip or
/// zstd; - is standard input.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht scan monday.pcap.gz --intel bad-domains.txt --home 192.168.0.0/16 --format json\n  dijkwacht scan /opt/zeek/logs/2026-10-19"
)]
pub(crate) struct Args {
    /// Captures and logs, each told by its content, and folders of them.
    #[arg(value_name = "PCAP", required = true)]
    captures: Vec<OsString>,
    /// A threat list in any form that `dijkwacht intel` knows, packed with gzip or not (docs/threat-lists.md).
    #[arg(long, value_name = "FILE")]
    intel: Vec<PathBuf>,
    /// Which addresses are yours [default: the private ranges].
    #[arg(long, value_name = "CIDR")]
    home: Vec<Cidr>,
    /// What is no cause for alarm: a line such as 'kind=beacon domain=*.example.nl until=2027-01-01 # reason', or a file of them.
    #[arg(long, value_name = "LINE|FILE")]
    except: Vec<OsString>,
    #[command(flatten)]
    logs: LogArgs,
    /// How many trackers follow the packets at once; the answer does not depend on it [default: one for each core].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
    /// Open an incident for every case in this organisation's journal (its short name or id; the folder with --data), but
    /// for what stands in one already.
    #[arg(long, value_name = "ID")]
    open_at: Option<String>,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let intel = args.intel.iter().map(|path| read_list(path, args.speech)).collect::<Result<Vec<_>, _>>()?;
    let home = if args.home.is_empty() { detect::private_ranges() } else { args.home.clone() };
    let settings = args.logs.settings(home.clone())?;
    let mut watch = Watch::new(Settings { home, intel: intel.into(), looks_into_content: true });
    watch.set_exceptions(read_exceptions(&args.except, args.speech)?);
    let threads = args.threads.unwrap_or_else(edge::cores);
    let read = captures::read(&args.captures, settings, threads, args.speech, &mut |event| watch.event(event));
    let findings = watch.finish_by(|work| capture::do_together(threads, work));
    match args.format {
        Format::Json => {
            for line in lines(&findings, &read.stats) {
                edge::print(&format!("{}\n", line.to_json().map_err(anyhow::Error::new)?))?;
            }
        }
        Format::Text => {
            let stats = StatsLine::new(&read.stats, findings.dropped);
            edge::print(&text(&findings, &stats, read.log_lines, args.speech.language()))?
        }
    }
    if let Some(organisation) = &args.open_at {
        open(&args.folder, organisation, &findings, args.speech)?;
    }
    Ok(read.outcome())
}

/// Opens an incident for every case, with the detections it rests on.
fn open(folder: &DataFolder, organisation: &str, findings: &Findings, speech: Speech) -> Result<(), Failure> {
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(folder).await?;
        let organisation = organisation::find(&app, organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        for case in &findings.cases {
            let became = app.open_case(&scope, case, &findings.detections, edge::now()).await?;
            let (number, name) = (became.incident().number, &organisation.name);
            speech.say(&match became {
                FromCase::Opened(_, beside) if !beside.is_empty() => {
                    let others = beside.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
                    Text::made(
                        format!("incident {number} geopend bij {name}; een deel ervan staat ook in incident {others}: kijk of het hetzelfde is"),
                        format!("incident {number} opened at {name}; a part of it stands in incident {others} too: look whether it is the same"),
                    )
                }
                FromCase::Opened(..) => Text::made(
                    format!("incident {number} geopend bij {name}"),
                    format!("incident {number} opened at {name}"),
                ),
                FromCase::Known(_) => Text::made(
                    format!("dit staat al in incident {number} bij {name}; er is niets geopend"),
                    format!("this stands in incident {number} at {name} already; nothing was opened"),
                ),
            });
        }
        Ok(())
    })
}

/// The largest file of exceptions, in bytes.
const LARGEST_EXCEPTIONS: u64 = 10_000_000;

/// Exceptions, each a line (it has a `=`), or a file of lines. One that takes in a whole cloud is taken, and warned of.
pub(crate) fn read_exceptions(given: &[OsString], speech: Speech) -> Result<Vec<Exception>, Failure> {
    let mut exceptions = Vec::new();
    for one in given {
        let path = Path::new(one);
        match one.to_str().filter(|line| line.contains('=') && !path.is_file()) {
            Some(line) => {
                let wrong = |fault: ExceptionFault| Failure::about(&format!("--except `{line}`"), &fault.text());
                exceptions.push(line.parse().map_err(wrong)?);
            }
            None => {
                let size = std::fs::metadata(path).map_err(|error| Failure::unreadable(path, &error))?.len();
                if size > LARGEST_EXCEPTIONS {
                    let path = path.display();
                    return Err(Failure::Told(Text::made(
                        format!("{path} is groter dan 10 MB; uitzonderingen zijn kort"),
                        format!("{path} is larger than 10 MB; exceptions are short"),
                    )));
                }
                let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
                let wrong = |fault: InvalidException| Failure::about(&path.display().to_string(), &fault.text());
                exceptions.extend(Exception::read_lines(&text).map_err(wrong)?);
            }
        }
    }
    for exception in &exceptions {
        if let Some(warning) = exception.caution() {
            speech.warn(&Text::made(
                format!("--except `{exception}`: {}", warning.nl),
                format!("--except `{exception}`: {}", warning.en),
            ));
        }
    }
    Ok(exceptions)
}

/// A threat list; lines that cannot be used are named and passed over.
pub(crate) fn read_list(path: &Path, speech: Speech) -> Result<ThreatList, Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let read = feeds::read_file(path, &name).map_err(|error| Failure::Told(error.text()))?;
    let path = path.display().to_string();
    say_unusable(&path, &Unusable::of(&read), speech);
    if read.list.is_empty() {
        speech.warn(&Text::made(
            format!("in {path} staat geen domein, adres, URL of vingerafdruk"),
            format!("{path} holds no domain, address, URL or fingerprint"),
        ));
    }
    Ok(read.list)
}

/// Says of a list which lines cannot be used: the first of them whole, and how many there are by what is wrong.
pub(crate) fn say_unusable(list: &str, unusable: &Unusable, speech: Speech) {
    for line in &unusable.first {
        let why = line.text();
        speech.warn(&Text::made(format!("{list}: {}", why.nl), format!("{list}: {}", why.en)));
    }
    if unusable.count > unusable.first.len() as u64 {
        let count = unusable.count;
        speech.warn(&Text::made(
            format!("{list}: {count} regels zijn onbruikbaar, waarvan hierboven de eerste:"),
            format!("{list}: {count} lines cannot be used, the first of them above:"),
        ));
        for (fault, count) in &unusable.by_fault {
            let why = fault.text();
            speech.say(&Text::made(format!("    {count} × {}", why.nl), format!("    {count} × {}", why.en)));
        }
    }
}

/// What was found, for people.
fn text(findings: &Findings, stats: &StatsLine, log_lines: u64, language: Language) -> String {
    let mut out = String::new();
    let dutch = language == Language::Dutch;
    for case in &findings.cases {
        out.push_str(&format!("[{}] {}\n", severity(case.severity, language), case.summary.in_language(language)));
        for detection in findings.detections.iter().filter(|one| case.detections.contains(&one.id)) {
            out.push_str(&format!("    - {}: {}\n", detection.kind.key(), detection.summary.in_language(language)));
        }
    }
    let in_cases = |id: &String| findings.cases.iter().any(|case| case.detections.contains(id));
    for detection in findings.detections.iter().filter(|one| !in_cases(&one.id)) {
        out.push_str(&format!(
            "({}) {}: {}\n",
            severity(detection.severity, language),
            detection.kind.key(),
            detection.summary.in_language(language)
        ));
    }
    // Of packets none of which can be read nothing is known, either.
    if stats.flows == 0 && stats.malformed >= stats.packets && log_lines == 0 {
        out.push_str(if dutch { "Er is geen verkeer gelezen.\n" } else { "No traffic was read.\n" });
    } else if findings.detections.is_empty() && findings.excepted > 0 {
        out.push_str(if dutch { "Verder niets verdachts gezien.\n" } else { "Nothing else suspicious seen.\n" });
    } else if findings.detections.is_empty() {
        out.push_str(if dutch { "Niets verdachts gezien.\n" } else { "Nothing suspicious seen.\n" });
    }
    if findings.excepted > 0 {
        let said = match findings.excepted {
            1 => Text::new(
                "1 bevinding valt onder een uitzondering (--except) en staat hierboven niet.",
                "1 finding falls under an exception (--except) and does not stand above.",
            ),
            count => Text::made(
                format!("{count} bevindingen vallen onder een uitzondering (--except) en staan hierboven niet."),
                format!("{count} findings fall under an exception (--except) and do not stand above."),
            ),
        };
        out.push_str(&format!("{}\n", said.in_language(language)));
    }
    let StatsLine { packets, flows, malformed, dropped, .. } = stats;
    let of_packets = [words::packets(*packets), words::flows(*flows)].map(|one| one.in_language(language).to_owned());
    let lines = words::lines(log_lines);
    let of_logs = format!("{} {}", lines.in_language(language), if dutch { "van logboeken" } else { "of logs" });
    // A log of names has neither packets nor flows, and was read all the same.
    let read = match (log_lines, packets + flows) {
        (0, _) => of_packets.join(", "),
        (_, 0) => of_logs,
        (_, _) => format!("{}, {of_logs}", of_packets.join(", ")),
    };
    out.push_str(&if dutch {
        format!("{read}, {malformed} onleesbaar, {dropped} losgelaten\n")
    } else {
        format!("{read}, {malformed} malformed, {dropped} dropped\n")
    });
    out
}

/// In a word.
pub(crate) fn severity(severity: detect::Severity, language: Language) -> &'static str {
    use detect::Severity as S;
    match (severity, language) {
        (S::Low, Language::Dutch) => "laag",
        (S::Medium, Language::Dutch) => "middel",
        (S::High, Language::Dutch) => "hoog",
        (S::Critical, Language::Dutch) => "kritiek",
        (other, Language::English) => other.key(),
    }
}
