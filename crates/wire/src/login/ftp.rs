//! FTP's log-in (RFC 959 §4.1.1; RFC 4217 for AUTH TLS).

use super::dialogue::{After, Told, code_of, command_of};
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

/// By convention they need no secret (RFC 1635).
const ANONYMOUS: [&[u8]; 2] = [b"anonymous", b"ftp"];

#[derive(Debug, Default)]
pub(super) struct Ftp {
    account: Account,
    is_anonymous: bool,
    wants_tls: bool,
}

impl Ftp {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let (command, argument) = command_of(line);
        match command.as_slice() {
            b"USER" => {
                self.is_anonymous = ANONYMOUS.iter().any(|name| argument.eq_ignore_ascii_case(name));
                self.account = Account::of(argument);
            }
            b"PASS" => {
                let secret = if self.is_anonymous || argument.is_empty() { Secret::None } else { Secret::Readable };
                told.sent("ftp", "USER/PASS", self.account.clone(), secret);
            }
            b"AUTH" => self.wants_tls = true,
            _ => {}
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        match code_of(line) {
            Some(230 | 202 | 332) => told.ended(LoginOutcome::Accepted),
            Some(530 | 430 | 532) => told.ended(LoginOutcome::Refused),
            Some(234) if self.wants_tls => return After::Upgrade,
            Some(500..=599) => self.wants_tls = false,
            _ => {}
        }
        After::More
    }
}
