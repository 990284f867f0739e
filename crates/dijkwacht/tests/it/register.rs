//! Administration without a browser, and a register whose key is lost.

use std::fs;

use crate::program::run;

#[test]
fn an_organisation_is_made_listed_exported_and_its_lost_key_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path");
    let made = run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let listed = run(&["organisation", "list", "--data", data]);
    assert!(listed.stdout.starts_with("bakkerij-jansen\t"), "{}", listed.stdout);
    let invite = ["user", "invite", "--organisation", "bakkerij-jansen", "--data", data, "--role", "officer"];
    let invited = run(&invite);
    assert!(invited.stdout.contains("/instellen/"), "{}{}", invited.stdout, invited.stderr);
    let both = run(&[&invite[..], &["--role", "dpo"]].concat());
    assert_eq!(both.code, 2);
    assert!(both.stderr.contains("AVG art. 38"), "{}", both.stderr);

    let zip = folder.path().join("register.zip");
    let zip = zip.to_str().expect("a path");
    let export = ["export", "--organisation", "bakkerij-jansen", "--out", zip, "--data", data];
    assert_eq!(run(&export).code, 0);
    assert_eq!(run(&["verify", zip]).code, 0);
    fs::remove_file(zip).expect("removes");
    fs::remove_file(folder.path().join("data/register.key")).expect("removes");
    let lost = run(&[&export[..], &["--force"]].concat());
    assert_eq!(lost.code, 2);
    assert!(lost.stderr.contains("register.key is gone"), "{}", lost.stderr);
    assert!(!folder.path().join("data/register.key").exists(), "no new key hides that the old one is lost");
}

#[test]
fn a_name_that_is_no_name_and_a_folder_that_holds_nothing_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    for name in ["", " ", "two\nlines", "\u{1b}[31mred"] {
        let ran = run(&["organisation", "add", "--name", name, "--data", data]);
        assert_eq!(ran.code, 2, "{name:?}: {}", ran.stderr);
    }
    let empty = tempfile::tempdir().expect("a folder");
    let ran = run(&["organisation", "list", "--data", empty.path().to_str().expect("a path")]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("holds no data of this program"), "{}", ran.stderr);
}

#[test]
fn a_lost_database_is_not_replaced_by_a_new_one() {
    let check =
        |what: &str, database: Option<&[u8]>, log: Option<&[u8]>, is_key_elsewhere: bool, is_key_there: bool| {
            let folder = tempfile::tempdir().expect("a folder");
            let (data, elsewhere) = (folder.path().join("data"), folder.path().join("elsewhere.key"));
            let key = if is_key_elsewhere { elsewhere.clone() } else { data.join("register.key") };
            let mut add =
                vec!["organisation", "add", "--name", "Bakkerij Jansen", "--data", data.to_str().expect("a path")];
            if is_key_elsewhere {
                add.extend(["--key-file", elsewhere.to_str().expect("a path")]);
            }
            assert_eq!(run(&add).code, 0);
            for name in ["dijkwacht.db", "dijkwacht.db-wal", "dijkwacht.db-shm"] {
                let _ = fs::remove_file(data.join(name));
            }
            for (name, bytes) in [("dijkwacht.db", database), ("dijkwacht.db-wal", log)] {
                if let Some(bytes) = bytes {
                    fs::write(data.join(name), bytes).expect("writes");
                }
            }
            if !is_key_there {
                fs::remove_file(&key).expect("removes");
            }
            let lost = run(&add);
            assert_eq!(lost.code, 2, "{what}: {}", lost.stderr);
            assert!(lost.stderr.contains("gone or empty"), "{what}: {}", lost.stderr);
            assert_eq!(fs::read(data.join("dijkwacht.db-wal")).ok().as_deref(), log, "{what}: what is left stays");
        };
    check("removed", None, None, false, true);
    check("emptied", Some(b""), None, false, true);
    check("removed, its log not", None, Some(b"what was written last"), false, true);
    check("emptied, its log not", Some(b""), Some(b"what was written last"), false, true);
    check("a folder that is not mounted, and the key elsewhere", None, None, true, true);
    check("the log alone is left", None, Some(b"what was written last"), true, false);
}

