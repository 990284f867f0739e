//! Time stamps (RFC 3161) by a real authority: OpenSSL's, behind a small HTTP server, with certificates made here.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::exim::wait_until;
use crate::program::run;
use crate::proof::Desk;
use crate::serving::start_with;

/// What OpenSSL has to know to be an authority.
const CONFIG: &str = "[tsa]\ndefault_tsa=a\n[a]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\ncerts=ca.pem\n\
    signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\n\
    ess_cert_id_chain=no\ness_cert_id_alg=sha256\n";
const EXTENSIONS: &str = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n";

fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
    output.status.success()
}

/// A folder with a CA and an authority's certificate.
fn authority(folder: &Path) -> PathBuf {
    let place = folder.join("tsa");
    fs::create_dir(&place).expect("a folder");
    fs::write(place.join("tsa.cnf"), CONFIG).expect("writes");
    fs::write(place.join("ext"), EXTENSIONS).expect("writes");
    fs::write(place.join("serial"), "01\n").expect("writes");
    let key = ["-newkey", "rsa:2048", "-nodes"];
    let ca = ["req", "-x509", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2"];
    assert!(openssl(&place, &[&ca[..], &key].concat()));
    let request = ["req", "-subj", "/CN=Test TSA", "-keyout", "tsa.key", "-out", "tsa.csr"];
    assert!(openssl(&place, &[&request[..], &key].concat()));
    let sign = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    assert!(openssl(&place, &[&sign[..], &["-extfile", "ext", "-out", "tsa.pem"]].concat()));
    place
}

/// Answers so many requests; gives its port.
fn serve(place: &Path, times: usize, change: fn(Vec<u8>) -> Vec<u8>) -> u16 {
    serve_over(place, times, change, |stream| Box::new(stream))
}

/// Both directions of a connection.
trait Talk: Read + Write {}
impl<T: Read + Write> Talk for T {}

fn serve_over(
    place: &Path,
    times: usize,
    change: fn(Vec<u8>) -> Vec<u8>,
    over: impl Fn(TcpStream) -> Box<dyn Talk> + Send + 'static,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let place = place.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let mut stream = over(stream.expect("a caller"));
            let mut request = Vec::new();
            let body = loop {
                let mut some = [0; 1024];
                // Who does not trust us hangs up before a word is said.
                let Ok(read @ 1..) = stream.read(&mut some) else { break Vec::new() };
                request.extend_from_slice(&some[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let lower = text.to_ascii_lowercase();
                let length =
                    lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                if let (Some(at), Some(length)) = (request.windows(4).position(|four| four == b"\r\n\r\n"), length)
                    && request.len() >= at + 4 + length
                {
                    break request[at + 4..].to_vec();
                }
            };
            if body.is_empty() {
                continue;
            }
            fs::write(place.join("query.tsq"), body).expect("writes");
            let reply =
                ["ts", "-reply", "-config", "tsa.cnf", "-section", "a", "-queryfile", "query.tsq", "-out", "reply.tsr"];
            assert!(openssl(&place, &reply), "an answer is made");
            let answer = change(fs::read(place.join("reply.tsr")).expect("reads"));
            let head = format!(
                "HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(&[head.as_bytes(), &answer].concat()).and_then(|()| stream.flush()).expect("writes");
        }
    });
    port
}

#[expect(clippy::print_stdout, reason = "says why a test is skipped")]
fn has_openssl() -> bool {
    let has = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    if !has {
        println!("skipped: not installed: openssl");
    }
    has
}

#[test]
fn a_checkpoint_is_stamped_exported_and_checked_by_us_and_by_openssl() {
    if !has_openssl() {
        return;
    }
    let desk = Desk::new();
    desk.grow();
    let key = desk.checkpoint("stamped.txt");
    let place = authority(desk.folder.path());
    let data = desk.path("data");
    let stamp = |port: u16| {
        run(&["checkpoint", "timestamp", "--url", &format!("http://127.0.0.1:{port}/tsr"), "--data", &data])
    };

    // One that answers with the stamp of something else: here, the answer cut short. Nothing is kept of it.
    let cut = stamp(serve(&place, 1, |answer| answer[..answer.len() - 1].to_vec()));
    assert_eq!(cut.code, 1, "{}", cut.stderr);
    assert!(cut.stderr.contains("is no stamp of this checkpoint"), "{}", cut.stderr);

    // One whose clock stands years back: the first stamp of a checkpoint stays, so it is not kept either.
    let early = stamp(serve(&place, 1, |mut answer| {
        let at = answer.windows(2).position(|two| two == [0x18, 0x0f]).expect("a moment");
        answer[at + 2..at + 6].copy_from_slice(b"2020");
        answer
    }));
    assert_eq!(early.code, 1, "{}", early.stderr);
    for said in ["says that it is 2020-", "look at the clock of the authority", "not kept"] {
        assert!(early.stderr.contains(said), "{said}: {}", early.stderr);
    }

    let ran = stamp(serve(&place, 1, |answer| answer));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 checkpoints stamped"), "{}", ran.stderr);
    // Nothing new: nobody is asked, not even whether they are there.
    assert!(stamp(9).stderr.contains("0 checkpoints stamped"));

    // The register grows on: the stamp is of the checkpoint before, which the export brings along.
    desk.grow();
    let zip = desk.path("register.zip");
    assert_eq!(desk.about(&["export", "--out", &zip]).code, 0);
    let checked = run(&["verify", &zip, "--key", &key]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(checked.stdout.contains("tijdstempel: 3 inschrijvingen, 20"), "{}", checked.stdout);

    let mut archive = zip::ZipArchive::new(fs::File::open(&zip).expect("opens")).expect("an archive");
    for name in ["timestamp.checkpoint", "timestamp.tsr"] {
        let mut bytes = Vec::new();
        archive.by_name(name).expect("is there").read_to_end(&mut bytes).expect("reads");
        fs::write(place.join(name), bytes).expect("writes");
    }
    let stamped = fs::read(desk.path("stamped.txt")).expect("reads");
    assert_eq!(fs::read(place.join("timestamp.checkpoint")).expect("reads"), stamped);
    let verify = ["ts", "-verify", "-data", "timestamp.checkpoint", "-in", "timestamp.tsr", "-CAfile", "ca.pem"];
    assert!(openssl(&place, &verify), "openssl finds it good");
    fs::write(place.join("timestamp.checkpoint"), "something else").expect("writes");
    assert!(!openssl(&place, &verify), "and of nothing else");

    let away = run(&["checkpoint", "timestamp", "--url", "http://127.0.0.1:9/", "--data", &data]);
    assert_eq!(away.code, 1);
    assert!(away.stderr.contains("cannot be reached"), "{}", away.stderr);
    assert_eq!(run(&["checkpoint", "timestamp", "--url", "tsa.example", "--data", &data]).code, 2);
}

/// What the stamp in the newest export says, when OpenSSL, too, finds it good; nothing where there is none yet.
fn stamped(desk: &Desk, place: &Path) -> Option<Vec<u8>> {
    let zip = desk.path("stamped.zip");
    assert_eq!(desk.about(&["export", "--out", &zip, "--force"]).code, 0);
    let mut archive = zip::ZipArchive::new(fs::File::open(&zip).expect("opens")).expect("an archive");
    let [over, answer] = ["timestamp.checkpoint", "timestamp.tsr"].map(|name| {
        let mut bytes = Vec::new();
        archive.by_name(name).ok()?.read_to_end(&mut bytes).expect("reads");
        fs::write(place.join(name), &bytes).expect("writes");
        Some(bytes)
    });
    let (over, answer) = (over?, answer?);
    let verify = ["ts", "-verify", "-data", "timestamp.checkpoint", "-in", "timestamp.tsr", "-CAfile", "ca.pem"];
    assert!(openssl(place, &verify), "openssl finds it good");
    assert!(verify::check_timestamp(&answer, &over).is_ok(), "and so do we");
    Some(over)
}

#[test]
fn a_server_that_is_told_by_whom_has_new_checkpoints_stamped_by_itself() {
    if !has_openssl() {
        return;
    }
    let desk = Desk::new();
    desk.grow();
    let place = authority(desk.folder.path());
    let port = serve(&place, usize::MAX, |answer| answer);
    let config = desk.path("dijkwacht.toml");
    fs::write(&config, format!("version = 1\n\n[timestamp]\nurl = \"http://127.0.0.1:{port}/tsr\"\n")).expect("writes");
    let server = start_with(&["--config", &config, "--data", &desk.path("data")]).serves();
    let mut over = None;
    wait_until("the checkpoint is stamped", || {
        over = stamped(&desk, &place);
        over.is_some()
    });
    desk.checkpoint("newest.txt");
    let newest = fs::read(desk.path("newest.txt")).expect("reads");
    assert_eq!(over, Some(newest), "it is the newest checkpoint that was stamped, signatures and all");
    let mut archive =
        zip::ZipArchive::new(fs::File::open(desk.path("stamped.zip")).expect("opens")).expect("an archive");
    assert!(archive.by_name("timestamp.tsr").is_ok());
    let checked = run(&["verify", &desk.path("stamped.zip"), "--language", "en"]);
    assert!(checked.code == 0 && checked.stdout.contains("time stamp: 3 entries"), "{}", checked.stdout);
    assert!(!server.said().contains("it failed"), "{}", server.said());
}

#[test]
fn an_authority_with_a_certificate_of_its_own_is_asked_over_tls_by_who_trusts_it() {
    if !has_openssl() {
        return;
    }
    let desk = Desk::new();
    desk.grow();
    let place = authority(desk.folder.path());
    fs::write(place.join("san"), "subjectAltName=IP:127.0.0.1\n").expect("writes");
    let request =
        ["req", "-subj", "/CN=127.0.0.1", "-newkey", "rsa:2048", "-nodes", "-keyout", "tls.key", "-out", "tls.csr"];
    assert!(openssl(&place, &request));
    let sign = ["x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    assert!(openssl(&place, &[&sign[..], &["-extfile", "san", "-out", "tls.pem"]].concat()));
    let port = serve_over(&place, usize::MAX, |answer| answer, secured(&place));
    let (url, data, ca) = (format!("https://127.0.0.1:{port}/tsr"), desk.path("data"), desk.path("tsa/ca.pem"));
    let stamp = |more: &[&str]| run(&[&["checkpoint", "timestamp", "--url", &url, "--data", &data][..], more].concat());

    let stranger = stamp(&[]);
    assert_eq!(stranger.code, 1, "{}", stranger.stderr);
    assert!(
        stranger.stderr.contains("cannot be reached") && stranger.stderr.contains("certificate"),
        "{}",
        stranger.stderr
    );
    assert_eq!(stamped(&desk, &place), None, "nothing is kept of it");
    let trusted = stamp(&["--ca-file", &ca]);
    assert_eq!(trusted.code, 0, "{}", trusted.stderr);
    assert!(stamped(&desk, &place).is_some());
    let none = stamp(&["--ca-file", &desk.path("tsa/serial")]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("holds no certificates in PEM"), "{}", none.stderr);
}

/// Speaks TLS with the certificate in this folder.
fn secured(place: &Path) -> impl Fn(TcpStream) -> Box<dyn Talk> + Send + 'static {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::from_pem_file(place.join("tls.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(place.join("tls.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate], key))
        .expect("it is a certificate with its key");
    let config = Arc::new(config);
    move |stream| {
        let connection = rustls::ServerConnection::new(config.clone()).expect("a connection");
        Box::new(rustls::StreamOwned::new(connection, stream))
    }
}
