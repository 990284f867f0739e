//! What each source lets the detectors see, and what it cannot: the table that pages and `docs/sensor-sources.md` show.
//!
//! It says what the source's records hold, not how well it is set up: a router that exports one packet in a thousand, or
//! a resolver that is not asked, shows less.

use facts::Text;

use crate::Kind;

/// Where what is known of the traffic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A copy of all packets: a mirror port, or a capture.
    Packets,
    /// NetFlow v5, v9, IPFIX.
    FlowRecords,
    /// dnsmasq and Pi-hole, Unbound, AdGuard Home.
    DnsLog,
    /// FortiGate, Sophos: a line when a session ends, with its counts.
    FirewallSessions,
    /// pfSense, OPNsense, UniFi, netfilter: a line for the first packet.
    FirewallPackets,
    Eve,
    Zeek,
}

/// How much of it a detector sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All that it sees in packets.
    Whole,
    /// Some of it; why not the rest.
    Partly(Text),
    /// Nothing; why.
    Nothing(Text),
}

impl Source {
    pub const ALL: [Self; 7] = [
        Self::Packets,
        Self::FlowRecords,
        Self::DnsLog,
        Self::FirewallSessions,
        Self::FirewallPackets,
        Self::Eve,
        Self::Zeek,
    ];

    /// Its name in settings and lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Packets => "packets",
            Self::FlowRecords => "flow_records",
            Self::DnsLog => "dns_log",
            Self::FirewallSessions => "firewall_sessions",
            Self::FirewallPackets => "firewall_packets",
            Self::Eve => "eve",
            Self::Zeek => "zeek",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Packets => Text::new("alle pakketten (spiegelpoort)", "all packets (mirror port)"),
            Self::FlowRecords => Text::new("NetFlow, IPFIX", "NetFlow, IPFIX"),
            Self::DnsLog => Text::new("DNS-logboek", "DNS log"),
            Self::FirewallSessions => Text::new("firewall, per sessie", "firewall, by session"),
            Self::FirewallPackets => Text::new("firewall, eerste pakket", "firewall, first packet"),
            Self::Eve => Text::new("Suricata (EVE)", "Suricata (EVE)"),
            Self::Zeek => Text::new("Zeek", "Zeek"),
        }
    }

    /// What this source shows of such a thing.
    #[must_use]
    pub fn sight(self, kind: Kind) -> Sight {
        let partly = |nl: &'static str, en: &'static str| Sight::Partly(Text::new(nl, en));
        let nothing = |nl: &'static str, en: &'static str| Sight::Nothing(Text::new(nl, en));
        let no_content = || nothing("wat er verstuurd wordt, staat er niet in", "what is sent does not stand in it");
        let no_names = || nothing("opgevraagde namen staan er niet in", "names asked for do not stand in it");
        let no_hello = || {
            nothing("handdrukken en certificaten staan er niet in", "handshakes and certificates do not stand in it")
        };
        let no_flows =
            || nothing("verbindingen staan er niet in, alleen namen", "connections do not stand in it, only names");
        let no_counts = || nothing("hoeveelheden en duur staan er niet in", "amounts and durations do not stand in it");
        match (self, kind) {
            (Self::Packets, _) => Sight::Whole,

            (Self::Eve | Self::Zeek, Kind::CleartextCredentials | Kind::CleartextPersonalData | Kind::Bruteforce) => {
                no_content()
            }
            (Self::Eve | Self::Zeek, Kind::Miner) => nothing(
                "mijnprotocollen worden er niet in gelezen; een lijst met namen helpt",
                "mining protocols are not read there; a list of names helps",
            ),
            (Self::Eve | Self::Zeek, Kind::Anonymiser) => partly(
                "Tor aan de naam en het certificaat; een VPN aan niets",
                "Tor by name and certificate; a VPN by nothing",
            ),
            (Self::Eve | Self::Zeek, Kind::LateralMovement) => partly(
                "extern bureaublad en WinRM; wat over SMB gebeurt niet",
                "remote desktop and WinRM; what happens over SMB is not",
            ),
            (Self::Eve, Kind::MalwareProtocol) => partly(
                "de kop van leesbare HTTP, niet het soort antwoord; tunnels in ping en kale TCP niet",
                "the head of readable HTTP, not the kind of answer; tunnels in pings and bare TCP are not",
            ),
            (Self::Zeek, Kind::MalwareProtocol) => partly(
                "leesbare HTTP, zonder wat er in de kop ontbreekt; tunnels in ping en kale TCP niet",
                "readable HTTP, without what the head lacks; tunnels in pings and bare TCP are not",
            ),
            (Self::Zeek, Kind::SuspiciousTls) => partly(
                "zonder het programma, tenzij Zeek ook JA4 schrijft",
                "without the program, unless Zeek writes JA4 as well",
            ),
            (Self::Eve | Self::Zeek, _) => Sight::Whole,

            (Self::DnsLog, Kind::Indicator) => partly(
                "namen en de adressen in antwoorden; niet wie een adres zonder naam belt",
                "names and the addresses in answers; not who calls an address without a name",
            ),
            (Self::DnsLog, Kind::Dga) => Sight::Whole,
            (Self::DnsLog, Kind::DnsTunnel) => partly(
                "wat er in de vragen gaat; van antwoorden hooguit de lengte",
                "what goes out in the questions; of answers at most the length",
            ),
            (Self::DnsLog, Kind::Anonymiser | Kind::Miner) => {
                nothing("alleen met een lijst waarop de naam staat", "only with a list that has the name")
            }
            (Self::DnsLog, Kind::SuspiciousTls) => no_hello(),
            (Self::DnsLog, Kind::CleartextCredentials | Kind::CleartextPersonalData | Kind::MalwareProtocol) => {
                no_content()
            }
            (Self::DnsLog, _) => no_flows(),

            (Self::FirewallSessions, Kind::MalwareProtocol) => partly(
                "leesbare HTTP waar het webfilter meekijkt: adres, pad en programma; verder niets",
                "readable HTTP where the web filter looks: address, path and program; nothing else",
            ),
            (
                _,
                Kind::CleartextCredentials
                | Kind::CleartextPersonalData
                | Kind::MalwareProtocol
                | Kind::Miner
                | Kind::Bruteforce,
            ) => no_content(),
            (_, Kind::SuspiciousTls | Kind::Anonymiser) => no_hello(),
            (Self::FirewallSessions, Kind::Dga | Kind::DnsTunnel) => {
                partly("alleen met het DNS-logboek van een FortiGate", "only with a FortiGate's DNS log")
            }
            (_, Kind::Dga | Kind::DnsTunnel) => no_names(),
            (_, Kind::LateralMovement) => nothing(
                "welk protocol gesproken wordt, staat er niet in",
                "which protocol is spoken does not stand in it",
            ),

            (Self::FirewallSessions, Kind::Indicator) => partly(
                "adressen, en namen en leesbare URL's waar het webfilter meekijkt",
                "addresses, and names and readable URLs where the web filter looks",
            ),
            (_, Kind::Indicator) => partly("adressen, geen namen", "addresses, no names"),
            (Self::FirewallPackets, Kind::Exfiltration | Kind::LongConnection) => no_counts(),
            (Self::FirewallPackets, Kind::Beacon) => partly(
                "een ritme alleen met nog een teken erbij, zoals een vreemde poort; hoeveelheden, programma's en namen ontbreken. Een baken over 443 wordt hooguit als laag gemeld, voor het overzicht en niet als zaak, tenzij er een DNS-logboek of een indicator naast staat",
                "a rhythm only with another sign, such as an odd port; amounts, programs and names are missing. A beacon over 443 is told as low at most, for the overview and not as a case, unless a DNS log or an indicator stands beside it",
            ),
            (_, Kind::Beacon) => partly(
                "ritme en hoeveelheden per adres; geen programma's, en namen alleen met een DNS-logboek erbij. Een baken over 443 wordt als laag gemeld, voor het overzicht en niet als zaak, tenzij er een DNS-logboek of een indicator naast staat",
                "rhythm and amounts by address; no programs, and names only with a DNS log beside it. A beacon over 443 is told as low, for the overview and not as a case, unless a DNS log or an indicator stands beside it",
            ),
            (Self::FlowRecords, Kind::Scan) => partly(
                "waar elk pakket telt; niet bij een steekproef",
                "where every packet is counted; not of a sample",
            ),
            (Self::FirewallSessions | Self::FirewallPackets, Kind::Scan) => partly(
                "wat de firewall tegenhoudt; niet wat binnen blijft",
                "what the firewall turns away; not what stays inside",
            ),
            (_, Kind::Exfiltration | Kind::LongConnection) => Sight::Whole,
        }
    }
}

