//! Malware over bare TCP: its own protocols, programs, a command line that goes out; bots on IRC, Chisel's tunnels, and Java code
//! that a directory outside gives out.
//!
//! Sees: what either side of a connection with the outside begins with, where it speaks nothing that we read: Gh0st and its
//! descendants, njRAT, a program made to run from memory, any other program, the words of a command interpreter of ours.
//! Fooled by: encryption, a first message of another form, an interpreter that says nothing before its first answer, a
//! program that comes after other words.
//! Silent by design: what stays inside, where files are shared; a stranger who asks whether malware answers (some search
//! the internet for it); a connection that was there before; a program or a text beside FTP, whose files travel bare.
//! Never stores: what was said; which of these it was, and how often.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Conversation, Event, FlowId, Kind as Seen, RawContent, RawStream, Transport};

use super::{DAY, Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::id_of,
    network::{Direction, Network},
    table::Table,
};

const PLACES: usize = 16_384;
const FTP_PAIRS: usize = 16_384;

/// Where FTP's orders go, and from where its servers send files by themselves (RFC 959 §3.2).
const FTP_ORDERS: u16 = 21;
const FTP_FILES: u16 = 20;

/// Our host, the other side, and its port; 0 where it called us.
type Key = (IpAddr, IpAddr, u16);

#[derive(Debug)]
struct Place {
    first_at: Timestamp,
    last_at: Timestamp,
    flow: FlowId,
    connections: u64,
    contents: BTreeSet<RawContent>,
}

pub(super) struct RawStreams {
    places: Table<Key, Place>,
    /// Our hosts and who they speak FTP with.
    /// Whether FTP was spoken, or somebody only came to its port.
    ftp: Table<(IpAddr, IpAddr), bool>,
}

impl RawStreams {
    pub(super) fn new() -> Self {
        Self { places: Table::new(PLACES), ftp: Table::new(FTP_PAIRS) }
    }

    fn speaks_ftp(&mut self, conversation: &Conversation, is_spoken: bool, network: &Network) {
        if let Some(sides) = network.sides(conversation) {
            *self.ftp.touch((sides.host, sides.remote.ip), || false) |= is_spoken;
        }
    }

    fn stream(&mut self, stream: RawStream, event: &Event, network: &Network) {
        let Some(sides) = network.sides(&event.conversation) else { return };
        let is_outbound = sides.direction == Direction::Outbound;
        let is_ours = stream.is_from_client == is_outbound;
        // Orders have words of their own; what is bare at their port is none of FTP's.
        let ftp = self.ftp.value(&(sides.host, sides.remote.ip)).copied();
        let is_of_ftp = event.conversation.server.port != FTP_ORDERS && ftp.is_some();
        let counts = match stream.content {
            RawContent::Gh0st | RawContent::Njrat => is_ours || is_outbound,
            // Strangers who come to a server of ours bring their own names and words.
            RawContent::IrcBot | RawContent::Chisel => is_outbound,
            RawContent::JavaReference => is_outbound && !is_ours,
            RawContent::MemoryProgram => !is_ours,
            RawContent::Program => !is_ours && !is_of_ftp,
            // A knock at its port hides no command line. In FTP the port of files is the client's; who opens it at a server
            // speaks something else.
            RawContent::Shell => {
                let is_file = is_of_ftp && ftp == Some(true) && event.conversation.server.port != FTP_FILES;
                is_ours && !is_file
            }
        };
        if !counts {
            return;
        }
        let port = if is_outbound { sides.remote.port } else { 0 };
        let place = self.places.touch((sides.host, sides.remote.ip, port), || Place {
            first_at: event.at,
            last_at: event.at,
            flow: event.flow,
            connections: 1,
            contents: BTreeSet::new(),
        });
        place.first_at = place.first_at.min(event.at);
        place.last_at = place.last_at.max(event.at);
        place.connections += u64::from(place.flow != event.flow);
        place.flow = event.flow;
        place.contents.insert(stream.content);
    }
}

