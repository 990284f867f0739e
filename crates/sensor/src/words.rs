//! What is said of sources, in both languages.

#[cfg(target_os = "linux")]
use std::net::IpAddr;

#[cfg(target_os = "linux")]
use capture::OpenError;
#[cfg(target_os = "linux")]
use collect::{Disbelief, Why};
use collect::{Unused, UnusedCounts};
#[cfg(target_os = "linux")]
use contract::sensor::DiskFault;
use facts::Text;
#[cfg(target_os = "linux")]
use jiff::tz::Offset;

/// How many packets came, of whatever source.
#[must_use]
pub fn packets(count: u64) -> Text {
    Text::counted(count, Text::new("pakket", "packet"), Text::new("pakketten", "packets"))
}

/// How many lines: of a log, or of what is told to a server.
#[must_use]
pub fn lines(count: u64) -> Text {
    Text::counted(count, Text::new("regel", "line"), Text::new("regels", "lines"))
}

/// How many conversations.
#[must_use]
pub fn flows(count: u64) -> Text {
    Text::counted(count, Text::new("verbinding", "flow"), Text::new("verbindingen", "flows"))
}

/// How many hosts of ours.
#[must_use]
pub fn hosts(count: u64) -> Text {
    Text::counted(count, Text::new("apparaat", "host"), Text::new("apparaten", "hosts"))
}

/// How many lines of firewalls were understood and not used, and why; absent: all were used.
#[must_use]
pub fn unused(counts: UnusedCounts) -> Option<Text> {
    let sum = counts.sum();
    if sum == 0 {
        return None;
    }
    let parts: Vec<(u64, Text)> = counts.all().map(|(why, count)| (count, reason(why))).collect();
    let said = |of: fn(&Text) -> &str| {
        parts.iter().map(|(count, why)| format!("{count} {}", of(why))).collect::<Vec<_>>().join("; ")
    };
    Some(Text::made(
        format!("{sum} niet gebruikt ({})", said(|why| &why.nl)),
        format!("{sum} not used ({})", said(|why| &why.en)),
    ))
}

/// Of a sender of log lines that write the time of another zone than was said: what is done with that, and what to do.
#[cfg(target_os = "linux")]
pub(crate) fn other_zone(sender: &str, zone: Offset) -> Text {
    let zone = if zone == Offset::UTC { "UTC".to_owned() } else { format!("UTC{zone}") };
    let (nl, en) = match sender {
        "" => ("een afzender zonder naam", "a sender without a name"),
        named => (named, named),
    };
    Text::made(
        format!(
            "de regels van {nl} noemen geen tijdzone en staan in die van {zone}; zo worden ze nu gelezen. Zet daar de goede tijdzone, of geef --zone UTC als alles UTC schrijft"
        ),
        format!(
            "the lines of {en} name no time zone and are in that of {zone}; they are read so from now on. Set the right zone there, or give --zone UTC if everything writes UTC"
        ),
    )
}

/// Of a router whose moments are not believed: what it says, what is done with that, and what to do.
#[cfg(target_os = "linux")]
pub(crate) fn disbelief(exporter: IpAddr, Disbelief { why, said, records, .. }: &Disbelief) -> Text {
    let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
    let (nl, en) = match why {
        Why::Off => (
            format!("de klok van {exporter} wijkt een dag of meer af{said}"),
            format!("the clock of {exporter} is a day or more off{said}"),
        ),
        Why::Still => {
            (format!("de klok van {exporter} staat stil{said}"), format!("the clock of {exporter} stands still{said}"))
        }
        Why::Records => (
            format!("{exporter} zegt van verbindingen niet wanneer ze waren, of iets wat niet kan{said}"),
            format!("{exporter} does not say when connections were, or says what cannot be{said}"),
        ),
    };
    let (doen, act) = match why {
        Why::Off | Why::Still => ("stel daar een tijdserver (NTP) in", "set a time server (NTP) there"),
        Why::Records => (
            "stel daar een tijdserver (NTP) in, en neem begin en einde van verbindingen op in wat hij stuurt; een vast ritme is anders niet te vinden",
            "set a time server (NTP) there, and have what it sends include when connections begin and end; a steady rhythm cannot be found otherwise",
        ),
    };
    let records = Text::counted(*records, Text::new("record", "record"), Text::new("records", "records"));
    Text::made(
        format!("{nl}; voor {} telt het moment van ontvangst; {doen}", records.nl),
        format!("{en}; for {} the moment of receipt counts; {act}", records.en),
    )
}

/// So many lines of what was found were let go before the server had them.
#[must_use]
pub fn let_go(count: u64) -> Text {
    let count = lines(count);
    Text::made(
        format!(
            "niet alles wat gevonden is, komt bij de server: {} losgelaten omdat er geen plaats was om te wachten, het minst ernstige eerst; geef met --spool meer plaats",
            count.nl
        ),
        format!(
            "not all that was found reaches the server: {} let go for want of room to wait, the least severe first; give more room with --spool",
            count.en
        ),
    )
}

