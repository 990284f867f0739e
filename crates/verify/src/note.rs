//! Signed notes and their keys (C2SP `signed-note`, `tlog-cosignature`), read strictly.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::problem::Problem;
use crate::text::{self, Text};
use crate::tree::sha256;

const ED25519: u8 = 1;
const TIMED_ED25519: u8 = 4;
const MOST_SIGNATURES: usize = 100;

/// A public key under its name.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    /// The type under which its text was written: of plain signatures, or of cosignatures.
    written_as: u8,
    key: VerifyingKey,
}

/// A text and the signatures under it, none of them checked yet.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    /// With its last newline.
    pub(crate) text: &'a str,
    pub(crate) signatures: Vec<NoteSignature<'a>>,
}

#[derive(Debug)]
pub(crate) struct NoteSignature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

/// Whether a key signed a note.
#[derive(Debug)]
pub(crate) enum Signed {
    /// Yes; and where the signature says so, when (seconds since 1970).
    Yes { at: Option<u64> },
    /// A signature that names this key is not of this text.
    Wrong,
    /// Only the second of the two signatures that a register makes is there, the one with a moment.
    InPart,
    /// Only others are named, as `name+id`.
    ByOthers(Vec<String>),
}

impl Signed {
    /// What is wrong, where it is not signed as it must be.
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Yes { .. } => None,
            Self::Wrong => Some(Problem::Signature),
            Self::InPart => Some(Problem::SignatureMissing),
            Self::ByOthers(keys) => Some(Problem::OtherKey(keys.clone())),
        }
    }
}

impl Key {
    /// Reads `name+id+base64`.
    pub(crate) fn parse(text: &str) -> Result<Self, Text> {
        let (name, rest) = text.split_once('+').ok_or(text::KEY_FORM)?;
        let (id, encoded) = rest.split_once('+').ok_or(text::KEY_FORM)?;
        if !is_name(name) {
            return Err(text::KEY_FORM);
        }
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| text::KEY_FORM)?;
        let Some((&written_as @ (ED25519 | TIMED_ED25519), public)) = bytes.split_first() else {
            return Err(text::KEY_FORM);
        };
        let public: &[u8; 32] = public.try_into().map_err(|_| text::KEY_FORM)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| text::KEY_FORM)?;
        let key = Self { name: name.to_owned(), written_as, key };
        if hex(&key.id(written_as)) == id { Ok(key) } else { Err(text::KEY_ID) }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let mut bytes = vec![self.written_as];
        bytes.extend_from_slice(self.key.as_bytes());
        format!("{}+{}+{}", self.name, hex(&self.id(self.written_as)), BASE64_STANDARD.encode(bytes))
    }

    /// The id under which it makes signatures of this type.
    fn id(&self, signature_type: u8) -> [u8; 4] {
        let mut bytes = self.name.as_bytes().to_vec();
        bytes.extend_from_slice(&[b'\n', signature_type]);
        bytes.extend_from_slice(self.key.as_bytes());
        let [a, b, c, d, ..] = sha256(&bytes);
        [a, b, c, d]
    }

    /// As its cosignatures name it: `name+id`.
    pub(crate) fn countersigner(&self) -> String {
        format!("{}+{}", self.name, hex(&self.id(TIMED_ED25519)))
    }

    /// Whether it is the same key, under whatever name.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.key == other.key
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl<'a> Note<'a> {
    /// The parts of a note; `None` when it is none.
    pub(crate) fn parse(note: &'a str) -> Option<Self> {
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return None;
        }
        let (text, lines) = note.rsplit_once("\n\n")?;
        let text = note.get(..=text.len())?;
        let lines = lines.strip_suffix('\n')?;
        let signatures = lines.split('\n').map(NoteSignature::parse).collect::<Option<Vec<_>>>()?;
        (signatures.len() <= MOST_SIGNATURES).then_some(Self { text, signatures })
    }

    /// Whether `key` signed it. Signatures of other keys are passed over, as the format asks; one of this key that
    /// fails, fails the note.
    pub(crate) fn check(&self, key: &Key) -> Signed {
        let (plain_id, timed_id) = (key.id(ED25519), key.id(TIMED_ED25519));
        let (mut is_signed, mut at) = (false, None);
        for signature in self.signatures.iter().filter(|signature| signature.name == key.name) {
            if signature.key_id == plain_id {
                if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                    return Signed::Wrong;
                }
                is_signed = true;
            } else if signature.key_id == timed_id {
                let Some(seconds) = self.moment(key, signature) else { return Signed::Wrong };
                at = Some(seconds);
            }
        }
        match (is_signed, at) {
            (true, at) => Signed::Yes { at },
            (false, Some(_)) => Signed::InPart,
            (false, None) => Signed::ByOthers(self.signers()),
        }
    }

    /// Whether `key` countersigned it, which a cosignature alone says. A later one stands for an earlier.
    pub(crate) fn check_countersignature(&self, key: &Key) -> Signed {
        let timed_id = key.id(TIMED_ED25519);
        let mut at = None;
        for signature in self.signatures.iter().filter(|one| one.name == key.name && one.key_id == timed_id) {
            match self.moment(key, signature) {
                Some(seconds) => at = at.max(Some(seconds)),
                None => return Signed::Wrong,
            }
        }
        if at.is_some() { Signed::Yes { at } } else { Signed::ByOthers(self.signers()) }
    }

    /// The second at which a cosignature says it was made, when it is of this key and text.
    fn moment(&self, key: &Key, signature: &NoteSignature<'_>) -> Option<u64> {
        let (seconds, bytes) = signature.bytes.split_first_chunk()?;
        let seconds = u64::from_be_bytes(*seconds);
        let message = format!("cosignature/v1\ntime {seconds}\n{}", self.text);
        key.verifies(message.as_bytes(), bytes).then_some(seconds)
    }

    /// Who signed it beside the key of this name, as `name+id`.
    pub(crate) fn others(&self, name: &str) -> Vec<String> {
        self.signatures.iter().filter(|signature| signature.name != name).map(NoteSignature::signer).collect()
    }

    fn signers(&self) -> Vec<String> {
        self.signatures.iter().map(NoteSignature::signer).collect()
    }
}

