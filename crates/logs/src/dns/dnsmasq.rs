//! dnsmasq, also as Pi-hole, OpenWrt and UniFi run it: `log-queries`, better `log-queries=extra`.
//!
//! A question and its answer are lines of their own, and one answer is several lines. Plain `log-queries` does not say to
//! whom an answer goes: it is given to who asked for that name first. A resolver with a thousand questions on the way
//! logs `extra`, whose lines carry a number.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use wire::event::{Conversation, Dns, DnsAnswer, DnsData, Endpoint, Event, HostName, Kind, NameSource, Transport};

use super::{event, kind, kind_alone, question, record};
use crate::conversation::Numbers;
use crate::fields::{mac, name};

/// Questions that wait for their answer, and for how long.
const WAITING: usize = 8_192;
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);
/// An answer's lines come together.
const BETWEEN_LINES: SignedDuration = SignedDuration::from_secs(2);
/// Records kept of one answer.
const ANSWERS: usize = 64;
/// Of so many of them lines are kept apart.
const ORIGINS: usize = 32;

#[derive(Debug)]
struct Question {
    asker: IpAddr,
    kind: String,
    asked_at: Timestamp,
    /// The number that `extra` gives.
    serial: Option<u64>,
}

/// An answer whose lines are still coming.
#[derive(Debug)]
struct Group {
    question: Question,
    name: String,
    /// The name after a CNAME.
    follows: String,
    /// The line before said `<CNAME>`: any name may follow.
    is_alias: bool,
    answered_at: Timestamp,
    code: &'static str,
    answers: Vec<DnsAnswer>,
}

/// Several of them whose lines come as one stream: what one says is no answer to what another was asked.
#[derive(Debug, Default)]
pub(crate) struct Dnsmasqs {
    /// By host and process, with when it last said something.
    each: BTreeMap<(String, String), (Timestamp, Dnsmasq)>,
    dropped: u64,
}

impl Dnsmasqs {
    /// One message of the one with that host and process. False: it is none that is read here.
    pub(crate) fn message(
        &mut self,
        (host, process): (&str, &str),
        message: &str,
        at: Timestamp,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> bool {
        let origin = (host.to_owned(), process.to_owned());
        if self.each.len() >= ORIGINS && !self.each.contains_key(&origin) {
            self.forget_one(numbers, sink);
        }
        let (heard_at, one) = self.each.entry(origin).or_insert_with(|| (at, Dnsmasq::default()));
        *heard_at = at;
        one.message(message, at, numbers, sink)
    }

    pub(crate) fn quiet(&mut self, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        self.each.values_mut().for_each(|(_, one)| one.quiet(at, numbers, sink));
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.each.values().any(|(_, one)| one.is_waiting())
    }

    pub(crate) fn finish(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        self.each.values_mut().for_each(|(_, one)| one.finish(numbers, sink));
    }

    /// Questions told, or let go, before their time.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped + self.each.values().map(|(_, one)| one.dropped).sum::<u64>()
    }

    /// The one that was silent for longest: after each start the process is another.
    fn forget_one(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        let longest = self.each.iter().min_by_key(|(_, (heard_at, _))| *heard_at).map(|(origin, _)| origin.clone());
        if let Some((_, mut one)) = longest.and_then(|origin| self.each.remove(&origin)) {
            self.dropped += one.dropped + one.waiting.len() as u64;
            one.finish(numbers, sink);
        }
    }
}

#[derive(Debug, Default)]
struct Dnsmasq {
    waiting: BTreeMap<(String, u64), Question>,
    order: VecDeque<(Timestamp, (String, u64))>,
    asked: u64,
    group: Option<Group>,
    dropped: u64,
}

impl Dnsmasq {
    /// One message of `dnsmasq` or `dnsmasq-dhcp`. False: it is none that is read here.
    fn message(&mut self, message: &str, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) -> bool {
        self.give_up(at, numbers, sink);
        let (serial, message) = serial(message);
        let word = message.split(' ').next().unwrap_or_default();
        if let Some(asked) = word.strip_prefix("query[").and_then(|word| word.strip_suffix(']')) {
            self.tell_group(numbers, sink);
            return self.ask(message, asked, at, serial, numbers, sink).is_some();
        }
        if let Some(rest) = message.strip_prefix("DHCPACK(") {
            return dhcp(rest, at, numbers, sink).is_some();
        }
        if let Some((left, value)) = message.split_once(" is ") {
            let name = left.rsplit(' ').next().and_then(name);
            // What the server said of it besides (RFC 8914) stands behind.
            let value = value.split(" (EDE").next().unwrap_or(value).trim();
            return match (name, failure(value)) {
                (Some(name), Some(code)) if name == "error" => self.fail(code, at, serial, numbers, sink),
                (name, _) => name.and_then(|name| self.answer(name, value, at, serial, numbers, sink)),
            }
            .is_some();
        }
        self.tell_group(numbers, sink);
        false
    }