/// What is said, after a line of figures, of lines that were let go before a server had them.
#[cfg(target_os = "linux")]
pub(crate) fn lost(count: u64) -> Text {
    if count == 0 {
        return Text::new("", "");
    }
    let count = lines(count);
    Text::made(
        format!(", {} losgelaten zonder plaats om te wachten", count.nl),
        format!(", {} let go for want of room to wait", count.en),
    )
}

/// What is said, after a line of figures, of lines that a server has not taken yet.
#[cfg(target_os = "linux")]
pub(crate) fn waiting(lines: u64) -> Text {
    match lines {
        1 => Text::new(", 1 regel wacht", ", 1 line waiting"),
        _ => Text::made(format!(", {lines} regels wachten"), format!(", {lines} lines waiting")),
    }
}

/// What is said, after a line of figures, of a disk that takes nothing.
#[cfg(target_os = "linux")]
pub(crate) fn disk(fault: DiskFault) -> Text {
    match fault {
        DiskFault::Full => Text::new(", de schijf is vol", ", the disk is full"),
        DiskFault::Unwritable => Text::new(", de schijf is niet te schrijven", ", the disk cannot be written"),
    }
}

fn reason(why: Unused) -> Text {
    match why {
        Unused::Knocking => Text::new("van buiten tegengehouden", "turned away from outside"),
        Unused::Elsewhere => Text::new("zonder eigen adres (--home)", "without an address of yours (--home)"),
        Unused::Translated => Text::new(
            "met het adres van de firewall zelf: laat ook de regel op de binnenkant loggen",
            "with the firewall's own address: have the rule on the inside log as well",
        ),
        Unused::ToldBefore => Text::new("al verteld bij binnenkomst", "told already on the way in"),
        Unused::Midway => Text::new("midden in een verbinding", "in the middle of a connection"),
        Unused::Unfinished => {
            Text::new("van een begin, dat het einde nog eens vertelt", "of a beginning, which the end tells again")
        }
    }
}

/// Why an interface cannot be read.
#[cfg(target_os = "linux")]
#[must_use]
pub fn text_of(error: &OpenError) -> Text {
    let nl = match error {
        OpenError::Name(name) => format!("`{name}` is geen naam van een interface; `ip link` toont ze"),
        OpenError::Absent(name) => format!("er is geen interface `{name}`; `ip link` toont welke er zijn"),
        OpenError::NotAllowed(name) => format!(
            "geen recht om interface `{name}` te lezen; start als root, of met het recht CAP_NET_RAW (`setcap cap_net_raw+ep`, of AmbientCapabilities= van systemd)"
        ),
        OpenError::Link { name, kind } => format!(
            "interface `{name}` is van een soort die hier niet gelezen wordt (ARPHRD {kind}); noem een Ethernet-, bridge-, VLAN- of tunnelinterface"
        ),
        OpenError::System { name, why } => format!("interface `{name}` is niet te openen: {why}"),
    };
    Text::made(nl, error.to_string())
}

/// It gives nothing now.
#[cfg(target_os = "linux")]
#[must_use]
pub fn is_down(name: &str) -> Text {
    Text::made(
        format!("interface {name} staat uit of heeft geen verbinding; er wordt op gewacht"),
        format!("interface {name} is down or has no link; it is waited for"),
    )
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_sender_in_another_zone_is_named_with_it() {
        for (sender, hours, who, zone) in
            [("fw", 0, "of fw name", "that of UTC;"), ("", -5, "without a name", "UTC-05;")]
        {
            let said = other_zone(sender, Offset::constant(hours)).en;
            assert!(said.contains(who) && said.contains(zone), "{said}");
        }
    }

    #[test]
    fn one_line_is_not_several() {
        for (lines, nl, en) in [
            (0, ", 0 regels wachten", ", 0 lines waiting"),
            (1, ", 1 regel wacht", ", 1 line waiting"),
            (2, ", 2 regels wachten", ", 2 lines waiting"),
        ] {
            assert_eq!(waiting(lines), Text::made(nl.into(), en.into()));
        }
        type Count = fn(u64) -> Text;
        let counts = [
            (packets as Count, "0 pakketten, 1 pakket, 2 pakketten", "0 packets, 1 packet, 2 packets"),
            (super::lines, "0 regels, 1 regel, 2 regels", "0 lines, 1 line, 2 lines"),
            (flows, "0 verbindingen, 1 verbinding, 2 verbindingen", "0 flows, 1 flow, 2 flows"),
            (hosts, "0 apparaten, 1 apparaat, 2 apparaten", "0 hosts, 1 host, 2 hosts"),
        ];
        for (count, nl, en) in counts {
            let said = [0, 1, 2].map(count);
            assert_eq!(said.each_ref().map(|one| one.nl.to_string()).join(", "), nl);
            assert_eq!(said.each_ref().map(|one| one.en.to_string()).join(", "), en);
        }
    }
}
