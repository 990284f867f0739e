//! Request and status lines with their headers.

use httparse::{EMPTY_HEADER, Header, Request, Response, Status};

use crate::Malformed;
use crate::event::{HttpRequest, HttpResponse};
use crate::text;

const MAX_HEADERS: usize = 128;

/// Bounds on what is kept of one value.
const MAX_NAME: usize = 255;
const MAX_PATH: usize = 1024;
const MAX_VALUE: usize = 512;

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

const STATUS_LINE: &[u8] = b"HTTP/1.";

/// A head, its length in bytes, and how the body after it is delimited.
#[derive(Clone, Debug, PartialEq)]
pub struct Head<T> {
    pub value: T,
    pub length: usize,
    pub body: Framing,
}

/// How long a body is (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length(u64),
    Chunked,
    /// Until the connection closes; for a request: there is none.
    Unstated,
}

/// Whether these bytes begin an HTTP/1 message. `None`: too few to say.
pub(crate) fn begins_message(bytes: &[u8]) -> Option<bool> {
    let starts = METHODS.iter().copied().chain([STATUS_LINE]);
    let mut could_be = false;
    for start in starts {
        if bytes.starts_with(start) {
            return Some(true);
        }
        could_be |= start.starts_with(bytes);
    }
    if could_be { None } else { Some(false) }
}

/// Reads a request's head. Absent: it is not complete yet.
///
/// # Errors
/// What is no HTTP/1 request, or has more headers than anyone sends.
pub fn parse_request(bytes: &[u8]) -> Result<Option<Head<HttpRequest>>, Malformed> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = Request::new(&mut headers);
    let Status::Complete(length) = request.parse(bytes).map_err(|_| Malformed("http request"))? else {
        return Ok(None);
    };
    let method = request.method.unwrap_or_default();
    let (authority, path) = split_target(method, request.path.unwrap_or_default());
    let fields = Fields(request.headers);
    let value = HttpRequest {
        method: text::line(method.as_bytes(), 32),
        host: fields.get("host").or(authority).and_then(host_name),
        path: text::line(path, MAX_PATH),
        user_agent: fields.text("user-agent"),
        content_type: fields.text("content-type"),
        content_length: fields.content_length()?,
    };
    let body = fields.framing(value.content_length);
    Ok(Some(Head { value, length, body }))
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
    let value = HttpResponse {
        status: response.code.unwrap_or_default(),
        server: fields.text("server"),
        content_type: fields.text("content-type"),
        content_length: fields.content_length()?,
    };
    let body = fields.framing(value.content_length);
    Ok(Some(Head { value, length, body }))
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

    fn content_length(&self) -> Result<Option<u64>, Malformed> {
        let Some(value) = self.get("content-length") else { return Ok(None) };
        let digits = std::str::from_utf8(value).ok().map(str::trim);
        let number =
            digits.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse().ok());
        number.map(Some).ok_or(Malformed("http content-length"))
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
fn split_target<'a>(method: &str, target: &'a str) -> (Option<&'a [u8]>, &'a [u8]) {
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
fn host_name(authority: &[u8]) -> Option<String> {
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
                method: "POST".into(),
                host: Some("www.example.nl".into()),
                path: "/a/b.php".into(),
                user_agent: Some("curl/8".into()),
                content_type: Some("text/plain".into()),
                content_length: Some(5),
            }
        );
        assert_eq!((head.length, head.body), (bytes.len() - 5, Framing::Length(5)));
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
        assert_eq!(parse_request(b"GET / HTTP/2.0\r\n\r\n"), Err(Malformed("http request")));
        assert_eq!(
            parse_request(b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
            Err(Malformed("http content-length"))
        );
        assert_eq!(parse_response(b"HTTP/1.1 2x0 OK\r\n\r\n"), Err(Malformed("http response")));
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
