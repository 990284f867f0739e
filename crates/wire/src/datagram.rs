//! A conversation in datagrams: what it speaks is found by its first ones, then read by that protocol's parser.
//!
//! Promises: memory is bounded ([`Reader::buffered`]); once nothing more is to be learnt, nothing is kept.
//! Not here: DNS, which is found by its port too (`flow::connection`).

use jiff::Timestamp;

use crate::event::Kind;
use crate::findings::Findings;
use crate::login::Side;
use crate::login::datagram::Said;
use crate::login::kerberos::Kerberos;
use crate::{hosts, login, quic, recognise};

/// RTP's fixed header.
const RTP_HEADER: usize = 12;

/// Datagrams of one conversation about names that are looked at: announcements are repeated for ever.
const MAX_ABOUT_HOSTS: u16 = 256;

/// A datagram on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Datagram<'a> {
    pub(crate) at: Timestamp,
    pub(crate) payload: &'a [u8],
    /// All of it was captured, in one packet.
    pub(crate) is_whole: bool,
    pub(crate) is_from_client: bool,
    pub(crate) ports: [u16; 2],
}

/// What reads the datagrams.
#[derive(Debug)]
pub(crate) enum Reader {
    Seeking(Seeking),
    Quic(Box<quic::Opening>),
    Kerberos(Box<Kerberos>),
    /// Names of hosts, in that protocol; so many more datagrams are looked at.
    Hosts(&'static str, u16),
    Done,
}

/// Looking for a protocol that we know.
#[derive(Debug, Default)]
pub(crate) struct Seeking {
    looked: u8,
    /// The beginning of the client's first datagram.
    first: Option<[u8; RTP_HEADER + 1]>,
    /// A log-in that has no answer yet, and when it was sent.
    asked: Option<Box<(Timestamp, Said)>>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::Seeking(Seeking::default())
    }
}

impl Reader {
    pub(crate) fn take(&mut self, datagram: Datagram<'_>, findings: &mut Findings) {
        match self {
            Self::Done => {}
            Self::Seeking(seeking) => {
                let [source, destination] = datagram.ports;
                if let Some(application) = hosts::application(source, destination) {
                    findings.application = Some(application);
                    tell_hosts(application, datagram, findings);
                    *self = Self::Hosts(application, MAX_ABOUT_HOSTS);
                } else if quic::begins(datagram.payload) {
                    findings.application = Some("quic");
                    let mut opening = Box::<quic::Opening>::default();
                    let is_over = read(&mut opening, datagram, findings);
                    *self = if is_over { Self::Done } else { Self::Quic(opening) };
                } else if let Some(said) = login::datagram::read(datagram.payload) {
                    findings.application = Some(said.application);
                    seeking.looked = seeking.looked.saturating_add(1);
                    let is_told = seeking.hear(said, datagram, findings);
                    if is_told || seeking.asked.is_none() && seeking.looked >= recognise::MAX_DATAGRAMS {
                        *self = Self::Done;
                    }
                } else if let Some(application) = seeking.look(datagram) {
                    findings.application = Some(application);
                    *self = Self::Done;
                    if application == "kerberos" {
                        let mut kerberos = Box::<Kerberos>::default();
                        hear(&mut kerberos, datagram, findings);
                        *self = Self::Kerberos(kerberos);
                    }
                } else if seeking.looked >= recognise::MAX_DATAGRAMS {
                    *self = Self::Done;
                }
            }
            Self::Hosts(application, left) => {
                tell_hosts(application, datagram, findings);
                *left = left.saturating_sub(1);
                if *left == 0 {
                    *self = Self::Done;
                }
            }
            Self::Kerberos(kerberos) => {
                if hear(kerberos, datagram, findings) {
                    *self = Self::Done;
                }
            }
            Self::Quic(opening) => {
                if read(opening, datagram, findings) {
                    *self = Self::Done;
                }
            }
        }
    }

    pub(crate) fn buffered(&self) -> usize {
        match self {
            Self::Quic(opening) => opening.buffered(),
            Self::Seeking(_) | Self::Kerberos(_) | Self::Hosts(..) | Self::Done => 0,
        }
    }
}

fn tell_hosts(application: &str, datagram: Datagram<'_>, findings: &mut Findings) {
    for told in hosts::read(application, datagram.payload) {
        findings.event(datagram.at, Kind::HostName(told));
    }
}

/// Whether enough was heard.
fn hear(kerberos: &mut Kerberos, datagram: Datagram<'_>, findings: &mut Findings) -> bool {
    let side = if datagram.is_from_client { Side::Client } else { Side::Server };
    kerberos.message(side, datagram.payload, datagram.at, findings)
}

/// Whether nothing more is to come.
fn read(opening: &mut quic::Opening, datagram: Datagram<'_>, findings: &mut Findings) -> bool {
    if !datagram.is_from_client || !datagram.is_whole {
        return false;
    }
    match opening.datagram(datagram.payload) {
        quic::Step::More => return false,
        quic::Step::Done(Ok(hello)) => findings.event(datagram.at, Kind::TlsClient(hello)),
        quic::Step::Done(Err(what)) => findings.malformed(what),
        quic::Step::GaveUp => {}
    }
    true
}

impl Seeking {
    /// Whether a log-in was told.
    fn hear(&mut self, said: Said, datagram: Datagram<'_>, findings: &mut Findings) -> bool {
        if !datagram.is_from_client {
            return self.asked.take().is_some_and(|asked| {
                let (at, said) = *asked;
                said.tell(at, findings)
            });
        }
        if said.waits_for_answer() {
            self.asked = Some(Box::new((datagram.at, said)));
            return false;
        }
        said.tell(datagram.at, findings)
    }

    fn look(&mut self, datagram: Datagram<'_>) -> Option<&'static str> {
        self.looked = self.looked.saturating_add(1);
        let payload = datagram.payload;
        if quic::is_other(payload) {
            return Some("quic");
        }
        let found = recognise::datagram(payload, datagram.ports);
        if found.is_some() || !datagram.is_from_client {
            return found;
        }
        let beginning = payload.first_chunk().copied();
        let is_rtp = self.first.as_ref().is_some_and(|first| recognise::is_rtp(first, payload));
        self.first = beginning;
        is_rtp.then_some("rtp")
    }
}
