//! Protocols of lines: who speaks which is told by the first words of either side, not by the port.

use jiff::Timestamp;

use super::counted::Counted;
use super::lines::Lines;
use super::told::{Account, Attempts, Secret};
use super::{Side, ftp, imap, irc, nntp, pop3, redis, rtsp, sieve, smtp};
use crate::event::LoginOutcome;
use crate::findings::Findings;

/// What the client said before it was clear what is spoken: so many lines, so long.
const MAX_EARLIER: usize = 6;
const MAX_EARLIER_LINE: usize = 512;

/// Lines of one side after which nobody logs in any more.
const MAX_LINES: u32 = 4_096;

/// What follows a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    More,
    /// TLS begins, or should.
    Upgrade,
    /// Nothing more is to be learnt.
    Done,
}

/// Where a line's reader tells what it saw.
pub(super) struct Told<'a> {
    pub(super) at: Timestamp,
    pub(super) attempts: &'a mut Attempts,
    pub(super) findings: &'a mut Findings,
}

impl Told<'_> {
    pub(super) fn sent(&mut self, protocol: &'static str, mechanism: &'static str, account: Account, secret: Secret) {
        self.attempts.sent(protocol, mechanism, account, secret, self.at, self.findings);
    }

    pub(super) fn ended(&mut self, outcome: LoginOutcome) {
        self.attempts.ended(outcome, self.findings);
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.attempts.is_waiting()
    }
}

#[derive(Debug)]
pub(crate) struct Dialogue {
    speech: Speech,
    lines: [Lines; 2],
    counts: [u32; 2],
    attempts: Attempts,
}

#[derive(Debug)]
enum Speech {
    /// Not clear yet: whether the server greeted with a number, and what the client said since.
    Unclear {
        has_greeting: bool,
        earlier: Vec<Vec<u8>>,
    },
    Ftp(ftp::Ftp),
    Pop3(pop3::Pop3),
    Imap(imap::Imap),
    Smtp(smtp::Smtp),
    Irc(irc::Irc),
    Redis(redis::Redis),
    Rtsp(rtsp::Rtsp),
    Nntp(nntp::Nntp),
    Sieve(sieve::Sieve),
}

/// Whether a side's first bytes are lines of one of these protocols. `None`: too few to say.
pub(super) fn begins(side: Side, bytes: &[u8]) -> Option<bool> {
    let starts: &[&[u8]] = match side {
        Side::Server => &[b"220 ", b"220-", b"+OK", b"* OK", b"* PREAUTH", b"* BYE", b"RTSP/1.0 "],
        Side::Client => &[
            b"EHLO ",
            b"HELO ",
            b"LHLO ",
            b"MAIL FROM:",
            b"USER ",
            b"PASS ",
            b"APOP ",
            b"NICK ",
            b"CAP LS",
            b"CAP REQ",
            b"STLS",
            b"STARTTLS",
            b"AUTH ",
            b"auth ",
            b"user ",
            b"pass ",
            b"ehlo ",
            b"helo ",
            b"QUIT",
            b"CAPA\r",
            b"FEAT",
            b"mail from:",
            b"Mail From:",
            b"DESCRIBE rtsp:",
            b"SETUP rtsp:",
            b"PLAY rtsp:",
            b"ANNOUNCE rtsp:",
            b"AUTHINFO ",
            b"authinfo ",
            b"AUTHENTICATE \"",
        ],
    };
    let mut could_be = false;
    for start in starts {
        if bytes.starts_with(start) {
            return Some(true);
        }
        could_be |= start.starts_with(bytes);
    }
    if could_be {
        return None;
    }
    if side == Side::Client {
        return match bytes {
            // A Redis command: "*2\r\n$4\r\nAUTH".
            [b'*', b'1'..=b'9', b'\r', b'\n', b'$', b'1'..=b'9', ..] => Some(true),
            [b'*'] | [b'*', b'1'..=b'9'] | [b'*', b'1'..=b'9', b'\r'] | [b'*', b'1'..=b'9', b'\r', b'\n'] => None,
            [b'*', b'1'..=b'9', b'\r', b'\n', b'$'] => None,
            _ if bytes.len() <= 32 && imap_command(bytes).is_none() => None,
            _ => Some(imap_command(bytes) == Some(true)),
        };
    }
    Some(false)
}

