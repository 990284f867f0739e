//! A person at a browser, as far as a measurement needs one: signs in, asks pages over a connection that stays open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who signed in.
#[derive(Debug)]
pub struct Visitor {
    connection: BufReader<TcpStream>,
    address: SocketAddr,
    cookie: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub status: u16,
    pub text: String,
}

impl Visitor {
    /// Signs in with an address and a password.
    pub fn sign_in(address: SocketAddr, email: &str, password: &str) -> anyhow::Result<Self> {
        let mut visitor = Self { connection: connect(address)?, address, cookie: String::new() };
        let form = format!("email={}&password={}", encoded(email), encoded(password));
        let page = visitor.send("POST", "/aanmelden", &form)?;
        ensure!(page.status == 303 && !visitor.cookie.is_empty(), "signing in answers {}: {}", page.status, page.text);
        Ok(visitor)
    }

    /// The same person on a connection of its own.
    pub fn again(&self) -> anyhow::Result<Self> {
        Ok(Self { connection: connect(self.address)?, address: self.address, cookie: self.cookie.clone() })
    }

    pub fn get(&mut self, path: &str) -> anyhow::Result<Page> {
        self.send("GET", path, "")
    }

    /// A page that must be there, whole.
    pub fn must_get(&mut self, path: &str) -> anyhow::Result<Page> {
        let page = self.get(path)?;
        ensure!(page.status == 200 && page.text.contains("</html>"), "{path} answers {}: {}", page.status, page.text);
        Ok(page)
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> anyhow::Result<Page> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nAccept-Language: nl\r\n\
             Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            self.cookie,
            form.len()
        );
        self.connection.get_mut().write_all(request.as_bytes())?;
        self.read_answer().with_context(|| format!("{method} {path}"))
    }

    fn read_answer(&mut self) -> anyhow::Result<Page> {
        let status = self.line()?.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
        let (mut length, mut is_chunked) = (None, false);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse()?),
                "transfer-encoding" => is_chunked = value == "chunked",
                "set-cookie" => value.split(';').next().unwrap_or_default().clone_into(&mut self.cookie),
                _ => {}
            }
        }
        let mut body = Vec::new();
        match (length, is_chunked) {
            (Some(length), _) => self.read_into(&mut body, length)?,
            (None, true) => loop {
                let size = usize::from_str_radix(self.line()?.trim(), 16)?;
                self.read_into(&mut body, size)?;
                self.line()?;
                if size == 0 {
                    break;
                }
            },
            (None, false) => bail!("an answer without a length"),
        }
        Ok(Page { status, text: String::from_utf8_lossy(&body).into_owned() })
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        ensure!(self.connection.read_line(&mut line)? > 0, "the connection ended");
        Ok(line.trim_end().to_owned())
    }

    fn read_into(&mut self, body: &mut Vec<u8>, length: usize) -> anyhow::Result<()> {
        let read = (&mut self.connection).take(length as u64).read_to_end(body)?;
        ensure!(read == length, "an answer broke off");
        Ok(())
    }
}

fn connect(address: SocketAddr) -> anyhow::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).with_context(|| format!("nobody answers at {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::with_capacity(1 << 16, stream))
}

fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
