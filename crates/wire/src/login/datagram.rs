//! Log-ins in single datagrams: SNMP's community (RFC 1157, RFC 3584), SIP's requests (RFC 3261).

use jiff::Timestamp;

use super::ldap::element;
use super::told::{Account, Attempts, Secret};
use crate::event::LoginOutcome;
use crate::findings::Findings;

/// What one datagram says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) application: &'static str,
    /// Mechanism, account, secret.
    pub(crate) login: Option<(&'static str, Account, Secret)>,
    /// It tells and asks nothing: nobody answers a trap (RFC 3416 §4.2.6).
    pub(crate) is_trap: bool,
}

impl Said {
    /// Whether it is a log-in only once it is answered: SNMP's agents are silent to whoever has the wrong word, and where there
    /// is none nobody heard it.
    pub(crate) fn waits_for_answer(&self) -> bool {
        self.application == "snmp" && self.login.is_some() && !self.is_trap
    }

    /// Tells the log-in, if there is one. What the answer says is not looked at.
    pub(crate) fn tell(self, at: Timestamp, findings: &mut Findings) -> bool {
        let Some((mechanism, account, secret)) = self.login else { return false };
        let mut attempts = Attempts::default();
        attempts.sent(self.application, mechanism, account, secret, at, findings);
        attempts.ended(LoginOutcome::Unknown, findings);
        true
    }
}

const SIP_STARTS: [&[u8]; 8] = [
    b"REGISTER sip",
    b"INVITE sip",
    b"OPTIONS sip",
    b"SIP/2.0 ",
    b"ACK sip",
    b"BYE sip",
    b"SUBSCRIBE sip",
    b"NOTIFY sip",
];

/// Reads a conversation's datagram by its first bytes.
pub(crate) fn read(bytes: &[u8]) -> Option<Said> {
    if bytes.first() == Some(&0x30) {
        return snmp(bytes);
    }
    if SIP_STARTS.iter().any(|start| bytes.starts_with(start)) {
        return Some(Said { application: "sip", login: sip(bytes), ..Said::default() });
    }
    None
}

fn snmp(bytes: &[u8]) -> Option<Said> {
    let (_, content, _) = element(bytes)?;
    let (0x02, version, rest) = element(content)? else { return None };
    match version {
        [0 | 1] => {
            let (0x04, community, rest) = element(rest)? else { return None };
            let Some(what @ 0xa0..=0xa8) = rest.first() else { return None };
            let is_trap = matches!(what, 0xa4 | 0xa7);
            // Everybody knows this one; it keeps nobody out.
            let kind = if community.eq_ignore_ascii_case(b"public") { Secret::None } else { Secret::Readable };
            Some(Said { application: "snmp", login: Some(("community", Account::default(), kind)), is_trap })
        }
        [3] => {
            let (0x30, _, _) = element(rest)? else { return None };
            Some(Said { application: "snmp", ..Said::default() })
        }
        _ => None,
    }
}

/// Who registers with what kind of secret.
fn sip(bytes: &[u8]) -> Option<(&'static str, Account, Secret)> {
    let head = bytes.get(..2048).unwrap_or(bytes);
    let line = head.split(|byte| *byte == b'\n').find(|line| {
        let lower = line.get(..20).unwrap_or(line).to_ascii_lowercase();
        lower.starts_with(b"authorization:") || lower.starts_with(b"proxy-authorizat")
    })?;
    let lower = line.to_ascii_lowercase();
    let has = |word: &[u8]| lower.windows(word.len()).any(|window| window == word);
    let from = line.windows(10).position(|window| window.eq_ignore_ascii_case(b"username=\""));
    let name = from.and_then(|at| line.get(at + 10..)?.split(|byte| *byte == b'"').next()).unwrap_or_default();
    if has(b"digest") {
        Some(("digest", Account::of(name), Secret::Hidden))
    } else if has(b"basic") {
        Some(("basic", Account::of(name), Secret::Readable))
    } else {
        None
    }
}