/// Whether this is "tag COMMAND" as IMAP's clients begin. `None`: it may become that.
fn imap_command(bytes: &[u8]) -> Option<bool> {
    let Some(space) = bytes.iter().position(|byte| *byte == b' ') else {
        let could_be = bytes.len() <= 12 && bytes.iter().all(u8::is_ascii_alphanumeric);
        return if could_be { None } else { Some(false) };
    };
    let (tag, rest) = bytes.split_at(space);
    let rest = rest.get(1..).unwrap_or_default();
    if tag.is_empty() || tag.len() > 12 || !tag.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.') {
        return Some(false);
    }
    let upper = rest.get(..12).unwrap_or(rest).to_ascii_uppercase();
    let commands: [&[u8]; 6] = [b"LOGIN ", b"CAPABILITY", b"AUTHENTICATE", b"STARTTLS", b"NOOP", b"ID ("];
    if commands.iter().any(|command| upper.starts_with(command)) {
        return Some(true);
    }
    if commands.iter().any(|command| command.starts_with(&upper)) { None } else { Some(false) }
}

impl Default for Dialogue {
    fn default() -> Self {
        Self {
            speech: Speech::Unclear { has_greeting: false, earlier: Vec::new() },
            lines: Default::default(),
            counts: [0; 2],
            attempts: Attempts::default(),
        }
    }
}

