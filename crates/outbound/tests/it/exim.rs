//! A real mail server for a test: Exim (Debian: exim4-daemon-light) with a configuration, a folder and a port of its own,
//! run as an ordinary user. It keeps what it takes in one mailbox and sends nothing on.

#![allow(dead_code, reason = "each suite uses a part of it")]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a helper of tests: it fails with them, says why they are skipped, and waits for a real server"
)]

use std::fmt::Write as _;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The name and password that the server with a certificate wants.
pub(crate) const USER: &str = "register";
pub(crate) const PASSWORD: &str = "drie-losse-woorden";

/// A mailbox that is not there, and one that is full for now; every other one is there.
pub(crate) const NOBODY: &str = "niemand@korenaar.example";
pub(crate) const FULL: &str = "vol@korenaar.example";

/// A server, up or down.
pub(crate) struct Exim {
    folder: TempDir,
    pub(crate) port: u16,
    running: Option<Child>,
}

impl Exim {
    /// A server on this machine, up; nothing, with the reason said, where this machine has none.
    pub(crate) fn plain() -> Option<Self> {
        Self::new(false)
    }

    /// The same with a certificate of its own, which wants a name and a password and only over TLS.
    pub(crate) fn with_certificate() -> Option<Self> {
        Self::new(true)
    }

    fn new(has_certificate: bool) -> Option<Self> {
        let Some(program) = program() else {
            println!("skipped: no mail server on this machine (Debian: exim4-daemon-light)");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["spool", "log", "mail"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        if has_certificate && !make_certificate(folder.path()) {
            println!("skipped: no certificate could be made (Debian: openssl)");
            return None;
        }
        // Never as root: Exim refuses to deliver so.
        let mut exim = Self { folder, port: free_port(), running: None };
        let (user, group) = exim.owner();
        fs::write(
            exim.folder.path().join("exim.conf"),
            configuration(exim.folder.path(), user, group, has_certificate),
        )
        .expect("writes");
        let owner = format!("{user}:{group}");
        let owned = Command::new("chown").arg("-R").arg(owner).arg(exim.folder.path()).status();
        assert!(owned.expect("chown runs").success());
        exim.start_with(&program);
        Some(exim)
    }

    /// Whom it runs as: the user of the test, or Debian's user for it where that is root.
    fn owner(&self) -> (u32, u32) {
        let folder = fs::metadata(self.folder.path()).expect("a folder");
        let id = |what: &str| {
            let said = Command::new("id").args([what, "Debian-exim"]).output().expect("id runs").stdout;
            String::from_utf8(said).expect("text").trim().parse().expect("the package made its user")
        };
        if folder.uid() == 0 { (id("-u"), id("-g")) } else { (folder.uid(), folder.gid()) }
    }

    /// Comes back after [`Self::stop`].
    pub(crate) fn start(&mut self) {
        self.start_with(&program().expect("it was there"));
    }

    fn start_with(&mut self, program: &Path) {
        let (user, group) = self.owner();
        let mut command = Command::new(program);
        command.arg("-C").arg(self.folder.path().join("exim.conf"));
        command.args(["-bdf", "-oX", &format!("127.0.0.1.{}", self.port)]);
        if fs::metadata("/proc/self").expect("Linux").uid() == 0 {
            command.uid(user).gid(group);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.running = Some(child.expect("it starts"));
        wait_until("it listens", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// Goes away, as a server does that is updated or whose machine fell over.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The mails in the mailbox, once there are this many.
    pub(crate) fn mails(&self, count: usize) -> Vec<String> {
        let mut mails = Vec::new();
        wait_until(&format!("{count} mails are there"), || {
            mails = self.mailbox();
            mails.len() >= count
        });
        mails
    }

    /// The mails that are in the mailbox now, oldest first.
    pub(crate) fn mailbox(&self) -> Vec<String> {
        let mut paths: Vec<PathBuf> = fs::read_dir(self.folder.path().join("mail/new"))
            .map(|found| found.map(|entry| entry.expect("an entry").path()).collect())
            .unwrap_or_default();
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).expect("a mail")).collect()
    }

    /// The certificate that it shows, in PEM.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// What it wrote about itself, for a failure's message.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/mainlog")).unwrap_or_default()
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The file of this name that a mail carries, as it was before it was packed up in base64.
pub(crate) fn attached(mail: &str, name: &str) -> Option<Vec<u8>> {
    let mail = mail.replace("\r\n", "\n");
    // On a line of its own a name is written as its only piece (RFC 2231 §3).
    let (_, part) = ["=", "*0="].iter().find_map(|is| mail.split_once(&format!("filename{is}\"{name}\"")))?;
    let (head, body) = part.split_once("\n\n")?;
    assert!(head.to_lowercase().contains("base64"), "{head}");
    let packed: String = body.lines().take_while(|line| !line.starts_with("--")).collect();
    let mut unpack = Command::new("base64");
    let mut child = unpack.arg("-d").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("base64 runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("piped"), packed.as_bytes()).expect("writes");
    Some(child.wait_with_output().expect("it ends").stdout)
}

/// Waits until it holds, for twenty seconds at most.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "not within twenty seconds: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Debian keeps it where only root's PATH looks.
fn program() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&folders).chain([PathBuf::from("/usr/sbin")]);
    places.map(|folder| folder.join("exim4")).find(|path| path.is_file())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port()
}

fn make_certificate(folder: &Path) -> bool {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=CA:FALSE",
        ])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("certificate.pem"))
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success())
}

fn configuration(folder: &Path, user: u32, group: u32, has_certificate: bool) -> String {
    let folder = folder.display();
    let mut text = format!(
        "exim_user = {user}\n\
         exim_group = {group}\n\
         never_users =\n\
         deliver_drop_privilege\n\
         primary_hostname = localhost\n\
         spool_directory = {folder}/spool\n\
         log_file_path = {folder}/log/%slog\n\
         pid_file_path = {folder}/pid\n\
         keep_environment =\n\
         host_lookup =\n\
         rfc1413_query_timeout = 0s\n\
         message_size_limit = 100K\n"
    );
    if has_certificate {
        let _ = write!(
            text,
            "tls_advertise_hosts = *\n\
             tls_certificate = {folder}/certificate.pem\n\
             tls_privatekey = {folder}/key.pem\n"
        );
    } else {
        text.push_str("tls_advertise_hosts =\n");
    }
    let who = if has_certificate { "deny  !authenticated = *\n        message = sign in first\n  " } else { "" };
    let _ = write!(
        text,
        "acl_smtp_rcpt = recipient\n\
         begin acl\n\
         recipient:\n  {who}\
           deny  recipients = {NOBODY}\n        message = no such mailbox here\n  \
           defer recipients = {FULL}\n        message = this mailbox is full for now\n  \
           accept\n\
         begin routers\n\
         all:\n  driver = accept\n  transport = mailbox\n\
         begin transports\n\
         mailbox:\n  driver = appendfile\n  directory = {folder}/mail\n  maildir_format\n  create_directory\n\
         begin authenticators\n\
         plain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  \
           server_condition = ${{if and{{{{eq{{$auth2}}{{{USER}}}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}}}\n  \
           server_advertise_condition = ${{if def:tls_in_cipher}}\n"
    );
    text
}
