//! Evidence that is damaged or gone from the store, and a store that has no room.

use std::path::{Path, PathBuf};

use axum::http::StatusCode;

use super::{LIST, OWN_SITE, PNG, add, download, end, field, file, send, sha256};
use crate::world::World;

#[tokio::test]
async fn a_lost_file_is_said_to_be_lost_and_is_not_put_on_file_as_seen() {
    let world = World::new().await;
    // Files that lie in a folder can be spoilt from outside; the store itself refuses to.
    let Some(folder) = world.folder() else { return };
    let mut handler = world.handler().await;
    let files: [(&str, &[u8]); 3] = [("heel.txt", b"heel"), ("stuk.png", PNG), ("weg.txt", b"weg")];
    add(&mut handler, &files).await;
    for (path, sha256) in blobs_in(folder).into_iter().map(|path| (path.clone(), name_of(&path))) {
        if sha256 == self::sha256(PNG) {
            let mut permissions = std::fs::metadata(&path).unwrap().permissions();
            #[expect(clippy::permissions_set_readonly_false, reason = "a file of this test")]
            permissions.set_readonly(false);
            std::fs::set_permissions(&path, permissions).unwrap();
            let turned: Vec<u8> = PNG.iter().rev().copied().collect();
            std::fs::write(&path, turned).unwrap();
        } else if sha256 == self::sha256(b"weg") {
            std::fs::remove_file(&path).unwrap();
        }
    }
    for bytes in [PNG, b"weg"] {
        let answer = download(&mut handler, bytes).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text().contains("Dit bestand is beschadigd of weg uit de opslag."), "{}", answer.text());
    }
    let picture = handler.get(&format!("{LIST}/{}/beeld", self::sha256(PNG))).await;
    assert_eq!(picture.status, StatusCode::INTERNAL_SERVER_ERROR);
    let timeline = handler.get("/o/bakkerij-de-korenaar/incidenten/2/tijdlijn").await.text();
    assert!(!timeline.contains("Bewijs gedownload") && !timeline.contains("Bewijs bekeken"), "{timeline}");

    handler.post(&format!("{LIST}/controle"), &[]).await;
    let list = handler.get(LIST).await;
    for (name, lost) in [("heel.txt", None), ("stuk.png", Some("beschadigd")), ("weg.txt", Some("weg uit de opslag"))] {
        let row = list.html().split("<tr>").find(|row| row.contains(name)).unwrap().to_owned();
        assert_eq!(row.contains("chip alarm"), lost.is_some(), "{row}");
        assert!(lost.is_none_or(|lost| row.contains(lost)), "{row}");
        let bytes = files.iter().find(|(one, _)| *one == name).unwrap().1;
        let page = handler.get(&format!("{LIST}/{}", self::sha256(bytes))).await.text();
        assert_eq!(page.contains("Dat bleek bij de laatste controle"), lost.is_some(), "{page}");
    }
}

