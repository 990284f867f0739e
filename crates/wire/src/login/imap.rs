//! IMAP's log-ins: LOGIN with its three kinds of strings, AUTHENTICATE, STARTTLS (RFC 9051 §6.2, §4.3); and, once somebody is
//! in, the messages that are to be kept.

use super::counted::Counted;
use super::dialogue::{After, Told};
use super::sasl::Exchange;
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

/// A literal that is longer is no account and no secret.
const MAX_LITERAL: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct Imap {
    /// The tag of the log-in, and of the request for TLS, that waits.
    login_tag: Vec<u8>,
    tls_tag: Vec<u8>,
    sasl: Exchange,
    /// LOGIN's arguments so far, while the next one is a literal of that length.
    literal: Option<(Vec<Vec<u8>>, usize)>,
    /// Somebody is in.
    pub(super) is_in: bool,
    /// APPEND's line goes on after the literal that it ended with.
    is_appending: bool,
    /// Its tag, and how long the literal is that the server has to ask for.
    append_tag: Vec<u8>,
    offered: Option<u64>,
    pub(super) kept: Counted,
}

impl Imap {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.is_in {
            return self.command(line, told);
        }
        if let Some((known, length)) = self.literal.take() {
            self.arguments(known, Some(length), line, told);
            return After::More;
        }
        if self.sasl.goes_on(line, "imap", told) {
            return After::More;
        }
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let (tag, command) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let rest = parts.next().unwrap_or_default();
        match command.to_ascii_uppercase().as_slice() {
            b"LOGIN" => {
                self.login_tag = tag.to_vec();
                self.arguments(Vec::new(), None, rest, told);
            }
            b"AUTHENTICATE" => {
                self.login_tag = tag.to_vec();
                self.sasl.begin(rest, "imap", told);
            }
            b"STARTTLS" => self.tls_tag = tag.to_vec(),
            _ => {}
        }
        After::More
    }

    /// Of what somebody does who is in, only what they send to be kept is looked into: `a APPEND Sent {310}`.
    fn command(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let (tag, command) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if !self.is_appending && command.eq_ignore_ascii_case(b"COMPRESS") {
            return After::Done;
        }
        let has_part = self.is_appending || command.eq_ignore_ascii_case(b"APPEND");
        let literal = line.iter().rposition(|byte| *byte == b'{').filter(|_| has_part);
        let length = literal.and_then(|at| literal_length(line.get(at..)?));
        if has_part && !self.is_appending {
            self.append_tag = tag.to_vec();
        }
        self.is_appending = length.is_some();
        if let Some(length) = length {
            // With a plus it follows at once.
            self.offered = (!line.trim_ascii_end().ends_with(b"+}")).then_some(length);
            self.kept.begin("imap", length, true, told);
        }
        After::More
    }

    /// LOGIN's two strings: atoms, quoted, or literals, each of which begins on a line of its own.
    fn arguments(&mut self, mut known: Vec<Vec<u8>>, literal: Option<usize>, line: &[u8], told: &mut Told<'_>) {
        let mut rest = line;
        if let Some(length) = literal {
            let (argument, after) = line.split_at(length.min(line.len()));
            known.push(argument.to_vec());
            rest = after;
        }
        while known.len() < 2 {
            rest = rest.trim_ascii_start();
            match rest.first() {
                None => break,
                Some(b'"') => {
                    let (argument, after) = quoted(rest);
                    known.push(argument);
                    rest = after;
                }
                Some(b'{') => {
                    let length = literal_length(rest).and_then(|length| usize::try_from(length).ok());
                    if let Some(length) = length.filter(|length| *length <= MAX_LITERAL) {
                        self.literal = Some((known, length));
                    }
                    return;
                }
                Some(_) => {
                    let end = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
                    let (argument, after) = rest.split_at(end);
                    known.push(argument.to_vec());
                    rest = after;
                }
            }
        }
        if let [account, secret, ..] = known.as_slice() {
            let secret = if secret.is_empty() { Secret::None } else { Secret::Readable };
            told.sent("imap", "LOGIN", Account::of(account), secret);
        }
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let (tag, answer) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if tag == b"*" && answer.eq_ignore_ascii_case(b"PREAUTH") {
            return self.enter(told);
        }
        let is_good = answer.eq_ignore_ascii_case(b"OK");
        if tag.is_empty() || !is_good && !answer.eq_ignore_ascii_case(b"NO") && !answer.eq_ignore_ascii_case(b"BAD") {
            return After::More;
        }
        if self.is_in {
            // What it does not ask for is not sent.
            let is_refused = !is_good && tag == self.append_tag;
            if is_refused && self.offered.take().is_some_and(|length| self.kept.left() == length) {
                self.kept.give_up();
                self.is_appending = false;
            }
            return After::More;
        }
        if tag == self.tls_tag {
            self.tls_tag.clear();
            return if is_good { After::Upgrade } else { After::More };
        }
        if tag != self.login_tag {
            return After::More;
        }
        self.login_tag.clear();
        self.sasl.end();
        self.literal = None;
        told.ended(if is_good { LoginOutcome::Accepted } else { LoginOutcome::Refused });
        if !is_good {
            return After::More;
        }
        self.enter(told)
    }

    /// Somebody is in; with PREAUTH nobody has to say who (RFC 9051 §7.1.4).
    fn enter(&mut self, told: &Told<'_>) -> After {
        self.is_in = true;
        if told.findings.looks_into_content { After::More } else { After::Done }
    }

    pub(super) fn buffered(&self) -> usize {
        let literal: usize = self.literal.as_ref().map_or(0, |(known, _)| known.iter().map(Vec::len).sum());
        literal + self.kept.buffered()
    }
}

/// What stands between the quotes, its escapes undone, and what follows.
fn quoted(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut text = Vec::new();
    let mut rest = bytes.get(1..).unwrap_or_default();
    loop {
        match rest {
            [] => return (text, rest),
            [b'"', after @ ..] => return (text, after),
            [b'\\', byte, after @ ..] | [byte, after @ ..] => {
                text.push(*byte);
                rest = after;
            }
        }
    }
}

/// `{12}` and `{12+}` (RFC 7888) at the end of a line.
fn literal_length(bytes: &[u8]) -> Option<u64> {
    let inner = bytes.trim_ascii_end().strip_prefix(b"{")?.strip_suffix(b"}")?;
    let digits = inner.strip_suffix(b"+").unwrap_or(inner);
    std::str::from_utf8(digits).ok()?.parse().ok()
}
