//! Signed notes (C2SP `signed-note`, Ed25519): a text, an empty line, and a line a signature, as the Go checksum
//! database writes them, so that tools that are not ours can read and check them.
//!
//! A key's text form is that of Go's `sumdb/note`: name, `+`, key id in hexadecimal, `+`, base64 of the type byte and
//! the public key.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::checkpoint::origin;
use crate::hex;

/// The signature type of an Ed25519 signature over the text (`signed-note`).
const ED25519: u8 = 0x01;
/// The signature type of an Ed25519 signature over the text and a moment (`tlog-cosignature`, `cosignature/v1`).
const TIMED_ED25519: u8 = 0x04;
/// Notes with more signatures than this are not read.
const MOST_SIGNATURES: usize = 100;

/// A key that signs notes. Its `Debug` shows the public half only.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

/// The public half of a [`SigningKey`], under its name. Its text (`Display`, `FromStr`) is what `verify --key` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

/// Why something is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    #[error("key name is empty, or has a space, a control character or a plus sign in it")]
    Name,
    #[error("key text is not `name+id+key`, with an Ed25519 key in base64")]
    Form,
    #[error("key id does not belong to this name and key: the text was copied wrongly or changed")]
    Id,
}

/// Why a note cannot be signed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("text of a note must end in a newline and hold no control characters but newlines")]
    Text,
    #[error("not a signed note: a text, an empty line, and signature lines")]
    Form,
    #[error("note is not signed by the key that is asked for")]
    Unsigned,
    #[error("signature does not belong to the note's text")]
    Signature,
}

