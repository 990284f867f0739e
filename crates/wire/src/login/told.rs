//! A log-in in the making: what was said so far, and what becomes of it. Secrets are looked at and left where they are.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::event::{Kind, Login, LoginOutcome};
use crate::findings::Findings;

/// Of an account's name so many bytes are looked at.
const MAX_ACCOUNT: usize = 256;

/// Log-ins told of one connection; who tries more is known by then.
const MAX_TOLD: u32 = 1_000;

/// Who logs in: enough to know the account again and to recognise it, not to spell it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) masked: Option<String>,
    pub(crate) key: u64,
}

impl Account {
    pub(crate) fn of(name: &[u8]) -> Self {
        let name = name.trim_ascii();
        let name = name.get(..MAX_ACCOUNT).unwrap_or(name);
        if name.is_empty() {
            return Self::default();
        }
        let digest = Sha256::digest(name.to_ascii_lowercase());
        let key = digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte));
        Self { masked: Some(masked(name)), key }
    }
}

/// `j…@example.nl`, `b…`: the first letter, and the domain, which says whose log-in it is.
fn masked(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    let clean = |part: &str, max: usize| -> String {
        part.chars().take(max).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
    };
    match text.rsplit_once('@') {
        Some((local, domain)) if domain.contains('.') => format!("{}…@{}", clean(local, 1), clean(domain, 64)),
        _ => format!("{}…", clean(&text, 1)),
    }
}

/// What is said in one connection about logging in.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    waiting: Option<(Timestamp, Login)>,
    told: u32,
}

/// How the secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// As it is, or in a form that anybody turns back.
    Readable,
    /// Hashed, challenged, or encrypted.
    Hidden,
    /// None was sent, or one that everybody knows.
    None,
}

impl Attempts {
    /// A log-in was sent; its outcome is still to come. One that still waited is told as unknown.
    pub(crate) fn sent(
        &mut self,
        protocol: &'static str,
        mechanism: &'static str,
        account: Account,
        secret: Secret,
        at: Timestamp,
        findings: &mut Findings,
    ) {
        self.ended(LoginOutcome::Unknown, findings);
        let login = Login {
            protocol,
            mechanism,
            // The flow knows it.
            name: None,
            account: account.masked,
            account_key: account.key,
            is_readable: secret == Secret::Readable,
            has_secret: secret != Secret::None,
            tries: 1,
            outcome: LoginOutcome::Unknown,
        };
        self.waiting = Some((at, login));
    }

    /// The waiting log-in was tried so often in a row.
    pub(crate) fn tries(&mut self, tries: u32) {
        if let Some((_, login)) = &mut self.waiting {
            login.tries = tries;
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// The waiting log-in, if any, came to this.
    pub(crate) fn ended(&mut self, outcome: LoginOutcome, findings: &mut Findings) {
        let Some((at, mut login)) = self.waiting.take() else { return };
        if self.told >= MAX_TOLD {
            findings.dropped += 1;
            return;
        }
        self.told += 1;
        login.outcome = outcome;
        findings.event(at, Kind::Login(login));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_recognised_and_not_spelt_out() {
        let table = [
            ("jan.jansen@example.nl", Some("j…@example.nl")),
            ("beheer", Some("b…")),
            ("x@y", Some("x…")),
            ("\u{1b}[31m", Some("\u{fffd}…")),
            ("  ", None),
        ];
        for (name, expected) in table {
            assert_eq!(Account::of(name.as_bytes()).masked.as_deref(), expected, "{name:?}");
        }
        assert_eq!(Account::of(b"Beheer").key, Account::of(b" beheer").key);
        assert_ne!(Account::of(b"beheer").key, Account::of(b"beheerder").key);
    }
}