impl<'a> NoteSignature<'a> {
    fn signer(&self) -> String {
        format!("{}+{}", self.name, hex(&self.key_id))
    }

    fn parse(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        let (key_id, bytes) = bytes.split_first_chunk()?;
        is_name(name).then(|| Self { name, key_id: *key_id, bytes: bytes.to_vec() })
    }
}

/// Whether a line is one of a signature.
pub(crate) fn is_signature(line: &str) -> bool {
    NoteSignature::parse(line).is_some()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn hex(id: &[u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example in the documentation of Go's `golang.org/x/mod/sumdb/note`.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    // The example in C2SP's `tlog-cosignature`: what of it is a note.
    const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    #[test]
    fn a_note_of_gos_sumdb_is_signed_by_its_key_and_by_no_other() {
        let key = Key::parse(KEY).unwrap();
        assert_eq!(key.text(), KEY);
        assert!(matches!(Note::parse(NOTE).unwrap().check(&key), Signed::Yes { at: None }));
        let changed = NOTE.replace("answer", "Answer");
        assert!(matches!(Note::parse(&changed).unwrap().check(&key), Signed::Wrong));
        let Signed::ByOthers(keys) = Note::parse(COSIGNED).unwrap().check(&key) else { panic!("not signed by Peter") };
        assert_eq!(keys, ["example.com/behind-the-sofa+033de0ae", "witness.example.com/w1+8d66cf3f"]);
        assert_eq!(Note::parse(COSIGNED).unwrap().others("example.com/behind-the-sofa"), [keys[1].as_str()]);
    }

    #[test]
    fn what_is_no_note_or_key_is_refused() {
        for broken in
            ["", "\n", "\n\n", "a\n\n", "a\n\n\n", "a\n\nb\n", "a\n\n— b AAAA", "a\n\n— b AA=\n", "a\n\n—  AAAAAA==\n"]
        {
            assert!(Note::parse(broken).is_none(), "{broken:?}");
        }
        assert!(Note::parse(&NOTE.replace('I', "\r")).is_none());
        for broken in ["", "a", "a+b+c", &KEY.replace("c7", "C7"), &KEY.replace("ARpc", "ARpd"), &KEY[1..]] {
            assert!(Key::parse(broken).is_err(), "{broken:?}");
        }
    }
}
