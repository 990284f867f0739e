//! QUIC: its first packets hold a ClientHello, protected with keys that everybody who sees them can derive (RFC 9001 §5.2).
//!
//! Promises: the hello may be spread over several datagrams and in any order (as browsers do it on purpose); memory and the number of
//! datagrams looked at are bounded. Read: version 1, version 2 (RFC 9369), the drafts from 22 on and Facebook's kin of
//! them. Not here: what the server answers, and all that follows: it is encrypted with keys that only the two have.

mod crypto;
mod keys;
mod packet;

use crate::Malformed;
use crate::event::TlsClient;
use crate::tls;
use crypto::Crypto;
use keys::Keys;
use packet::{Initial, initial};

/// Datagrams of a client in which its hello must be complete.
const MAX_DATAGRAMS: u8 = 16;
/// Initial packets in one datagram.
const MAX_PACKETS: usize = 8;

/// Whether a datagram begins a conversation in a version that we can read.
pub(crate) fn begins(datagram: &[u8]) -> bool {
    initial(datagram).is_some()
}

/// Whether it is QUIC as Google first built it, or in a version that we cannot read.
pub(crate) fn is_other(datagram: &[u8]) -> bool {
    let is_named = |at: usize| matches!(datagram.get(at..at + 4), Some([b'Q' | b'T', b'0', tens, units]) if tens.is_ascii_digit() && units.is_ascii_digit());
    let has_long_header = datagram.first().is_some_and(|first| first & 0xc0 == 0xc0);
    // Flags, connection id, version; or long header, version.
    is_named(9) && datagram.first().is_some_and(|first| first & 0x09 == 0x09) || has_long_header && is_named(1)
}

/// What a client says in its first datagrams.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    keys: Option<Keys>,
    crypto: Crypto,
    datagrams: u8,
}

/// What came of a datagram.
pub(crate) enum Step {
    More,
    /// The hello, or why it cannot be read; nothing more is to be learnt.
    Done(Result<TlsClient, Malformed>),
    /// It does not come.
    GaveUp,
}

impl Opening {
    /// Takes a client's datagram, all of it.
    pub(crate) fn datagram(&mut self, datagram: &[u8]) -> Step {
        let mut rest = datagram;
        for _ in 0..MAX_PACKETS {
            let Some(packet) = initial(rest) else { break };
            rest = packet.rest;
            let Some(frames) = self.open(&packet) else { continue };
            self.crypto.frames(&frames);
        }
        if let Some(hello) = self.crypto.hello() {
            return Step::Done(tls::parse_quic_client_hello(hello));
        }
        self.datagrams += 1;
        if self.datagrams >= MAX_DATAGRAMS || self.crypto.is_hopeless() { Step::GaveUp } else { Step::More }
    }

    pub(crate) fn buffered(&self) -> usize {
        self.crypto.buffered()
    }

    /// The packet's frames. The keys come from the first packet's destination; after a Retry, from that of the first that follows.
    fn open(&mut self, packet: &Initial<'_>) -> Option<Vec<u8>> {
        if let Some(frames) = self.keys.as_ref().and_then(|keys| keys.open(packet)) {
            return Some(frames);
        }
        let keys = Keys::derive(packet.version, packet.destination)?;
        let frames = keys.open(packet)?;
        self.keys = Some(keys);
        Some(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The client's first packet of RFC 9001 appendix A.2: its unprotected header and CRYPTO frame, protected here.
    fn example(version: u32) -> Vec<u8> {
        let destination = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];
        let hello = [1, 0, 0, 47, 3, 3]
            .into_iter()
            .chain([7; 32])
            .chain([0, 0, 2, 0x13, 1, 1, 0, 0, 4, 0, 0x0d, 0, 0])
            .collect::<Vec<u8>>();
        keys::tests::protect(version, &destination, 2, &[&[6, 0, hello.len() as u8][..], &hello].concat(), 1162)
    }

    #[test]
    fn a_hello_in_one_datagram_is_read_in_every_version() {
        for version in [1, 0x6b33_43cf, 0xff00_001d, 0xff00_001b, 0xff00_0016, 0xface_b002] {
            let Step::Done(Ok(client)) = Opening::default().datagram(&example(version)) else {
                panic!("{version:x}");
            };
            assert!(client.ja4.starts_with("q12i0101"), "{}", client.ja4);
        }
        assert!(!begins(&example(0x0a0a_0a0a)));
    }

    #[test]
    fn what_is_changed_on_the_way_is_not_read() {
        let mut datagram = example(1);
        datagram[60] ^= 1;
        let mut opening = Opening::default();
        for _ in 1..MAX_DATAGRAMS {
            assert!(matches!(opening.datagram(&datagram), Step::More));
        }
        assert!(matches!(opening.datagram(&datagram), Step::GaveUp));
    }

    #[test]
    fn a_hello_in_pieces_and_out_of_order_is_put_together() {
        let destination = [5; 8];
        let hello: Vec<u8> = [1, 0, 0, 41, 3, 3].into_iter().chain([7; 32]).chain([0, 0, 2, 0x13, 1, 1, 0]).collect();
        let piece = |from: usize, to: usize, number| {
            let frame = [&[6, from as u8, (to - from) as u8][..], &hello[from..to]].concat();
            keys::tests::protect(1, &destination, number, &[&[1][..], &frame, &[0, 0]].concat(), 400)
        };
        let mut opening = Opening::default();
        assert!(matches!(opening.datagram(&piece(30, 45, 0)), Step::More));
        assert!(matches!(opening.datagram(&[piece(0, 10, 1), piece(0, 10, 2)].concat()), Step::More));
        assert!(opening.buffered() > 0);
        assert!(matches!(opening.datagram(&piece(8, 32, 3)), Step::Done(Ok(_))));
    }

    #[test]
    fn cut_anywhere_nothing_panics() {
        let datagram = example(1);
        for cut in 0..datagram.len() {
            assert!(!matches!(Opening::default().datagram(&datagram[..cut]), Step::Done(_)));
        }
    }
}