impl Dialogue {
    /// Takes bytes of one side. What is left of them where something else begins.
    pub(super) fn data<'a>(
        &mut self,
        side: Side,
        mut bytes: &'a [u8],
        at: Timestamp,
        findings: &mut Findings,
    ) -> (After, &'a [u8]) {
        let index = usize::from(side == Side::Server);
        loop {
            if side == Side::Client
                && let Some(counted) = self.counted()
            {
                let length = usize::try_from(counted.left()).unwrap_or(usize::MAX).min(bytes.len());
                let (content, rest) = bytes.split_at(length);
                bytes = rest;
                if !content.is_empty() {
                    counted.data(content, at, findings);
                }
            }
            let Some(line) = self.lines.get_mut(index).and_then(|lines| lines.next(&mut bytes)) else { break };
            if let Some(count) = self.counts.get_mut(index) {
                *count += 1;
                if *count > MAX_LINES && !self.is_control_channel() {
                    return (After::Done, &[]);
                }
            }
            let after = self.line(side, line.bytes(), at, findings);
            if after != After::More {
                return (after, bytes);
            }
        }
        (After::More, &[])
    }

    /// So many bytes of one side were not captured.
    pub(super) fn gap(&mut self, side: Side, length: u64, at: Timestamp, findings: &mut Findings) {
        let mut of_lines = length;
        if side == Side::Client
            && let Some(counted) = self.counted()
            && counted.left() > 0
        {
            of_lines = length.saturating_sub(counted.left());
            counted.gap(length, at, findings);
        }
        if of_lines > 0
            && let Some(lines) = self.lines.get_mut(usize::from(side == Side::Server))
        {
            lines.gap();
        }
    }

    /// What the client may send as a number of bytes.
    fn counted(&mut self) -> Option<&mut Counted> {
        match &mut self.speech {
            Speech::Smtp(smtp) => Some(&mut smtp.chunks),
            Speech::Imap(imap) => Some(&mut imap.kept),
            _ => None,
        }
    }

    /// What the flow speaks, once that is clear.
    pub(super) fn name(&self) -> Option<&'static str> {
        match &self.speech {
            Speech::Unclear { .. } => None,
            Speech::Ftp(_) => Some("ftp"),
            Speech::Pop3(_) => Some("pop3"),
            Speech::Imap(_) => Some("imap"),
            Speech::Smtp(_) => Some("smtp"),
            Speech::Irc(_) => Some("irc"),
            Speech::Redis(_) => Some("redis"),
            Speech::Rtsp(_) => Some("rtsp"),
            Speech::Nntp(_) => Some("nntp"),
            Speech::Sieve(_) => Some("sieve"),
        }
    }

    /// The connection is over; a log-in without an answer is told as such.
    pub(super) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        match &mut self.speech {
            Speech::Smtp(smtp) => smtp.finish(at, findings),
            Speech::Imap(imap) => imap.kept.finish(at, findings),
            _ => {}
        }
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        let earlier = match &self.speech {
            Speech::Unclear { earlier, .. } => earlier.iter().map(Vec::len).sum(),
            Speech::Imap(imap) => imap.buffered(),
            Speech::Smtp(smtp) => smtp.buffered(),
            _ => 0,
        };
        self.lines.iter().map(Lines::buffered).sum::<usize>() + earlier
    }

    /// Whether commands or mail travel here, however long it lasts.
    fn is_control_channel(&self) -> bool {
        match &self.speech {
            Speech::Ftp(_) | Speech::Smtp(_) => true,
            Speech::Imap(imap) => imap.is_in,
            _ => false,
        }
    }

    fn line(&mut self, side: Side, line: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        if let Speech::Unclear { .. } = self.speech {
            return self.unclear(side, line, at, findings);
        }
        let told = &mut Told { at, attempts: &mut self.attempts, findings };
        match (&mut self.speech, side) {
            (Speech::Unclear { .. }, _) => After::More,
            (Speech::Ftp(ftp), Side::Client) => ftp.client(line, told),
            (Speech::Ftp(ftp), Side::Server) => ftp.server(line, told),
            (Speech::Pop3(pop3), Side::Client) => pop3.client(line, told),
            (Speech::Pop3(pop3), Side::Server) => pop3.server(line, told),
            (Speech::Imap(imap), Side::Client) => imap.client(line, told),
            (Speech::Imap(imap), Side::Server) => imap.server(line, told),
            (Speech::Smtp(smtp), Side::Client) => smtp.client(line, told),
            (Speech::Smtp(smtp), Side::Server) => smtp.server(line, told),
            (Speech::Irc(irc), Side::Client) => irc.client(line, told),
            (Speech::Irc(irc), Side::Server) => irc.server(line, told),
            (Speech::Redis(redis), Side::Client) => redis.client(line, told),
            (Speech::Redis(redis), Side::Server) => redis.server(line, told),
            (Speech::Rtsp(rtsp), Side::Client) => rtsp.client(line, told),
            (Speech::Rtsp(rtsp), Side::Server) => rtsp.server(line, told),
            (Speech::Nntp(nntp), Side::Client) => nntp.client(line, told),
            (Speech::Nntp(nntp), Side::Server) => nntp.server(line, told),
            (Speech::Sieve(sieve), Side::Client) => sieve.client(line, told),
            (Speech::Sieve(sieve), Side::Server) => sieve.server(line, told),
        }
    }

    fn unclear(&mut self, side: Side, line: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        let Speech::Unclear { has_greeting, earlier } = &mut self.speech else { return After::More };
        let decided = match side {
            Side::Client => by_client(line, *has_greeting, !earlier.is_empty()),
            Side::Server => by_server(line, earlier),
        };
        let Some(speech) = decided else {
            *has_greeting |= side == Side::Server && line.starts_with(b"220");
            if side == Side::Client && earlier.len() < MAX_EARLIER {
                earlier.push(line.get(..MAX_EARLIER_LINE).unwrap_or(line).to_vec());
            }
            return After::More;
        };
        let earlier = std::mem::take(earlier);
        self.speech = speech;
        for line in &earlier {
            self.line(Side::Client, line, at, findings);
        }
        self.line(side, line, at, findings)
    }
}

