//! FortiGate: traffic logs at a session's end and in between, DNS and web-filter logs, and what it raises itself, as
//! `key=value` or within CEF.

use std::cmp::Ordering;
use std::net::IpAddr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Alert, AlertSource, Conversation, Dns, Endpoint, Event, FlowEnd, Kind, Volume};

use super::{Read, Stamp, Told, Verdict, concerns, web::Asked};
use crate::conversation::{Numbers, called_by_port, transport};
use crate::fields::{Fields, mac, name};
use crate::unused::{Unused, UnusedCounts};
use crate::waiting::Waiting;
use crate::{dns, moment};

/// Sessions of which something was told before their end.
const SESSIONS: usize = 32_768;
/// Words of an action that kept traffic from going on; `detected`, `passthrough`, `pass_session` did not.
const BLOCKED: [&str; 7] = ["block", "drop", "reset", "deny", "clear_session", "redirect", "quarantine"];
/// A session that is told of in between is told of again within that time.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3);

#[derive(Debug)]
struct Session {
    told: Option<Told>,
    name: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Fortigate {
    sessions: Waiting<(String, u64), Session>,
    pub(crate) dropped: u64,
    /// Sessions that were told of in between, and concern nobody here.
    pub(crate) unused: UnusedCounts,
}

impl Default for Fortigate {
    fn default() -> Self {
        Self { sessions: Waiting::new(SESSIONS), dropped: 0, unused: UnusedCounts::default() }
    }
}

impl Fortigate {
    /// One line's pairs. None: no line that is read here. An empty answer: it is understood, and says nothing yet.
    pub(crate) fn line(
        &mut self,
        fields: &Fields<'_>,
        stamp: Stamp,
        zone: &TimeZone,
        numbers: &mut Numbers,
        is_home: impl Fn(IpAddr) -> bool + Copy,
        sink: &mut dyn FnMut(Event),
    ) -> Option<Read> {
        let stamp = at(fields, zone).map_or(stamp, Stamp::own);
        let at = stamp.at;
        if stamp.is_timed {
            self.quiet(at, numbers, is_home, sink);
        }
        let key = fields.number("sessionid").map(|id| (fields.get("devid").unwrap_or_default().to_owned(), id));
        match (fields.get("type")?, fields.get("subtype")?) {
            ("traffic", _) => {
                let told = traffic(fields, stamp)?;
                // A session's beginning, and what was counted so far: its end tells all of it again.
                let is_begin = fields.get("action") == Some("start");
                let is_between = fields.get("logid").is_some_and(|id| id.ends_with("0020"));
                if let (true, Some(key)) = (is_between, key.clone()) {
                    let name = self.sessions.take(&key).and_then(|session| session.name);
                    self.keep(key, at, Session { told: Some(told), name }, numbers, is_home, sink);
                    return Some(Ok(()));
                }
                if is_begin {
                    return Some(Err(Unused::Unfinished));
                }
                let name = key.and_then(|key| self.sessions.take(&key)).and_then(|session| session.name);
                Some(tell(Session { told: Some(told), name }, None, numbers, is_home, sink))
            }
            // In some versions DNS and floods have types of their own.
            ("utm" | "dns" | "anomaly", subtype) => {
                let raised = alarm(fields, at, numbers, is_home, sink);
                if matches!(subtype, "dns" | "dns-query" | "dns-response") {
                    let asked = question(fields, at, numbers, sink);
                    return raised.or(asked);
                }
                if raised.is_some() {
                    return raised;
                }
                let (client, server) = ends(fields)?;
                let asked = Asked {
                    url: fields.get("url"),
                    host: fields.get("hostname"),
                    service: fields.get("service"),
                    port: server.port,
                    method: fields.get("httpmethod"),
                    agent: fields.get("agent"),
                };
                let host = if matches!(subtype, "webfilter" | "ssl" | "app-ctrl") { asked.host() } else { None };
                // Without a name it says nothing that the session's end does not tell.
                let Some(host) = host else { return Some(Err(Unused::Midway)) };
                if let Some(kind) = asked.kind(host.clone()).filter(|_| is_home(client.ip)) {
                    let transport = transport(fields.parsed("proto").unwrap_or(6));
                    let conversation = Conversation { transport, client, server };
                    sink(Event { at, flow: numbers.passing(), conversation, kind });
                }
                if let Some(key) = key {
                    let told = self.sessions.take(&key).and_then(|session| session.told);
                    self.keep(key, at, Session { told, name: Some(host) }, numbers, is_home, sink);
                }
                Some(if is_home(client.ip) { Ok(()) } else { Err(Unused::Elsewhere) })
            }
            _ => None,
        }
    }

