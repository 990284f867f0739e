//! SMB: who logs in, which share a client opens, which pipe in it, and what its machine is called ([MS-CIFS], [MS-SMB2]).

use super::logon::Heard;
use crate::bytes::{le16, le32, le64};
use crate::event::{HostName, Kind, NameSource, RemoteMeans};
use crate::login::told::Account;
use crate::ntlm::Authenticate;
use crate::text;

const MAX_NAME: usize = 64;
/// Characters of a path.
const MAX_PATH: usize = 256;
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
pub(super) fn read(message: &[u8], told: &mut Vec<Kind>, heard: &mut Vec<Heard>) {
    match message {
        [0xfe, b'S', b'M', b'B', ..] => {
            let mut rest = message;
            for _ in 0..MAX_CHAINED {
                let next = le32(rest, 20).unwrap_or_default() as usize;
                let _ = smb2(rest, told, heard);
                match rest.get(next..) {
                    Some(following) if next >= SMB2_HEADER => rest = following,
                    _ => return,
                }
            }
        }
        [0xff, b'S', b'M', b'B', ..] => drop(smb1(message, told, heard)),
        _ => {}
    }
}

fn smb2(message: &[u8], told: &mut Vec<Kind>, heard: &mut Vec<Heard>) -> Option<()> {
    let is_response = le32(message, 16)? & 1 == 1;
    let (command, number) = (le16(message, 12)?, le64(message, 24)?);
    if is_response {
        if command == SESSION_SETUP {
            // Its flags: a guest, or nobody.
            let flags = le16(message, SMB2_HEADER + 2).unwrap_or_default();
            heard.push(Heard::Answered { message: number, status: le32(message, 8)?, is_guest: flags & 3 != 0 });
        }
        return None;
    }
    let text_at = |at: usize| {
        let (offset, length) = (le16(message, at)?, le16(message, at + 2)?);
        Some(text::wide(message.get(usize::from(offset)..usize::from(offset) + usize::from(length))?, MAX_PATH))
    };
    match command {
        SESSION_SETUP => authenticate(Authenticate::within(message)?, number, told, heard),
        TREE_CONNECT => share(&text_at(SMB2_HEADER + 4)?, told),
        CREATE => pipe(&text_at(SMB2_HEADER + 44)?, told),
        _ => {}
    }
    Some(())
}

