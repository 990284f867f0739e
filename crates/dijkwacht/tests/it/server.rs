//! The server as people meet it: the real program on a free port, and a browser of sorts that keeps its cookies and sends
//! forms as our own pages do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A server that runs until it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What it said before it served, such as the first set-up link.
    pub(crate) said: String,
}

impl Server {
    /// Serves with these arguments, on a port of its own.
    #[expect(clippy::zombie_processes, reason = "dropping the server waits for it")]
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
            .arg("serve")
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stderr = child.stderr.take().expect("stderr is piped");
        let (tell, told) = mpsc::channel();
        // Read to the end, so that it never waits for us.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let mut said = String::new();
        loop {
            let line = told.recv_timeout(Duration::from_secs(60));
            assert!(line.is_ok(), "it serves not: {said}");
            let line = line.unwrap_or_default();
            said.push_str(&line);
            said.push('\n');
            if let Some(rest) = line.strip_prefix("serving http://") {
                let address = rest.split(' ').next().unwrap_or_default().parse().expect("an address");
                return Self { child, address, said };
            }
        }
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor { address: self.address, cookies: Vec::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody at a browser.
pub(crate) struct Visitor {
    address: SocketAddr,
    cookies: Vec<(String, String)>,
}

/// What the server answered.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Visitor {
    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "")
    }

    /// Sends a form as a browser does from our own page.
    pub(crate) fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let form: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, &form.join("&"))
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        // Version 1.0: the answer ends where the connection does.
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            cookies.join("; "),
            form.len(),
        );
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let (head, body) = (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec());
        for line in head.lines().skip(1) {
            if let Some((_, value)) = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            {
                self.keep(value);
            }
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Page { status, body }
    }

    fn keep(&mut self, cookie: &str) {
        let (name, rest) = cookie.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap_or_default();
        self.cookies.retain(|(kept, _)| kept != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }
}

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    /// What stands between these two.
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let found = text.split_once(before);
        assert!(found.is_some(), "no {before} on the page: {text}");
        found.and_then(|(_, rest)| rest.split(after).next()).unwrap_or_default().to_owned()
    }
}

fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
