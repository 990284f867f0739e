//! Log-ins to SMB: what a client says last in NTLM, and what the server answers ([MS-SMB2] §3.3.5.5, [MS-CIFS] §2.2.4.53).
//!
//! Promises: who, as [`Account`] has it, and the outcome. A log-in by Kerberos' ticket is none of these: its password was
//! proved elsewhere.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::event::LoginOutcome;
use crate::findings::Findings;
use crate::login::told::{Account, Attempts, Secret};

/// Log-ins of one connection that wait for their answer.
const MAX_WAITING: usize = 8;

/// Statuses ([MS-ERREF] §2.3.1).
const SUCCESS: u32 = 0;
const PENDING: u32 = 0x0000_0103;
const MORE_PROCESSING_REQUIRED: u32 = 0xc000_0016;

/// No such user, a wrong password, either, an account that is disabled, one that is locked after too many tries; and the old
/// protocol's word for a wrong password ([MS-CIFS] §2.2.2.4). Not where a password has expired, or nobody may come in
/// at that hour: there it was right.
const REFUSALS: [u32; 6] = [0xc000_0064, 0xc000_006a, 0xc000_006d, 0xc000_0072, 0xc000_0234, 0x0002_0002];

/// What a message says of a log-in.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    /// The client's last word, under its message's number.
    Sent { message: u64, account: Account },
    /// What became of it. A guest is let in whatever the password.
    Answered { message: u64, status: u32, is_guest: bool },
}

/// What both directions of a connection must know of each other: an answer says nothing of who asked.
#[derive(Debug, Default)]
pub(crate) struct Logons {
    waiting: VecDeque<(u64, Timestamp, Account)>,
}

impl Logons {
    pub(super) fn heard(&mut self, heard: Heard, at: Timestamp, findings: &mut Findings) {
        match heard {
            Heard::Sent { message, account } => {
                if self.waiting.len() >= MAX_WAITING
                    && let Some((_, at, account)) = self.waiting.pop_front()
                {
                    tell(at, account, LoginOutcome::Unknown, findings);
                }
                self.waiting.push_back((message, at, account));
            }
            Heard::Answered { message, status, is_guest } => {
                let Some(outcome) = outcome(status, is_guest) else { return };
                let index = self.waiting.iter().position(|(number, ..)| *number == message);
                if let Some((_, at, account)) = index.and_then(|index| self.waiting.remove(index)) {
                    tell(at, account, outcome, findings);
                }
            }
        }
    }

    /// The connection is over: what waits is told without an answer.
    pub(crate) fn finish(&mut self, findings: &mut Findings) {
        for (_, at, account) in std::mem::take(&mut self.waiting) {
            tell(at, account, LoginOutcome::Unknown, findings);
        }
    }
}

fn tell(at: Timestamp, account: Account, outcome: LoginOutcome, findings: &mut Findings) {
    let mut attempts = Attempts::default();
    attempts.sent("smb", "NTLM", account, Secret::Hidden, at, findings);
    attempts.ended(outcome, findings);
}

/// Absent: the exchange goes on.
fn outcome(status: u32, is_guest: bool) -> Option<LoginOutcome> {
    match status {
        MORE_PROCESSING_REQUIRED | PENDING => None,
        SUCCESS if !is_guest => Some(LoginOutcome::Accepted),
        _ if REFUSALS.contains(&status) => Some(LoginOutcome::Refused),
        _ => Some(LoginOutcome::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    #[test]
    fn an_answer_belongs_to_the_message_with_its_number() {
        let sent = |message, name: &str| Heard::Sent { message, account: Account::of(name.as_bytes()) };
        let answered = |message, status| Heard::Answered { message, status, is_guest: false };
        let (mut logons, mut findings) = (Logons::default(), Findings::default());
        let mut all = vec![
            answered(9, 0xc000_006d),
            sent(1, "jan"),
            answered(1, MORE_PROCESSING_REQUIRED),
            sent(2, "piet"),
            answered(2, 0),
            answered(1, 0xc000_006d),
            sent(3, "kees"),
            answered(3, 0xc000_0071),
            sent(4, "gast"),
            Heard::Answered { message: 4, status: 0, is_guest: true },
        ];
        // Who never waits for an answer.
        all.extend((10..30).map(|message| sent(message, "x")));
        for heard in all {
            logons.heard(heard, Timestamp::UNIX_EPOCH, &mut findings);
        }
        assert_eq!(logons.waiting.len(), MAX_WAITING);
        logons.finish(&mut findings);
        let told: Vec<_> = findings
            .events
            .into_iter()
            .map(|(_, kind)| match kind {
                Kind::Login(login) => (login.account.unwrap_or_default(), login.outcome),
                other => panic!("{other:?}"),
            })
            .collect();
        let [first, second, third, fourth, rest @ ..] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(*first, ("p…".to_owned(), LoginOutcome::Accepted));
        assert_eq!(*second, ("j…".to_owned(), LoginOutcome::Refused));
        assert_eq!(*third, ("k…".to_owned(), LoginOutcome::Unknown), "right, but expired");
        assert_eq!(*fourth, ("g…".to_owned(), LoginOutcome::Unknown), "let in as a guest");
        assert_eq!((rest.len(), rest.iter().all(|(_, outcome)| *outcome == LoginOutcome::Unknown)), (20, true));
    }
}