fn smb1(message: &[u8], told: &mut Vec<Kind>, heard: &mut Vec<Heard>) -> Option<()> {
    let is_response = message.get(9)? & 0x80 != 0;
    let (command, number) = (*message.get(4)?, u64::from(le16(message, 30)?));
    if is_response {
        if command == SMB1_SESSION_SETUP {
            let action = le16(message, 33 + 4).unwrap_or_default();
            heard.push(Heard::Answered { message: number, status: le32(message, 5)?, is_guest: action & 1 != 0 });
        }
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
            Some(text::wide(rest.get(..end)?, MAX_PATH))
        } else {
            let text = message.get(at..)?.split(|byte| *byte == 0).next()?;
            Some(text::line(text, MAX_NAME).to_lowercase())
        }
    };
    match command {
        SMB1_SESSION_SETUP => match Authenticate::within(message) {
            Some(last) => authenticate(last, number, told, heard),
            // The older form: two answers to the challenge, and then whose they are.
            None if words == 26 => {
                let answers = usize::from(le16(message, 33 + 14)?) + usize::from(le16(message, 33 + 16)?);
                log_in(&text_from(content + answers)?, number, heard);
            }
            None => {}
        },
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

/// Who logs in, and the name of their machine, in NTLM's last message.
fn authenticate(last: Authenticate<'_>, number: u64, told: &mut Vec<Kind>, heard: &mut Vec<Heard>) {
    if let Some(name) = last.workstation() {
        told.push(Kind::HostName(HostName {
            source: NameSource::Ntlm,
            ip: None,
            mac: None,
            name: Some(name),
            kind: None,
            message: None,
        }));
    }
    log_in(&last.user().unwrap_or_default(), number, heard);
}

/// Who gives no name asks for what everybody may see, and logs in as nobody.
fn log_in(user: &str, number: u64, heard: &mut Vec<Heard>) {
    let account = Account::of(user.as_bytes());
    if account != Account::default() {
        heard.push(Heard::Sent { message: number, account });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ntlm;

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
        read(message, &mut told, &mut Vec::new());
        told
    }

    fn heard(message: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        read(message, &mut Vec::new(), &mut heard);
        heard
    }

    fn smb1_message(command: u8, words: &[u8], is_unicode: bool, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, b'S', b'M', b'B', command];
        bytes.resize(11, 0);
        bytes.push(if is_unicode { 0x80 } else { 0 });
        bytes.resize(32, 0);
        bytes.push((words.len() / 2) as u8);
        bytes.extend(words);
        bytes.extend((content.len() as u16).to_le_bytes());
        bytes.extend(content);
        bytes
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
        let words = [0xff, 0, 0, 0, 0, 0, 1, 0];
        let plain = smb1_message(SMB1_TREE_CONNECT, &words, false, b"\0\\\\PC\\ADMIN$\0A:\0");
        assert_eq!(told(&plain), [Kind::RemoteAccess(RemoteMeans::AdminShare("admin$".into()))]);
        let content = [&[0][..], &wide("\\\\PC\\C$\0"), b"A:\0"].concat();
        let unicode = smb1_message(SMB1_TREE_CONNECT, &words, true, &content);
        assert_eq!(told(&unicode), [Kind::RemoteAccess(RemoteMeans::AdminShare("c$".into()))]);
        let content = [&[0][..], &wide("\\svcctl\0")].concat();
        let pipe = smb1_message(SMB1_CREATE, &[0; 48], true, &content);
        assert_eq!(told(&pipe), [Kind::RemoteAccess(RemoteMeans::ServiceControl)]);
    }

    #[test]
    fn a_machine_says_its_name_when_it_logs_in() {
        let mut bytes = smb2_message(SESSION_SETUP, 4, "");
        bytes.extend(ntlm::made("Jan", "PC-JAN"));
        let names = told(&bytes);
        let [Kind::HostName(name)] = &names[..] else { panic!("{names:?}") };
        assert_eq!((name.name.as_deref(), name.source), (Some("pc-jan"), NameSource::Ntlm));
    }

    #[test]
    fn who_logs_in_and_what_becomes_of_it_is_heard() {
        let jan = || Account::of(b"jan");
        let mut asks = smb2_message(SESSION_SETUP, 4, "");
        asks[24] = 7;
        let nobody = [asks.clone(), ntlm::made("", "PC")].concat();
        let ticket = [asks.clone(), b"ticket".to_vec()].concat();
        asks.extend(ntlm::made("Jan", "PC"));
        assert_eq!(heard(&asks), [Heard::Sent { message: 7, account: jan() }]);
        assert_eq!((heard(&nobody), heard(&ticket)), (vec![], vec![]));
        // What is chained behind it is heard as well.
        let mut chained = smb2_message(TREE_CONNECT, 4, "\\\\a\\b");
        chained.resize(chained.len().next_multiple_of(8), 0);
        chained[20] = u8::try_from(chained.len()).unwrap();
        assert_eq!(heard(&[chained, asks].concat()), [Heard::Sent { message: 7, account: jan() }]);
        let mut answer = smb2_message(SESSION_SETUP, 4, "");
        answer[8..12].copy_from_slice(&[0x6d, 0, 0, 0xc0]);
        (answer[16], answer[24]) = (1, 7);
        let refused = Heard::Answered { message: 7, status: 0xc000_006d, is_guest: false };
        assert_eq!(heard(&answer), [refused]);
        answer[8..12].fill(0);
        answer[SMB2_HEADER + 2] = 1;
        assert_eq!(heard(&answer), [Heard::Answered { message: 7, status: 0, is_guest: true }]);
        for cut in 0..answer.len() {
            heard(&answer[..cut]);
        }
    }

    #[test]
    fn log_ins_of_the_old_protocol_are_heard() {
        let mut words = [0; 26];
        (words[14], words[16]) = (3, 4);
        let content = [&[1; 7][..], b"Jan\0KANTOOR\0"].concat();
        let mut asks = smb1_message(SMB1_SESSION_SETUP, &words, false, &content);
        asks[30] = 9;
        assert_eq!(heard(&asks), [Heard::Sent { message: 9, account: Account::of(b"jan") }]);
        let mut answer = smb1_message(SMB1_SESSION_SETUP, &[], false, b"");
        (answer[9], answer[30]) = (0x80, 9);
        answer[5..9].copy_from_slice(&[0x6a, 0, 0, 0xc0]);
        assert_eq!(heard(&answer), [Heard::Answered { message: 9, status: 0xc000_006a, is_guest: false }]);
        for cut in 0..asks.len() {
            heard(&asks[..cut]);
        }
    }
}
