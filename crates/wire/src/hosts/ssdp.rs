//! SSDP, Universal Plug and Play's discovery (UPnP Device Architecture 2.0 §1): what kind of device announces itself.

use super::MAX_NAME;
use crate::event::{HostName, NameSource};
use crate::text;

/// Header lines that are looked at.
const MAX_LINES: usize = 32;

/// The device type of an announcement or an answer: `NT` or `ST` with `:device:` in it. Searches say nothing of who asks.
pub(super) fn read(bytes: &[u8]) -> Vec<HostName> {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(MAX_LINES);
    let first = lines.next().unwrap_or_default();
    if !first.starts_with(b"NOTIFY ") && !first.starts_with(b"HTTP/1.1 200") {
        return Vec::new();
    }
    let device = lines.find_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        let (key, value) = (line.get(..at)?, line.get(at + 1..)?);
        let is_type = key.eq_ignore_ascii_case(b"NT") || key.eq_ignore_ascii_case(b"ST");
        let value = text::line(value, MAX_NAME);
        (is_type && value.contains(":device:")).then_some(value)
    });
    let told =
        |kind| HostName { source: NameSource::Ssdp, ip: None, mac: None, name: None, kind: Some(kind), message: None };
    device.map(told).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_what_it_is_and_a_search_nothing() {
        let announced = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nnt: urn:schemas-upnp-org:device:MediaRenderer:1\r\n\r\n";
        assert_eq!(read(announced)[0].kind.as_deref(), Some("urn:schemas-upnp-org:device:MediaRenderer:1"));
        let answered = b"HTTP/1.1 200 OK\r\nST:urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n";
        assert_eq!(read(answered).len(), 1);
        for nothing in [
            &b"M-SEARCH * HTTP/1.1\r\nST: urn:schemas-upnp-org:device:MediaRenderer:1\r\n\r\n"[..],
            b"NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\n",
            b"NOTIFY * HTTP/1.1\r\nNT\r\n\r\n",
            b"",
        ] {
            assert_eq!(read(nothing), []);
        }
    }
}
