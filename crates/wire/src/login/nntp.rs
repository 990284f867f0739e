//! News servers' log-ins: AUTHINFO USER and PASS, AUTHINFO SASL (RFC 4643), STARTTLS (RFC 4642).

use super::dialogue::{After, Told, code_of, command_of};
use super::sasl::Exchange;
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Nntp {
    account: Account,
    sasl: Exchange,
    wants_tls: bool,
}

impl Nntp {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.sasl.goes_on(line, "nntp", told) {
            return After::More;
        }
        let (command, argument) = command_of(line);
        if command == b"STARTTLS" {
            self.wants_tls = true;
        }
        if command != b"AUTHINFO" {
            return After::More;
        }
        let (what, value) = command_of(argument);
        match what.as_slice() {
            b"USER" => self.account = Account::of(value),
            b"PASS" => {
                let secret = if value.is_empty() { Secret::None } else { Secret::Readable };
                told.sent("nntp", "USER/PASS", self.account.clone(), secret);
            }
            b"SASL" => self.sasl.begin(value, "nntp", told),
            _ => {}
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        match code_of(line) {
            Some(281 | 283) if told.is_waiting() => {
                told.ended(LoginOutcome::Accepted);
                return After::Done;
            }
            Some(481 | 482 | 502) => {
                self.sasl.end();
                told.ended(LoginOutcome::Refused);
            }
            Some(382) if self.wants_tls => return After::Upgrade,
            Some(580) => self.wants_tls = false,
            _ => {}
        }
        After::More
    }
}