impl SigningKey {
    /// The key of an organisation's register, from 32 secret random bytes. Its name is the register's [`origin`].
    #[must_use]
    pub fn of_register(organisation: Uuid, seed: &[u8; 32]) -> Self {
        Self { name: origin(organisation), key: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// A secret of this key for one purpose, which tells nothing of the key or of another purpose's.
    #[must_use]
    pub fn secret_for(&self, purpose: &str) -> [u8; 32] {
        let hash = Sha256::new().chain_update(b"dijkwacht/secret/v1\n").chain_update(self.key.to_bytes());
        hash.chain_update(purpose.as_bytes()).finalize().into()
    }

    /// The key under which a provider countersigns its customers' checkpoints, from 32 secret random bytes.
    #[must_use]
    pub fn of_provider(provider: Uuid, seed: &[u8; 32]) -> Self {
        let name = format!("dijkwacht/provider/{}", provider.hyphenated());
        Self { name, key: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// A key under a name of your own, from 32 secret random bytes.
    ///
    /// # Errors
    /// When a note cannot carry the name.
    pub fn named(name: &str, seed: &[u8; 32]) -> Result<Self, InvalidKey> {
        is_name(name).ok_or(InvalidKey::Name)?;
        Ok(Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The secret as text, for a file of its own: `PRIVATE+KEY+name+id+base64(type byte, seed)`, as Go's `sumdb/note`
    /// writes it.
    #[must_use]
    pub fn secret_text(&self) -> String {
        let id = key_id(&self.name, ED25519, &self.key.verifying_key());
        let secret = BASE64_STANDARD.encode([&[ED25519][..], self.key.as_bytes()].concat());
        format!("PRIVATE+KEY+{}+{}+{secret}", self.name, hex::encode(&id))
    }

    /// Reads [`SigningKey::secret_text`] back.
    ///
    /// # Errors
    /// When it is not such a text.
    pub fn from_secret_text(text: &str) -> Result<Self, InvalidKey> {
        let mut parts = text.strip_prefix("PRIVATE+KEY+").ok_or(InvalidKey::Form)?.splitn(3, '+');
        let (Some(name), Some(_id), Some(secret)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidKey::Form);
        };
        let bytes = BASE64_STANDARD.decode(secret).map_err(|_| InvalidKey::Form)?;
        let seed = bytes.strip_prefix(&[ED25519]).and_then(|seed| seed.try_into().ok()).ok_or(InvalidKey::Form)?;
        let key = Self::named(name, seed)?;
        if key.secret_text() == text { Ok(key) } else { Err(InvalidKey::Id) }
    }

    /// Signs a note once more, as of `at` (C2SP `tlog-cosignature`): the same text, the same lines, and one after them.
    /// It says that this key saw that text then, and nothing about the others who signed.
    ///
    /// # Errors
    /// When it is no signed note, or has as many signatures as one may have.
    pub fn countersign(&self, note: &str, at: Timestamp) -> Result<String, NoteError> {
        let (text, lines) = split(note).ok_or(NoteError::Form)?;
        if lines.lines().any(|line| signature(line).is_none()) || lines.lines().count() >= MOST_SIGNATURES {
            return Err(NoteError::Form);
        }
        Ok(format!("{note}{}", self.timed_signature_line(text, at)))
    }

    /// Signs a text, giving the whole note.
    ///
    /// # Errors
    /// When the text does not end in a newline, or holds control characters but newlines.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        let is_text = text.ends_with('\n') && text.chars().all(|c| c == '\n' || c >= ' ');
        is_text.then(|| format!("{text}\n{}", self.signature_line(text))).ok_or(NoteError::Text)
    }

    /// The line `— name signature` over a text that [`SigningKey::sign`] would take.
    pub(crate) fn signature_line(&self, text: &str) -> String {
        self.line(ED25519, &self.key.sign(text.as_bytes()).to_bytes())
    }

    /// The line that also says when: `cosignature/v1`, to the second (a moment before 1970 counts as 1970).
    pub(crate) fn timed_signature_line(&self, text: &str, at: Timestamp) -> String {
        let seconds = u64::try_from(at.as_second()).unwrap_or(0);
        let signed = self.key.sign(format!("cosignature/v1\ntime {seconds}\n{text}").as_bytes());
        self.line(TIMED_ED25519, &[&seconds.to_be_bytes()[..], &signed.to_bytes()].concat())
    }

    fn line(&self, signature_type: u8, signature: &[u8]) -> String {
        let id = key_id(&self.name, signature_type, &self.key.verifying_key());
        format!("— {} {}\n", self.name, BASE64_STANDARD.encode([&id[..], signature].concat()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.verifier())
    }
}

impl VerifierKey {
    /// The name under which the key signs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's text as one that makes cosignatures (type `04`), which is how C2SP writes the keys of witnesses.
    #[must_use]
    pub fn witness_text(&self) -> String {
        self.text(TIMED_ED25519)
    }

    fn text(&self, signature_type: u8) -> String {
        let id = key_id(&self.name, signature_type, &self.key);
        let key = [&[signature_type][..], self.key.as_bytes()].concat();
        format!("{}+{}+{}", self.name, hex::encode(&id), BASE64_STANDARD.encode(key))
    }

    /// The text of a note that this key signed. Signatures of other keys are passed over, as the format asks.
    ///
    /// # Errors
    /// When it is no note, or this key did not sign this text.
    pub fn open<'note>(&self, note: &'note str) -> Result<&'note str, NoteError> {
        let (text, lines) = split(note).ok_or(NoteError::Form)?;
        let wanted = key_id(&self.name, ED25519, &self.key);
        let mut is_signed = false;
        for line in lines.lines() {
            let (name, id, signature) = signature(line).ok_or(NoteError::Form)?;
            if name == self.name && id == wanted {
                let signature = Signature::from_slice(&signature).map_err(|_| NoteError::Signature)?;
                self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Signature)?;
                is_signed = true;
            }
        }
        is_signed.then_some(text).ok_or(NoteError::Unsigned)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(ED25519))
    }
}

impl FromStr for VerifierKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        // The key's base64 may hold a plus sign itself; the name and the id cannot.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidKey::Form);
        };
        is_name(name).ok_or(InvalidKey::Name)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| InvalidKey::Form)?;
        let public = bytes.strip_prefix(&[ED25519]).and_then(|key| key.try_into().ok()).ok_or(InvalidKey::Form)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| InvalidKey::Form)?;
        let parsed = Self { name: name.to_owned(), key };
        if parsed.to_string() == text { Ok(parsed) } else { Err(InvalidKey::Id) }
    }
}

