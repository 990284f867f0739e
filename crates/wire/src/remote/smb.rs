//! SMB: which share a client opens, which pipe in it, and what its machine is called ([MS-CIFS], [MS-SMB2], [MS-NLMP]).

use crate::event::{HostName, Kind, NameSource, RemoteMeans};
use crate::text;

const MAX_NAME: usize = 64;
/// Messages chained in one.
const MAX_CHAINED: usize = 16;

const SMB2_HEADER: usize = 64;
const SESSION_SETUP: u16 = 1;
const TREE_CONNECT: u16 = 3;
const CREATE: u16 = 5;

const SMB1_SESSION_SETUP: u8 = 0x73;
const SMB1_TREE_CONNECT: u8 = 0x75;
const SMB1_CREATE: u8 = 0xa2;

/// What a message says, without the session service's four bytes.
pub(super) fn read(message: &[u8], told: &mut Vec<Kind>) {
    match message {
        [0xfe, b'S', b'M', b'B', ..] => {
            let mut rest = message;
            for _ in 0..MAX_CHAINED {
                let next = le32(rest, 20).unwrap_or_default() as usize;
                let _ = smb2(rest, told);
                match rest.get(next..) {
                    Some(following) if next >= SMB2_HEADER => rest = following,
                    _ => return,
                }
            }
        }
        [0xff, b'S', b'M', b'B', ..] => drop(smb1(message, told)),
        _ => {}
    }
}

fn smb2(message: &[u8], told: &mut Vec<Kind>) -> Option<()> {
    let is_response = le32(message, 16)? & 1 == 1;
    if is_response {
        return None;
    }
    let text_at = |at: usize| {
        let (offset, length) = (le16(message, at)?, le16(message, at + 2)?);
        Some(utf16(message.get(usize::from(offset)..usize::from(offset) + usize::from(length))?))
    };
    match le16(message, 12)? {
        SESSION_SETUP => workstation(message, told),
        TREE_CONNECT => share(&text_at(SMB2_HEADER + 4)?, told),
        CREATE => pipe(&text_at(SMB2_HEADER + 44)?, told),
        _ => {}
    }
    Some(())
}

fn smb1(message: &[u8], told: &mut Vec<Kind>) -> Option<()> {
    let is_response = message.get(9)? & 0x80 != 0;
    if is_response {
        return None;
    }
    let is_unicode = le16(message, 10)? & 0x8000 != 0;
    let words = 2 * usize::from(*message.get(32)?);
    let content = 33 + words + 2;
    // A text in two-byte characters begins at an even place.
    let text_from = |at: usize| {
        if is_unicode {
            let rest = message.get(at + at % 2..)?;
            let end = rest.chunks_exact(2).position(|two| two == [0, 0]).map_or(rest.len(), |at| 2 * at);
            Some(utf16(rest.get(..end)?))
        } else {
            let text = message.get(at..)?.split(|byte| *byte == 0).next()?;
            Some(text::line(text, MAX_NAME).to_lowercase())
        }
    };
    match *message.get(4)? {
        SMB1_SESSION_SETUP => workstation(message, told),
        SMB1_TREE_CONNECT => {
            let password = usize::from(le16(message, 33 + 6)?);
            share(&text_from(content + password)?, told);
        }
        SMB1_CREATE => pipe(&text_from(content)?, told),
        _ => {}
    }
    Some(())
}

/// `\\server\share`: only the administrative ones are told.
fn share(path: &str, told: &mut Vec<Kind>) {
    let share = path.rsplit('\\').next().unwrap_or_default();
    let is_drive = matches!(share.as_bytes(), [b'a'..=b'z', b'$']);
    if is_drive || share == "admin$" {
        told.push(Kind::RemoteAccess(RemoteMeans::AdminShare(share.to_owned())));
    }
}

/// Pipes by which one machine changes another; files are passed over.
fn pipe(name: &str, told: &mut Vec<Kind>) {
    let name = name.trim_start_matches('\\');
    let name = name.strip_prefix("pipe\\").unwrap_or(name);
    let means = match name {
        "svcctl" => RemoteMeans::ServiceControl,
        "atsvc" => RemoteMeans::TaskScheduler,
        "winreg" => RemoteMeans::Registry,
        // The service that PsExec and its kin install, and the pipes that it speaks through.
        _ if ["psexesvc", "remcom_", "paexec", "csexec"].iter().any(|tool| name.starts_with(tool)) => {
            RemoteMeans::RemoteShell
        }
        _ => return,
    };
    told.push(Kind::RemoteAccess(means));
}

/// The name of its machine that a client gives in NTLM's last message.
fn workstation(message: &[u8], told: &mut Vec<Kind>) {
    const SIGNATURE: &[u8] = b"NTLMSSP\0\x03\0\0\0";
    let start = message.windows(SIGNATURE.len()).position(|window| window == SIGNATURE);
    let Some(ntlm) = start.and_then(|at| message.get(at..)) else { return };
    let name = || {
        let (length, offset) = (usize::from(le16(ntlm, 44)?), le32(ntlm, 48)? as usize);
        let bytes = ntlm.get(offset..offset.checked_add(length)?)?;
        Some(if le32(ntlm, 60)? & 1 == 1 { utf16(bytes) } else { text::name(bytes, MAX_NAME) })
    };
    if let Some(name) = name().filter(|name| !name.is_empty()) {
        told.push(Kind::HostName(HostName {
            source: NameSource::Ntlm,
            ip: None,
            mac: None,
            name: Some(name),
            kind: None,
            message: None,
        }));
    }
}

