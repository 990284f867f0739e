//! Answers of multicast DNS (RFC 6762) and LLMNR (RFC 4795): a name with an address, a device's model, and the services
//! that it offers (RFC 6763).

use std::net::IpAddr;

use super::MAX_NAME;
use crate::bytes::{be16, take, take_u8_block, take_u16_block};
use crate::event::{HostName, NameSource};
use crate::text;

const HEADER: usize = 12;
/// Records that are looked at, and steps through a name.
const MAX_RECORDS: usize = 64;
const MAX_STEPS: usize = 16;

const A: u16 = 1;
const AAAA: u16 = 28;
const PTR: u16 = 12;
const TXT: u16 = 16;

/// Hosts that a response names, in its order.
pub(super) fn read(bytes: &[u8], source: NameSource) -> Vec<HostName> {
    let mut told: Vec<HostName> = Vec::new();
    let _ = walk(bytes, |name, kind, content| {
        let address = match kind {
            A => <[u8; 4]>::try_from(content).ok().map(IpAddr::from),
            AAAA => <[u8; 16]>::try_from(content).ok().map(IpAddr::from),
            PTR if source == NameSource::MulticastDns => {
                // `_ipp._tcp.local`: somebody here prints; the answer's sender, as a rule.
                if let [service, transport, domain] = name
                    && service.starts_with('_')
                    && matches!(transport.as_str(), "_tcp" | "_udp")
                    && domain == "local"
                {
                    let kind = Some(format!("{service}.{transport}"));
                    told.push(HostName { source, ip: None, mac: None, name: None, kind, message: None });
                }
                return;
            }
            TXT => {
                // `Jans Laptop._device-info._tcp.local`: `model=…`
                let mut words = std::iter::successors(take_u8_block(content), |(_, rest)| take_u8_block(rest));
                let model = words.find_map(|(word, _)| word.strip_prefix(b"model="));
                let is_info = name.get(1) == Some(&"_device-info".to_owned());
                if let Some(model) = model.filter(|_| is_info) {
                    let kind = Some(text::line(model, MAX_NAME)).filter(|model| !model.is_empty());
                    told.push(HostName { source, ip: None, mac: None, name: None, kind, message: None });
                }
                return;
            }
            _ => return,
        };
        let is_own = match source {
            NameSource::MulticastDns => name.len() == 2 && name.get(1).is_some_and(|domain| domain == "local"),
            _ => name.len() == 1,
        };
        if let (Some(ip), Some(first), true) = (address, name.first(), is_own) {
            told.push(HostName {
                source,
                ip: Some(ip),
                mac: None,
                name: Some(first.clone()),
                kind: None,
                message: None,
            });
        }
    });
    told
}

/// Goes over the records of a response: labels of the name, type, content.
fn walk(bytes: &[u8], mut each: impl FnMut(&[String], u16, &[u8])) -> Option<()> {
    let is_response = be16(bytes, 2)? >> 15 == 1;
    let counts = [be16(bytes, 4)?, be16(bytes, 6)?, be16(bytes, 8)?, be16(bytes, 10)?].map(usize::from);
    let [questions, records @ ..] = counts;
    let mut at = HEADER;
    for _ in 0..questions.min(MAX_RECORDS) {
        at = labels(bytes, at)?.1 + 4;
    }
    for _ in 0..records.iter().sum::<usize>().min(MAX_RECORDS) {
        let (name, after) = labels(bytes, at)?;
        let kind = be16(bytes, after)?;
        let (content, rest) = take_u16_block(bytes.get(after + 8..)?)?;
        if is_response {
            each(&name, kind, content);
        }
        at = bytes.len() - rest.len();
    }
    Some(())
}

/// A name's labels, lower case, and where what follows it begins. Pointers lead backwards only.
fn labels(bytes: &[u8], at: usize) -> Option<(Vec<String>, usize)> {
    let (mut labels, mut here, mut after) = (Vec::new(), at, None);
    for _ in 0..MAX_STEPS {
        let length = *bytes.get(here)?;
        match length {
            0 => return Some((labels, after.unwrap_or(here + 1))),
            1..=0x3f => {
                let (label, _) = take(bytes.get(here + 1..)?, usize::from(length))?;
                labels.push(text::name(label, MAX_NAME));
                here += 1 + usize::from(length);
            }
            0xc0.. => {
                let target = usize::from(be16(bytes, here)? & 0x3fff);
                after = after.or(Some(here + 2));
                if target >= here {
                    return None;
                }
                here = target;
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(records: &[&[u8]]) -> Vec<u8> {
        [&[0, 0, 0x84, 0, 0, 0, 0, records.len() as u8, 0, 0, 0, 0][..], &records.concat()].concat()
    }

    #[test]
    fn addresses_with_their_names_and_models_are_read() {
        let address = b"\x08Printer1\x05local\0\0\x01\x80\x01\0\0\0\x78\0\x04\x0a\0\0\x09";
        let six = b"\xc0\x0c\0\x1c\x80\x01\0\0\0\x78\0\x10\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09";
        let model = b"\x04Jans\x0c_device-info\x04_tcp\x05local\0\0\x10\0\x01\0\0\0\x78\0\x0c\x0bmodel=Mac14";
        let service = b"\x04_ipp\x04_tcp\x05local\0\0\x0c\0\x01\0\0\0\x78\0\x05\x02L1\xc0\x0c";
        let bytes = response(&[address, six, model, service]);
        let told = read(&bytes, NameSource::MulticastDns);
        let told: Vec<_> = told.iter().map(|one| (one.name.as_deref(), one.kind.as_deref())).collect();
        assert_eq!(
            told,
            [(Some("printer1"), None), (Some("printer1"), None), (None, Some("Mac14")), (None, Some("_ipp._tcp"))]
        );
        for cut in 0..bytes.len() {
            let _ = read(&bytes[..cut], NameSource::MulticastDns);
        }
        let llmnr = response(&[b"\x06pc-jan\0\0\x01\0\x01\0\0\0\x1e\0\x04\x0a\0\0\x07"]);
        assert_eq!(read(&llmnr, NameSource::Llmnr)[0].name.as_deref(), Some("pc-jan"));
    }

    #[test]
    fn questions_other_domains_and_circles_say_nothing() {
        let mut asked = response(&[b"\x08printer1\x05local\0\0\x01\x80\x01\0\0\0\x78\0\x04\x0a\0\0\x09"]);
        asked[2] = 0;
        assert_eq!(read(&asked, NameSource::MulticastDns), []);
        let elsewhere = response(&[b"\x03www\x02nl\0\0\x01\0\x01\0\0\0\x78\0\x04\x0a\0\0\x09"]);
        assert_eq!(read(&elsewhere, NameSource::MulticastDns), []);
        assert_eq!(read(&response(&[b"\xc0\x0c\0\x01\0\x01\0\0\0\x78\0\x04\x0a\0\0\x09"]), NameSource::Llmnr), []);
    }
}
