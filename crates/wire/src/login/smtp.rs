//! SMTP's log-ins (RFC 4954) and STARTTLS (RFC 3207), also where commands are sent ahead of their answers; messages by DATA and
//! in chunks (RFC 3030).

use jiff::Timestamp;

use super::counted::Counted;
use super::dialogue::{After, Told, code_of, command_of};
use super::sasl::Exchange;
use crate::content::Content;
use crate::event::LoginOutcome;
use crate::findings::Findings;

#[derive(Debug, Default)]
pub(super) struct Smtp {
    sasl: Exchange,
    wants_tls: bool,
    /// The message itself is being sent.
    is_in_message: bool,
    message: Option<Box<Content>>,
    /// A message that is sent by BDAT.
    pub(super) chunks: Counted,
}

impl Smtp {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.is_in_message {
            self.is_in_message = line != b".";
            if let Some(message) = &mut self.message {
                // A line that begins with a dot has a second one before it (RFC 5321 §4.5.2).
                message.line(line.strip_prefix(b".").unwrap_or(line));
            }
            if !self.is_in_message {
                self.finish(told.at, told.findings);
            }
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
            b"DATA" => {
                self.is_in_message = true;
                self.message = told.findings.looks_into_content.then(|| Box::new(Content::mail("smtp")));
            }
            b"BDAT" => self.chunk(argument, told),
            // What was begun in chunks is given up.
            b"MAIL" | b"RSET" => self.chunks.finish(told.at, told.findings),
            _ => {}
        }
        After::More
    }

    /// `BDAT 1000` and `BDAT 86 LAST`: the bytes follow at once, whatever the server thinks of it.
    fn chunk(&mut self, argument: &[u8], told: &mut Told<'_>) {
        let mut words = argument.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let length = words.next().and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u64>().ok());
        let is_last = words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"LAST"));
        if let Some(length) = length {
            self.chunks.begin("smtp", length, is_last, told);
        }
    }

    /// The message has ended, or the connection in the middle of it.
    pub(super) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        if let Some(message) = self.message.take() {
            message.finish(true, at, findings);
        }
        self.chunks.finish(at, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.message.as_ref().map_or(0, |message| message.buffered()) + self.chunks.buffered()
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