    /// It is `at`, and no message came: an answer has no more lines to come, and who waited long enough gets none.
    fn quiet(&mut self, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        if self.group.as_ref().is_some_and(|group| at.duration_since(group.answered_at) > BETWEEN_LINES) {
            self.tell_group(numbers, sink);
        }
        self.give_up(at, numbers, sink);
    }

    /// Whether anything that was read is not told yet.
    fn is_waiting(&self) -> bool {
        self.group.is_some() || !self.waiting.is_empty()
    }

    fn finish(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        self.tell_group(numbers, sink);
        while let Some((_, key)) = self.order.pop_front() {
            self.tell_unanswered(&key, numbers, sink);
        }
    }

    fn ask(
        &mut self,
        message: &str,
        asked: &str,
        at: Timestamp,
        serial: Option<u64>,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        let (_, rest) = message.split_once(' ')?;
        let (wanted, asker) = rest.split_once(" from ")?;
        let (wanted, asker) = (name(wanted)?, asker.trim().parse().ok()?);
        self.asked += 1;
        let key = (wanted, self.asked);
        self.waiting.insert(key.clone(), Question { asker, kind: kind(asked)?, asked_at: at, serial });
        self.order.push_back((at, key));
        if self.waiting.len() > WAITING {
            self.dropped += 1;
            self.tell_oldest(numbers, sink);
        }
        Some(())
    }

    fn answer(
        &mut self,
        name: String,
        value: &str,
        at: Timestamp,
        serial: Option<u64>,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        let name = match name.parse::<IpAddr>() {
            // Whose name is asked for stands there as an address; some also ask for an address as if it were a name.
            Ok(ip) if !self.is_known(&name) => below_arpa(ip),
            _ => name,
        };
        let belongs = self.group.as_ref().is_some_and(|group| match serial {
            Some(_) => group.question.serial == serial,
            // The same name again may answer another question: its IPv6 addresses after its IPv4 ones.
            None => {
                group.is_alias || group.follows == name && !self.is_asked(&name, &wanted(value), &group.question.kind)
            }
        });
        if !belongs {
            self.tell_group(numbers, sink);
            let question = self.take(&name, value, serial)?;
            let follows = name.clone();
            self.group = Some(Group {
                question,
                follows,
                is_alias: false,
                answered_at: at,
                code: "NOERROR",
                answers: Vec::new(),
                name: name.clone(),
            });
        }
        let group = self.group.as_mut()?;
        if group.is_alias
            && let Some(last) = group.answers.last_mut()
        {
            last.data = DnsData::Name(name.clone());
        }
        group.is_alias = value == "<CNAME>";
        group.follows.clone_from(&name);
        match value {
            "NXDOMAIN" => group.code = "NXDOMAIN",
            "SERVFAIL" => group.code = "SERVFAIL",
            "REFUSED" => group.code = "REFUSED",
            _ if value.starts_with("NODATA") => {}
            _ if group.answers.len() >= ANSWERS => {}
            "<CNAME>" => group.answers.push(DnsAnswer { name, kind: "CNAME".into(), ttl: 0, data: DnsData::Other(0) }),
            _ => {
                let host = if group.question.kind == "PTR" { crate::fields::name(value) } else { None };
                group.answers.push(match host {
                    Some(host) => DnsAnswer { name, kind: "PTR".into(), ttl: 0, data: DnsData::Name(host) },
                    None => record(&name, value),
                });
            }
        }
        Some(())
    }

    /// An error does not name its question: it is the one with its number, else the first for the only name that waits.
    fn fail(
        &mut self,
        code: &str,
        at: Timestamp,
        serial: Option<u64>,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        self.tell_group(numbers, sink);
        let (first, _) = self.waiting.first_key_value()?;
        let key = match serial {
            Some(_) => self.waiting.iter().find(|(_, question)| question.serial == serial)?.0,
            None if self.waiting.last_key_value()?.0.0 == first.0 => first,
            None => return None,
        };
        let key = key.clone();
        let asked = self.waiting.remove(&key)?;
        let dns = Dns { answered_at: Some(at), code: Some(code.to_owned()), ..question(key.0, asked.kind) };
        sink(event(numbers, asked.asker, asked.asked_at, dns));
        Some(())
    }

    /// Whether that name waits, or is being answered.
    fn is_known(&self, name: &str) -> bool {
        self.range(name).next().is_some() || self.group.as_ref().is_some_and(|group| group.follows == name)
    }

