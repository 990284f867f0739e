//! The folder as it is after all that may happen to it.

use proptest::prelude::*;

use super::*;

fn line(number: usize) -> String {
    format!(r#"{{"line":{number}}}"#)
}

fn taken(spool: &mut Spool) -> Vec<(Class, String)> {
    let mut all = Vec::new();
    while let Some(batch) = spool.oldest() {
        spool.sent(batch.number).unwrap();
        let text = String::from_utf8(batch.bytes).unwrap();
        assert_eq!(text.lines().count() as u64, batch.lines);
        all.extend(text.lines().map(|line| (batch.class, line.to_owned())));
    }
    all
}

#[test]
fn what_was_put_comes_out_in_its_order_also_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(1), line(2)]).unwrap();
    spool.put(Class::Measurements, &[line(3)]).unwrap();
    drop(spool);
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(4)]).unwrap();
    assert_eq!(spool.lines(), 4);
    use Class::{Findings, Measurements};
    let expected = [(Findings, line(1)), (Findings, line(2)), (Measurements, line(3)), (Findings, line(4))];
    assert_eq!(taken(&mut spool), expected);
    assert_eq!((spool.lines(), spool.bytes()), (0, 0));
    assert_eq!(Spool::open(folder.path(), 1 << 20).unwrap().lines(), 0);
}

#[test]
fn a_batch_that_was_being_written_when_the_process_died_never_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(1)]).unwrap();
    drop(spool);
    let cut = folder.path().join(format!("{:020}{UNFINISHED}", 1));
    fs::write(&cut, r#"{"line":"#).unwrap();
    fs::write(folder.path().join("notes.txt"), "somebody's own").unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    assert!(!cut.exists());
    assert_eq!(taken(&mut spool), [(Class::Findings, line(1))]);
    assert!(folder.path().join("notes.txt").exists());
}

#[test]
fn a_full_folder_lets_measurements_go_before_findings_and_counts_both() {
    let folder = tempfile::tempdir().unwrap();
    let each = line(10).len() as u64 + 1;
    // A sixteenth is the measurements', so that a fifth finding has no place.
    let mut spool = Spool::open(folder.path(), 5 * each).unwrap();
    spool.put(Class::Findings, &[line(10)]).unwrap();
    spool.put(Class::Measurements, &[line(11)]).unwrap();
    spool.put(Class::Findings, &[line(12)]).unwrap();
    spool.put(Class::Measurements, &[line(13)]).unwrap();
    spool.put(Class::Findings, &[line(14)]).unwrap();
    assert_eq!(spool.lost(), Lost::default());
    spool.put(Class::Findings, &[line(15)]).unwrap();
    assert_eq!(spool.lost(), Lost { measurements: 1, findings: 0 });
    spool.put(Class::Findings, &[line(16)]).unwrap();
    assert_eq!(spool.lost(), Lost { measurements: 1, findings: 1 });
    spool.put(Class::Measurements, &[line(17)]).unwrap();
    spool.put(Class::Measurements, &[line(18)]).unwrap();
    assert_eq!(spool.lost(), Lost { measurements: 3, findings: 1 }, "the newest measurement has its place");
    let left: Vec<_> = taken(&mut spool).into_iter().map(|(_, line)| line).collect();
    assert_eq!(left, [line(12), line(14), line(15), line(16), line(18)]);
}

#[test]
fn a_full_folder_keeps_cases_with_their_detections_and_the_gravest_longest() {
    let folder = tempfile::tempdir().unwrap();
    let limit = 100_000;
    let mut spool = Spool::open(folder.path(), limit).unwrap();
    let unit = |name: &str, number: usize| -> Vec<String> {
        (0..3).map(|part| format!("{name} {number} {part} {}", "x".repeat(300))).collect()
    };
    let units =
        |name: &str, count: usize| -> Vec<Vec<String>> { (0..count).map(|number| unit(name, number)).collect() };
    let mut put = |class, units: &[Vec<String>]| spool.put_together(class, units.iter().map(Vec::as_slice)).unwrap();
    put(Class::Grave, &units("grave", 40));
    put(Class::Findings, &units("mild", 400));
    put(Class::Measurements, &[vec!["state".to_owned()]]);
    put(Class::Grave, &units("later", 20));
    let (lost, bytes) = (spool.lost(), spool.bytes());
    assert!(bytes <= limit && bytes > limit * 8 / 10, "most of the room is used: {bytes}");
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let lines = taken(&mut spool);
    for (_, line) in &lines {
        let name = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        *left.entry(name).or_default() += 1;
    }
    let of = |name: &str| -> Vec<usize> {
        left.iter().filter(|(unit, _)| unit.starts_with(name)).map(|(_, parts)| *parts).collect()
    };
    let (grave, later, mild) = (of("grave"), of("later"), of("mild"));
    assert_eq!((grave.len(), later.len()), (40, 20), "all that is grave is left");
    assert!(grave.into_iter().chain(later).chain(mild).all(|parts| parts == 3), "what belongs together stays so");
    assert_eq!(lost.lines() + lines.len() as u64, 3 * (40 + 400 + 20) + 1, "all that is gone is counted");
    // Where all is grave, what is not has no place.
    let mut spool = Spool::open(&folder.path().join("other"), 10_000).unwrap();
    spool.put_together(Class::Grave, units("grave", 40).iter().map(Vec::as_slice)).unwrap();
    let before = spool.lost().findings;
    spool.put_together(Class::Findings, units("mild", 1).iter().map(Vec::as_slice)).unwrap();
    assert_eq!(spool.lost().findings, before + 3);
}

