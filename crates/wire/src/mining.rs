//! Crypto-mining: workers and pools speak JSON-RPC, one object a line (stratum and its kin). Read are the method's name
//! and the program's; wallets, names of workers and passwords are passed over.
//!
//! Promises: a line is bounded, and so is the number of lines looked at; who says nothing about mining in them does not mine.

use jiff::Timestamp;

use crate::event::{Kind, Mining, MiningDialect};
use crate::findings::Findings;
use crate::stream::Step;
use crate::text;

/// A job for an old coin is about 2 KB.
const MAX_LINE: usize = 16 * 1024;
/// Lines that are looked at before giving up, and messages that are told.
const MAX_LINES: usize = 64;
const MAX_TOLD: usize = 4;
const MAX_AGENT: usize = 64;

/// Whether these bytes may begin a conversation in lines of JSON. `None`: too few to say.
pub(crate) fn begins_message(bytes: &[u8]) -> Option<bool> {
    let mut bytes = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (bytes.next(), bytes.next()) {
        (Some(b'{'), None) => None,
        (first, second) => Some(first == Some(&b'{') && second == Some(&b'"')),
    }
}

/// One direction.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    line: Vec<u8>,
    lines: usize,
    told: Vec<MiningDialect>,
}

impl Messages {
    pub(crate) fn data<'a>(&mut self, bytes: &'a [u8], at: Timestamp, findings: &mut Findings) -> Step<'a> {
        let mut parts = bytes.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.line.extend_from_slice(part.get(..MAX_LINE - self.line.len().min(MAX_LINE)).unwrap_or(part));
            // Some programs end no line: then a segment is one.
            let is_whole = part.ends_with(b"\n") || parts.peek().is_none() && self.line.ends_with(b"}");
            if is_whole || self.line.len() >= MAX_LINE {
                self.lines += 1;
                if let Some(message) = read(&self.line) {
                    self.tell(message, at, findings);
                }
                self.line.clear();
            }
            if self.lines >= MAX_LINES || self.told.len() >= MAX_TOLD {
                return Step::Done;
            }
        }
        Step::More
    }

    /// Some bytes never came.
    pub(crate) fn gap(&mut self) {
        self.line.clear();
    }

    pub(crate) fn buffered(&self) -> usize {
        self.line.len()
    }

    fn tell(&mut self, message: Mining, at: Timestamp, findings: &mut Findings) {
        self.told.push(message.dialect);
        findings.event(at, Kind::Mining(message));
    }
}

/// What one line says of mining, if it does.
pub fn read(line: &[u8]) -> Option<Mining> {
    if !line.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let method = value(line, b"method").unwrap_or_default();
    let has = |key: &[u8]| position(line, key).is_some();
    let (dialect, is_from_worker) = match method {
        b"mining.subscribe"
        | b"mining.authorize"
        | b"mining.submit"
        | b"mining.extranonce.subscribe"
        | b"mining.configure"
        | b"mining.suggest_difficulty"
        | b"mining.suggest_target"
        | b"mining.hello" => (MiningDialect::Stratum, true),
        b"mining.notify"
        | b"mining.set_difficulty"
        | b"mining.set_target"
        | b"mining.set_extranonce"
        | b"mining.set" => (MiningDialect::Stratum, false),
        b"eth_submitLogin" | b"eth_submitWork" | b"eth_submitHashrate" => (MiningDialect::Ethereum, true),
        b"eth_getWork" if has(b"\"worker\"") => (MiningDialect::Ethereum, true),
        b"login" if has(b"\"login\"") && has(b"\"agent\"") => (MiningDialect::Cryptonote, true),
        b"submit" if has(b"\"job_id\"") && has(b"\"nonce\"") => (MiningDialect::Cryptonote, true),
        b"job" if has(b"\"blob\"") && has(b"\"target\"") => (MiningDialect::Cryptonote, false),
        b"" if has(b"\"job\"") && has(b"\"blob\"") && has(b"\"target\"") => (MiningDialect::Cryptonote, false),
        _ => return None,
    };
    let method = if method.is_empty() { b"job".as_slice() } else { method };
    let agent = match method {
        b"mining.subscribe" => first_parameter(line),
        b"login" => value(line, b"agent"),
        _ => None,
    };
    let agent = agent.map(|agent| text::line(agent, MAX_AGENT)).filter(|agent| !agent.is_empty());
    Some(Mining { dialect, method: text::line(method, MAX_AGENT), is_from_worker, agent })
}

/// The text that stands at a key, without undoing escapes.
fn value<'a>(line: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let quoted = [b"\"", key, b"\""].concat();
    let mut rest = line;
    loop {
        rest = rest.get(position(rest, &quoted)? + quoted.len()..)?;
        let after = rest.trim_ascii_start();
        if let Some(value) = after.strip_prefix(b":") {
            return quoted_text(value);
        }
    }
}

/// The first of the parameters, where they are a list and it is a text.
fn first_parameter(line: &[u8]) -> Option<&[u8]> {
    let rest = line.get(position(line, b"\"params\"")? + 8..)?.trim_ascii_start();
    quoted_text(rest.strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"[")?)
}

fn quoted_text(bytes: &[u8]) -> Option<&[u8]> {
    let text = bytes.trim_ascii_start().strip_prefix(b"\"")?;
    text.get(..text.iter().position(|byte| *byte == b'"')?)
}

fn position(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<(MiningDialect, String, Option<String>)> {
        read(line.as_bytes()).map(|read| (read.dialect, read.method, read.agent))
    }

    #[test]
    fn the_dialects_are_told_apart_and_wallets_passed_over() {
        use MiningDialect::*;
        let table = [
            (r#"{"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]}"#, Stratum, Some("cpuminer/2.5.1")),
            (r#"{"id":2, "method" : "mining.authorize", "params":["wallet.rig","x"]}"#, Stratum, None),
            (r#"{"params":["job",[1]],"id":null,"method":"mining.notify"}"#, Stratum, None),
            (r#"{"worker":"eth1","params":["0xwallet","x"],"id":2,"method":"eth_submitLogin"}"#, Ethereum, None),
            (
                r#"{"id":1,"method":"login","params":{"login":"wallet","pass":"x","agent":"XMRig/6.2 (Linux)"}}"#,
                Cryptonote,
                Some("XMRig/6.2 (Linux)"),
            ),
            (r#"{"id":1,"result":{"id":"7","job":{"blob":"06","job_id":"1","target":"dc"}}}"#, Cryptonote, None),
        ];
        for (line, dialect, agent) in table {
            let (read, _, program) = told(line).unwrap();
            assert_eq!((read, program.as_deref()), (dialect, agent), "{line}");
        }
    }

    #[test]
    fn other_json_is_not_mining() {
        for line in [
            r#"{"method":"login","params":{"login":"jan","password":"x"}}"#,
            r#"{"jsonrpc":"2.0","method":"eth_getBalance","params":[]}"#,
            r#"{"text":"we talked about mining.subscribe"}"#,
            r#"{"method":"submit","form":"order"}"#,
            r#"{"job":"baker","target":"bread"}"#,
            "",
            "mining.subscribe",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn a_beginning_of_json_is_known_by_its_first_two_characters() {
        assert_eq!(begins_message(b" {\n \"id\""), Some(true));
        assert_eq!(begins_message(b"{"), None);
        assert_eq!(begins_message(b"{x"), Some(false));
        assert_eq!(begins_message(b"GET /"), Some(false));
        assert_eq!(begins_message(b""), Some(false));
    }
}
