//! Request and status lines with their headers.

use httparse::{EMPTY_HEADER, Header, Request, Response, Status};

use super::content::Codings;
use super::login::{Offer, of_authority, of_field, of_pairs};
use crate::Malformed;
use crate::event::{HttpRequest, HttpResponse, QueryHash, RawContent, Referer};
use crate::text;

const MAX_HEADERS: usize = 128;

/// Bounds on what is kept of one value; of a path as much as threat lists compare.
const MAX_NAME: usize = 255;
pub(crate) const MAX_PATH: usize = 1024;
pub(crate) const MAX_VALUE: usize = 512;

/// The methods by which a connection is recognised: RFC 9110 §9, PATCH, WebDAV (RFC 4918), and a few seen in practice.
const METHODS: [&[u8]; 24] = [
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"CONNECT ",
    b"TRACE ",
    b"PATCH ",
    b"PROPFIND ",
    b"PROPPATCH ",
    b"MKCOL ",
    b"COPY ",
    b"MOVE ",
    b"LOCK ",
    b"UNLOCK ",
    b"REPORT ",
    b"SEARCH ",
    b"MERGE ",
    b"CHECKOUT ",
    b"RPC_IN_DATA ",
    b"RPC_OUT_DATA ",
    b"SUBSCRIBE ",
    b"NOTIFY ",
];

/// The fields that are read of a request.
const REQUEST_FIELDS: [&str; 10] = [
    "host",
    "user-agent",
    "content-type",
    "content-length",
    "transfer-encoding",
    "authorization",
    "proxy-authorization",
    "accept",
    "referer",
    "sec-websocket-protocol",
];

const STATUS_LINE: &[u8] = b"HTTP/1.";

/// What HTTP/2 begins with (RFC 9113 §3.4), made to look like a message of HTTP/1; four more letters and two line ends follow.
pub(crate) const HTTP2_HEAD: &[u8] = b"PRI * HTTP/2.0\r\n\r\n";

/// A head, its length in bytes, and how the body after it is delimited.
#[derive(Clone, Debug, PartialEq)]
pub struct Head<T> {
    pub value: T,
    pub length: usize,
    pub body: Framing,
    /// What of it is not as the protocol demands, where it was read all the same.
    pub malformed: Option<Malformed>,
    /// The log-in that a request carries in its head.
    pub(crate) login: Option<Offer>,
    /// How an answer's body is packed.
    pub(crate) codings: Codings,
    /// What a request for a websocket (RFC 6455 §1.9) says is to be spoken in it, where that is one of these.
    pub(crate) speaks: Option<RawContent>,
}

/// How long a body is (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length(u64),
    Chunked,
    /// Until the connection closes; for a request: there is none.
    Unstated,
}

/// Whether these bytes begin an HTTP/1 message, or HTTP/2, which is made to look like one. `None`: too few to say.
pub(crate) fn begins_message(bytes: &[u8]) -> Option<bool> {
    let starts = METHODS.iter().copied().chain([STATUS_LINE, HTTP2_HEAD]);
    let mut could_be = false;
    for start in starts {
        // Most conversations speak something else.
        if bytes.first().is_some_and(|first| start.first() != Some(first)) {
            continue;
        }
        if bytes.starts_with(start) {
            return Some(true);
        }
        could_be |= start.starts_with(bytes);
    }
    if could_be { None } else { Some(false) }
}

/// Where the head ends, when it does; `before` bytes were looked at earlier.
pub(crate) fn head_end(buffer: &[u8], before: usize) -> Option<usize> {
    let from = before.saturating_sub(3);
    let fresh = buffer.get(from..)?;
    // An empty line, whichever way the line before it ends.
    memchr::memchr_iter(b'\n', fresh).find_map(|index| match fresh.get(index + 1..)? {
        [b'\n', ..] => Some(from + index + 2),
        [b'\r', b'\n', ..] => Some(from + index + 3),
        _ => None,
    })
}

/// Reads a request's head. Absent: it is not complete yet.
///
/// A head that breaks the rules is read line by line and says so in [`Head::malformed`]: servers bear with much, and a
/// single odd byte must not hide where a request goes.
///
/// # Errors
/// What has no request line.
pub fn parse_request(bytes: &[u8]) -> Result<Option<Head<HttpRequest>>, Malformed> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(Status::Complete(length)) => {
            let method = request.method.unwrap_or_default();
            let target = request.path.unwrap_or_default();
            Ok(Some(request_head(method, target, &Fields(request.headers), length)))
        }
        Ok(Status::Partial) => Ok(None),
        Err(_) => {
            let Some(end) = head_end(bytes, 0) else { return Ok(None) };
            let head = read_request(bytes.get(..end).unwrap_or_default());
            head.map(Some).ok_or(Malformed("http request"))
        }
    }
}