#[test]
fn a_week_without_a_server_stays_within_the_bound_and_loses_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let limit = 200_000;
    let mut spool = Spool::open(folder.path(), limit).unwrap();
    let (state, finding) = ("s".repeat(500), "f".repeat(1_500));
    for hour in 0..7 * 24 {
        spool.put(Class::Measurements, &vec![state.clone(); 6]).unwrap();
        if hour % 4 == 0 {
            spool.put(Class::Findings, std::slice::from_ref(&finding)).unwrap();
        }
        assert!(spool.bytes() <= limit, "hour {hour}");
    }
    assert_eq!(spool.lost().findings, 0);
    assert!(spool.lost().measurements > 0);
    let on_disk: u64 = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum();
    assert_eq!(on_disk, spool.bytes());
    let findings = taken(&mut spool).into_iter().filter(|(class, _)| *class == Class::Findings).count();
    assert_eq!(findings, 7 * 6);
}

#[test]
fn what_is_refused_lies_aside_and_does_not_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(1)]).unwrap();
    spool.put(Class::Findings, &[line(2)]).unwrap();
    let first = spool.oldest().unwrap();
    spool.refuse(first.number);
    assert_eq!(taken(&mut spool), [(Class::Findings, line(2))]);
    let aside: Vec<_> = fs::read_dir(spool.refused_folder())
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(aside, [format!("{}\n", line(1))]);
    assert_eq!(Spool::open(folder.path(), 1 << 20).unwrap().lines(), 0);
}

#[test]
fn of_a_batch_only_the_lines_that_were_not_taken_lie_aside() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(1), line(2), line(3)]).unwrap();
    let batch = spool.oldest().unwrap();
    spool.sent_but(&batch, &[2, 9]).unwrap();
    assert_eq!(spool.lines(), 0);
    let aside: Vec<_> = fs::read_dir(spool.refused_folder()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert!(aside[0].to_str().unwrap().ends_with("-findings-1.ndjson"), "{aside:?}");
    assert_eq!(fs::read_to_string(&aside[0]).unwrap(), format!("{}\n", line(2)));
}

#[test]
fn long_rows_are_cut_into_batches_that_a_server_takes() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 30).unwrap();
    let lines = vec!["x".repeat(400_000); 6];
    spool.put(Class::Findings, &lines).unwrap();
    let mut sizes = Vec::new();
    while let Some(batch) = spool.oldest() {
        sizes.push(batch.bytes.len());
        spool.sent(batch.number).unwrap();
    }
    assert_eq!(sizes, [800_002, 800_002, 800_002]);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_nothing_is_lost_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
    spool.put(Class::Findings, &[line(1)]).unwrap();
    let elsewhere = folder.path().with_extension("moved");
    fs::rename(folder.path(), &elsewhere).unwrap();
    assert!(spool.put(Class::Findings, &[line(2)]).is_err());
    fs::rename(&elsewhere, folder.path()).unwrap();
    spool.put(Class::Findings, &[line(2)]).unwrap();
    let lines: Vec<_> = taken(&mut spool).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, [line(1), line(2)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever lies in the folder under whatever name: it opens, and what is not ours stays.
    #[test]
    fn any_name_in_the_folder_is_read_or_left_alone(name in "[0-9a-z.-]{1,40}") {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(REFUSED)).unwrap();
        let path = folder.path().join(&name);
        prop_assume!(!path.exists());
        fs::write(&path, "{}\n").unwrap();
        let mut spool = Spool::open(folder.path(), 1 << 20).unwrap();
        let is_ours = read_name(&name).is_some();
        prop_assert_eq!(spool.oldest().is_some(), is_ours);
        prop_assert_eq!(path.exists(), !name.ends_with(UNFINISHED));
    }
}
