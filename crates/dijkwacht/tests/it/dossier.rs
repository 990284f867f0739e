//! The file of one case as an authority gets it: written by the program, checked by the program, by itself.

use std::fs;
use std::io::{Read, Write};

use crate::program::run;
use crate::proof::Desk;

#[test]
fn a_case_is_handed_over_and_checked_without_the_rest_of_the_register() {
    let desk = Desk::new();
    desk.grow();
    desk.checkpoint("earlier.txt");
    desk.grow();
    let key = desk.checkpoint("kept.txt");
    let file = desk.path("dossier.zip");
    let made = desk.about(&["dossier", "--incident", "2", "--out", &file]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let again = desk.about(&["dossier", "--incident", "2", "--out", &file]);
    assert_eq!(again.code, 2, "{}", again.stderr);

    let kept = desk.path("kept.txt");
    let checked = run(&["verify", &file, "--key", &key, "--checkpoint", &kept]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(
        checked.stdout.starts_with("Het dossier van incident 2 klopt (inschrijvingen: 3, gewist: 0"),
        "{}",
        checked.stdout
    );
    assert!(checked.stdout.contains("in het register van 6 inschrijvingen. Niet bewezen:"), "{}", checked.stdout);
    let earlier = run(&["verify", &file, "--key", &key, "--checkpoint", &desk.path("earlier.txt")]);
    assert_eq!(earlier.code, 0, "{}", earlier.stdout);
    let note = format!("opmerking: gegeven checkpoint 1 ({}): zegt niets over dit dossier", desk.path("earlier.txt"));
    assert!(earlier.stdout.contains(&note), "{}", earlier.stdout);
    for english in ["key:", "erased", "entries", "Proved"] {
        assert!(!checked.stdout.contains(english), "{english} in Dutch: {}", checked.stdout);
    }
    let english = run(&["verify", &file, "--language", "en"]).stdout;
    assert!(english.starts_with("The file of incident 2 holds (entries: 3"), "{english}");
    assert!(english.contains("The key comes from the archive itself"), "{english}");
    for dutch in ["sleutel", "inschrijving", "gewist"] {
        assert!(!english.contains(dutch), "{dutch} in English: {english}");
    }
    let json = run(&["verify", &file, "--key", &key, "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json["sound"] == true && json["dossier"]["incident"] == 2 && json["entries"] == 3, "{json}");

    let changed = desk.path("changed.zip");
    fs::write(&changed, without_names_and_with_another_fact(&fs::read(&file).expect("reads"))).expect("writes");
    let checked = run(&["verify", &changed, "--key", &key]);
    assert_eq!(checked.code, 1, "{}", checked.stdout);
    assert!(checked.stdout.contains("- feiten.json: is gewijzigd sinds de ondertekening"), "{}", checked.stdout);
    assert!(checked.stdout.contains("weggelaten: namen/personen.json"), "{}", checked.stdout);
    let none = desk.path("kept.txt");
    let none = run(&["verify", &none]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("geen zip-archief"), "an error in the language asked for: {}", none.stderr);
}

fn without_names_and_with_another_fact(zip: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).expect("an archive");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).expect("a member");
        let name = file.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("reads");
        if name == "feiten.json" {
            bytes.push(b' ');
        }
        if !name.starts_with("namen/") {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
            writer.write_all(&bytes).expect("writes");
        }
    }
    writer.finish().expect("an archive").into_inner()
}