/// Reads what can be read of a request's head that breaks the rules or does not end: of its lines those that are needed.
/// Absent: the first line is no request's.
pub(crate) fn read_request(head: &[u8]) -> Option<Head<HttpRequest>> {
    let mut lines = head.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty());
    let line = String::from_utf8_lossy(lines.next()?);
    let (method, rest) = line.split_once(' ')?;
    let (target, _version) = rest.rsplit_once(" HTTP/")?;
    let mut headers: Vec<Header<'_>> = Vec::new();
    for line in lines {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        let name = name.trim_ascii_end();
        let known = REQUEST_FIELDS.into_iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        if let Some(name) = known
            && !headers.iter().any(|header| header.name == name)
        {
            headers.push(Header { name, value: trimmed(value) });
        }
    }
    let mut read = request_head(method, target.trim(), &Fields(&headers), head.len());
    read.malformed = read.malformed.or(Some(Malformed("http request")));
    Some(read)
}

/// Without the spaces and control characters at its ends.
fn trimmed(mut value: &[u8]) -> &[u8] {
    let is_odd = |byte: u8| byte <= b' ' || byte == 0x7f;
    while let [first, rest @ ..] = value
        && is_odd(*first)
    {
        value = rest;
    }
    while let [rest @ .., last] = value
        && is_odd(*last)
    {
        value = rest;
    }
    value
}

fn request_head(method: &str, target: &str, fields: &Fields<'_>, length: usize) -> Head<HttpRequest> {
    let (authority, path) = split_target(method, target);
    let (content_length, malformed) = fields.content_length();
    let value = HttpRequest {
        stream: 0,
        method: text::line(method.as_bytes(), 32),
        host: fields.get("host").or(authority).and_then(host_name),
        path: text::line(path, MAX_PATH),
        query: QueryHash::of_target(target),
        user_agent: fields.text("user-agent"),
        content_type: fields.text("content-type"),
        content_length,
        has_accept: fields.get("accept").is_some(),
        referer: fields.get("referer").map_or(Referer::Absent, |value| referer(value, fields.get("host"), path)),
    };
    let login = fields
        .get("authorization")
        .and_then(|value| of_field(value, false))
        .or_else(|| fields.get("proxy-authorization").and_then(|value| of_field(value, true)))
        .or_else(|| authority.and_then(of_authority))
        .or_else(|| target.split_once('?').and_then(|(_, query)| of_pairs(query.as_bytes())));
    let protocol = fields.get("sec-websocket-protocol").unwrap_or_default();
    let speaks = protocol.starts_with(b"chisel-v").then_some(RawContent::Chisel);
    let (body, codings) = (fields.framing(content_length), Codings::default());
    Head { value, length, body, malformed, login, codings, speaks }
}

/// Reads a response's head. Absent: it is not complete yet.
///
/// # Errors
/// What is no HTTP/1 response, or has more headers than anyone sends.
pub fn parse_response(bytes: &[u8]) -> Result<Option<Head<HttpResponse>>, Malformed> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut headers);
    // Servers are sloppier than clients, and browsers bear with them.
    let mut lenient = httparse::ParserConfig::default();
    lenient.allow_spaces_after_header_name_in_responses(true);
    lenient.allow_obsolete_multiline_headers_in_responses(true);
    lenient.ignore_invalid_headers_in_responses(true);
    let parsed = lenient.parse_response(&mut response, bytes).map_err(|_| Malformed("http response"))?;
    let Status::Complete(length) = parsed else { return Ok(None) };
    let fields = Fields(response.headers);
    let (content_length, malformed) = fields.content_length();
    let codings = fields.get("content-encoding").map(Codings::of).unwrap_or_default();
    let value = HttpResponse {
        stream: 0,
        status: response.code.unwrap_or_default(),
        server: fields.text("server"),
        content_type: fields.text("content-type"),
        content_length,
        is_encoded: codings.is_any(),
    };
    let body = fields.framing(content_length);
    Ok(Some(Head { value, length, body, malformed, login: None, codings, speaks: None }))
}

/// Whether a request says that it came from the page that it asks for, with or without scheme and port.
pub(crate) fn referer(value: &[u8], host: Option<&[u8]>, path: &[u8]) -> Referer {
    let value = value.strip_prefix(b"http://").or_else(|| value.strip_prefix(b"https://")).unwrap_or(value);
    let cut = value.iter().position(|byte| *byte == b'/').unwrap_or(value.len());
    let (from, from_path) = value.split_at(cut);
    let from_path = from_path.split(|byte| *byte == b'?').next().unwrap_or_default();
    let is_own = host.and_then(host_name) == host_name(from) && from_path == path;
    if is_own { Referer::Own } else { Referer::Other }
}

