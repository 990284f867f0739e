//! Time stamps (RFC 3161) by a real authority: OpenSSL's, behind a small HTTP server, with certificates made here.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::run;
use crate::proof::Desk;

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
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let place = place.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let mut stream = stream.expect("a caller");
            let mut request = Vec::new();
            let body = loop {
                let mut some = [0; 1024];
                let read = stream.read(&mut some).expect("reads");
                request.extend_from_slice(&some[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length = text.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
                if let (Some(at), Some(length)) = (request.windows(4).position(|four| four == b"\r\n\r\n"), length)
                    && request.len() >= at + 4 + length
                {
                    break request[at + 4..].to_vec();
                }
            };
            fs::write(place.join("query.tsq"), body).expect("writes");
            let reply =
                ["ts", "-reply", "-config", "tsa.cnf", "-section", "a", "-queryfile", "query.tsq", "-out", "reply.tsr"];
            assert!(openssl(&place, &reply), "an answer is made");
            let answer = change(fs::read(place.join("reply.tsr")).expect("reads"));
            let head = format!(
                "HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(&[head.as_bytes(), &answer].concat()).expect("writes");
        }
    });
    port
}

#[test]
fn a_checkpoint_is_stamped_exported_and_checked_by_us_and_by_openssl() {
    if !Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: not installed: openssl");
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
    assert!(checked.stdout.contains("time stamp: 3 entries, 20"), "{}", checked.stdout);

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
