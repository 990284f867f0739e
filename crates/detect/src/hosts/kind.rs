//! What kind of device is it? Clues with weights, the heaviest believed; see the tables below.

use wire::event::NameSource;

use super::is_drawn;
use crate::HostKind;

/// A reason to take a host for a kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clue {
    pub(super) weight: u8,
    pub(super) kind: HostKind,
}

impl Clue {
    /// The heavier stays; of equals the first.
    pub(super) fn better(known: &mut Option<Self>, other: Self) {
        if known.is_none_or(|known| other.weight > known.weight) {
            *known = Some(other);
        }
    }
}

const fn clue(weight: u8, kind: HostKind) -> Clue {
    Clue { weight, kind }
}

/// The outside is reached through it.
pub(super) const GATEWAY: Clue = clue(6, HostKind::Router);
/// Several hosts have files, log-ins or data from it. A printer with a share, or storage, says more plainly what it is.
pub(super) const SERVER: Clue = clue(4, HostKind::Server);

/// Services in multicast DNS (IANA service names, and what makers use).
const SERVICES: [(&str, Clue); 22] = [
    ("_ipp._tcp", clue(5, HostKind::Printer)),
    ("_ipps._tcp", clue(5, HostKind::Printer)),
    ("_printer._tcp", clue(5, HostKind::Printer)),
    ("_pdl-datastream._tcp", clue(5, HostKind::Printer)),
    ("_scanner._tcp", clue(5, HostKind::Printer)),
    ("_uscan._tcp", clue(5, HostKind::Printer)),
    ("_axis-video._tcp", clue(5, HostKind::Camera)),
    ("_onvif._tcp", clue(5, HostKind::Camera)),
    ("_rtsp._tcp", clue(4, HostKind::Camera)),
    ("_adisk._tcp", clue(4, HostKind::Nas)),
    ("_qdiscover._tcp", clue(5, HostKind::Nas)),
    ("_googlecast._tcp", clue(5, HostKind::Media)),
    ("_spotify-connect._tcp", clue(3, HostKind::Media)),
    ("_sonos._tcp", clue(5, HostKind::Media)),
    ("_amzn-wplay._tcp", clue(4, HostKind::Media)),
    ("_androidtvremote2._tcp", clue(5, HostKind::Media)),
    // Computers of Apple do so as well.
    ("_airplay._tcp", clue(1, HostKind::Media)),
    ("_raop._tcp", clue(1, HostKind::Media)),
    ("_sip._udp", clue(4, HostKind::Telephone)),
    ("_workstation._tcp", clue(2, HostKind::Workstation)),
    ("_rdp._tcp", clue(2, HostKind::Workstation)),
    ("_rfb._tcp", clue(2, HostKind::Workstation)),
];

/// Parts of a UPnP device type.
const DEVICES: [(&str, Clue); 7] = [
    ("MediaRenderer", clue(3, HostKind::Media)),
    ("ZonePlayer", clue(5, HostKind::Media)),
    ("InternetGatewayDevice", clue(5, HostKind::Router)),
    ("WLANAccessPointDevice", clue(5, HostKind::Router)),
    ("Printer", clue(5, HostKind::Printer)),
    ("DigitalSecurityCamera", clue(5, HostKind::Camera)),
    ("tvdevice", clue(5, HostKind::Media)),
];

/// Parts of DHCP's vendor class and of models, lower case.
const WORDS: [(&str, Clue); 30] = [
    ("msft 5.0", clue(3, HostKind::Workstation)),
    ("android", clue(4, HostKind::Mobile)),
    ("iphone", clue(5, HostKind::Mobile)),
    ("ipad", clue(5, HostKind::Mobile)),
    ("macbook", clue(5, HostKind::Workstation)),
    ("imac", clue(5, HostKind::Workstation)),
    ("macmini", clue(5, HostKind::Workstation)),
    ("appletv", clue(5, HostKind::Media)),
    ("jetdirect", clue(5, HostKind::Printer)),
    ("printer", clue(4, HostKind::Printer)),
    ("laserjet", clue(5, HostKind::Printer)),
    ("officejet", clue(5, HostKind::Printer)),
    ("lexmark", clue(4, HostKind::Printer)),
    ("kyocera", clue(4, HostKind::Printer)),
    ("xerox", clue(4, HostKind::Printer)),
    ("yealink", clue(5, HostKind::Telephone)),
    ("snom", clue(5, HostKind::Telephone)),
    ("polycom", clue(5, HostKind::Telephone)),
    ("grandstream", clue(5, HostKind::Telephone)),
    ("ip phone", clue(5, HostKind::Telephone)),
    ("network camera", clue(5, HostKind::Camera)),
    ("ipcamera", clue(5, HostKind::Camera)),
    ("hikvision", clue(5, HostKind::Camera)),
    ("synology", clue(5, HostKind::Nas)),
    ("qnap", clue(5, HostKind::Nas)),
    ("rackmac", clue(3, HostKind::Nas)),
    ("ubnt", clue(4, HostKind::Router)),
    ("mikrotik", clue(4, HostKind::Router)),
    ("fritz!box", clue(5, HostKind::Router)),
    ("unifi", clue(4, HostKind::Router)),
];

/// Beginnings of the options that a system asks of DHCP: which, and in which order, is its own.
const OPTIONS: [(&str, Clue); 4] = [
    ("options 1,3,6,15,31,33,43,44,46,47,", clue(3, HostKind::Workstation)),
    // Computers of Apple ask for NetBIOS as well (44, 46).
    ("options 1,121,3,6,15,108,114,119,252,95,44,46", clue(3, HostKind::Workstation)),
    ("options 1,121,3,6,15,", clue(2, HostKind::Mobile)),
    ("options 1,3,6,15,26,28,51,58,59,43", clue(3, HostKind::Mobile)),
];

