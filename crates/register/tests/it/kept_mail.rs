//! A checkpoint in a mail, which both verifiers find or neither.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use verify::{Options, verify};

use crate::sample::Sample;
use crate::second_reader::node;

/// As a checkpoint comes out of a mail, copied or saved; and what must not pass for one, by neither.
#[test]
fn a_checkpoint_in_a_mail_is_found_by_both_or_by_neither() {
    let sample = Sample::new();
    let (note, later) = (sample.checkpoint(4), sample.checkpoint(5));
    let quoted = |note: &str| note.lines().map(|line| format!("> {line}\n")).collect::<String>();
    let part = |how: &str, body: &str| {
        format!(
            "MIME-Version: 1.0\r\nSubject: Checkpoint\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHallo\r\n\
             --b\r\nContent-Transfer-Encoding: {how}\r\n\r\n{body}\r\n--b--\r\n"
        )
    };
    let in_quoted_printable = note.replace('=', "=3D").replace('—', "=E2=80=94=\r\n").replace('\n', "\r\n");
    let encoded = BASE64_STANDARD.encode(&note);
    let encoded = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>();
    let good = [
        note.replace('\n', "\r\n\r\n"),
        quoted(&quoted(&note)),
        format!("  {}", note.replace('\n', "\n\t ")),
        note.replace("— ", "—\u{a0}"),
        note.replace("— ", "—\t"),
        format!("Bewaar deze mail.\n\n{note}\nGroet,\n— Jan Jansen\n\n{}", quoted(&note)),
        part("8bit", &note),
        part("quoted-printable", &in_quoted_printable),
        part("base64", &encoded.join("\r\n")),
    ];
    let bad = [
        format!("{note}\n{later}"),
        format!("{}\n{}", quoted(&later), part("base64", &encoded.join("\r\n"))),
        note.replace("\n4\n", "\n04\n"),
        note.replace("\n4\n", "\n4 5\n"),
        note.replace("— ", "- "),
        note.replace("dijkwacht/", "x dijkwacht/"),
        "\u{85}>\u{feff}".to_owned(),
    ];
    // Found, and not signed.
    let forged = [note.replace("\n4\n", "\n5\n"), format!("> {}", later.replace("\n5\n", "\n4\n"))];
    let folder = tempfile::tempdir().unwrap();
    let (zip, kept) = (folder.path().join("register.zip"), folder.path().join("kept.eml"));
    std::fs::write(&zip, sample.zip()).unwrap();
    let given = |texts: &[String], code: i32| texts.iter().map(|text| (text.clone(), code)).collect::<Vec<_>>();
    for (text, code) in [given(&good, 0), given(&bad, 2), given(&forged, 1)].concat() {
        let key = sample.key_text();
        let options = Options { key: Some(&key), checkpoints: &[&text], provider_key: None, witness_keys: &[] };
        let report = verify(&sample.zip(), options);
        assert_eq!(report.as_ref().map_or(2, |report| i32::from(!report.is_sound())), code, "{text}");
        assert!(code != 0 || report.is_ok_and(|report| report.compared == 1), "{text}");
        std::fs::write(&kept, &text).unwrap();
        let Some(node) = node() else {
            println!("skipped: not installed: node");
            continue;
        };
        let output = node(&zip).arg("--key").arg(&key).arg("--checkpoint").arg(&kept).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{text} {errors}");
    }
}