/// An incident that is nearly full once refused the very file that it has, and so could not be mended.
#[tokio::test]
async fn a_full_incident_takes_the_file_that_mends_it() {
    let mut world = World::new().await;
    world.state.evidence = app::EvidenceLimits { file_bytes: 3 << 20, incident_bytes: 3 << 20, files: 1 };
    world.router = web::router(world.state.clone());
    let Some(folder) = world.folder().map(Path::to_owned) else { return };
    let mut handler = world.handler().await;
    let large = vec![b'1'; 2_500_000];
    add(&mut handler, &[("groot.bin", &large)]).await;
    // Its own file alone: the database lies in the same folder.
    let kept =
        |bytes: &[u8]| blobs_in(&folder).into_iter().filter(|path| name_of(path) == sha256(bytes)).collect::<Vec<_>>();
    let own = kept(&large);
    assert_eq!(own.len(), 1);
    std::fs::remove_file(&own[0]).unwrap();
    handler.post(&format!("{LIST}/controle"), &[]).await;
    let page = handler.get(&format!("{LIST}/{}", sha256(&large))).await.text();
    assert!(page.contains("Voeg het bij Bewijs nog eens toe"), "{page}");
    let answer = send(&mut handler, OWN_SITE, [file("groot.bin", &large), end()].concat().into()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(download(&mut handler, &large).await.bytes == large);
    let other = vec![b'2'; 2_500_000];
    let answer = send(&mut handler, OWN_SITE, [file("anders.bin", &other), end()].concat().into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((kept(&large).len(), kept(&other).len()), (1, 0), "nothing of it stays");
}

/// The page once said that nothing was added, of a file that it had just put right.
#[tokio::test]
async fn the_same_file_sent_again_puts_a_damaged_one_right_and_says_so() {
    let world = World::new().await;
    // Files that lie in a folder can be spoilt from outside; the store itself refuses to.
    let Some(folder) = world.folder() else { return };
    let mut handler = world.handler().await;
    add(&mut handler, &[("heel.txt", b"heel"), ("stuk.png", PNG), ("weg.txt", b"weg")]).await;
    let spoil = || {
        for path in blobs_in(folder) {
            let name = name_of(&path);
            if name == sha256(PNG) {
                // Another file in its place: its own may not be written.
                std::fs::remove_file(&path).unwrap();
                std::fs::write(&path, b"iets anders").unwrap();
            } else if name == sha256(b"weg") {
                std::fs::remove_file(&path).unwrap();
            }
        }
    };
    let mut again = async |files: &[(&str, &[u8])]| {
        let files = files.iter().flat_map(|(name, bytes)| file(name, bytes)).chain(end()).collect::<Vec<_>>();
        let answer = send(&mut handler, OWN_SITE, files.into()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        handler.get(answer.location()).await.text()
    };
    spoil();
    let page = again(&[("kopie.png", PNG)]).await;
    let one = "Van dit bestand was de bewaarde kopie beschadigd of weg. Wat u stuurde is precies hetzelfde bestand, en staat nu \
        in de plaats ervan: stuk.png.";
    assert!(page.contains(one) && !page.contains("stond er al"), "{page}");
    let page = again(&[("weg.txt", b"weg"), ("nieuw.txt", b"nieuw"), ("heel.txt", b"heel")]).await;
    assert!(page.contains(&one.replace("stuk.png", "weg.txt")), "{page}");
    assert!(page.contains("Dit bestand stond er al, en is niet nog eens toegevoegd: heel.txt."), "{page}");
    assert!(page.contains("nieuw.txt"), "what came with it is added: {page}");
    spoil();
    handler.post(&format!("{LIST}/controle"), &[]).await;
    let page = handler.get(LIST).await.text();
    assert!(page.contains("1 beschadigd, 1 weg"), "{page}");
    let mut again = async |files: &[(&str, &[u8])]| {
        let files = files.iter().flat_map(|(name, bytes)| file(name, bytes)).chain(end()).collect::<Vec<_>>();
        let answer = send(&mut handler, OWN_SITE, files.into()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        handler.get(answer.location()).await.text()
    };
    let page = again(&[("weg.txt", b"weg"), ("stuk.png", PNG)]).await;
    assert!(
        page.contains("Van deze bestanden was de bewaarde kopie") && page.contains(": stuk.png, weg.txt."),
        "{page}"
    );
    // It went on saying so until somebody checked again, and the timeline said nothing of it.
    assert!(
        page.contains("Wat beschadigd of weg was, is sindsdien hersteld.") && !page.contains("1 beschadigd"),
        "{page}"
    );
    let one = handler.get(&format!("{LIST}/{}", sha256(PNG))).await;
    assert!(
        !one.html().contains("callout amber") && one.text().contains("Bewijs hersteld: stuk.png"),
        "{}",
        one.text()
    );
    let timeline = handler.get("/o/bakkerij-de-korenaar/incidenten/2/tijdlijn").await.text();
    assert_eq!(timeline.matches("Bewijs hersteld: ").count(), 4, "{timeline}");
    for bytes in [PNG, b"weg", b"heel"] {
        assert!(download(&mut handler, bytes).await.bytes == bytes);
    }
    // Whole again, it is only there already.
    let answer = send(&mut handler, OWN_SITE, [file("kopie.png", PNG), end()].concat().into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Ditzelfde bestand is al toegevoegd"), "{}", answer.text());
    assert!(!handler.get(&format!("{LIST}?hersteld=x,9999")).await.text().contains("bewaarde kopie"));
}

fn blobs_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(blobs_in(&entry)) } else { found.push(entry) }
    }
    found
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Linux's own full disk stands where the store would write: what was typed comes back with the reason, the files do not.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn on_a_full_disk_the_form_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let Some(folder) = world.folder() else { return };
    let mut handler = world.handler().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let blobs = folder.join("blobs").join(scope.id().to_string());
    std::fs::create_dir_all(&blobs).unwrap();
    for number in 0..20 {
        let beside = blobs.join(format!("{}-{number}.new", std::process::id()));
        std::os::unix::fs::symlink("/dev/full", beside).unwrap();
    }
    let body = [
        field("omschrijving", "Wat de helpdesk zag"),
        field("herkomst", "Printscreen van Ada"),
        file("scherm.png", PNG),
        end(),
    ];
    let answer = send(&mut handler, OWN_SITE, body.concat().into()).await;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE, "{}", answer.text());
    insta::assert_snapshot!("evidence_full_disk", answer.text());
    let html = answer.html();
    assert!(
        html.contains("Wat de helpdesk zag</textarea>") && html.contains("value=\"Printscreen van Ada\""),
        "{html}"
    );
    assert!(html.contains(&format!("action=\"{LIST}\"")) && html.contains("id=\"bestanden-fout\""), "{html}");
    let there = world.app.incident(&scope, 2).await.unwrap();
    assert!(there.evidence.is_empty(), "{:?}", there.evidence);
    for beside in std::fs::read_dir(&blobs).unwrap() {
        let _ = std::fs::remove_file(beside.unwrap().path());
    }
    // Room again: the same form is taken in.
    let answer = send(&mut handler, OWN_SITE, body.concat().into()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}
