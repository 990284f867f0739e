//! Redis' AUTH, as clients send it: an array of strings, each after its length (RESP).

use super::dialogue::{After, Told};
use super::told::{Account, Secret};
use crate::event::LoginOutcome;

#[derive(Debug, Default)]
pub(super) struct Redis {
    /// Strings of the command that are still to come, and those of an AUTH that came.
    left: u32,
    is_auth: bool,
    words: u32,
    account: Account,
}

impl Redis {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if let Some(count) = number_after(line, b'*') {
            *self = Self { left: count, ..Self::default() };
            return After::More;
        }
        if self.left == 0 || number_after(line, b'$').is_some() {
            return After::More;
        }
        self.left -= 1;
        if self.words == 0 {
            self.is_auth = line.eq_ignore_ascii_case(b"AUTH");
        } else if self.is_auth && self.left > 0 {
            self.account = Account::of(line);
        } else if self.is_auth {
            told.sent("redis", "AUTH", std::mem::take(&mut self.account), Secret::Readable);
        }
        self.words += 1;
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if !told.is_waiting() {
            return After::More;
        }
        match line.first() {
            Some(b'+') => told.ended(LoginOutcome::Accepted),
            Some(b'-') => {
                told.ended(LoginOutcome::Refused);
                return After::More;
            }
            _ => return After::More,
        }
        After::Done
    }
}

fn number_after(line: &[u8], mark: u8) -> Option<u32> {
    let [first, digits @ ..] = line else { return None };
    (*first == mark).then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}