/// What a client's line says about what is spoken.
fn by_client(line: &[u8], has_greeting: bool, has_spoken: bool) -> Option<Speech> {
    let (command, argument) = command_of(line);
    match command.as_slice() {
        b"EHLO" | b"HELO" | b"LHLO" | b"MAIL" => Some(Speech::Smtp(smtp::Smtp::default())),
        b"NICK" | b"CAP" => Some(Speech::Irc(irc::Irc::default())),
        // "USER name mode unused :real name"
        b"USER" if argument.windows(2).any(|two| two == b" :") => Some(Speech::Irc(irc::Irc::default())),
        b"USER" if has_greeting => Some(Speech::Ftp(ftp::Ftp::default())),
        b"AUTH" if has_greeting && argument.to_ascii_uppercase().starts_with(b"TLS") => {
            Some(Speech::Ftp(ftp::Ftp::default()))
        }
        b"APOP" | b"CAPA" | b"STLS" => Some(Speech::Pop3(pop3::Pop3::default())),
        b"AUTHINFO" => Some(Speech::Nntp(nntp::Nntp::default())),
        b"FEAT" | b"SYST" => Some(Speech::Ftp(ftp::Ftp::default())),
        _ if sieve::is_log_in(line) => Some(Speech::Sieve(sieve::Sieve::default())),
        _ if rtsp::is_request(line) => Some(Speech::Rtsp(rtsp::Rtsp::default())),
        _ if line.starts_with(b"*") && !has_spoken => Some(Speech::Redis(redis::Redis::default())),
        _ if imap_command(line) == Some(true) => Some(Speech::Imap(imap::Imap::default())),
        _ => None,
    }
}

/// What a server's line says about what is spoken.
fn by_server(line: &[u8], earlier: &[Vec<u8>]) -> Option<Speech> {
    let is_redis = line == b"+OK" || matches!(line, [b'-', b'A'..=b'Z', ..]);
    if is_redis && earlier.iter().any(|line| redis::is_log_in(line)) {
        return Some(Speech::Redis(redis::Redis::inline()));
    }
    let asks_for_tls = |line: &Vec<u8>| command_of(line).0 == b"STARTTLS";
    if command_of(line).0 == b"OK" && earlier.iter().any(asks_for_tls) {
        return Some(Speech::Sieve(sieve::Sieve::default()));
    }
    if code_of(line) == Some(382) && earlier.iter().any(asks_for_tls) {
        return Some(Speech::Nntp(nntp::Nntp::default()));
    }
    // POP3's server speaks first; where that was missed, its log-in says what it is.
    let logs_in = |line: &Vec<u8>| matches!(command_of(line).0.as_slice(), b"USER" | b"PASS" | b"AUTH");
    if (line.starts_with(b"+OK") || line.starts_with(b"-ERR")) && (earlier.is_empty() || earlier.iter().any(logs_in)) {
        return Some(Speech::Pop3(pop3::Pop3::default()));
    }
    if line.starts_with(b"* ") {
        return Some(Speech::Imap(imap::Imap::default()));
    }
    if line.starts_with(b":") {
        return Some(Speech::Irc(irc::Irc::default()));
    }
    if line.starts_with(b"RTSP/") {
        return Some(Speech::Rtsp(rtsp::Rtsp::default()));
    }
    let text = line.get(..200).unwrap_or(line).to_ascii_lowercase();
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    match code_of(line)? {
        220 if has(b"smtp") => Some(Speech::Smtp(smtp::Smtp::default())),
        220 if has(b"ftp") => Some(Speech::Ftp(ftp::Ftp::default())),
        230 | 331 | 530 | 430 if !earlier.is_empty() => Some(Speech::Ftp(ftp::Ftp::default())),
        235 | 334 | 535 => Some(Speech::Smtp(smtp::Smtp::default())),
        _ => None,
    }
}

/// A line's command in upper case, bounded, and what follows it.
pub(super) fn command_of(line: &[u8]) -> (Vec<u8>, &[u8]) {
    let end = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let (command, rest) = line.split_at(end);
    let command = command.get(..16).unwrap_or(command).trim_ascii_end();
    (command.to_ascii_uppercase(), rest.trim_ascii())
}

/// The code of three digits that a reply begins with; its lines but the last have a dash after it.
pub(super) fn code_of(line: &[u8]) -> Option<u16> {
    match line {
        [a @ b'1'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9']
        | [a @ b'1'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', ..] => {
            Some(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
        }
        _ => None,
    }
}
