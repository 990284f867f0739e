//! Telnet (RFC 854): options are left out, and of what remains the prompts tell what is typed.
//!
//! What is typed goes character by character. Of the account so much is kept as masks it; of the secret only that there
//! is one.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::event::LoginOutcome;
use crate::findings::Findings;

const IAC: u8 = 255;
const SB: u8 = 250;
const SE: u8 = 240;

/// Of the server's text so much is kept as a prompt may be long.
const MAX_PROMPT: usize = 64;
const MAX_TYPED: usize = 128;

/// Bytes of a side after which nobody logs in any more.
const MAX_SOUGHT: u64 = 64 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Telnet {
    options: [Options; 2],
    /// The end of what the server wrote, in lower case.
    shown: Vec<u8>,
    awaits: Awaits,
    typed: Vec<u8>,
    /// Characters of a secret.
    secret: usize,
    account: Account,
    sought: u64,
    attempts: Attempts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Awaits {
    #[default]
    Prompt,
    Account,
    Secret,
    Verdict,
    /// Somebody is in; what they do is their own affair.
    Nothing,
}

/// Where in an option's bytes a side is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Options {
    #[default]
    Text,
    /// After IAC.
    Command,
    /// After WILL, WONT, DO or DONT.
    Option,
    Negotiation,
    NegotiationCommand,
}

/// Whether these are a server's or client's first bytes: an option is negotiated.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [IAC] => None,
        [IAC, SB..=254, ..] => Some(true),
        _ => Some(false),
    }
}

/// Whether a server begins with a prompt that asks who is there, without options.
pub(super) fn asks(bytes: &[u8]) -> bool {
    let text = bytes.get(bytes.len().saturating_sub(MAX_PROMPT)..).unwrap_or_default().to_ascii_lowercase();
    bytes.len() <= 2048
        && bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
        && asks_account(&text)
}

impl Telnet {
    pub(super) fn data(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        self.sought = self.sought.saturating_add(bytes.len() as u64);
        for byte in bytes {
            let Some(options) = self.options.get_mut(usize::from(side == Side::Server)) else { break };
            let Some(byte) = options.text(*byte) else { continue };
            match side {
                Side::Client => self.typed(byte, at, findings),
                Side::Server => self.shown(byte, findings),
            }
        }
        if side == Side::Server {
            self.prompt(findings);
        }
        if self.awaits == Awaits::Nothing || self.sought > MAX_SOUGHT { After::Done } else { After::More }
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.shown.len() + self.typed.len()
    }

    fn typed(&mut self, byte: u8, at: Timestamp, findings: &mut Findings) {
        let is_end = matches!(byte, b'\r' | b'\n');
        match self.awaits {
            Awaits::Account if is_end => {
                // A line feed may follow the carriage return of the line before.
                if !self.typed.is_empty() {
                    self.account = Account::of(&std::mem::take(&mut self.typed));
                    self.awaits = Awaits::Prompt;
                }
            }
            Awaits::Account => match byte {
                8 | 127 => drop(self.typed.pop()),
                0 => {}
                _ if self.typed.len() < MAX_TYPED => self.typed.push(byte),
                _ => {}
            },
            Awaits::Secret if is_end && (byte == b'\r' || self.secret > 0) => {
                let secret = if self.secret > 0 { Secret::Readable } else { Secret::None };
                self.attempts.sent("telnet", "password", self.account.clone(), secret, at, findings);
                self.awaits = Awaits::Verdict;
                self.shown.clear();
            }
            Awaits::Secret => match byte {
                8 | 127 => self.secret = self.secret.saturating_sub(1),
                0 | b'\n' => {}
                _ => self.secret = self.secret.saturating_add(1).min(MAX_TYPED),
            },
            Awaits::Prompt | Awaits::Verdict | Awaits::Nothing => {}
        }
    }

    fn shown(&mut self, byte: u8, findings: &mut Findings) {
        if self.awaits == Awaits::Verdict && byte == b'\n' {
            self.verdict_in_line(findings);
        }
        if self.shown.len() >= MAX_PROMPT {
            self.shown.drain(..MAX_PROMPT / 2);
        }
        self.shown.push(if byte == 0 { b' ' } else { byte.to_ascii_lowercase() });
    }

    /// A line after the secret that says no, or welcomes.
    fn verdict_in_line(&mut self, findings: &mut Findings) {
        let has = |word: &[u8]| self.shown.windows(word.len()).any(|window| window == word);
        let refusals: [&[u8]; 7] =
            [b"incorrect", b"fail", b"denied", b"invalid", b"bad password", b"bad user", b"onjuist"];
        let welcomes: [&[u8]; 3] = [b"last login", b"welcome", b"welkom"];
        if refusals.into_iter().any(has) {
            self.attempts.ended(LoginOutcome::Refused, findings);
            self.awaits = Awaits::Prompt;
        } else if welcomes.into_iter().any(has) {
            self.accepted(findings);
        }
    }

    fn accepted(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Accepted, findings);
        self.awaits = Awaits::Nothing;
    }

    /// What the server ends with for now.
    fn prompt(&mut self, findings: &mut Findings) {
        if self.awaits == Awaits::Nothing {
            return;
        }
        let shown = &self.shown;
        if asks_account(shown) {
            if self.awaits == Awaits::Verdict {
                self.attempts.ended(LoginOutcome::Refused, findings);
            }
            self.await_account();
        } else if asks_secret(shown) {
            if self.awaits == Awaits::Verdict {
                self.attempts.ended(LoginOutcome::Refused, findings);
            }
            self.awaits = Awaits::Secret;
            self.secret = 0;
            self.shown.clear();
        } else if self.awaits == Awaits::Verdict
            && shown.len() > 1
            && matches!(shown.trim_ascii_end().last(), Some(b'$' | b'#' | b'>' | b'%'))
        {
            self.accepted(findings);
        }
    }

    fn await_account(&mut self) {
        self.awaits = Awaits::Account;
        self.typed.clear();
        self.shown.clear();
    }
}

impl Options {
    /// The byte, where it is text.
    fn text(&mut self, byte: u8) -> Option<u8> {
        let (next, text) = match (*self, byte) {
            (Self::Text, IAC) => (Self::Command, None),
            (Self::Text, _) => (Self::Text, Some(byte)),
            (Self::Command, IAC) => (Self::Text, Some(byte)),
            (Self::Command, SB) => (Self::Negotiation, None),
            (Self::Command, 251..=254) => (Self::Option, None),
            (Self::Command | Self::Option, _) => (Self::Text, None),
            (Self::Negotiation, IAC) => (Self::NegotiationCommand, None),
            (Self::NegotiationCommand, SE) => (Self::Text, None),
            (Self::Negotiation | Self::NegotiationCommand, _) => (Self::Negotiation, None),
        };
        *self = next;
        text
    }
}

fn asks_account(shown: &[u8]) -> bool {
    ends_with_any(
        shown,
        &[b"login:", b"username:", b"user name:", b"user:", b"gebruikersnaam:", b"user id:", b"userid:"],
    ) && !shown.windows(10).any(|window| window == b"last login")
}

fn asks_secret(shown: &[u8]) -> bool {
    ends_with_any(shown, &[b"password:", b"wachtwoord:", b"passwd:", b"passcode:", b"pin:"])
}

fn ends_with_any(shown: &[u8], ends: &[&[u8]]) -> bool {
    let shown = shown.trim_ascii_end();
    ends.iter().any(|end| shown.ends_with(end))
}
