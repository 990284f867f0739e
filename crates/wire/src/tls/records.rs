//! TLS records (RFC 8446 §5.1) of one direction, up to the hello.

use jiff::Timestamp;

use super::hello::{CLIENT_HELLO, SERVER_HELLO, parse_client_hello, parse_server_hello};
use crate::Malformed;
use crate::bytes::be16;
use crate::event::Kind;
use crate::findings::Findings;
use crate::stream::Step;

/// The record type of handshake messages.
pub(crate) const HANDSHAKE: u8 = 22;

const HEADER: usize = 5;

/// RFC 5246 §6.2.3 allows 2^14 + 2048 bytes in a record.
const MAX_RECORD: usize = 16_384 + 2_048;

/// A ClientHello with post-quantum keys is about 2 KB.
const MAX_HELLO: usize = 64 * 1024;

/// The records of one direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Records {
    header: Vec<u8>,
    /// Bytes of the current record still to come.
    left: usize,
    /// The handshake message so far, without the records around it.
    message: Vec<u8>,
}

impl Records {
    /// Takes the next bytes. One hello is told; with it, the work here is done.
    pub(crate) fn data<'a>(&mut self, mut bytes: &'a [u8], at: Timestamp, findings: &mut Findings) -> Step<'a> {
        while !bytes.is_empty() {
            if self.left == 0 {
                let missing = HEADER.saturating_sub(self.header.len());
                let (taken, rest) = bytes.split_at(missing.min(bytes.len()));
                self.header.extend_from_slice(taken);
                bytes = rest;
                match self.begin_record() {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(NotHandshake) => return Step::Done,
                }
            }
            let (taken, rest) = bytes.split_at(self.left.min(bytes.len()));
            self.message.extend_from_slice(taken);
            self.left -= taken.len();
            bytes = rest;
            if let Some(told) = self.hello() {
                match told {
                    Ok(kind) => findings.event(at, kind),
                    Err(what) => findings.malformed(what),
                }
                return Step::Done;
            }
        }
        Step::More
    }

    pub(crate) fn buffered(&self) -> usize {
        self.header.len() + self.message.len()
    }

    /// Reads the record's header once it is complete.
    fn begin_record(&mut self) -> Result<bool, NotHandshake> {
        let Some(length) = be16(&self.header, 3).map(usize::from) else { return Ok(false) };
        if self.header.first() != Some(&HANDSHAKE) || length > MAX_RECORD || length == 0 {
            return Err(NotHandshake);
        }
        self.left = length;
        self.header.clear();
        Ok(true)
    }

    /// The hello, once it is complete.
    fn hello(&self) -> Option<Result<Kind, Malformed>> {
        let [kind, high, middle, low, ..] = *self.message.as_slice() else { return None };
        let length = u32::from_be_bytes([0, high, middle, low]) as usize + 4;
        if length > MAX_HELLO {
            return Some(Err(Malformed("tls hello: too long")));
        }
        let message = self.message.get(..length)?;
        Some(match kind {
            CLIENT_HELLO => parse_client_hello(message).map(Kind::TlsClient),
            SERVER_HELLO => parse_server_hello(message).map(Kind::TlsServer),
            _ => Err(Malformed("tls handshake: no hello")),
        })
    }
}

/// An alert, or encrypted already: no hello to come.
struct NotHandshake;