/// What goes within the month is said before it is taken over; and a period parts what is printed.
#[test]
fn a_register_is_taken_over_with_a_warning_and_printed_by_period() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let data = place("data");
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", &data]).code, 0);
    let (file, out) = (place("oud.csv"), place("register.csv"));
    fs::write(
        &file,
        "Volgnr;Omschrijving;Datum afgesloten;Kleur van de map\n1;Mail verkeerd;3-4-2012;rood\n2;Laptop kwijt;;\n",
    )
    .expect("writes");
    let import = ["import", &file, "--organisation", "bakkerij-jansen", "--data", &data];
    let looked = run(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(looked.code, 0, "{}", looked.stderr);
    assert!(looked.stderr.contains("Mind: 1 row was closed so long ago"), "{}", looked.stderr);
    assert!(
        looked.stdout.contains("\tnote\tThe retention term has ended: this will be erased on "),
        "{}",
        looked.stdout
    );
    let taken = run(&import);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    for ran in [&looked, &taken] {
        let kept = "kept in their own words alone, and read as nothing else: D (Kleur van de map). ";
        assert!(ran.stderr.contains(kept), "{}", ran.stderr);
    }

    let export = ["export", "--organisation", "bakkerij-jansen", "--out", &out, "--force", "--data", &data];
    let written = |more: &[&str]| run(&[&export[..], more].concat());
    for (period, count) in [
        (&["--from", "2020-01-01"][..], "2 incidents of"),
        (&["--until", "2020-01-01"], "0 incidents of"),
        (&["--from", "2020-01-01", "--until", "2020-12-31"], "0 incidents of"),
    ] {
        let ran = written(&[&["--format", "csv"], period].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains(count), "{period:?}: {}", ran.stderr);
    }
    for wrong in ["01-01-2026", "2026-02-30", "gisteren"] {
        let ran = written(&["--format", "csv", "--from", wrong]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("year-month-day, like 2026-01-31"), "{}", ran.stderr);
    }
    let whole = written(&["--from", "2020-01-01"]);
    assert_eq!(whole.code, 2);
    assert!(whole.stderr.contains("the zip is always whole"), "{}", whole.stderr);
    assert_eq!(written(&["--format", "csv", "--from", "gisteren"]).code, 2);
}

/// A name in a column that nobody needs here once came along, whatever the mapping said.
#[test]
fn a_column_is_left_out_by_a_mapping_file_that_print_mapping_reads_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let data = place("data");
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", &data]).code, 0);
    let (file, mapping, zip) = (place("oud.csv"), place("mapping.toml"), place("register.zip"));
    fs::write(&file, "Nr;Omschrijving;Behandelaar;Kleur\n1;Mail verkeerd;Truus de Groot;rood\n").expect("writes");
    let import = ["import", &file, "--organisation", "bakkerij-jansen", "--data", &data];
    let printed = run(&[&import[..], &["--print-mapping"]].concat());
    assert!(printed.stdout.contains("# leave_out: nothing of that column is taken over"), "{}", printed.stdout);
    assert!(printed.stdout.contains("# Kept in its own words alone: C (Behandelaar)"), "{}", printed.stdout);
    let said = printed.stdout.replace("[columns]\n", "[columns]\n\"Behandelaar\" = \"leave_out\"\n");
    fs::write(&mapping, &said).expect("writes");
    let mapped = [&import[..], &["--mapping", &mapping]].concat();
    let again = run(&[&mapped[..], &["--print-mapping"]].concat());
    assert!(again.stdout.contains("Behandelaar = \"leave_out\""), "{}", again.stdout);
    assert!(!again.stdout.contains("(Behandelaar)"), "{}", again.stdout);
    let taken = run(&mapped);
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    assert!(taken.stderr.contains("read as nothing else: D (Kleur). "), "{}", taken.stderr);
    let export = ["export", "--organisation", "bakkerij-jansen", "--out", &zip, "--data", &data];
    assert_eq!(run(&export).code, 0);
    assert_eq!(run(&["verify", &zip]).code, 0);
    for kept in fs::read_dir(folder.path().join("data")).expect("reads") {
        let path = kept.expect("reads").path();
        let bytes = if path.is_file() { fs::read(&path).expect("reads") } else { Vec::new() };
        assert!(!bytes.windows(5).any(|five| five == b"Truus"), "{}", path.display());
    }
    fs::write(&mapping, said.replace("leave_out", "leave")).expect("writes");
    let wrong = run(&mapped);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("`leave` for column `Behandelaar`; choose from: "), "{}", wrong.stderr);
}

/// A column named twice was once whichever the alphabet had last, and a row without headings had columns without names.
#[test]
fn a_mapping_that_cannot_be_meant_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let data = place("data");
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", &data]).code, 0);
    let (file, mapping) = (place("oud.csv"), place("mapping.toml"));
    fs::write(&file, "Nr;;Omschrijving\n1;x;Mail verkeerd\n").expect("writes");
    let import = ["import", &file, "--organisation", "bakkerij-jansen", "--data", &data, "--mapping", &mapping];
    let check = |said: &str, expected: &str| {
        fs::write(&mapping, said).expect("writes");
        let ran = run(&[&import[..], &["--dry-run"]].concat());
        assert_eq!(ran.code, if expected.is_empty() { 0 } else { 2 }, "{said} {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{said} {}", ran.stderr);
    };
    check("[columns]\n\"Omschrijving\" = \"title\"\n", "");
    let twice = "names column C twice, as `C` and as `Omschrijving`; keep one of the two";
    check("[columns]\n\"Omschrijving\" = \"title\"\n\"C\" = \"description\"\n", twice);
    check("[columns]\n\"Omschrijving\" = \"title\"\n\"C\" = \"leave_out\"\n", twice);
    let in_json = r#"{"columns": {"C": "title", "C": "description"}}"#;
    check(in_json, "it names column `C` twice");
    let columns = "[columns]\n\"Omschrijving\" = \"title\"\n";
    for row in [0, 99] {
        let expected = format!("the headings are in row {row}, which is empty or does not exist; rows count from 1");
        check(&format!("heading_row = {row}\n{columns}"), &expected);
    }
    check("[columns]\n\"Kleur\" = \"title\"\n", "which the file does not have; it has: Nr, B, Omschrijving");
}