/// Two-byte characters, little-endian, in lower case.
fn utf16(bytes: &[u8]) -> String {
    let units =
        bytes.chunks_exact(2).take(4 * MAX_NAME).filter_map(|two| Some(u16::from_le_bytes(two.try_into().ok()?)));
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.to_lowercase()
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn smb2_message(command: u16, name_at: usize, name: &str) -> Vec<u8> {
        let name = wide(name);
        let mut bytes = vec![0xfe, b'S', b'M', b'B', 64, 0];
        bytes.resize(12, 0);
        bytes.extend(command.to_le_bytes());
        bytes.resize(SMB2_HEADER + name_at, 0);
        let begin = (SMB2_HEADER + 56) as u16;
        bytes.extend(begin.to_le_bytes());
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.resize(usize::from(begin), 0);
        bytes.extend(name);
        bytes
    }

    fn told(message: &[u8]) -> Vec<Kind> {
        let mut told = Vec::new();
        read(message, &mut told);
        told
    }

    #[test]
    fn administrative_shares_and_pipes_are_told_and_nothing_else() {
        use RemoteMeans::*;
        let admin = smb2_message(TREE_CONNECT, 4, "\\\\10.0.0.7\\ADMIN$");
        assert_eq!(told(&admin), [Kind::RemoteAccess(AdminShare("admin$".into()))]);
        let drive = smb2_message(TREE_CONNECT, 4, "\\\\pc\\C$");
        assert_eq!(told(&drive), [Kind::RemoteAccess(AdminShare("c$".into()))]);
        assert_eq!(told(&smb2_message(TREE_CONNECT, 4, "\\\\pc\\IPC$")), []);
        assert_eq!(told(&smb2_message(TREE_CONNECT, 4, "\\\\nas\\Documenten")), []);
        assert_eq!(told(&smb2_message(CREATE, 44, "svcctl")), [Kind::RemoteAccess(ServiceControl)]);
        assert_eq!(told(&smb2_message(CREATE, 44, "PSEXESVC-PC-1-stdin")), [Kind::RemoteAccess(RemoteShell)]);
        assert_eq!(told(&smb2_message(CREATE, 44, "loonstrook.pdf")), []);
        let mut answered = smb2_message(CREATE, 44, "svcctl");
        answered[16] = 1;
        assert_eq!(told(&answered), []);
        for cut in 0..admin.len() {
            told(&admin[..cut]);
        }
    }

    #[test]
    fn the_old_protocol_is_read_in_both_alphabets() {
        let message = |command: u8, words: &[u8], is_unicode: bool, content: &[u8]| {
            let mut bytes = vec![0xff, b'S', b'M', b'B', command];
            bytes.resize(11, 0);
            bytes.push(if is_unicode { 0x80 } else { 0 });
            bytes.resize(32, 0);
            bytes.push((words.len() / 2) as u8);
            bytes.extend(words);
            bytes.extend((content.len() as u16).to_le_bytes());
            bytes.extend(content);
            bytes
        };
        let words = [0xff, 0, 0, 0, 0, 0, 1, 0];
        let plain = message(SMB1_TREE_CONNECT, &words, false, b"\0\\\\PC\\ADMIN$\0A:\0");
        assert_eq!(told(&plain), [Kind::RemoteAccess(RemoteMeans::AdminShare("admin$".into()))]);
        let content = [&[0][..], &wide("\\\\PC\\C$\0"), b"A:\0"].concat();
        let unicode = message(SMB1_TREE_CONNECT, &words, true, &content);
        assert_eq!(told(&unicode), [Kind::RemoteAccess(RemoteMeans::AdminShare("c$".into()))]);
        let content = [&[0][..], &wide("\\svcctl\0")].concat();
        let pipe = message(SMB1_CREATE, &[0; 48], true, &content);
        assert_eq!(told(&pipe), [Kind::RemoteAccess(RemoteMeans::ServiceControl)]);
    }

    #[test]
    fn a_machine_says_its_name_when_it_logs_in() {
        let mut ntlm = b"NTLMSSP\0\x03\0\0\0".to_vec();
        ntlm.resize(44, 0);
        ntlm.extend([12, 0, 12, 0, 64, 0, 0, 0]);
        ntlm.resize(60, 0);
        ntlm.extend([1, 0, 0, 0]);
        ntlm.extend(wide("PC-JAN"));
        let mut bytes = smb2_message(SESSION_SETUP, 4, "");
        bytes.extend(ntlm);
        let names = told(&bytes);
        let [Kind::HostName(name)] = &names[..] else { panic!("{names:?}") };
        assert_eq!((name.name.as_deref(), name.source), (Some("pc-jan"), NameSource::Ntlm));
    }
}