/// The header fields, of which the first of a name counts.
struct Fields<'a>(&'a [Header<'a>]);

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| text::line(value, MAX_VALUE))
    }

    /// The length, where it is stated and is a number.
    fn content_length(&self) -> (Option<u64>, Option<Malformed>) {
        let Some(value) = self.get("content-length") else { return (None, None) };
        let digits = std::str::from_utf8(value).ok().map(str::trim);
        let number =
            digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse().ok());
        (number, number.is_none().then_some(Malformed("http content-length")))
    }

    /// Chunks win over a stated length (RFC 9112 §6.3).
    fn framing(&self, content_length: Option<u64>) -> Framing {
        let is_chunked = |value: &[u8]| value.to_ascii_lowercase().trim_ascii_end().ends_with(b"chunked");
        match content_length {
            _ if self.get("transfer-encoding").is_some_and(is_chunked) => Framing::Chunked,
            Some(length) => Framing::Length(length),
            None => Framing::Unstated,
        }
    }
}

/// A target's authority, where it has one, and its path without query and fragment (RFC 9112 §3.2).
#[must_use]
pub fn split_target<'a>(method: &str, target: &'a str) -> (Option<&'a [u8]>, &'a [u8]) {
    if method == "CONNECT" {
        return (Some(target.as_bytes()), b"");
    }
    let (authority, path) = match target.split_once("://") {
        // A "://" further on belongs to the path or its query.
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            (Some(authority.as_bytes()), path)
        }
        _ => (None, target),
    };
    let end = path.find(['?', '#']).unwrap_or(path.len());
    (authority, path.get(..end).unwrap_or_default().as_bytes())
}