fn key_id(name: &str, signature_type: u8, key: &VerifyingKey) -> [u8; 4] {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', signature_type]).chain_update(key.as_bytes()).finalize();
    let [a, b, c, d, ..]: [u8; 32] = hash.into();
    [a, b, c, d]
}

fn is_name(name: &str) -> Option<()> {
    let is_taken = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    (!name.is_empty() && !name.contains(is_taken)).then_some(())
}

/// A note's text (with its last newline) and its signature lines.
fn split(note: &str) -> Option<(&str, &str)> {
    let is_clean = note.chars().all(|c| c == '\n' || c >= ' ');
    let at = note.rfind("\n\n").filter(|_| is_clean && note.ends_with('\n'))?;
    let (text, rest) = note.split_at_checked(at + 1)?;
    let lines = rest.strip_prefix('\n').filter(|lines| !lines.is_empty())?;
    (lines.lines().count() <= MOST_SIGNATURES).then_some((text, lines))
}

/// The name, key id and signature of a signature line.
fn signature(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    is_name(name)?;
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    Some((name, *id, signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example in the documentation of Go's `golang.org/x/mod/sumdb/note`.
    const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const TEXT: &str =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const LINE: &str =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn peter() -> SigningKey {
        let seed = BASE64_STANDARD.decode(SEED).unwrap();
        SigningKey::named("PeterNeumann", seed[1..].try_into().unwrap()).unwrap()
    }

    #[test]
    fn notes_and_keys_are_those_of_gos_sumdb() {
        assert_eq!(peter().verifier().to_string(), KEY);
        assert_eq!(peter().sign(TEXT), Ok(format!("{TEXT}\n{LINE}")));
        let key: VerifierKey = KEY.parse().unwrap();
        assert_eq!(key.open(&format!("{TEXT}\n{LINE}")), Ok(TEXT));
    }

    #[test]
    fn signatures_of_other_keys_are_passed_over() {
        let other = SigningKey::named("EnochRoot", &[9; 32]).unwrap();
        let note = format!("{TEXT}\n{}{LINE}", other.signature_line(TEXT));
        assert_eq!(peter().verifier().open(&note), Ok(TEXT));
        assert_eq!(other.verifier().open(&note), Ok(TEXT));
        let namesake = SigningKey::named("PeterNeumann", &[9; 32]).unwrap();
        assert_eq!(namesake.verifier().open(&note), Err(NoteError::Unsigned));
    }

    #[test]
    fn a_key_with_any_character_changed_is_refused() {
        for at in 0..KEY.len() {
            let mut bytes = KEY.as_bytes().to_vec();
            bytes[at] += 1;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
        }
        for text in ["", "+", "++", "a+b", "a b+c74f20a3+AR", &KEY[..KEY.len() - 4]] {
            assert!(text.parse::<VerifierKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let key = peter().verifier();
        let note = format!("{TEXT}\n{LINE}");
        for (broken, why) in [
            (TEXT.to_owned(), NoteError::Form),
            (format!("{TEXT}\n"), NoteError::Form),
            (note.trim_end().to_owned(), NoteError::Form),
            (format!("{note}and more\n"), NoteError::Form),
            (format!("\u{1}{note}"), NoteError::Form),
            (note.replace("ZJkuBS", "ZJkuBT"), NoteError::Signature),
            (note.replace("answer", "Answer"), NoteError::Signature),
            (note.replace("PeterNeumann", "PeterNeuman"), NoteError::Unsigned),
            (format!("{TEXT}\n{}", LINE.repeat(101)), NoteError::Form),
        ] {
            assert_eq!(key.open(&broken), Err(why), "{broken}");
        }
        assert_eq!(peter().sign("no newline"), Err(NoteError::Text));
        assert_eq!(peter().sign("a\tb\n"), Err(NoteError::Text));
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert_eq!(format!("{:?}", peter()), format!("SigningKey({KEY})"));
    }
}
