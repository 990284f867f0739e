//! Log-ins: protocols in which somebody says who they are, recognised by the first bytes of either side.
//!
//! Promises: a secret never leaves these files, not its length nor a hash of it; an account leaves them masked. Both
//! directions of a connection share one [`Talk`], since an answer means nothing without its question. Once nobody logs
//! in any more, nothing more is read. Not here: HTTP's log-ins (module `http`), what a log-in is worth (crate `detect`).

pub(crate) mod base64;
mod counted;
pub(crate) mod datagram;
mod dialogue;
mod ftp;
mod imap;
mod irc;
mod irc_bot;
pub(crate) mod kerberos;
mod ldap;
pub(crate) mod lines;
mod mqtt;
mod nntp;
mod pop3;
mod rdp;
mod redis;
mod rtsp;
mod sasl;
mod sieve;
mod smtp;
mod socks;
mod ssh;
mod tds;
mod telnet;
pub(crate) mod told;
mod vnc;

use jiff::Timestamp;

use crate::findings::Findings;
use crate::stream::Step;
use dialogue::After;

/// Whose bytes these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// What both directions of a connection speak, once that is recognised.
#[derive(Debug, Default)]
pub(crate) enum Talk {
    #[default]
    None,
    Lines(Box<dialogue::Dialogue>),
    Telnet(Box<telnet::Telnet>),
    Ldap(Box<ldap::Ldap>),
    Socks(Box<socks::Socks>),
    Ssh(Box<ssh::Ssh>),
    Mqtt(Box<mqtt::Mqtt>),
    Rdp(Box<rdp::Rdp>),
    Vnc(Box<vnc::Vnc>),
    Kerberos(Box<kerberos::Kerberos>),
    Tds(Box<tds::Tds>),
    /// Nothing more is to be learnt.
    Over,
}

