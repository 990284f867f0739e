//! Evidence and what is done with it.

use incident::{Access, Command, Condition, Custody, EvidenceFile, Refusal};

use crate::support::{carry_out, reported};

fn file(sha256: &str) -> EvidenceFile {
    EvidenceFile {
        sha256: sha256.into(),
        size_bytes: 3,
        name: "scherm.png".into(),
        media_type: "image/png".into(),
        caution: None,
        description: " het scherm ".into(),
        origin: String::new(),
    }
}

fn added(file: EvidenceFile) -> Command {
    Command::Custody(Custody::Added(file))
}

#[test]
fn a_file_is_added_once_withdrawn_with_a_reason_and_can_come_back() {
    let mut incident = reported();
    for (refused, why) in [
        (EvidenceFile { size_bytes: 0, ..file("aa") }, Refusal::EmptyFile),
        (EvidenceFile { name: "a".repeat(256), ..file("aa") }, Refusal::TooLong { most: 255 }),
        (EvidenceFile { origin: "a".repeat(201), ..file("aa") }, Refusal::TooLong { most: 200 }),
    ] {
        assert_eq!(carry_out(&mut incident, added(refused)), Err(why));
    }
    carry_out(&mut incident, added(file("aa"))).expect("added");
    assert_eq!(carry_out(&mut incident, added(file("aa"))), Err(Refusal::AlreadyEvidence));
    assert_eq!(incident.evidence_bytes(), 3);
    assert_eq!(incident.evidence_of("aa").expect("there").file.description, "het scherm");

    let withdraw = |sha256: &str, reason: &str| {
        Command::Custody(Custody::Withdrawn { sha256: sha256.into(), reason: reason.into() })
    };
    assert_eq!(carry_out(&mut incident, withdraw("bb", "fout")), Err(Refusal::NoSuchEvidence));
    assert_eq!(carry_out(&mut incident, withdraw("aa", " ")), Err(Refusal::ReasonNeeded));
    carry_out(&mut incident, withdraw("aa", "fout")).expect("withdrawn");
    assert_eq!(carry_out(&mut incident, withdraw("aa", "fout")), Err(Refusal::NothingChanges));
    let withdrawn = incident.evidence_of("aa").expect("its hash stays").withdrawn.clone();
    assert_eq!(withdrawn.map(|(_, _, reason)| reason).as_deref(), Some("fout"));
    carry_out(&mut incident, added(file("aa"))).expect("added again");
    assert_eq!(incident.evidence_of("aa").expect("there").withdrawn, None);
    assert_eq!(incident.evidence.len(), 1);
    assert_eq!(incident.custody_of("aa").count(), 3);
}

#[test]
fn who_saw_it_who_got_it_and_whether_it_is_whole_is_recorded_of_a_closed_incident_as_well() {
    let mut incident = reported();
    carry_out(&mut incident, added(file("aa"))).expect("added");
    incident.closed_at = Some(incident.opened_at);
    assert_eq!(carry_out(&mut incident, added(file("bb"))), Err(Refusal::Closed));
    let withdrawn = Custody::Withdrawn { sha256: "aa".into(), reason: "fout".into() };
    assert_eq!(carry_out(&mut incident, Command::Custody(withdrawn)), Err(Refusal::Closed));
    let (sha256, none) = (|| "aa".to_owned(), Vec::new);
    let over = |to: &str, reason: &str| Custody::HandedOver { sha256: sha256(), to: to.into(), reason: reason.into() };
    for (custody, refusal) in [
        (Custody::Opened { sha256: sha256(), access: Access::Downloaded }, None),
        (Custody::Opened { sha256: "bb".into(), access: Access::Shown }, Some(Refusal::NoSuchEvidence)),
        (over("politie", "aangifte"), None),
        (over(" ", "aangifte"), Some(Refusal::ReceiverUnnamed)),
        (over("politie", ""), Some(Refusal::ReasonNeeded)),
        (Custody::Checked { intact: vec![sha256()], damaged: none(), missing: none() }, None),
        (Custody::Checked { intact: none(), damaged: none(), missing: none() }, Some(Refusal::NothingChanges)),
        (
            Custody::Checked { intact: none(), damaged: vec!["bb".into()], missing: none() },
            Some(Refusal::NoSuchEvidence),
        ),
    ] {
        assert_eq!(carry_out(&mut incident, Command::Custody(custody.clone())).err(), refusal, "{custody:?}");
    }
    assert_eq!(incident.custody_of("aa").count(), 4);
}

/// A file that was put right once stood as damaged until somebody checked again.
#[test]
fn a_file_that_was_sent_again_is_lost_no_more() {
    let mut incident = reported();
    for sha256 in ["aa", "bb"] {
        carry_out(&mut incident, added(file(sha256))).expect("added");
    }
    let none = Vec::new;
    let check = Custody::Checked { intact: none(), damaged: vec!["aa".into()], missing: vec!["bb".into()] };
    carry_out(&mut incident, Command::Custody(check.clone())).expect("checked");
    assert_eq!((incident.lost("aa"), incident.lost("bb")), (Some(Condition::Damaged), Some(Condition::Missing)));
    let put_right = |sha256: &str| Command::Custody(Custody::PutRight { sha256: sha256.into() });
    carry_out(&mut incident, put_right("aa")).expect("put right");
    assert_eq!((incident.lost("aa"), incident.lost("bb")), (None, Some(Condition::Missing)));
    assert_eq!(carry_out(&mut incident, put_right("cc")), Err(Refusal::NoSuchEvidence));
    // What is found after that counts again.
    carry_out(&mut incident, Command::Custody(check)).expect("checked");
    assert_eq!(incident.lost("aa"), Some(Condition::Damaged));
}
