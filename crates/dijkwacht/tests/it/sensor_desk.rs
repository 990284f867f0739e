//! A sensor that runs, with what it needs beside it: a day of an office, a list, a folder.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use office::Plan;
use tempfile::TempDir;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder that also somebody without rights may go through, with a short day of an office and the list that names its
/// attacker.
pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) plan: Plan,
}

impl Desk {
    pub(crate) fn new(plan: Plan) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("its rights are set");
        let desk = Self { folder, plan };
        std::fs::write(desk.path("office.pcap"), office::capture(&desk.plan)).expect("the capture is written");
        std::fs::write(desk.path("list.txt"), office::threat_list(&desk.plan)).expect("the list is written");
        desk
    }

    pub(crate) fn infected() -> Self {
        Self::new(Plan { hours: 4, ..Plan::default() })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path in UTF-8").to_owned()
    }

    /// Whom the attacker has.
    pub(crate) fn victim(&self) -> String {
        office::truth(&self.plan).infected.expect("there is one").ip.to_string()
    }
}

/// The cases among lines: host and severity.
pub(crate) fn cases(lines: &str) -> Vec<(String, String)> {
    let json = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"));
    json.filter(|line| line["type"] == "case")
        .map(|line| (text(&line["host"]["ip"]), text(&line["severity"])))
        .collect()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A sensor that runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: Arc<Mutex<String>>,
    pub(crate) stderr: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
            .args(["sensor", "--language", "en"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = follow(child.stdout.take().expect("stdout is piped"));
        let stderr = follow(child.stderr.take().expect("stderr is piped"));
        let running = Self { child, stdout, stderr };
        running.until("it watches", |running| running.stderr().contains("watching "));
        running
    }

    pub(crate) fn stdout(&self) -> String {
        self.stdout.lock().expect("nobody panicked").clone()
    }

    pub(crate) fn stderr(&self) -> String {
        self.stderr.lock().expect("nobody panicked").clone()
    }

    #[expect(clippy::disallowed_methods, reason = "a real process is waited for, and not for ever")]
    pub(crate) fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "{what}: not so\n{}{}", self.stderr(), self.stdout());
            pause();
        }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }

    /// Asks it to end, as a service manager does. Its exit code, and what it printed.
    pub(crate) fn end(self) -> (Option<i32>, String) {
        self.end_asked(1)
    }

    /// The same, asked that often in a row; once it is gone nobody is asked.
    pub(crate) fn end_asked(mut self, times: u32) -> (Option<i32>, String) {
        let ask =
            format!("kill -TERM {0}; for n in $(seq 2 {times}); do kill -TERM {0} 2>&-; done; true", self.child.id());
        let asked = Command::new("sh").args(["-c", &ask]).status().expect("sh runs");
        assert!(asked.success());
        let code = self.child.wait().expect("it ends").code();
        pause();
        (code, self.stdout())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn follow(stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<String>> {
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            heard.lock().expect("nobody panicked").push_str(&format!("{line}\n"));
        }
    });
    said
}

/// A tenth of a second.
pub(crate) fn pause() {
    let (_keep, nothing) = mpsc::channel::<()>();
    let _ = nothing.recv_timeout(Duration::from_millis(100));
}

/// CAP_NET_RAW is capability 13.
const NET_RAW: u64 = 1 << 13;

/// What a thread may, as the system says (`/proc/PID/task/TID/status`).
#[derive(Debug)]
pub(crate) struct Rights {
    /// Real, effective, saved and of the file system; the same for groups.
    uids: Vec<String>,
    gids: Vec<String>,
    groups: String,
    pub(crate) permitted: u64,
    effective: u64,
    inheritable: u64,
    ambient: u64,
    bounding: u64,
    no_new_privs: bool,
}

pub(crate) fn rights(process: u32) -> Vec<Rights> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("it runs");
    let status = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("status")).ok());
    status
        .map(|status| {
            let field = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the field is there");
                line.trim().to_owned()
            };
            let set = |name| u64::from_str_radix(&field(name), 16).expect("a set of capabilities");
            let ids = |name| field(name).split_whitespace().map(str::to_owned).collect();
            Rights {
                uids: ids("Uid:"),
                gids: ids("Gid:"),
                groups: field("Groups:"),
                permitted: set("CapPrm:"),
                effective: set("CapEff:"),
                inheritable: set("CapInh:"),
                ambient: set("CapAmb:"),
                bounding: set("CapBnd:"),
                no_new_privs: field("NoNewPrivs:") == "1",
            }
        })
        .collect()
}

/// Every thread of what was started as root is nobody in particular, may get no rights back, and has at most the one to
/// open an interface, which is not in use.
pub(crate) fn are_given_up(rights: &[Rights]) {
    assert!(rights.len() >= 3, "{rights:?}");
    for thread in rights {
        assert!(!thread.uids.contains(&"0".to_owned()) && !thread.gids.contains(&"0".to_owned()), "{thread:?}");
        assert_eq!(thread.groups, "");
        assert_eq!((thread.effective, thread.inheritable, thread.ambient), (0, 0, 0), "{thread:?}");
        assert_eq!((thread.permitted | thread.bounding) & !NET_RAW, 0, "{thread:?}");
        assert!(thread.no_new_privs, "{thread:?}");
    }
}