    /// Whether somebody waits for this type of that name, which is not the one being answered.
    fn is_asked(&self, name: &str, wanted: &str, answered: &str) -> bool {
        wanted != answered && self.range(name).any(|(_, question)| question.kind == wanted)
    }

    fn range(&self, name: &str) -> impl Iterator<Item = (&(String, u64), &Question)> {
        self.waiting.range((name.to_owned(), 0)..=(name.to_owned(), u64::MAX))
    }

    /// The question that this answers: by its number, else the first for that name whose type fits.
    fn take(&mut self, name: &str, value: &str, serial: Option<u64>) -> Option<Question> {
        let wanted = wanted(value);
        let key = match serial {
            Some(_) => self.range(name).find(|(_, question)| question.serial == serial),
            None => self.range(name).find(|(_, question)| question.kind == wanted).or_else(|| self.range(name).next()),
        };
        let key = key.map(|(key, _)| key.clone())?;
        self.waiting.remove(&key)
    }

    fn tell_group(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        let Some(group) = self.group.take() else { return };
        let dns = Dns {
            answered_at: Some(group.answered_at),
            code: Some(group.code.to_owned()),
            answers: group.answers,
            ..question(group.name, group.question.kind)
        };
        sink(event(numbers, group.question.asker, group.question.asked_at, dns));
    }

    fn give_up(&mut self, now: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        while self.order.front().is_some_and(|(at, _)| now.duration_since(*at) > PATIENCE) {
            self.tell_oldest(numbers, sink);
        }
        // What was answered leaves a place in the order.
        while self.order.len() > 2 * WAITING {
            self.tell_oldest(numbers, sink);
        }
    }

    fn tell_oldest(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        if let Some((_, key)) = self.order.pop_front() {
            self.tell_unanswered(&key, numbers, sink);
        }
    }

    fn tell_unanswered(&mut self, key: &(String, u64), numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        if let Some(asked) = self.waiting.remove(key) {
            sink(event(numbers, asked.asker, asked.asked_at, question(key.0.clone(), asked.kind)));
        }
    }
}

/// The type that such a value answers; empty where it does not say.
fn wanted(value: &str) -> Cow<'static, str> {
    match value.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => "A".into(),
        Ok(IpAddr::V6(_)) => "AAAA".into(),
        Err(_) if value.ends_with("IPv4") => "A".into(),
        Err(_) if value.ends_with("IPv6") => "AAAA".into(),
        // Whatever was asked for.
        Err(_) if value == "<CNAME>" => "".into(),
        Err(_) => kind_alone(value).unwrap_or_default().into(),
    }
}

/// The code of an answer that is a failure, whichever name it was for.
fn failure(value: &str) -> Option<&'static str> {
    match value {
        "SERVFAIL" => Some("SERVFAIL"),
        "REFUSED" => Some("REFUSED"),
        "not implemented" => Some("NOTIMP"),
        "1" => Some("FORMERR"),
        _ => None,
    }
}

/// The name below which an address' own name stands (RFC 1035 §3.5, RFC 3596 §2.5).
fn below_arpa(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let digits = ip.octets().into_iter().rev().flat_map(|byte| [byte & 15, byte >> 4]);
            digits.map(|digit| format!("{digit:x}.")).chain(["ip6.arpa".to_owned()]).collect()
        }
    }
}

/// `5 192.168.1.5/40132 reply …`: the number that `log-queries=extra` puts before.
fn serial(message: &str) -> (Option<u64>, &str) {
    let read = || {
        let (number, rest) = message.split_once(' ')?;
        let (asker, rest) = rest.split_once(' ')?;
        asker.split_once('/')?.0.parse::<IpAddr>().ok()?;
        Some((number.parse().ok()?, rest))
    };
    match read() {
        Some((serial, rest)) => (Some(serial), rest),
        None => (None, message),
    }
}

/// `DHCPACK(br0) 192.168.1.5 aa:bb:cc:dd:ee:ff laptop`: what a device calls itself.
fn dhcp(rest: &str, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) -> Option<()> {
    let (_, rest) = rest.split_once(") ")?;
    let mut words = rest.split(' ');
    let ip: IpAddr = words.next()?.parse().ok()?;
    let told = HostName {
        source: NameSource::Dhcp,
        ip: Some(ip),
        mac: words.next().and_then(mac),
        name: words.next().and_then(name).map(|name| name.split('.').next().unwrap_or_default().to_owned()),
        kind: None,
        message: Some("ack"),
    };
    let end = |port| Endpoint { ip, port };
    let conversation = Conversation { transport: Transport::Udp, client: end(68), server: end(67) };
    sink(Event { at, flow: numbers.next(), conversation, kind: Kind::HostName(told) });
    Some(())
}
