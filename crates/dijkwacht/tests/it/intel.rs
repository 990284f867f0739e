//! `dijkwacht intel`: a folder of lists as whoever keeps it meets it, also when a list is damaged.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::program::{Ran, run};

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path in UTF-8").to_owned()
    }

    fn intel(&self, arguments: &[&str]) -> Ran {
        run(&[&["intel"], arguments, &["--intel-dir", &self.text("lists")]].concat())
    }

    /// A list of one's own, in the folder.
    fn with(name: &str, entries: &str) -> Self {
        let place = Self::new();
        fs::write(place.path("source.txt"), entries).expect("the list is written");
        let ran = place.intel(&["add", &place.text("source.txt"), "--name", name]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        place
    }
}

#[test]
fn a_damaged_list_is_shown_as_such_answers_nothing_and_is_made_again() {
    let place = Place::with("kwaad", "kwaad.example\n");
    let list = place.path("lists/kwaad.list");
    let whole = fs::read(&list).expect("the list is there");
    assert_eq!(place.intel(&["lookup", "kwaad.example"]).code, 0);
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for damaged in [Some(flipped), Some(Vec::new()), None] {
        match &damaged {
            Some(bytes) => fs::write(&list, bytes).expect("it is damaged"),
            None => fs::remove_file(&list).expect("it is lost"),
        }
        let shown = place.intel(&["list"]);
        assert!(shown.code == 2 && shown.stdout.contains("BESCHADIGD"), "{}{}", shown.stdout, shown.stderr);
        let json = place.intel(&["list", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("a line of JSON");
        assert!(json["damage"].is_string(), "{json}");
        for name in ["kwaad.example", "goed.example"] {
            let ran = place.intel(&["lookup", name, "--language", "en"]);
            assert_eq!(ran.code, 2, "{}", ran.stderr);
            assert!(ran.stderr.contains("kwaad.list") && ran.stderr.contains("intel update"), "{}", ran.stderr);
            assert_eq!(ran.stdout, format!("{name}: not known: cannot be read: kwaad\n"));
        }
        let json = place.intel(&["lookup", "goed.example", "--format", "json"]);
        assert_eq!(json.stdout, "{\"indicator\":\"goed.example\",\"listed\":null,\"unread\":[\"kwaad\"]}\n");
        // Not due by the clock, and made again all the same.
        let ran = place.intel(&["update"]);
        assert!(ran.code == 0 && ran.stdout.contains("1 vermelding;"), "{}{}", ran.stdout, ran.stderr);
        assert_eq!(place.intel(&["list"]).code, 0);
        assert_eq!(place.intel(&["lookup", "kwaad.example"]).code, 0);
        assert_eq!(place.intel(&["lookup", "goed.example"]).stdout, "goed.example: op geen lijst\n");
    }
    let idle = place.intel(&["update", "--language", "en"]);
    assert_eq!((idle.code, idle.stdout.as_str()), (0, ""), "nothing is due any more");
    assert!(idle.stderr.contains("no list is due yet"), "{}", idle.stderr);
}

#[test]
fn what_is_found_on_a_good_list_is_said_beside_a_damaged_one() {
    let place = Place::with("kwaad", "kwaad.example\n");
    fs::write(place.path("other.txt"), "erger.example\n").expect("the list is written");
    assert_eq!(place.intel(&["add", &place.text("other.txt"), "--name", "erger"]).code, 0);
    fs::write(place.path("lists/kwaad.list"), "no list").expect("it is damaged");
    let ran = place.intel(&["lookup", "erger.example", "kwaad.example"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.stdout, "erger.example: erger.example; erger\nkwaad.example: onbekend: niet te lezen: kwaad\n");
}

#[test]
fn what_is_looked_up_may_be_written_as_lists_and_findings_write_it() {
    let place = Place::with(
        "kwaad",
        "http://kwaad.example/a.php\nUser-Agent: EvilBot/1.0\n192.0.2.7\nheel.example\nhttp://[2001:db8::1]:8080/x\nhttps://www.google.com/uc?id=1\n00112233445566778899aabbccddeeff00112233\n",
    );
    for listed in [
        "http://kwaad.example/a.php?id=1",
        "kwaad.example/a.php",
        "user-agent: EvilBot/1.0",
        "EvilBot/1.0",
        "192.0.2.7/x.php",
        "heel.example/x.php",
        "hxxps://kwaad[.]example/a.php",
        "www[.]heel[.]example",
        "192[.]0[.]2[.]7",
        "http://[2001:db8::1]/x",
        "https://login.example@heel.example/o365",
        "hxxps://www[.]google[.]com/uc?id=1",
        "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33",
        "sha1:00112233445566778899aabbccddeeff00112233",
    ] {
        let ran = place.intel(&["lookup", listed]);
        assert!(ran.code == 0 && ran.stdout.ends_with("; kwaad\n"), "{listed}: {}{}", ran.stdout, ran.stderr);
    }
    for unlisted in ["kwaad.example/b.php", "user-agent: GoodBot/1.0"] {
        assert_eq!(place.intel(&["lookup", unlisted]).code, 1, "{unlisted}");
    }
    for listed in ["http://kwaad.example:8080/a.php", "kwaad.example:8080/a.php?x"] {
        assert_eq!(place.intel(&["lookup", listed]).code, 0, "{listed}");
    }
    let ran = place.intel(&["lookup", "geen zin"]);
    assert_eq!(ran.stdout, "geen zin: op geen lijst (gezocht als user agent)\n");
    let ran = place.intel(&["lookup", " "]);
    assert!(ran.code == 2 && ran.stderr.contains("noem een domein"), "{}", ran.stderr);
}

#[test]
fn a_page_with_a_query_is_found_with_that_query_alone_and_no_query_is_told() {
    let place = Place::with(
        "kwaad",
        "https://site.example/page.php?id=77\nhttps://wortel.example/?id=1\nhttp://site.example/elke\n",
    );
    for (asked, entry) in [
        ("https://site.example/page.php?id=77", "site.example/page.php?…"),
        ("http://SITE.example:8080/page.php?id=77#top", "site.example/page.php?…"),
        ("site.example/page.php?id=77", "site.example/page.php?…"),
        ("https://wortel.example?id=1", "wortel.example/?…"),
        ("wortel.example?id=1", "wortel.example/?…"),
        ("site.example/elke?id=9", "site.example/elke"),
    ] {
        let ran = place.intel(&["lookup", asked]);
        assert_eq!((ran.code, ran.stdout), (0, format!("{asked}: {entry}; kwaad\n")), "{}", ran.stderr);
    }
    for asked in [
        "https://site.example/page.php",
        "site.example/page.php?id=7",
        "site.example/page.php?ID=77",
        "wortel.example",
        "goed.example/?u=www.site.example",
    ] {
        assert_eq!(place.intel(&["lookup", asked]).code, 1, "{asked}");
    }
    let ran = place.intel(&["lookup", "site.example/page.php?…", "--language", "en"]);
    assert!(ran.code == 2 && ran.stderr.contains("with its query, as the list has it"), "{}", ran.stderr);
    assert!(
        !fs::read(place.path("lists/kwaad.list")).expect("the list is there").windows(5).any(|bytes| bytes == b"id=77")
    );
}

#[test]
fn a_list_that_another_version_made_is_refused_in_those_words_and_made_again() {
    let place = Place::with("kwaad", "kwaad.example\n");
    let list = place.path("lists/kwaad.list");
    let mut bytes = fs::read(&list).expect("the list is there");
    bytes["dijkwacht threat list ".len()] = b'1';
    fs::write(&list, &bytes).expect("it is written");
    fs::write(place.path("oud.list"), &bytes).expect("it is written");
    let empty = place.text("empty.pcap");
    fs::write(&empty, "").expect("it is written");
    let old = place.text("oud.list");
    for ran in [
        place.intel(&["list"]),
        place.intel(&["lookup", "kwaad.example"]),
        place.intel(&["add", &old, "--name", "oud"]),
        run(&["scan", &empty, "--intel", &old]),
    ] {
        assert!(ran.code != 0, "{}", ran.stdout);
        let told = ran.stdout + &ran.stderr;
        assert!(told.contains("een andere versie van Dijkwacht") && told.contains("intel update"), "{told}");
    }
    let ran = place.intel(&["update"]);
    assert!(ran.code == 0 && ran.stdout.contains("1 vermelding;"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(place.intel(&["lookup", "kwaad.example"]).code, 0);
}

#[test]
fn lines_that_cannot_be_used_are_named_the_first_whole_and_all_counted_by_why() {
    let place = Place::new();
    let bad = "kwaad.example\ncom\n8.8.8.8\n192.168.1.1\nwhat is this\nco.uk\nwww.google.com\nevil example\n";
    fs::write(place.path("bad.txt"), bad).expect("the list is written");
    let ran = place.intel(&["add", &place.text("bad.txt"), "--language", "en"]);
    assert!(ran.code == 0 && ran.stdout.contains("1 entry; 7 lines unusable"), "{}{}", ran.stdout, ran.stderr);
    for expected in [
        "bad: line 2: `com` would accuse far too much",
        "bad: line 6: `co.uk`",
        "bad: 7 lines cannot be used",
        "    2 × would accuse far too much",
        "    2 × has more on the line than one entry",
        "    3 × is used by everyone",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("line 7"), "five are enough: {}", ran.stderr);
    let json = place.intel(&["update", "--now", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).expect("a line of JSON");
    assert_eq!((&value["invalid"], &value["invalid_by_fault"]["everyones"]), (&7.into(), &3.into()));
    assert_eq!(value["invalid_first"][0], serde_json::json!({"line": 2, "text": "com", "fault": "too_broad"}));
    assert!(json.stderr.contains("regel 2") && json.stderr.contains("7 regels zijn onbruikbaar"), "{}", json.stderr);
    // `scan` takes a list without a folder, and says the same.
    let empty = place.text("empty.pcap");
    fs::write(&empty, "").expect("it is written");
    let ran = run(&["scan", &empty, "--intel", &place.text("bad.txt")]);
    assert!(ran.stderr.contains("regel 2") && ran.stderr.contains("7 regels zijn onbruikbaar"), "{}", ran.stderr);
}

#[test]
fn a_name_in_any_letters_is_found_however_it_is_written() {
    let place = Place::with("boeken", "bücher2.example\nhttp://straße.example/Gate\n");
    for name in [
        "bücher2.example",
        "www.BÜCHER2.example.",
        "xn--bcher2-3ya.example",
        "http://bücher2.example",
        "http://bücher2.example:8080/x?y",
        "http://straße.example/Gate?id=1",
    ] {
        let ran = place.intel(&["lookup", name]);
        assert!(ran.code == 0 && ran.stdout.contains("xn--"), "{name}: {}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(place.intel(&["lookup", "bucher2.example"]).code, 1);
}

#[test]
fn a_description_that_cannot_be_read_hides_no_other_list() {
    let place = Place::with("kwaad", "kwaad.example\n");
    fs::write(place.path("lists/aaa.toml"), "nonsense = [").expect("it is written");
    let ran = place.intel(&["list"]);
    assert!(ran.code == 2 && ran.stdout.starts_with("kwaad: 1") && ran.stderr.contains("aaa.toml"), "{}", ran.stderr);
}
