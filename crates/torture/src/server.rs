//! The program under torture: started, found by the address it prints, killed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, and how it is run.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    /// Run as the user `nobody`; only root can do that.
    pub is_nobody: bool,
    /// What its environment has besides ours.
    pub environment: Vec<(String, OsString)>,
}

/// Where its data are.
#[derive(Clone, Debug)]
pub enum Place {
    Folder(PathBuf),
    /// A database, and the folder for what stands beside it.
    Postgres {
        address: String,
        folder: PathBuf,
    },
}

impl Place {
    /// The options that say so.
    #[must_use]
    pub fn options(&self) -> Vec<OsString> {
        match self {
            Self::Folder(folder) => vec!["--data".into(), folder.into()],
            Self::Postgres { address, folder } => {
                vec!["--data".into(), folder.into(), "--database".into(), address.into()]
            }
        }
    }
}

/// A run of one verb that ended.
#[derive(Clone, Debug)]
pub struct Ended {
    pub code: Option<i32>,
    /// What it said on stderr.
    pub said: String,
    pub stdout: String,
}

impl Program {
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), is_nobody: false, environment: Vec::new() }
    }

    fn command(&self) -> Command {
        let mut command = if self.is_nobody {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&self.path);
            command
        } else {
            Command::new(&self.path)
        };
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a verb to its end.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn run(&self, arguments: &[OsString]) -> Result<Ended> {
        let output = self.command().args(arguments).stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("{} does not start", self.path.display()))?;
        Ok(Ended {
            code: output.status.code(),
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        })
    }

    /// Serves, once it says that it does.
    ///
    /// # Errors
    /// It ends without serving; the message holds what it said.
    pub fn serve(&self, place: &Place, listen: SocketAddr) -> Result<Server> {
        match self.try_serve(place, listen)? {
            Ok(server) => Ok(server),
            Err(ended) => bail!("it does not serve (exit code {:?}): {}", ended.code, ended.said),
        }
    }

    /// Serves, or says why not.
    ///
    /// # Errors
    /// It cannot be started, or says nothing for long.
    pub fn try_serve(&self, place: &Place, listen: SocketAddr) -> Result<Result<Server, Ended>> {
        let mut child = self
            .command()
            .args(["serve", "--listen", &listen.to_string()])
            .args(place.options())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", self.path.display()))?;
        let stderr = child.stderr.take().context("stderr is not piped")?;
        let (sender, lines) = mpsc::channel();
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.push_str(&line);
                heard.push('\n');
                drop(heard);
                let _ = sender.send(line);
            }
        });
        let mut server = Server { child, address: listen, set_up: None, said };
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    if let Some((_, token)) = line.split_once("/instellen/") {
                        server.set_up = Some(token.trim().to_owned());
                    }
                    if let Some(rest) = line.strip_prefix("serving http://") {
                        server.address = rest.split(' ').next().unwrap_or_default().parse()?;
                        return Ok(Ok(server));
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    let status = server.child.wait()?;
                    return Ok(Err(Ended { code: status.code(), said: server.said(), stdout: String::new() }));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => bail!("it does not say that it serves: {}", server.said()),
            }
        }
    }
}

/// A server that runs; killed when it is let go.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// What stands behind `/instellen/` in the link it printed, if it printed one.
    pub set_up: Option<String>,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// As the power does: SIGKILL, nothing is finished first.
    ///
    /// # Errors
    /// It had ended already, which is a crash of its own.
    pub fn kill(&mut self) -> Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(ended.is_none(), "the server ended by itself ({ended:?}): {}", self.said());
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop (SIGTERM), and waits until it has.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        Ok(self.child.wait()?)
    }

    /// Everything it said on stderr so far.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
