//! Redis' AUTH and HELLO, as programs send them: an array of strings, each after its length (RESP); and AUTH as people type it.

use super::dialogue::{After, Told, command_of};
use super::sasl;
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Redis {
    /// A command is a line.
    is_inline: bool,
    /// Strings of the command that are still to come, and how many came.
    left: u32,
    words: u32,
    command: Command,
    account: Account,
    /// HELLO carried the log-in that waits: it is answered by what the server says of itself.
    is_hello: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Command {
    #[default]
    Other,
    /// `AUTH [account] secret`
    Auth,
    /// `HELLO 3`, which may go on.
    Hello,
    /// `HELLO 3 AUTH account secret`
    HelloAuth,
}

/// Whether this is AUTH as it is typed, which begins no other protocol's log-in.
pub(super) fn is_log_in(line: &[u8]) -> bool {
    let (command, argument) = command_of(line);
    let words = words(argument);
    let is_own = words.first().is_some_and(|first| !sasl::is_mechanism(first));
    command == b"AUTH" && is_own && words.len() <= 2
}

impl Redis {
    /// One whose commands are lines.
    pub(super) fn inline() -> Self {
        Self { is_inline: true, ..Self::default() }
    }

    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if self.is_inline {
            let words = words(line);
            self.begin(u32::try_from(words.len()).unwrap_or(u32::MAX));
            words.iter().for_each(|word| self.word(word, told));
        } else if let Some(count) = number_after(line, b'*') {
            self.begin(count);
        } else if self.left > 0 && number_after(line, b'$').is_none() {
            self.word(line, told);
        }
        After::More
    }

    /// A command of so many strings follows.
    fn begin(&mut self, strings: u32) {
        (self.left, self.words, self.command) = (strings, 0, Command::Other);
    }

    fn word(&mut self, word: &[u8], told: &mut Told<'_>) {
        let place = self.words;
        self.words = self.words.saturating_add(1);
        self.left = self.left.saturating_sub(1);
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        match (self.command, place) {
            (_, 0) if is(b"AUTH") => self.command = Command::Auth,
            (_, 0) if is(b"HELLO") => self.command = Command::Hello,
            (Command::Hello, 2) if is(b"AUTH") => self.command = Command::HelloAuth,
            (Command::Auth, 1) if self.left == 1 => self.account = Account::of(word),
            (Command::HelloAuth, 3) => self.account = Account::of(word),
            (Command::Auth, _) if self.left == 0 => self.sent(word, false, told),
            (Command::HelloAuth, 4) => self.sent(word, true, told),
            _ => {}
        }
    }

    fn sent(&mut self, secret: &[u8], is_hello: bool, told: &mut Told<'_>) {
        self.is_hello = is_hello;
        let secret = if secret.is_empty() { Secret::None } else { Secret::Readable };
        told.sent("redis", "AUTH", std::mem::take(&mut self.account), secret);
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if !told.is_waiting() {
            return After::More;
        }
        match line.first() {
            Some(b'+') => told.ended(LoginOutcome::Accepted),
            Some(b'%' | b'*') if self.is_hello => told.ended(LoginOutcome::Accepted),
            Some(b'-') => {
                told.ended(LoginOutcome::Refused);
                return After::More;
            }
            _ => return After::More,
        }
        After::Done
    }
}

/// A typed line's words, without the quotes in which one may stand whole.
fn words(line: &[u8]) -> Vec<Vec<u8>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<Vec<u8>>, None);
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            // What an escape stands for is no matter, but that the quote behind it ends nothing.
            (Some(_), b'\\') => word.get_or_insert_default().extend(bytes.next()),
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            (None, _) if byte.is_ascii_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    words
}

fn number_after(line: &[u8], mark: u8) -> Option<u32> {
    let [first, digits @ ..] = line else { return None };
    (*first == mark).then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}
