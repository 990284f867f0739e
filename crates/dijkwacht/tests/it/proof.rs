//! What is handed out of a register beside the export: checkpoints, proofs, and the signatures of others.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use crate::captures::office_day;
use crate::program::{Ran, run};

/// A data folder with one organisation, and paths beside it.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    /// How often its register grew.
    days: Cell<i64>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder"), days: Cell::new(0) };
        assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", &desk.path("data")]).code, 0);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path").to_owned()
    }

    /// Three entries more: an incident opened by the sensor, of the next day.
    pub(crate) fn grow(&self) {
        let (capture, list) = office_day(self.folder.path(), self.days.replace(self.days.get() + 1));
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let data = self.path("data");
        let ran =
            run(&["scan", &text(&capture), "--intel", &text(&list), "--open-at", "bakkerij-jansen", "--data", &data]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }

    /// A verb about this organisation.
    pub(crate) fn about(&self, verb: &[&str]) -> Ran {
        run(&[verb, &["--organisation", "bakkerij-jansen", "--data", &self.path("data")]].concat())
    }

    /// Writes the newest checkpoint to a file of this name; gives the register's key.
    pub(crate) fn checkpoint(&self, name: &str) -> String {
        let ran = self.about(&["checkpoint", "show", "--out", &self.path(name)]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let key = ran.stderr.lines().find_map(|line| line.strip_prefix("key: "));
        key.expect("the key is said").to_owned()
    }
}

#[test]
fn proofs_and_checkpoints_are_written_and_checked_without_the_register() {
    let desk = Desk::new();
    desk.grow();
    let key = desk.checkpoint("earlier.txt");
    desk.grow();
    desk.checkpoint("newest.txt");
    assert_eq!(fs::read_to_string(desk.path("earlier.txt")).expect("reads").lines().nth(1), Some("3"));
    let shown = desk.about(&["checkpoint", "show"]);
    assert_eq!(shown.stdout, fs::read_to_string(desk.path("newest.txt")).expect("reads"));

    let (entry, growth) = (desk.path("entry-1.tlog-proof"), desk.path("since-3.txt"));
    assert_eq!(desk.about(&["prove", "--entry", "1", "--out", &entry]).code, 0);
    assert_eq!(desk.about(&["prove", "--from", "3", "--out", &growth]).code, 0);
    let none = desk.about(&["prove", "--entry", "600", "--out", &desk.path("none")]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("has no entry 600"), "{}", none.stderr);

    let (earlier, newest) = (desk.path("earlier.txt"), desk.path("newest.txt"));
    let checked = run(&["verify", "--proof", &entry, "--key", &key, "--checkpoint", &newest]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.starts_with("Inschrijving 1 staat in het register."), "{}", checked.stdout);
    assert!(checked.stdout.contains("  index 1\n"), "the entry itself is shown: {}", checked.stdout);
    let grown = ["verify", "--proof", &growth, "--key", &key, "--language", "en"];
    assert_eq!(run(&grown).code, 1, "without the earlier checkpoint it proves nothing");
    let checked = run(&[&grown[..], &["--checkpoint", &earlier]].concat());
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(checked.stdout.contains("continues its first 3 entries"), "{}", checked.stdout);
    let wrong = run(&["verify", "--proof", &growth, "--key", &key, "--checkpoint", &newest]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stdout.starts_with("Zo toont het bewijs nog niets.\n"), "{}", wrong.stdout);
    assert!(wrong.stdout.contains("het checkpoint van 3 inschrijvingen nodig"), "{}", wrong.stdout);
    let json = run(&["verify", "--proof", &entry, "--key", &key, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert!(json["sound"] == true && json["entry"] == 1, "{json}");

    let zip = desk.path("register.zip");
    assert_eq!(desk.about(&["export", "--out", &zip]).code, 0);
    let whole = fs::read(&zip).expect("reads");
    let again = desk.about(&["export", "--out", &zip]);
    assert_eq!(again.code, 2, "an export that is there is not replaced unasked");
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    let through = desk.about(&["checkpoint", "show", "--out", "/dev/stdout"]);
    assert_eq!((through.code, through.stdout), (0, shown.stdout), "{}", through.stderr);
    assert_eq!(fs::read(&zip).expect("reads"), whole);
    let checked = run(&["verify", &zip, "--key", &key, "--checkpoint", &earlier, "--checkpoint", &newest]);
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(checked.stdout.contains("(checkpoints: 2)"), "{}", checked.stdout);
    desk.grow();
    desk.checkpoint("later.txt");
    let behind =
        run(&["verify", &zip, "--key", &key, "--checkpoint", &newest, "--checkpoint", &desk.path("later.txt")]);
    assert_eq!(behind.code, 1);
    let named = format!("gegeven checkpoint 2 ({}): teruggedraaid", desk.path("later.txt"));
    assert!(behind.stdout.contains(&named), "{}", behind.stdout);

    // A proof that is older than what was kept is no worse for it.
    for (proof, language, said) in [
        (&entry, "nl", "hierover zegt het bewijs niets"),
        (&growth, "nl", "hierover zegt het bewijs niets"),
        (&entry, "en", "the proof says nothing of this"),
    ] {
        let later = desk.path("later.txt");
        let known = ["verify", "--proof", proof, "--key", &key, "--language", language, "--checkpoint", &later];
        let older = run(&known);
        assert_eq!(older.code, 1, "undecided: {}", older.stdout);
        assert!(older.stdout.contains(&format!("checkpoint 1 ({later}): {said}")), "{}", older.stdout);
        assert!(!older.stdout.contains("klopt niet") && !older.stdout.contains("does not hold"), "{}", older.stdout);
    }
}

/// What was kept has been through an editor on Windows, or a mail program.
#[test]
fn what_was_kept_is_read_whatever_became_of_its_line_ends() {
    let desk = Desk::new();
    desk.grow();
    let key = desk.checkpoint("earlier.txt");
    desk.grow();
    let (zip, growth, earlier) = (desk.path("register.zip"), desk.path("since-3.txt"), desk.path("earlier.txt"));
    assert_eq!(desk.about(&["export", "--out", &zip]).code, 0);
    assert_eq!(desk.about(&["prove", "--from", "3", "--out", &growth]).code, 0);
    let marred = |file: &str| {
        let text = fs::read_to_string(file).expect("reads");
        let marred = format!("\u{feff}{}\r\n  \r\n", text.replace('\n', "  \r\n"));
        fs::write(format!("{file}.marred"), marred).expect("writes");
        format!("{file}.marred")
    };
    let (kept, proof) = (marred(&earlier), marred(&growth));
    for known in [[&zip, &kept].map(String::as_str), ["--proof", &proof]] {
        let ran = match known {
            ["--proof", proof] => run(&["verify", "--proof", proof, "--key", &key, "--checkpoint", &kept]),
            [zip, kept] => run(&["verify", zip, "--key", &key, "--checkpoint", kept]),
        };
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    }
    // One that was changed, or is none, is named by its file, among however many.
    let (changed, none) = (desk.path("changed.txt"), desk.path("none.txt"));
    let text = fs::read_to_string(&earlier).expect("reads");
    fs::write(&changed, text.replacen("\n3\n", "\n4\n", 1)).expect("writes");
    fs::write(&none, "Beste Jan,\n\nzie bijlage\n").expect("writes");
    let ran = run(&["verify", &zip, "--key", &key, "--checkpoint", &kept, "--checkpoint", &changed]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("gegeven checkpoint 2 ({changed}): ")), "{}", ran.stdout);
    for what in [&["verify", &zip][..], &["verify", "--proof", &growth]] {
        let ran = run(&[what, &["--key", &key, "--checkpoint", &kept, "--checkpoint", &none]].concat());
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        let told = format!("{none}: gegeven checkpoint 2 is niet te gebruiken: ");
        assert!(
            ran.stderr.contains(&told) && ran.stderr.contains("er staat geen heel checkpoint in"),
            "{}",
            ran.stderr
        );
    }
}

/// Notepad (*Unicode*) and PowerShell (`>`) write UTF-16, which was refused; and a program was not told which file it was.
#[test]
fn a_checkpoint_in_utf_16_is_read_and_named_by_its_file() {
    let desk = Desk::new();
    desk.grow();
    let key = desk.checkpoint("earlier.txt");
    desk.grow();
    let (zip, growth, earlier) = (desk.path("register.zip"), desk.path("since-3.txt"), desk.path("earlier.txt"));
    assert_eq!(desk.about(&["export", "--out", &zip]).code, 0);
    assert_eq!(desk.about(&["prove", "--from", "3", "--out", &growth]).code, 0);
    let made = run(&["checkpoint", "new-key", "--name", "accountant.example/witness", "--out", &desk.path("key")]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let text = format!("\u{feff}{}", fs::read_to_string(&earlier).expect("reads").replace('\n', "\r\n"));
    for (name, to_bytes) in [("little", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("big", u16::to_be_bytes)] {
        let kept = desk.path(name);
        fs::write(&kept, text.encode_utf16().flat_map(to_bytes).collect::<Vec<_>>()).expect("writes");
        for what in [&["verify", &zip][..], &["verify", "--proof", &growth]] {
            let ran = run(&[what, &["--key", &key, "--checkpoint", &kept, "--format", "json"]].concat());
            assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
            let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
            assert_eq!(said["checkpoint_files"], serde_json::json!([kept]), "{said}");
        }
        let (witness, out) = (desk.path("key"), desk.path("signed"));
        let folder = desk.path(&format!("kept-{name}"));
        let known = ["--register-key", &key, "--key", &witness, "--kept", &folder, "--out", &out, "--force"];
        let signed = run(&[&["checkpoint", "countersign", &kept][..], &known].concat());
        assert_eq!(signed.code, 0, "{}", signed.stderr);
    }
    // A finding names the file that it is about.
    desk.checkpoint("later.txt");
    desk.grow();
    desk.checkpoint("latest.txt");
    let (later, latest) = (desk.path("later.txt"), desk.path("latest.txt"));
    let behind = ["--key", &key, "--format", "json", "--checkpoint", &later, "--checkpoint", &latest];
    let ran = run(&[&["verify", &zip][..], &behind].concat());
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(said["findings"][0]["checkpoint_file"], serde_json::json!(latest), "{said}");
}

#[test]
fn a_witness_signs_only_what_continues_what_it_signed() {
    let desk = Desk::new();
    desk.grow();
    let register_key = desk.checkpoint("three.txt");
    let (secret, kept, out) = (desk.path("witness.key"), desk.path("kept"), desk.path("signed.txt"));
    let made = run(&["checkpoint", "new-key", "--name", "accountant.example/witness", "--out", &secret]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let public = made.stdout.trim().to_owned();
    let again = run(&["checkpoint", "new-key", "--name", "other", "--out", &secret]);
    assert_eq!(again.code, 2, "a key is not overwritten");
    assert!(again.stderr.contains("is there already; a key"), "{}", again.stderr);
    let sign = |checkpoint: &str, more: &[&str]| {
        let checkpoint = desk.path(checkpoint);
        let known = ["--register-key", &register_key, "--key", &secret, "--kept", &kept, "--out", &out, "--force"];
        run(&[&["checkpoint", "countersign", &checkpoint][..], &known, more].concat())
    };
    let first = sign("three.txt", &[]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    desk.grow();
    desk.checkpoint("six.txt");
    let unproved = sign("six.txt", &[]);
    assert_eq!(unproved.code, 1);
    assert!(unproved.stderr.contains("prove --from 3"), "{}", unproved.stderr);
    let proof = desk.path("since-3.txt");
    assert_eq!(desk.about(&["prove", "--from", "3", "--out", &proof]).code, 0);
    let signed = sign("six.txt", &["--proof", &proof]);
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    assert_eq!(
        fs::read_to_string(&out).expect("reads").lines().count(),
        7,
        "three lines, an empty one, three signatures"
    );
    // What it signed is checked with its key, beside an export that is not countersigned itself.
    let zip = desk.path("register.zip");
    assert_eq!(desk.about(&["export", "--out", &zip]).code, 0);
    let known = ["verify", &zip, "--key", &register_key, "--checkpoint", &out];
    let named = run(&known);
    assert_eq!(named.code, 0, "{}", named.stdout);
    assert!(
        named.stdout.contains(&format!("medeondertekend, gegeven checkpoint 1 ({out}): accountant.example/witness+")),
        "{}",
        named.stdout
    );
    assert!(named.stdout.contains("(niet gecontroleerd; geef --provider-key of --witness-key)"), "{}", named.stdout);
    let checked = run(&[&known[..], &["--witness-key", &public]].concat());
    assert_eq!(checked.code, 0, "{}", checked.stdout);
    assert!(!checked.stdout.contains("niet gecontroleerd"), "{}", checked.stdout);
    let own = run(&[&known[..], &["--provider-key", &register_key]].concat());
    assert_eq!(own.code, 2, "{}", own.stdout);
    assert!(own.stdout.contains("is die van het register zelf"), "{}", own.stdout);
    assert!(!own.stdout.contains("geef --provider-key"), "{}", own.stdout);
    let back = sign("three.txt", &[]);
    assert_eq!(back.code, 1);
    assert!(back.stderr.contains("rolled back: it covers 3 entries, the one signed last 6"), "{}", back.stderr);
    // A register of the same name and key that tells something else is not signed, whatever comes with it.
    let forged = fs::read_to_string(desk.path("six.txt")).expect("reads").replacen("\n6\n", "\n7\n", 1);
    fs::write(desk.path("seven.txt"), forged).expect("writes");
    assert_eq!(sign("seven.txt", &["--proof", &proof]).code, 2, "not signed by the register");
    assert!(public.starts_with("accountant.example/witness+"), "{public}");
}
