//! TLS records (RFC 8446 §5.1) of one direction, up to the hello, and the server's up to its certificate.

use std::ops::ControlFlow;

use jiff::Timestamp;

use super::certificate::{CERTIFICATE, parse_certificates};
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

/// A ClientHello with post-quantum keys is about 2 KB, a chain of certificates seldom more than 10.
const MAX_MESSAGE: usize = 64 * 1024;

/// The records of one direction of a connection.
#[derive(Debug, Default)]
pub(crate) struct Records {
    header: Vec<u8>,
    /// Bytes of the current record still to come.
    left: usize,
    /// The handshake message so far, without the records around it.
    message: Vec<u8>,
    /// A server's hello of TLS up to 1.2 was told: its certificate comes in the clear.
    expects_certificate: bool,
}

impl Records {
    /// Takes the next bytes. What a side says in the clear is told; then the work here is done.
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
            while let Some(read) = self.message(at, findings) {
                if read.is_break() {
                    return Step::Done;
                }
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

    /// Reads the next message once it is complete, and says whether another is worth waiting for.
    fn message(&mut self, at: Timestamp, findings: &mut Findings) -> Option<ControlFlow<()>> {
        let [kind, high, middle, low, ..] = *self.message.as_slice() else { return None };
        let length = u32::from_be_bytes([0, high, middle, low]) as usize + 4;
        if length > MAX_MESSAGE {
            findings.malformed(Malformed("tls handshake: too long"));
            return Some(ControlFlow::Break(()));
        }
        let message = self.message.get(..length)?;
        let told = match kind {
            CLIENT_HELLO if !self.expects_certificate => {
                parse_client_hello(message).map(|hello| Some(Kind::TlsClient(hello)))
            }
            SERVER_HELLO if !self.expects_certificate => parse_server_hello(message).map(|hello| {
                self.expects_certificate = !hello.hides_certificate();
                Some(Kind::TlsServer(hello))
            }),
            CERTIFICATE if self.expects_certificate => {
                self.expects_certificate = false;
                parse_certificates(message).map(|read| read.map(|one| Kind::TlsCertificate(Box::new(one))))
            }
            _ if self.expects_certificate => {
                self.expects_certificate = false;
                Ok(None)
            }
            _ => Err(Malformed("tls handshake: no hello")),
        };
        match told {
            Ok(Some(kind)) => findings.event(at, kind),
            Ok(None) => {}
            Err(what) => findings.malformed(what),
        }
        self.message.drain(..length);
        Some(if self.expects_certificate { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }
}

/// An alert, or encrypted already: nothing in the clear to come.
struct NotHandshake;
