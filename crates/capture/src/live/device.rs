//! What the system says of an interface (`/sys/class/net`, the index behind a name).

use std::fs;

use rustix::net::{AddressFamily, SocketType, netdevice, socket};
use wire::LinkType;

use super::OpenError;

/// An interface as it was found.
#[derive(Debug)]
pub(super) struct Device {
    name: String,
    /// Which of all interfaces that ever had this name.
    index: u32,
    pub(super) link: LinkType,
    pub(super) is_loopback: bool,
}

/// Kinds of hardware (`linux/if_arp.h`).
const ETHERNET: u32 = 1;
const POINT_TO_POINT: u32 = 512;
const LOOPBACK: u32 = 772;
/// No header of its own: tun, WireGuard.
const NONE: u32 = 65_534;

/// Switched on (`IFF_UP`).
const UP: u32 = 1;

impl Device {
    pub(super) fn find(name: &str) -> Result<Self, OpenError> {
        let index = index(name).ok_or_else(|| OpenError::Absent(name.to_owned()))?;
        // Where the system tells nothing of it (no `/sys` in a container) it is taken for what nearly all are.
        let kind = attribute(name, "type").and_then(|text| text.parse().ok()).unwrap_or(ETHERNET);
        let link = match kind {
            ETHERNET | LOOPBACK => LinkType::Ethernet,
            POINT_TO_POINT | NONE => LinkType::RawIp,
            kind => return Err(OpenError::Link { name: name.to_owned(), kind }),
        };
        Ok(Self { name: name.to_owned(), index, link, is_loopback: kind == LOOPBACK })
    }

    /// Whether the name still means this interface.
    pub(super) fn is_there(&self, name: &str) -> bool {
        index(name) == Some(self.index)
    }

    /// Whether it is switched on and has a link; yes where the system does not say.
    pub(super) fn gives_frames(&self) -> bool {
        let flags = attribute(&self.name, "flags")
            .and_then(|text| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok())
            .unwrap_or(UP);
        // Cannot be read while it is switched off.
        let has_link = attribute(&self.name, "carrier").is_none_or(|text| text != "0");
        flags & UP != 0 && has_link
    }
}

fn index(name: &str) -> Option<u32> {
    let asking = socket(AddressFamily::INET, SocketType::DGRAM, None).ok()?;
    netdevice::name_to_index(asking, name).ok()
}

fn attribute(name: &str, attribute: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/sys/class/net/{name}/{attribute}")).ok()?;
    Some(text.trim().to_owned())
}
