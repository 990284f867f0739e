//! A browser of sorts over a real connection: keeps its cookies, sends forms as our own pages do.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(40);

const FORM: &str = "application/x-www-form-urlencoded";
const EDGE: &str = "----rand";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub html: String,
    /// What came, where it is no page.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The value of a hidden field.
    #[must_use]
    pub fn hidden(&self, name: &str) -> Option<String> {
        let field = self.html.split("<input").find(|field| field.contains(&format!("name=\"{name}\"")));
        field.and_then(|field| field.split("value=\"").nth(1)?.split('"').next()).map(str::to_owned)
    }

    /// The heading of the page.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.html.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or_default()
    }
}

/// Somebody with cookies of their own.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn get(&mut self, at: SocketAddr, path: &str) -> io::Result<Answer> {
        self.send(at, "GET", path, FORM, b"")
    }

    pub fn post(&mut self, at: SocketAddr, path: &str, form: &[(&str, &str)]) -> io::Result<Answer> {
        let pairs: Vec<_> = form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.send(at, "POST", path, FORM, pairs.join("&").as_bytes())
    }

    /// Sends a form with one file in it.
    pub fn upload(&mut self, at: SocketAddr, path: &str, field: &str, name: &str, bytes: &[u8]) -> io::Result<Answer> {
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{EDGE}--\r\n").as_bytes()].concat();
        self.send(at, "POST", path, &format!("multipart/form-data; boundary={EDGE}"), &body)
    }

    /// One request on a connection of its own. An answer that breaks off is an error: nothing was acknowledged.
    fn send(&mut self, at: SocketAddr, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        // Version 1.0: the answer ends where the connection does.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {at}\r\nSec-Fetch-Site: same-origin\r\n\
             Accept-Language: nl\r\nCookie: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len()
        )?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
        let body = bytes.split_off(end + 4);
        let head = String::from_utf8_lossy(&bytes);
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let mut answer = Answer {
            status: status.ok_or(io::ErrorKind::InvalidData)?,
            location: String::new(),
            html: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
        };
        for line in lines {
            let Some((name, value)) = line.split_once(": ") else { continue };
            match name.to_ascii_lowercase().as_str() {
                "location" => answer.location = value.to_owned(),
                "set-cookie" => {
                    let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
                    self.cookies.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
                }
                _ => {}
            }
        }
        Ok(answer)
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}
