//! NTLM's last message ([MS-NLMP] §2.2.1.3): who logs in, and from which machine. What proves the password is passed over.

use crate::bytes::{le16, le32};
use crate::text;

const SIGNATURE: &[u8] = b"NTLMSSP\0\x03\0\0\0";
const MAX_NAME: usize = 256;

/// The message, as far as it is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authenticate<'a>(&'a [u8]);

impl<'a> Authenticate<'a> {
    /// The first one in these bytes: it stands by itself, or is wrapped in SPNEGO (RFC 4178).
    pub(crate) fn within(bytes: &'a [u8]) -> Option<Self> {
        let start = bytes.windows(SIGNATURE.len()).position(|window| window == SIGNATURE)?;
        bytes.get(start..).map(Self)
    }

    /// In lower case, without a domain; absent where nobody says who they are.
    pub(crate) fn user(self) -> Option<String> {
        self.name(36)
    }

    /// What the client's machine is called, in lower case.
    pub(crate) fn workstation(self) -> Option<String> {
        self.name(44)
    }

    fn name(self, at: usize) -> Option<String> {
        let Self(message) = self;
        let (length, offset) = (usize::from(le16(message, at)?), le32(message, at + 4)? as usize);
        let bytes = message.get(offset..offset.checked_add(length)?)?;
        let is_wide = le32(message, 60)? & 1 == 1;
        let name = if is_wide { text::wide(bytes, MAX_NAME) } else { text::name(bytes, MAX_NAME) };
        Some(name).filter(|name| !name.is_empty())
    }
}

/// A last message of that user at that machine, for tests.
#[cfg(test)]
pub(crate) fn made(user: &str, workstation: &str) -> Vec<u8> {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let (user, workstation) = (wide(user), wide(workstation));
    let place = |length: usize, offset: usize| {
        let length = (length as u16).to_le_bytes();
        [&length[..], &length, &(offset as u32).to_le_bytes()].concat()
    };
    let mut message = SIGNATURE.to_vec();
    message.resize(36, 0);
    message.extend(place(user.len(), 64));
    message.extend(place(workstation.len(), 64 + user.len()));
    message.resize(60, 0);
    message.extend([1, 0, 0, 0]);
    message.extend(user);
    message.extend(workstation);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_logs_in_is_read_wherever_the_message_stands() {
        let message = [b"spnego".to_vec(), made("Jan", "PC-1")].concat();
        let names = |bytes: &[u8]| Authenticate::within(bytes).map(|last| (last.user(), last.workstation()));
        assert_eq!(names(&message), Some((Some("jan".into()), Some("pc-1".into()))));
        assert_eq!(names(&made("", "")), Some((None, None)));
        assert_eq!(names(b"NTLMSSP\0\x01\0\0\0"), None);
        for cut in 0..message.len() {
            names(&message[..cut]);
        }
    }
}
