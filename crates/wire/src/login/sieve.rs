//! ManageSieve's log-in (RFC 5804 §2.1), by which mail is sorted at its server, and STARTTLS: strings stand in quotes, or behind
//! their length on a line of their own.

use super::dialogue::{After, Told, command_of};
use super::sasl::Exchange;
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Sieve {
    sasl: Exchange,
    wants_tls: bool,
}

/// Whether a line asks to log in as no other protocol does: `AUTHENTICATE "PLAIN"`.
pub(super) fn is_log_in(line: &[u8]) -> bool {
    let (command, argument) = command_of(line);
    command == b"AUTHENTICATE" && argument.starts_with(b"\"")
}

impl Sieve {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let (command, argument) = command_of(line);
        match command.as_slice() {
            b"STARTTLS" => self.wants_tls = true,
            b"AUTHENTICATE" => {
                let words = argument.split(|byte| *byte == b' ').filter(|word| !is_length(word)).map(unquoted);
                self.sasl.begin(&words.take(2).collect::<Vec<_>>().join(&b' '), "sieve", told);
            }
            _ if is_length(line) => {}
            _ => {
                self.sasl.goes_on(unquoted(line), "sieve", told);
            }
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let (answer, _) = command_of(line);
        match answer.as_slice() {
            b"OK" if std::mem::take(&mut self.wants_tls) => return After::Upgrade,
            b"OK" if told.is_waiting() => {
                told.ended(LoginOutcome::Accepted);
                return After::Done;
            }
            b"NO" | b"BYE" => {
                self.wants_tls = false;
                self.sasl.end();
                told.ended(LoginOutcome::Refused);
            }
            _ => {}
        }
        After::More
    }
}

/// `{28+}`: so long is what follows.
fn is_length(word: &[u8]) -> bool {
    word.starts_with(b"{") && word.ends_with(b"}")
}

fn unquoted(word: &[u8]) -> &[u8] {
    word.strip_prefix(b"\"").and_then(|word| word.strip_suffix(b"\"")).unwrap_or(word)
}