    /// It is `at`: sessions of which nothing more was said for long enough are told as they were last.
    pub(crate) fn quiet(
        &mut self,
        at: Timestamp,
        numbers: &mut Numbers,
        is_home: impl Fn(IpAddr) -> bool + Copy,
        sink: &mut dyn FnMut(Event),
    ) {
        while let Some(session) = self.sessions.due(at) {
            let told = tell(session, None, numbers, is_home, sink);
            self.count(told);
        }
    }

    pub(crate) fn finish(
        &mut self,
        numbers: &mut Numbers,
        is_home: impl Fn(IpAddr) -> bool + Copy,
        sink: &mut dyn FnMut(Event),
    ) {
        while let Some(session) = self.sessions.first() {
            let told = tell(session, Some(FlowEnd::EndOfInput), numbers, is_home, sink);
            self.count(told);
        }
    }

    fn count(&mut self, told: Read) {
        if let Err(why) = told {
            self.unused.count(why);
        }
    }

    fn keep(
        &mut self,
        key: (String, u64),
        at: Timestamp,
        session: Session,
        numbers: &mut Numbers,
        is_home: impl Fn(IpAddr) -> bool,
        sink: &mut dyn FnMut(Event),
    ) {
        let until = at.saturating_add(PATIENCE).unwrap_or(at);
        if let Some(evicted) = self.sessions.put(key, until, session) {
            self.dropped += 1;
            let told = tell(evicted, Some(FlowEnd::Evicted), numbers, is_home, sink);
            self.count(told);
        }
    }
}

fn tell(
    session: Session,
    end: Option<FlowEnd>,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Read {
    // Of a session without traffic its name was told when it was seen.
    let Some(mut told) = session.told else { return Ok(()) };
    told.name = told.name.or(session.name);
    let is_denied = told.verdict == Verdict::Denied;
    if let Some(end) = end.filter(|_| !is_denied) {
        told.verdict = Verdict::Ended(end);
    }
    told.tell(is_home, numbers, sink)
}

/// `eventtime` counts nanoseconds since 6.2 and seconds before; without it the civil time with `tz` or the zone given.
fn at(fields: &Fields<'_>, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(count) = fields.parsed::<i64>("eventtime") {
        return match count {
            ..100_000_000_000 => Timestamp::from_second(count).ok(),
            100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(count).ok(),
            100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(count).ok(),
            _ => Timestamp::from_nanosecond(count.into()).ok(),
        };
    }
    let offset = fields.get("tz").unwrap_or_default();
    moment::iso(&format!("{}T{}{offset}", fields.get("date")?, fields.get("time")?), zone)
}

fn ends(fields: &Fields<'_>) -> Option<(Endpoint, Endpoint)> {
    let end = |ip: &str, port: &str| Some(Endpoint { ip: fields.parsed(ip)?, port: fields.parsed(port).unwrap_or(0) });
    // A virtual IP is the firewall's own: who is really spoken to stands behind it.
    let is_forwarded = fields.get("trandisp").is_some_and(|how| how.contains("dnat"));
    let behind = if is_forwarded { end("tranip", "tranport") } else { None };
    Some((end("srcip", "srcport")?, behind.or_else(|| end("dstip", "dstport"))?))
}

fn traffic(fields: &Fields<'_>, stamp: Stamp) -> Option<Told> {
    let (mut client, mut server) = ends(fields)?;
    let transport = transport(fields.parsed("proto")?);
    let is_ping = fields.get("service").is_some_and(|service| service.eq_ignore_ascii_case("PING"));
    if transport == wire::event::Transport::Icmp {
        (client.port, server.port) = (0, 0);
    }
    let verdict = match fields.get("action")? {
        "deny" | "blocked" | "ip-conn" | "dropped" => Verdict::Denied,
        "client-rst" | "server-rst" => Verdict::Ended(FlowEnd::Reset),
        "timeout" => Verdict::Ended(FlowEnd::Idle),
        _ => Verdict::Ended(FlowEnd::Finished),
    };
    let seconds = fields.parsed::<u32>("duration").unwrap_or_default();
    let count = |key: &str| fields.number(key).unwrap_or_default();
    Some(Told {
        first_at: stamp.at.checked_sub(SignedDuration::from_secs(seconds.into())).ok()?,
        sent: Volume { packets: count("sentpkt"), bytes: count("sentbyte") },
        received: Volume { packets: count("rcvdpkt"), bytes: count("rcvdbyte") },
        client_mac: fields.get("srcmac").and_then(mac),
        server_mac: fields.get("dstmac").and_then(mac),
        is_ping,
        name: fields.get("hostname").and_then(name),
        ..Told::new(stamp, transport, client, server, verdict)
    })
}

/// What it raises itself: a signature that matched, a flood, a virus, a name or an address of a botnet. None: nothing.
fn alarm(
    fields: &Fields<'_>,
    at: Timestamp,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<Read> {
    let botnet = || Some(format!("botnet: {}", fields.any(&["botnetdomain", "botnetip"])?));
    let signature = fields.any(&["attack", "virus"]).map(str::to_owned).or_else(botnet)?;
    let (mut client, mut server) = ends(fields)?;
    // The source is who attacked, and that may be the server with its answer.
    if called_by_port(client, server) == Some(Ordering::Less) {
        std::mem::swap(&mut client, &mut server);
    }
    let subtype = fields.get("subtype").unwrap_or_default();
    let action = fields.get("action").unwrap_or_default();
    let alert = Alert {
        source: AlertSource::Cef,
        id: fields.any(&["attackid", "virusid"]).unwrap_or(&signature).chars().take(64).collect(),
        category: Some(subtype.chars().take(100).collect()),
        severity: match fields.any(&["severity", "crlevel"]) {
            // A rate is no signature, and always of the highest severity.
            _ if subtype == "anomaly" => 3,
            Some("critical") | None => 1,
            Some("high") => 2,
            Some(_) => 3,
        },
        is_blocked: BLOCKED.iter().any(|word| action.contains(word)),
        signature: signature.chars().take(200).collect(),
    };
    let concerns = concerns(is_home(client.ip), is_home(server.ip), alert.is_blocked);
    if concerns.is_ok() {
        let conversation = Conversation { transport: transport(fields.parsed("proto").unwrap_or(6)), client, server };
        sink(Event { at, flow: numbers.next(), conversation, kind: Kind::Alert(alert) });
    }
    Some(concerns)
}

/// A DNS log: the question's line is passed over, its answer's says both.
fn question(fields: &Fields<'_>, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) -> Option<Read> {
    let (wanted, kind) = (name(fields.get("qname")?)?, dns::kind(fields.get("qtype").unwrap_or("A"))?);
    let (client, _) = ends(fields)?;
    let is_answer = ["eventtype", "subtype"].iter().any(|key| fields.get(key) == Some("dns-response"))
        || fields.get("ipaddr").is_some();
    if !is_answer {
        return Some(Err(Unused::Unfinished));
    }
    let answers = fields.get("ipaddr").unwrap_or_default().split([',', ' ']).filter(|ip| ip.parse::<IpAddr>().is_ok());
    let answers = answers.take(64).map(|ip| dns::record(&wanted, ip)).collect();
    let code = fields.get("rcode").unwrap_or("NOERROR").to_ascii_uppercase().chars().take(16).collect();
    let dns = Dns { answered_at: Some(at), code: Some(code), answers, ..dns::question(wanted, kind) };
    sink(dns::event(numbers, client.ip, at, dns));
    Some(Ok(()))
}