impl Talk {
    /// Which talk a side's first bytes begin. `Err`: too few to say; `Ok(None)`: none of these.
    pub(crate) fn begun_by(side: Side, bytes: &[u8]) -> Result<Option<Self>, TooFew> {
        type Test = (fn(Side, &[u8]) -> Option<bool>, fn() -> Talk);
        let tests: [Test; 10] = [
            (|_, bytes| ssh::begins(bytes), || Self::Ssh(Box::default())),
            (dialogue::begins, || Self::Lines(Box::default())),
            (|_, bytes| telnet::begins(bytes), || Self::Telnet(Box::default())),
            (
                |side, bytes| if side == Side::Server { vnc::begins(bytes) } else { Some(false) },
                || Self::Vnc(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { ldap::begins(bytes) } else { Some(false) },
                || Self::Ldap(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { socks::begins(bytes) } else { Some(false) },
                || Self::Socks(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { mqtt::begins(bytes) } else { Some(false) },
                || Self::Mqtt(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { rdp::begins(bytes) } else { Some(false) },
                || Self::Rdp(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { kerberos::begins(bytes) } else { Some(false) },
                || Self::Kerberos(Box::default()),
            ),
            (
                |side, bytes| if side == Side::Client { tds::begins(bytes) } else { Some(false) },
                || Self::Tds(Box::default()),
            ),
        ];
        let mut is_unclear = false;
        for (test, talk) in tests {
            match test(side, bytes) {
                Some(true) => return Ok(Some(talk())),
                Some(false) => {}
                None => is_unclear = true,
            }
        }
        if side == Side::Server && telnet::asks(bytes) {
            return Ok(Some(Self::Telnet(Box::default())));
        }
        if is_unclear { Err(TooFew) } else { Ok(None) }
    }

    /// Whether one of these is spoken now, and this side has a part in it.
    pub(crate) fn waits_for(&self, side: Side) -> bool {
        match self {
            Self::None | Self::Over => false,
            Self::Socks(socks) => socks.waits_for(side),
            _ => true,
        }
    }

    /// Takes bytes of one side.
    pub(crate) fn data<'a>(&mut self, side: Side, bytes: &'a [u8], at: Timestamp, findings: &mut Findings) -> Step<'a> {
        let none: &[u8] = &[];
        findings.application = findings.application.or(self.name());
        let (after, rest) = match self {
            Self::None => (After::Upgrade, bytes),
            Self::Over => (After::Done, none),
            Self::Lines(dialogue) => dialogue.data(side, bytes, at, findings),
            Self::Telnet(telnet) => (telnet.data(side, bytes, at, findings), none),
            Self::Ldap(ldap) => (ldap.data(side, bytes, at, findings), none),
            Self::Socks(socks) => {
                let (after, rest) = socks.data(side, bytes, at, findings);
                if after == After::Upgrade {
                    // The other side may still have to answer.
                    return Step::Seek(rest);
                }
                (after, rest)
            }
            Self::Ssh(ssh) => (ssh.data(side, bytes, at, findings), none),
            Self::Mqtt(mqtt) => (mqtt.data(side, bytes, at, findings), none),
            Self::Rdp(rdp) => (rdp.data(side, bytes, at, findings), none),
            Self::Vnc(vnc) => (vnc.data(side, bytes, at, findings), none),
            Self::Kerberos(kerberos) => (kerberos.data(side, bytes, at, findings), none),
            Self::Tds(tds) => (tds.data(side, bytes, at, findings), none),
        };
        if let Some(name) = self.name() {
            findings.application = Some(name);
        }
        match after {
            After::More => Step::More,
            After::Upgrade => {
                self.finish(at, findings);
                *self = Self::None;
                Step::Seek(rest)
            }
            After::Done => {
                self.finish(at, findings);
                *self = Self::Over;
                Step::Done
            }
        }
    }

    /// So many bytes of one side were not captured.
    pub(crate) fn gap(&mut self, side: Side, length: u64, at: Timestamp, findings: &mut Findings) -> Step<'static> {
        let after = match self {
            Self::None => return Step::Seek(&[]),
            Self::Lines(dialogue) => {
                dialogue.gap(side, length, at, findings);
                After::More
            }
            Self::Ssh(ssh) => ssh.gap(side),
            Self::Telnet(_) => After::More,
            _ => After::Done,
        };
        if after == After::More {
            return Step::More;
        }
        self.finish(at, findings);
        *self = Self::Over;
        Step::Done
    }

    /// The connection is over: what waits for an answer is told without one.
    pub(crate) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        match self {
            Self::None | Self::Over | Self::Rdp(_) | Self::Kerberos(_) => {}
            Self::Lines(dialogue) => dialogue.finish(at, findings),
            Self::Telnet(telnet) => telnet.finish(findings),
            Self::Ldap(ldap) => ldap.finish(findings),
            Self::Socks(socks) => socks.finish(findings),
            Self::Ssh(ssh) => ssh.finish(findings),
            Self::Mqtt(mqtt) => mqtt.finish(findings),
            Self::Vnc(vnc) => vnc.finish(findings),
            Self::Tds(tds) => tds.finish(findings),
        }
    }

    /// Bytes held in memory.
    pub(crate) fn buffered(&self) -> usize {
        match self {
            Self::None | Self::Over | Self::Rdp(_) => 0,
            Self::Lines(dialogue) => dialogue.buffered(),
            Self::Telnet(telnet) => telnet.buffered(),
            Self::Ldap(ldap) => ldap.buffered(),
            Self::Socks(socks) => socks.buffered(),
            Self::Ssh(ssh) => ssh.buffered(),
            Self::Mqtt(mqtt) => mqtt.buffered(),
            Self::Vnc(vnc) => vnc.buffered(),
            Self::Kerberos(kerberos) => kerberos.buffered(),
            Self::Tds(tds) => tds.buffered(),
        }
    }

    fn name(&self) -> Option<&'static str> {
        match self {
            Self::None | Self::Over => None,
            Self::Lines(dialogue) => dialogue.name(),
            Self::Telnet(_) => Some("telnet"),
            Self::Ldap(_) => Some("ldap"),
            Self::Socks(_) => Some("socks"),
            Self::Ssh(_) => Some("ssh"),
            Self::Mqtt(_) => Some("mqtt"),
            Self::Rdp(_) => Some("rdp"),
            Self::Vnc(_) => Some("vnc"),
            Self::Kerberos(_) => Some("kerberos"),
            Self::Tds(_) => Some("tds"),
        }
    }
}

/// Too few bytes to say what is spoken.
#[derive(Debug)]
pub(crate) struct TooFew;
