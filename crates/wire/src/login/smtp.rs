//! SMTP's log-ins (RFC 4954) and STARTTLS (RFC 3207), also where commands are sent ahead of their answers.

use super::dialogue::{After, Told, code_of, command_of};
use super::sasl::Exchange;
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Smtp {
    sasl: Exchange,
    wants_tls: bool,
    /// The message itself is being sent.
    is_in_message: bool,
}

impl Smtp {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.is_in_message {
            self.is_in_message = line != b".";
            return After::More;
        }
        if self.sasl.goes_on(line, "smtp", told) {
            return After::More;
        }
        let (command, argument) = command_of(line);
        match command.as_slice() {
            b"AUTH" => {
                self.sasl.begin(argument, "smtp", told);
            }
            b"STARTTLS" => self.wants_tls = true,
            b"DATA" => self.is_in_message = true,
            _ => {}
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        match code_of(line) {
            Some(235) => {
                self.sasl.end();
                told.ended(LoginOutcome::Accepted);
            }
            Some(454 | 500..=504 | 530 | 534 | 535 | 538) => {
                self.sasl.end();
                self.wants_tls = false;
                self.is_in_message = false;
                told.ended(LoginOutcome::Refused);
            }
            Some(220) if self.wants_tls => return After::Upgrade,
            // Answers to DATA other than "go on".
            Some(400..=499 | 550..=599) => self.is_in_message = false,
            _ => {}
        }
        After::More
    }
}
