//! The file that the authority reads first: it tells every event as the timeline does.

use documents::case_bundle;
use facts::Language;
use incident::{Access, Custody, ErasureGround, Event, EvidenceFile, Incident, Stamped};

use crate::fixture::{at, reported, zoned};

fn with(mut incident: Incident, events: Vec<Event>) -> Incident {
    let (id, by) = (incident.id, incident.opened_by.clone());
    for (place, event) in (50..).zip(events) {
        let recorded_at = at("2026-04-01T08:00:00Z");
        incident.apply(&Stamped { incident: id, index: Some(place), recorded_at, by: by.clone(), event });
    }
    incident
}

/// Every step of custody once read "bewijs – NAME", and what was written at closing, holding and erasing was left out.
#[test]
fn the_file_for_the_authority_tells_what_the_timeline_tells() {
    let sha256 = || "ab".repeat(32);
    let file = EvidenceFile {
        sha256: sha256(),
        size_bytes: 2048,
        name: "scherm.png".into(),
        media_type: "image/png".into(),
        caution: None,
        description: "Het scherm van de kassa".into(),
        origin: "helpdesk".into(),
    };
    let events = vec![
        Event::Custody(Custody::Added(file)),
        Event::Custody(Custody::Opened { sha256: sha256(), access: Access::Downloaded }),
        Event::Custody(Custody::HandedOver { sha256: sha256(), to: "de politie".into(), reason: "aangifte".into() }),
        Event::Custody(Custody::Checked { intact: vec![], damaged: vec![sha256()], missing: vec![] }),
        Event::Custody(Custody::PutRight { sha256: sha256() }),
        Event::Custody(Custody::Withdrawn { sha256: sha256(), reason: "verkeerde klant".into() }),
        Event::HoldPlaced { reason: "een claim loopt".into() },
        Event::EntriesErased { ground: ErasureGround::Request, reason: "verzoek 17".into(), entries: vec![] },
        Event::Closed { lessons: "Voortaan als link".into() },
    ];
    let incident = with(reported(), events);
    let made_at = zoned("2026-04-02T10:00:00+02:00[Europe/Amsterdam]");
    let text = |language| {
        let document = case_bundle::document(&incident, "Bakkerij", &[], &made_at, language);
        document.to_text().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (nl, en) = (text(Language::Dutch), text(Language::English));
    for said in [
        "Bewijs toegevoegd: scherm.png",
        "Bewijs gedownload: scherm.png",
        "Bewijs overgedragen aan de politie: scherm.png",
        "Bewijs gecontroleerd",
        "Beschadigd: scherm.png",
        "Bewijs hersteld: scherm.png",
        "Bewijs ingetrokken: scherm.png",
        "Wisverbod geplaatst",
        "opnieuw verwoord omdat",
        "Gesloten",
    ] {
        assert!(nl.contains(said), "{said}: {nl}");
    }
    for said in [
        "Evidence added: scherm.png",
        "Evidence downloaded: scherm.png",
        "Evidence handed over to de politie: scherm.png",
        "Evidence checked",
        "Damaged: scherm.png",
        "Evidence put right: scherm.png",
        "Evidence withdrawn: scherm.png",
        "Held from being erased",
        "worded anew because",
        "Closed",
    ] {
        assert!(en.contains(said), "{said}: {en}");
    }
    for text in [&nl, &en] {
        for words in ["aangifte", "verkeerde klant", "een claim loopt", "verzoek 17", "Voortaan als link"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    // The files stand in a list of their own, each with its hash.
    let list = nl.split("Bewijs -").nth(1).expect("a list of evidence");
    assert!(list.starts_with("----- scherm.png: SHA-256 abab") && list.contains("Ingetrokken door"), "{list}");
}
