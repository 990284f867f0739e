//! POP3's log-ins: USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034), STLS (RFC 2595).

use super::dialogue::{After, Told, command_of};
use super::sasl::Exchange;
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Pop3 {
    account: Account,
    sasl: Exchange,
    /// Commands without an answer yet; which of them, counted from now, is the log-in, and which asks for TLS.
    unanswered: u32,
    login_at: Option<u32>,
    tls_at: Option<u32>,
}

impl Pop3 {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.sasl.goes_on(line, "pop3", told) {
            return After::More;
        }
        let (command, argument) = command_of(line);
        self.unanswered = self.unanswered.saturating_add(1);
        match command.as_slice() {
            b"USER" => self.account = Account::of(argument),
            b"PASS" => {
                let secret = if argument.is_empty() { Secret::None } else { Secret::Readable };
                told.sent("pop3", "USER/PASS", self.account.clone(), secret);
                self.login_at = Some(self.unanswered);
            }
            b"APOP" => {
                let account = argument.split(|byte| *byte == b' ').next().unwrap_or_default();
                told.sent("pop3", "APOP", Account::of(account), Secret::Hidden);
                self.login_at = Some(self.unanswered);
            }
            b"AUTH" if !argument.is_empty() => {
                self.login_at = Some(self.unanswered);
                self.sasl.begin(argument, "pop3", told);
            }
            b"STLS" => self.tls_at = Some(self.unanswered),
            _ => {}
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let is_good = line.starts_with(b"+OK");
        if !is_good && !line.starts_with(b"-ERR") {
            return After::More;
        }
        if self.unanswered == 0 {
            return After::More;
        }
        self.unanswered -= 1;
        let answers = |at: &mut Option<u32>| match at {
            Some(1) => at.take().is_some(),
            Some(at) => {
                *at -= 1;
                false
            }
            None => false,
        };
        if answers(&mut self.tls_at) && is_good {
            return After::Upgrade;
        }
        if !answers(&mut self.login_at) {
            return After::More;
        }
        self.sasl.end();
        // A mailbox in use says nothing of the secret (RFC 2449 §8.1.1).
        let is_busy = line.windows(6).any(|window| window == b"IN-USE");
        told.ended(match (is_good, is_busy) {
            (true, _) => LoginOutcome::Accepted,
            (false, true) => LoginOutcome::Unknown,
            (false, false) => LoginOutcome::Refused,
        });
        if is_good { After::Done } else { After::More }
    }
}
