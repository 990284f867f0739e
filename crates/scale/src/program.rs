//! The real program as a process: served from, run to its end, its memory watched.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::timed::now;

/// How often the memory of a running program is looked at; the system itself keeps the peak.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Serves what `place` names (`--data`, `--database`, `--key-file` and their values) on a free port.
    pub fn start(program: &Path, place: &[String]) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .args(place)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().context("stderr is piped")?).lines();
        let mut said = String::new();
        for line in lines.by_ref() {
            let line = line?;
            if let Some(rest) = line.strip_prefix("serving http://") {
                let address = rest.split(' ').next().unwrap_or_default().parse()?;
                // Read on, so that it never waits for us.
                thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, address });
            }
            said.push_str(&line);
            said.push('\n');
        }
        let _ = child.wait();
        bail!("it does not serve: {said}")
    }

    /// The most memory it had so far, in bytes.
    pub fn peak(&self) -> anyhow::Result<u64> {
        peak(self.child.id()).context("the system does not tell its memory")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that ran to its end.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    pub took: Duration,
    /// The most memory it had, in bytes; 0 where the system does not tell.
    pub peak: u64,
    pub said: String,
}

/// Runs the program to its end, which must be a good one.
#[expect(clippy::disallowed_methods, reason = "it looks at the program's memory every so often")]
pub fn run(program: &Path, arguments: &[String]) -> anyhow::Result<Ran> {
    let began = now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", program.display()))?;
    let stderr = child.stderr.take().context("stderr is piped")?;
    let reader = thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).collect::<Vec<_>>());
    let mut most = 0;
    let status = loop {
        most = peak(child.id()).unwrap_or_default().max(most);
        match child.try_wait()? {
            Some(status) => break status,
            None => thread::sleep(LOOK_EVERY),
        }
    };
    let took = began.elapsed();
    let said = reader.join().unwrap_or_default().join("\n");
    ensure!(status.success(), "{} ended with {status}: {said}", arguments.join(" "));
    Ok(Ran { took, peak: most, said })
}

/// The most memory that a process had (`VmHWM`, proc(5)), where the system tells.
fn peak(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib * 1024)
}