/// Beginnings of makers' names, lower case, who make one kind of device. Makers of everything say nothing.
const MAKERS: [(&str, Clue); 40] = [
    ("synology", clue(4, HostKind::Nas)),
    ("qnap", clue(4, HostKind::Nas)),
    ("asustor", clue(4, HostKind::Nas)),
    ("axis communications", clue(4, HostKind::Camera)),
    ("hangzhou hikvision", clue(4, HostKind::Camera)),
    ("zhejiang dahua", clue(4, HostKind::Camera)),
    ("reolink", clue(4, HostKind::Camera)),
    ("mobotix", clue(4, HostKind::Camera)),
    ("vivotek", clue(4, HostKind::Camera)),
    ("yealink", clue(4, HostKind::Telephone)),
    ("snom", clue(4, HostKind::Telephone)),
    ("polycom", clue(4, HostKind::Telephone)),
    ("grandstream", clue(4, HostKind::Telephone)),
    ("gigaset", clue(4, HostKind::Telephone)),
    ("mitel", clue(4, HostKind::Telephone)),
    ("brother industries", clue(4, HostKind::Printer)),
    ("canon inc", clue(3, HostKind::Printer)),
    ("seiko epson", clue(4, HostKind::Printer)),
    ("kyocera", clue(4, HostKind::Printer)),
    ("ricoh", clue(4, HostKind::Printer)),
    ("lexmark", clue(4, HostKind::Printer)),
    ("xerox", clue(4, HostKind::Printer)),
    ("konica minolta", clue(4, HostKind::Printer)),
    ("oki electric", clue(4, HostKind::Printer)),
    ("ubiquiti", clue(3, HostKind::Router)),
    ("routerboard", clue(3, HostKind::Router)),
    ("mikrotik", clue(3, HostKind::Router)),
    ("avm ", clue(3, HostKind::Router)),
    ("draytek", clue(3, HostKind::Router)),
    ("zyxel", clue(3, HostKind::Router)),
    ("fortinet", clue(3, HostKind::Router)),
    ("cisco meraki", clue(3, HostKind::Router)),
    ("aruba", clue(3, HostKind::Router)),
    ("sophos", clue(3, HostKind::Router)),
    ("watchguard", clue(3, HostKind::Router)),
    ("sonos", clue(4, HostKind::Media)),
    ("roku", clue(4, HostKind::Media)),
    ("bose", clue(4, HostKind::Media)),
    ("tp vision", clue(4, HostKind::Media)),
    ("vmware", clue(1, HostKind::Server)),
];

/// What a device says of itself.
pub(super) fn of_words(source: NameSource, words: &str) -> Option<Clue> {
    if source == NameSource::Ssdp {
        return DEVICES.iter().find(|(part, _)| words.contains(part)).map(|(_, clue)| *clue);
    }
    if words.starts_with("options ") {
        return OPTIONS.iter().find(|(list, _)| words.starts_with(list)).map(|(_, clue)| *clue);
    }
    if words.starts_with('_') {
        return SERVICES.iter().find(|(service, _)| *service == words).map(|(_, clue)| *clue);
    }
    let words = words.to_lowercase();
    WORDS.iter().find(|(part, _)| words.contains(part)).map(|(_, clue)| *clue)
}

/// Who speaks as Windows does is a computer, for want of anything better.
pub(super) fn of_source(source: NameSource) -> Option<Clue> {
    matches!(source, NameSource::Netbios | NameSource::Ntlm | NameSource::Llmnr)
        .then_some(clue(1, HostKind::Workstation))
}

pub(super) fn of_user_agent(agent: &str) -> Option<Clue> {
    const AGENTS: [(&str, Clue); 13] = [
        ("SmartTV", clue(5, HostKind::Media)),
        ("SMART-TV", clue(5, HostKind::Media)),
        ("Web0S", clue(5, HostKind::Media)),
        ("Tizen", clue(4, HostKind::Media)),
        ("BRAVIA", clue(5, HostKind::Media)),
        ("CrKey", clue(5, HostKind::Media)),
        ("AppleTV", clue(5, HostKind::Media)),
        ("iPhone", clue(4, HostKind::Mobile)),
        ("iPad", clue(4, HostKind::Mobile)),
        ("Android", clue(4, HostKind::Mobile)),
        ("Windows NT", clue(3, HostKind::Workstation)),
        ("Macintosh", clue(3, HostKind::Workstation)),
        ("X11; Linux", clue(2, HostKind::Workstation)),
    ];
    AGENTS.iter().find(|(part, _)| agent.contains(part)).map(|(_, clue)| *clue)
}

pub(super) fn of_maker(maker: &str) -> Option<Clue> {
    let maker = maker.to_lowercase();
    MAKERS.iter().find(|(name, _)| maker.starts_with(name)).map(|(_, clue)| *clue)
}

/// Who registered the address' prefix with IEEE. None for an address drawn by lot: that shows nothing.
pub(super) fn maker(mac: [u8; 6]) -> Option<&'static str> {
    if is_drawn(mac) {
        return None;
    }
    let record = oui_data::lookup(&mac.map(|byte| format!("{byte:02X}")).concat())?;
    Some(record.organization()).filter(|name| !name.is_empty() && *name != "IEEE Registration Authority")
}

/// Names that devices bear out of the box, and so say nothing about which one it is.
pub(super) fn is_anybodys_name(name: &str) -> bool {
    const ANYBODYS: [&str; 10] =
        ["iphone", "ipad", "android", "localhost", "mac", "macbook", "desktop", "laptop", "pc", "unknown"];
    name.len() < 3 || ANYBODYS.contains(&name)
}
