//! The keys of Initial packets, and their protection taken off (RFC 9001 §5.2 to §5.4).

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey, quic};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};

use super::packet::Initial;

/// RFC 9369.
pub(super) const VERSION_2: u32 = 0x6b33_43cf;

const LABELS: [&str; 3] = ["quic key", "quic iv", "quic hp"];
const LABELS_2: [&str; 3] = ["quicv2 key", "quicv2 iv", "quicv2 hp"];

const SALT_1: [u8; 20] = hex(b"38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
const SALT_2: [u8; 20] = hex(b"0dede3def700a6db819381be6e269dcbf9bd2ed9");
const SALT_DRAFT_29: [u8; 20] = hex(b"afbfec289993d24c9e9786f19c6111e04390a899");
const SALT_DRAFT_23: [u8; 20] = hex(b"c3eef712c72ebb5a11a7d2432bb46365bef9f502");
const SALT_DRAFT_22: [u8; 20] = hex(b"7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a");

/// Salt and labels of a version.
fn version(number: u32) -> Option<(&'static [u8; 20], [&'static str; 3])> {
    Some(match number {
        1 => (&SALT_1, LABELS),
        VERSION_2 => (&SALT_2, LABELS_2),
        0xff00_001d..=0xff00_0022 => (&SALT_DRAFT_29, LABELS),
        0xff00_0017..=0xff00_001c => (&SALT_DRAFT_23, LABELS),
        // Facebook's mvfst, after draft 27 and draft 22.
        0xface_b002 | 0xface_b003 => (&SALT_DRAFT_23, LABELS),
        0xff00_0015 | 0xff00_0016 | 0xface_b001 => (&SALT_DRAFT_22, LABELS),
        _ => return None,
    })
}

pub(super) fn is_known(number: u32) -> bool {
    version(number).is_some()
}

/// A client's keys.
pub(super) struct Keys {
    packet: LessSafeKey,
    header: quic::HeaderProtectionKey,
    iv: [u8; NONCE_LEN],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}

impl Keys {
    /// What a client derives from the connection id that it made up for the server.
    pub(super) fn derive(number: u32, destination: &[u8]) -> Option<Self> {
        let (salt, [key, iv_label, header]) = version(number)?;
        let initial = Salt::new(HKDF_SHA256, salt).extract(destination);
        let secret: Prk = initial.expand(&label("client in", 32).parts(), HKDF_SHA256).ok()?.into();
        let mut iv = [0; NONCE_LEN];
        secret.expand(&label(iv_label, NONCE_LEN).parts(), Length(NONCE_LEN)).ok()?.fill(&mut iv).ok()?;
        let packet: UnboundKey = secret.expand(&label(key, 16).parts(), &AES_128_GCM).ok()?.into();
        let header = secret.expand(&label(header, 16).parts(), &quic::AES_128).ok()?.into();
        Some(Self { packet: LessSafeKey::new(packet), header, iv })
    }

    /// The packet's frames, in the clear. Absent: these are not its keys, or it was damaged.
    pub(super) fn open(&self, packet: &Initial<'_>) -> Option<Vec<u8>> {
        let at = packet.number_at;
        let mask = self.header.new_mask(packet.bytes.get(at + 4..at + 20)?).ok()?;
        let mut bytes = packet.bytes.to_vec();
        let first = bytes.first_mut()?;
        *first ^= mask.first()? & 0x0f;
        let length = usize::from(*first & 3) + 1;
        let mut number = 0;
        for (byte, mask) in bytes.get_mut(at..at + length)?.iter_mut().zip(mask.iter().skip(1)) {
            *byte ^= mask;
            number = number << 8 | u64::from(*byte);
        }
        let (header, protected) = bytes.split_at_mut_checked(at + length)?;
        let plain = self.packet.open_in_place(self.nonce(number), Aad::from(&*header), protected).ok()?;
        Some(plain.to_vec())
    }

    fn nonce(&self, number: u64) -> Nonce {
        let mut nonce = self.iv;
        for (byte, number) in nonce.iter_mut().rev().zip(number.to_le_bytes()) {
            *byte ^= number;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// An `HkdfLabel` (RFC 8446 §7.1) without context.
struct Label {
    length: [u8; 2],
    name_length: [u8; 1],
    name: &'static str,
}

fn label(name: &'static str, length: usize) -> Label {
    // Lengths of keys and labels: small constants.
    Label { length: (length as u16).to_be_bytes(), name_length: [name.len() as u8 + 6], name }
}

impl Label {
    fn parts(&self) -> [&[u8]; 5] {
        [&self.length, &self.name_length, b"tls13 ", self.name.as_bytes(), &[0]]
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Twenty bytes from hexadecimal, while compiling.
#[expect(clippy::indexing_slicing, reason = "runs while compiling, over arrays of known lengths")]
const fn hex(text: &[u8; 40]) -> [u8; 20] {
    const fn digit(character: u8) -> u8 {
        if character < b'a' { character - b'0' } else { character - b'a' + 10 }
    }
    let mut bytes = [0; 20];
    let mut at = 0;
    while at < 20 {
        bytes[at] = digit(text[2 * at]) << 4 | digit(text[2 * at + 1]);
        at += 1;
    }
    bytes
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A protected Initial packet that holds these frames, padded to `size` bytes of them; packet number in one byte.
    pub(in super::super) fn protect(
        number: u32,
        destination: &[u8],
        packet_number: u8,
        frames: &[u8],
        size: usize,
    ) -> Vec<u8> {
        let kind = if number == VERSION_2 { 0xd0 } else { 0xc0 };
        let mut frames = frames.to_vec();
        frames.resize(size, 0);
        let length = (1 + frames.len() + 16) as u16 | 0x4000;
        let mut bytes = vec![kind];
        bytes.extend(number.to_be_bytes());
        bytes.push(destination.len() as u8);
        bytes.extend(destination);
        bytes.extend([0, 0]);
        bytes.extend(length.to_be_bytes());
        let at = bytes.len();
        bytes.push(packet_number);
        let Some(keys) = Keys::derive(number, destination) else { return bytes };
        keys.packet.seal_in_place_append_tag(keys.nonce(packet_number.into()), Aad::from(&bytes), &mut frames).unwrap();
        bytes.extend(frames);
        let mask = keys.header.new_mask(&bytes[at + 4..at + 20]).unwrap();
        bytes[0] ^= mask[0] & 0x0f;
        bytes[at] ^= mask[1];
        bytes
    }

    /// RFC 9001 appendix A.1 and A.2: the mask that those keys make of that sample, and the initialisation vector.
    #[test]
    fn published_keys() {
        let keys = Keys::derive(1, &[0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08]).unwrap();
        assert_eq!(crate::text::hex(&keys.iv), "fa044b2f42a3fd3b46fb255c");
        let sample = [0xd1, 0xb1, 0xc9, 0x8d, 0xd7, 0x68, 0x9f, 0xb8, 0xec, 0x11, 0xd2, 0x42, 0xb1, 0x23, 0xdc, 0x9b];
        assert_eq!(keys.header.new_mask(&sample).unwrap(), [0x43, 0x7b, 0x9a, 0xec, 0x36]);
    }
}
