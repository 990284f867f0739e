//! Real servers: started, found by the address they print, killed when a test is done with them.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// How long a server may take to start, three of them at once on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What stands behind `/instellen/` in the link it printed, if it printed one.
    pub(crate) set_up: Option<String>,
    said: Arc<Mutex<String>>,
}

/// A server that was started and has not said yet where it listens.
pub(crate) struct Starting {
    /// Absent once it serves, or has ended.
    child: Option<Child>,
    lines: mpsc::Receiver<String>,
    said: Arc<Mutex<String>>,
}

/// Starts a server on a database, with the key named.
pub(crate) fn start(database: &str, key: &Path) -> Starting {
    start_with(&["--database", database, "--key-file", key.to_str().expect("a path")])
}

/// Starts a server with these arguments, on a port of its own.
pub(crate) fn start_with(arguments: &[&str]) -> Starting {
    start_under(&[], arguments)
}

/// The same in an environment with these besides.
pub(crate) fn start_under(environment: &[(&str, &str)], arguments: &[&str]) -> Starting {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stderr = child.stderr.take().expect("stderr is piped");
    let (sender, lines) = mpsc::channel();
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            heard.lock().expect("nobody panicked").push_str(&format!("{line}\n"));
            let _ = sender.send(line);
        }
    });
    Starting { child: Some(child), lines, said }
}

impl Starting {
    /// Waits until it serves.
    pub(crate) fn serves(mut self) -> Server {
        let mut set_up = None;
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|why| panic!("{why}: {}", self.said.lock().expect("nobody panicked")));
            if let Some((_, token)) = line.split_once("/instellen/") {
                set_up = Some(token.to_owned());
            }
            if let Some(rest) = line.strip_prefix("serving http://") {
                let address = rest.split(' ').next().and_then(|address| address.parse().ok()).expect("an address");
                let child = self.child.take().expect("it runs");
                return Server { child, address, set_up, said: Arc::clone(&self.said) };
            }
        }
    }

    /// Waits for a line that holds these words, and gives it.
    pub(crate) fn says(&self, words: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("it says something");
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Waits until it ends by itself, and gives its exit code and what it said.
    pub(crate) fn ends(mut self) -> (Option<i32>, String) {
        let status = self.child.take().expect("it runs").wait().expect("it ends");
        // The rest of what it said is read when its stderr closes.
        while self.lines.recv_timeout(PATIENCE).is_ok() {}
        (status.code(), self.said.lock().expect("nobody panicked").clone())
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Server {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// As the power does: nothing is finished first.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it is gone");
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("nobody panicked").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A balancer: gives each connection to the next server in turn that takes it.
pub(crate) fn balance(servers: Vec<SocketAddr>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let turn = AtomicUsize::new(0);
    thread::spawn(move || {
        for visitor in listener.incoming().map_while(Result::ok) {
            let first = turn.fetch_add(1, Ordering::Relaxed);
            let reached = (first..first + servers.len())
                .find_map(|place| TcpStream::connect(servers[place % servers.len()]).ok());
            let Some(server) = reached else { continue };
            pass_on(visitor.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
            pass_on(server, visitor);
        }
    });
    address
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}
