//! A TCP connection over which a device sends syslog.

use std::io::{self, Read};
use std::net::TcpStream;

use jiff::{SignedDuration, Timestamp};

use crate::split::Messages;

/// Connections that are open at the same time, and for how long a silent one is kept.
const CONNECTIONS: usize = 64;
const SILENCE: SignedDuration = SignedDuration::from_hours(6);

pub(crate) struct Connection {
    /// The source that it counts for.
    pub(crate) source: usize,
    /// The number of its stream of lines: what one sender says of its own lines holds for no other's.
    pub(crate) number: u32,
    stream: TcpStream,
    messages: Messages,
    heard_at: Timestamp,
}

impl Connection {
    /// One beside those that are open. None: there are enough, or it cannot be read without waiting.
    pub(crate) fn beside(open: &[Self], source: usize, stream: TcpStream, now: Timestamp) -> Option<Self> {
        if open.len() >= CONNECTIONS || stream.set_nonblocking(true).is_err() {
            return None;
        }
        // From above, where files' numbers never come. That of a connection which was closed is free again.
        let number = (1..=u32::MAX).rev().find(|number| open.iter().all(|one| one.number != *number))?;
        Some(Self { source, number, stream, messages: Messages::default(), heard_at: now })
    }

    /// Hands on the messages that are there. False: it is over, or was silent for too long.
    pub(crate) fn read(&mut self, buffer: &mut [u8], now: Timestamp, message: &mut dyn FnMut(&[u8])) -> bool {
        for _ in 0..64 {
            match self.stream.read(buffer) {
                Ok(0) => {
                    self.messages.finish(message);
                    return false;
                }
                Ok(length) => {
                    self.heard_at = now;
                    self.messages.bytes(buffer.get(..length).unwrap_or_default(), message);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        now.duration_since(self.heard_at) < SILENCE
    }

    /// Messages longer than any log's line, which were passed over.
    pub(crate) fn too_long(&self) -> u64 {
        self.messages.too_long
    }
}