/// The host in `user@host:port`: lower case, without the log-in and the port. IPv6 addresses lose their brackets.
#[must_use]
pub fn host_name(authority: &[u8]) -> Option<String> {
    let host = authority.rsplit(|byte| *byte == b'@').next()?.trim_ascii();
    let host = match host.strip_prefix(b"[") {
        Some(address) => address.split(|byte| *byte == b']').next()?,
        None => host.split(|byte| *byte == b':').next()?,
    };
    Some(text::name(host, MAX_NAME)).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: &[u8]) -> HttpRequest {
        parse_request(bytes).unwrap().unwrap().value
    }

    #[test]
    fn a_request_keeps_no_query_cookie_or_login() {
        let bytes = b"POST /a/b.php?bsn=123456782#x HTTP/1.1\r\nHost: WWW.Example.nl:8080\r\nCookie: s=1\r\n\
            Authorization: Basic cGlldDpn\r\nUser-Agent: curl/8\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
        let head = parse_request(bytes).unwrap().unwrap();
        assert_eq!(
            head.value,
            HttpRequest {
                stream: 0,
                method: "POST".into(),
                host: Some("www.example.nl".into()),
                path: "/a/b.php".into(),
                query: QueryHash::of_target("?bsn=123456782"),
                user_agent: Some("curl/8".into()),
                content_type: Some("text/plain".into()),
                content_length: Some(5),
                has_accept: false,
                referer: Referer::Absent,
            }
        );
        assert_eq!((head.length, head.body), (bytes.len() - 5, Framing::Length(5)));
        // What is left of the query says nothing of it, whoever prints the request.
        assert!(format!("{:?}", head.value).contains("query: Some(QueryHash)"), "{:?}", head.value);
    }

    #[test]
    fn what_is_left_of_a_query_tells_one_from_another() {
        // Threat lists keep the same (crate `intel`).
        let id77 = Some(15_950_859_040_313_345_424);
        for (target, query) in [
            ("/p", None),
            ("/p?", None),
            ("/p?id=77", id77),
            ("/p?id=77#top", id77),
            ("http://x.nl?id=77", id77),
            ("/p#x?id=77", None),
        ] {
            // The second is read line by line.
            for version in ["HTTP/1.1", "HTTP/2.7"] {
                let request = request(format!("GET {target} {version}\r\n\r\n").as_bytes());
                assert_eq!(request.query.map(QueryHash::value), query, "{target}");
            }
        }
        assert_ne!(QueryHash::of_target("/?a=1?b"), QueryHash::of_target("/?a=1"));
    }

    #[test]
    fn targets_and_hosts_in_all_their_forms() {
        let table = [
            ("GET http://piet:geheim@example.nl:81/pad?q HTTP/1.0\r\n\r\n", Some("example.nl"), "/pad"),
            ("CONNECT example.nl:443 HTTP/1.1\r\n\r\n", Some("example.nl"), ""),
            ("GET /u?to=http://x.nl/ HTTP/1.1\r\nHost: [2001:DB8::1]:80\r\n\r\n", Some("2001:db8::1"), "/u"),
            ("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", None, "*"),
            ("GET / HTTP/1.1\r\n\r\n", None, "/"),
        ];
        for (bytes, host, path) in table {
            let request = request(bytes.as_bytes());
            assert_eq!((request.host.as_deref(), request.path.as_str()), (host, path), "{bytes}");
        }
    }

    #[test]
    fn a_request_that_says_it_comes_from_itself_is_told() {
        for (fields, expected) in [
            ("", Referer::Absent),
            ("Referer: http://192.0.2.7/a/b?q\r\n", Referer::Own),
            ("Referer: 192.0.2.7/a/b\r\n", Referer::Own),
            ("Referer: http://192.0.2.7/a\r\n", Referer::Other),
            ("Referer: https://example.nl/a/b\r\n", Referer::Other),
            ("Referer:\r\n", Referer::Other),
        ] {
            let bytes = format!("POST /a/b?x HTTP/1.1\r\nHost: 192.0.2.7:7080\r\n{fields}\r\n");
            assert_eq!(request(bytes.as_bytes()).referer, expected, "{fields}");
            // The same where the head is broken and read line by line.
            let broken = bytes.replace("HTTP/1.1\r\n", "HTTP/1.1\r\nX: \u{1}\r\n");
            assert_eq!(request(broken.as_bytes()).referer, expected, "{fields}");
        }
        assert!(request(b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n").has_accept);
    }

    #[test]
    fn a_response_is_read_and_its_body_delimited() {
        let table = [
            ("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 3\r\n\r\nabc", 200, Framing::Length(3)),
            (
                "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: gzip, Chunked \r\nContent-Length: 3\r\n\r\n",
                404,
                Framing::Chunked,
            ),
            ("HTTP/1.0 302 \r\nLocation : /x\r\n\r\n", 302, Framing::Unstated),
        ];
        for (bytes, status, body) in table {
            let head = parse_response(bytes.as_bytes()).unwrap().unwrap();
            assert_eq!((head.value.status, head.body), (status, body), "{bytes}");
        }
    }

    #[test]
    fn incomplete_is_an_answer_and_nonsense_an_error() {
        assert_eq!(parse_request(b"GET / HTTP/1.1\r\nHost: a"), Ok(None));
        assert_eq!(parse_request(b"GET / HTTP/1.1\r\nHost: a\x01"), Ok(None));
        assert_eq!(parse_request(b"OPTIONS sip:a SIP/2.0\r\n\r\n"), Err(Malformed("http request")));
        assert_eq!(parse_response(b"HTTP/1.1 2x0 OK\r\n\r\n"), Err(Malformed("http response")));
    }

    #[test]
    fn a_broken_head_still_says_where_it_goes() {
        let many = format!("GET /p HTTP/1.1\r\n{}Host: a.nl\r\n\r\n", "X: y\r\n".repeat(200));
        let table = [
            "GET /p HTTP/1.1\r\nHost: a.nl\r\nUser-Agent: x\x01\r\n\r\n",
            "GET /p HTTP/1.1\r\nUser-Agent: x\0y\r\nHost: a.nl\r\n\r\n",
            "GET /p HTTP/1.1\r\nHost: a.nl\x01\r\n\r\n",
            "GET /p HTTP/1.1\r\nHost : A.nl\r\n\r\n",
            "GET /p HTTP/1.1\r\nno header\r\nHost: a.nl\rX: y\r\n\r\n",
            "GET  /p  HTTP/1.1\nHost: a.nl\n\r\n",
            "GET /p HTTP/2.7\r\nHost: a.nl\r\n\r\n",
            "GET /p HTTP/1.1\r\nHost: a.nl\r\nContent-Length: -1\r\n\r\n",
            &many,
        ];
        for bytes in table {
            let head = parse_request(bytes.as_bytes()).unwrap().unwrap();
            assert!(head.malformed.is_some(), "{bytes:?}");
            assert_eq!((head.value.host.as_deref(), head.value.path.as_str()), (Some("a.nl"), "/p"), "{bytes:?}");
            assert_eq!(head.length, bytes.len(), "{bytes:?}");
        }
        let agent = request(table[0].as_bytes()).user_agent;
        assert_eq!(agent.as_deref(), Some("x"));
        let answer = parse_response(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n").unwrap().unwrap();
        assert_eq!((answer.malformed, answer.body), (Some(Malformed("http content-length")), Framing::Unstated));
    }

    #[test]
    fn a_message_is_known_by_its_first_bytes() {
        let table = [
            (&b"GET /"[..], Some(true)),
            (b"HTTP/1.1 200", Some(true)),
            (b"PO", None),
            (b"", None),
            (b"POP3 ", Some(false)),
            (b"HTTP/2", Some(false)),
        ];
        for (bytes, expected) in table {
            assert_eq!(begins_message(bytes), expected, "{bytes:?}");
        }
    }
}