impl Detector for RawStreams {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::FlowStarted if has_port_of_ftp(&event.conversation) => {
                self.speaks_ftp(&event.conversation, false, network);
            }
            Seen::Login(login) if login.protocol == "ftp" => self.speaks_ftp(&event.conversation, true, network),
            Seen::FlowEnded(flow) if flow.application == Some("ftp") => {
                self.speaks_ftp(&event.conversation, true, network);
            }
            Seen::RawStream(stream) => self.stream(*stream, event, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        self.places.sorted().into_iter().filter_map(|(key, place)| judge(*key, place, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.places.age(WEEK);
        self.ftp.age(2 * DAY);
    }

    fn is_nearly_full(&self) -> bool {
        self.places.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.places.dropped() + self.ftp.dropped()
    }
}

fn has_port_of_ftp(conversation: &Conversation) -> bool {
    conversation.transport == Transport::Tcp
        && [conversation.client.port, conversation.server.port]
            .iter()
            .any(|port| matches!(*port, FTP_ORDERS | FTP_FILES))
}

fn judge((host, remote, port): Key, place: &Place, network: &Network) -> Option<Detection> {
    let worst = *place.contents.last()?;
    let domain = network.name_of(host, remote).map(str::to_owned);
    let is_first = network.is_first_contact(domain.as_deref(), remote, place.first_at) == Some(true);
    let is_never_asked = domain.is_none() && network.sees_answers_to(host);
    let severity = match worst {
        // Some old programs fetch what is new of themselves so; and what strangers push at us is seldom run.
        RawContent::Program if port > 0 && (is_first || is_never_asked) => Severity::Medium,
        RawContent::Program => Severity::Low,
        // Now and then somebody at work has one, to a name of their own.
        RawContent::Chisel if domain.is_some() => Severity::Medium,
        _ => Severity::High,
    };
    let mut signs: Vec<String> = place.contents.iter().map(|content| content.key().to_owned()).collect();
    signs.extend(is_first.then(|| "first_contact".to_owned()));
    let name = domain.clone().unwrap_or_else(|| remote.to_string());
    Some(Detection {
        id: id_of(&[Kind::MalwareProtocol.key(), "bare", &host.to_string(), &remote.to_string(), &port.to_string()]),
        first_at: place.first_at,
        last_at: place.last_at,
        host: network.host(host),
        kind: Kind::MalwareProtocol,
        severity,
        confidence: if worst == RawContent::Program { 0.5 } else { 0.9 },
        technique: technique(worst),
        remote: Remote { ip: Some(remote), port: (port > 0).then_some(port), domain },
        evidence: BTreeMap::from([
            ("protocol", Figure::Text(worst.key().into())),
            ("connections", Figure::Whole(place.connections)),
            ("signs", Figure::Texts(signs)),
        ]),
        summary: summary(host, &name, port, worst, severity),
    })
}

/// T1071 application layer protocol, T1095 non-application layer protocol, T1219 remote access tools, T1105 ingress tool
/// transfer, T1620 reflective code loading, T1059 command and scripting interpreter, T1572 protocol tunnelling, T1190 exploit
/// public-facing application
/// (MITRE ATT&CK).
fn technique(worst: RawContent) -> Vec<&'static str> {
    match worst {
        RawContent::Gh0st | RawContent::Njrat => vec!["T1095", "T1219"],
        RawContent::MemoryProgram => vec!["T1095", "T1105", "T1620"],
        RawContent::Program => vec!["T1095", "T1105"],
        RawContent::Shell => vec!["T1095", "T1059"],
        RawContent::IrcBot => vec!["T1071"],
        RawContent::Chisel => vec!["T1572", "T1071.001"],
        RawContent::JavaReference => vec!["T1190", "T1105"],
    }
}

fn summary(host: IpAddr, name: &str, port: u16, worst: RawContent, severity: Severity) -> Text {
    let (to_nl, to_en) = match port {
        0 => (name.to_owned(), name.to_owned()),
        _ => (format!("{name} (poort {port})"), format!("{name} (port {port})")),
    };
    let (nl, en) = match worst {
        RawContent::Gh0st | RawContent::Njrat => {
            let family = if worst == RawContent::Gh0st { "Gh0st" } else { "njRAT" };
            (
                format!(
                    "{host} praat met {to_nl} in de taal van {family}, waarmee iemand een computer op afstand bestuurt."
                ),
                format!(
                    "{host} talks to {to_en} in the language of {family}, by which somebody controls a computer from afar."
                ),
            )
        }
        RawContent::Shell => (
            format!(
                "{host} geeft {to_nl} een opdrachtregel, leesbaar en zonder aanmelden: daar voert iemand opdrachten uit op {host}."
            ),
            format!(
                "{host} gives {to_en} a command line, readable and without a log-in: somebody there runs commands on {host}."
            ),
        ),
        RawContent::MemoryProgram => (
            format!(
                "{host} kreeg van {to_nl} een programma dat in het geheugen draait en nooit een bestand wordt, zoals indringers het gebruiken."
            ),
            format!(
                "{host} got a program from {to_en} that runs from memory and never becomes a file, as intruders use them."
            ),
        ),
        RawContent::IrcBot => (
            format!(
                "{host} zit op de chatserver {to_nl} (IRC) als een programma dat doet wat anderen daar zeggen: zo worden gekaapte apparaten bestuurd."
            ),
            format!(
                "{host} is on the chat server {to_en} (IRC) as a program that does what others say there: that is how hijacked devices are controlled."
            ),
        ),
        RawContent::Chisel => (
            format!(
                "{host} heeft een tunnel (Chisel) naar {to_nl}. Wie daar zit, komt erdoor in het netwerk; indringers brengen dit programma zelf mee."
            ),
            format!(
                "{host} has a tunnel (Chisel) to {to_en}. Who is there gets into the network through it; intruders bring this program along."
            ),
        ),
        RawContent::JavaReference => (
            format!(
                "{host} vroeg {to_nl} iets per LDAP en kreeg Java-code terug om uit te voeren: zo wordt een server overgenomen door een lek zoals \
                 Log4Shell."
            ),
            format!(
                "{host} asked {to_en} something over LDAP and got Java code back to run: that is how a server is taken over by a hole such as \
                 Log4Shell."
            ),
        ),
        RawContent::Program => (
            format!("{host} kreeg een programma van {to_nl}, over een kale verbinding zonder beveiliging."),
            format!("{host} got a program from {to_en}, over a bare connection without protection."),
        ),
    };
    let (do_nl, do_en) = match severity {
        Severity::Low => (
            "Onderweg kan een ander het vervangen. Kijk of u dit programma verwacht.",
            "On its way somebody can replace it. See whether you expect this program.",
        ),
        _ => (
            "Haal het apparaat van het netwerk, zet het niet uit, en laat het nakijken.",
            "Take the device off the network, leave it switched on, and have it examined.",
        ),
    };
    Text::made(format!("{nl} {do_nl}"), format!("{en} {do_en}"))
}