/// The table in both languages, as Markdown: what the documentation shows.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::new();
    for (title, head, whole, is_dutch) in [
        ("## Wat elke bron laat zien", "wat er te vinden is", "geheel", true),
        ("## What each source shows", "what there is to find", "whole", false),
    ] {
        let said = |text: &Text| if is_dutch { text.nl.to_string() } else { text.en.to_string() };
        let (partly, nothing) = if is_dutch { ("deels", "niet") } else { ("partly", "not") };
        out.push_str(title);
        out.push_str("\n\n");
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let sources: Vec<Source> = Source::ALL.into_iter().filter(|source| *source != Source::Packets).collect();
        out.push_str(&row(std::iter::once(head.to_owned())
            .chain(sources.iter().map(|source| said(&source.name())))
            .collect()));
        out.push_str(&row(vec!["---".to_owned(); sources.len() + 1]));
        for kind in Kind::ALL {
            let cell = |source: &Source| match source.sight(*kind) {
                Sight::Whole => whole.to_owned(),
                Sight::Partly(why) => format!("{partly}: {}", said(&why)),
                Sight::Nothing(why) => format!("{nothing}: {}", said(&why)),
            };
            out.push_str(&row(std::iter::once(format!("`{}`", kind.key())).chain(sources.iter().map(cell)).collect()));
        }
        out.push('\n');
    }
    out
}
