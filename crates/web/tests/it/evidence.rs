//! Files as evidence: added in pieces, shown as nothing but what they are, and everybody who saw one on file. Those that are
//! spoilt, and disks that are full, stand in `lost`.

mod lost;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::client::{Answer, Client};
use crate::world::World;

const LIST: &str = "/o/bakkerij-de-korenaar/incidenten/2/bewijs";
const BOUNDARY: &str = "----dijkwacht4711";
const OWN_SITE: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn begin_file(name: &str) -> Vec<u8> {
    let head = format!("form-data; name=\"bestanden\"; filename=\"{name}\"\r\nContent-Type: text/html");
    format!("--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n").into_bytes()
}

fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    [&begin_file(name)[..], bytes, b"\r\n"].concat()
}

fn end() -> Vec<u8> {
    format!("--{BOUNDARY}--\r\n").into_bytes()
}

async fn send(client: &mut Client, headers: &[(&str, &str)], body: Body) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    client.send_body(Method::POST, LIST, headers, &kind, body).await
}

/// Adds files as a browser does, and expects that to work.
async fn add(client: &mut Client, files: &[(&str, &[u8])]) {
    let mut body =
        [field("_token", "x"), field("omschrijving", "Wat te zien is"), field("herkomst", "helpdesk")].concat();
    for (name, bytes) in files {
        body.extend(file(name, bytes));
    }
    body.extend(end());
    let answer = send(client, OWN_SITE, body.into()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

async fn download(client: &mut Client, bytes: &[u8]) -> Answer {
    client.post(&format!("{LIST}/{}/download", sha256(bytes)), &[]).await
}

#[tokio::test]
async fn a_file_comes_back_byte_for_byte_and_everybody_who_saw_it_is_on_file() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let log = "27 mrt 14:02 inlog mislukt\r\n--".repeat(40_000).into_bytes();
    add(&mut handler, &[("scherm.png", PNG), ("log.txt", &log)]).await;
    let list = handler.get(LIST).await.text();
    for seen in
        ["scherm.png", "log.txt", "Afbeelding (PNG)", "Tekst", "1,1 MB", &sha256(PNG), &sha256(&log), "Joost Bakker"]
    {
        assert!(list.contains(seen), "{seen} is not in the list:\n{list}");
    }
    let mut dpo = world.dpo().await;
    let answer = download(&mut dpo, &log).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.bytes == log);
    assert_eq!(answer.headers["content-length"], log.len().to_string().as_str());
    let page = handler.get(&format!("{LIST}/{}", sha256(&log))).await.text();
    assert!(page.contains("Ferdi Özdemir") && page.contains("Bewijs gedownload: log.txt"), "{page}");
    let timeline = handler.get("/o/bakkerij-de-korenaar/incidenten/2/tijdlijn").await.text();
    for seen in ["Bewijs toegevoegd: log.txt", "Bewijs gedownload: log.txt", &sha256(&log)] {
        assert!(timeline.contains(seen), "{seen}:\n{timeline}");
    }
    // The same file again is there already.
    let body = [file("ander.txt", &log), end()].concat();
    let answer = send(&mut handler, OWN_SITE, body.into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Ditzelfde bestand is al toegevoegd"), "{}", answer.text());
    assert!(download(&mut handler, &log).await.bytes == log, "what an incident uses is not let go");
}

#[tokio::test]
async fn a_page_or_drawing_is_never_shown_as_one() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let polyglot = [b"GIF89a", &b"/*<script>alert(1)</script><svg onload=alert(1)>*/"[..]].concat();
    let files: &[(&str, &[u8])] = &[
        ("mooi.png", b"<!doctype html><script>alert(1)</script>"),
        ("plaatje.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("x.html", &polyglot),
        ("factuur.pdf.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"),
        ("scherm.png", PNG),
    ];
    add(&mut handler, files).await;
    for (name, bytes) in files {
        let path = format!("{LIST}/{}", sha256(bytes));
        let is_raster = *bytes == PNG || *bytes == &polyglot[..];
        let page = handler.get(&path).await;
        assert_eq!(page.html().contains("<img "), is_raster, "{name}");
        assert_eq!(page.text().contains("Pas op"), *name != "scherm.png", "{name} warns");
        let picture = handler.get(&format!("{path}/beeld")).await;
        let got = download(&mut handler, bytes).await;
        assert_eq!(picture.status, if is_raster { StatusCode::OK } else { StatusCode::NOT_FOUND }, "{name}");
        let mut answers = vec![(got, "attachment; filename=", "application/octet-stream")];
        if is_raster {
            let kind = if *bytes == PNG { "image/png" } else { "image/gif" };
            answers.push((picture, "inline", kind));
        }
        for (answer, disposition, kind) in answers {
            assert_eq!(answer.status, StatusCode::OK, "{name}");
            assert!(answer.bytes == *bytes, "{name}");
            assert_eq!(answer.headers["content-type"], kind, "{name}");
            assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with(disposition), "{name}");
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            assert_eq!(answer.headers["cross-origin-resource-policy"], "same-origin");
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'; sandbox;") && !policy.contains("'self'"), "{policy}");
        }
    }
    // Looking twice within the hour is one look.
    handler.get(&format!("{LIST}/{}/beeld", sha256(PNG))).await;
    let page = handler.get(&format!("{LIST}/{}", sha256(PNG))).await.text();
    assert_eq!(page.matches("Bewijs bekeken").count(), 1, "{page}");
}

#[tokio::test]
async fn a_strange_name_is_kept_and_breaks_nothing() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    // As a browser sends them: a quotation mark and line ends in percent signs, everything else as it is.
    let sent = "één %22groot%22 <b>\u{202e}gnp.%0D%0ASet-Cookie: x=1; ../..\\a.txt";
    add(&mut handler, &[(sent, b"inhoud")]).await;
    let list = handler.get(LIST).await;
    assert!(!list.html().contains("<b>\u{fffd}"), "a name is no markup");
    assert!(list.text().contains("één \"groot\" <b>\u{fffd}gnp."), "{}", list.text());
    let answer = download(&mut handler, b"inhoud").await;
    assert!(answer.headers.get("set-cookie").is_none_or(|cookie| !cookie.to_str().unwrap().contains("x=1")));
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''%C3%A9%C3%A9n%20%22groot%22"), "{disposition}");
    assert!(!disposition.contains(['/', '\\', '\r', '\n']), "{disposition}");
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let kept = world.app.incident(&scope, 2).await.unwrap().evidence[0].file.name.clone();
    assert_eq!(kept, "één \"groot\" <b>\u{202e}gnp.\r\nSet-Cookie: x=1; ../..\\a.txt");
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    // 60 MB in pieces of 64 KiB.
    let piece = Bytes::from(vec![b'a'; 64 * 1024]);
    let given = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&given);
    let pieces = stream::iter(0..960).map(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::convert::Infallible>(piece.clone())
    });
    let head =
        [field("omschrijving", "Dit typte ik"), begin_file("klein.txt"), b"klein\r\n".to_vec(), begin_file("film.mkv")];
    let whole = stream::iter([Ok(Bytes::from(head.concat()))])
        .chain(pieces)
        .chain(stream::iter([Ok(Bytes::from([&b"\r\n"[..], &end()].concat()))]));
    let answer = send(&mut handler, OWN_SITE, Body::from_stream(whole)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(given.load(Ordering::Relaxed), 960, "read to its end, so that a browser gets to see why");
    let text = answer.text();
    assert!(text.contains("“film.mkv” is groter dan 50 MB. Er is niets toegevoegd."), "{text}");
    assert!(answer.html().contains("Dit typte ik"), "what was typed is not lost");
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    assert!(world.app.incident(&scope, 2).await.unwrap().evidence.is_empty());
    assert!(world.app.store.blobs(&scope).await.unwrap().is_empty(), "nothing of it stays, the small file neither");
}

#[tokio::test]
async fn the_limits_of_an_incident_hold_over_several_forms() {
    let mut world = World::new().await;
    world.state.evidence = app::EvidenceLimits { file_bytes: 3 << 20, incident_bytes: 4 << 20, files: 3 };
    world.router = web::router(world.state.clone());
    let mut handler = world.handler().await;
    let large = |letter: u8| vec![letter; 2_500_000];
    add(&mut handler, &[("1", &large(b'1'))]).await;
    let body = [file("2", &large(b'2')), end()].concat();
    let answer = send(&mut handler, OWN_SITE, body.into()).await;
    assert!(
        answer.text().contains("Met “2” erbij zijn alle bestanden van dit incident samen groter dan 4 MB"),
        "{}",
        answer.text()
    );
    add(&mut handler, &[("2", b"2"), ("3", b"3")]).await;
    let answer = send(&mut handler, OWN_SITE, [file("4", b"4"), end()].concat().into()).await;
    assert!(answer.text().contains("Bij een incident kunnen 3 bestanden"), "{}", answer.text());
    for (body, said) in [
        ([file("leeg.txt", b""), end()].concat(), "“leeg.txt” is leeg"),
        ([file("", b""), end()].concat(), "Kies ten minste één bestand"),
        (end(), "Kies ten minste één bestand"),
    ] {
        world.state.evidence = app::EvidenceLimits::default();
        world.router = web::router(world.state.clone());
        let mut handler = world.handler().await;
        let answer = send(&mut handler, OWN_SITE, body.into()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_form_that_is_none_or_never_ends_its_header_is_refused() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let endless = [format!("--{BOUNDARY}\r\nX: ").into_bytes(), vec![b'a'; 3 << 20]].concat();
    let endless: Vec<_> = endless
        .chunks(64 * 1024)
        .map(|piece| Ok::<_, std::convert::Infallible>(Bytes::copy_from_slice(piece)))
        .collect();
    let text = [field("omschrijving", &"a".repeat(300 * 1024)), end()].concat();
    for body in [
        Body::from(b"no boundary at all".to_vec()),
        Body::from(file("cut.txt", b"the end is missing")),
        Body::from_stream(stream::iter(endless)),
        Body::from(text),
    ] {
        let answer = send(&mut handler, OWN_SITE, body).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    }
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    assert!(world.app.store.blobs(&scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_form_with_files_from_elsewhere_adds_nothing_and_is_not_read() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let token = handler.get(LIST).await.hidden("_token");
    let right = [field("_token", &token), file("a.txt", b"van hier"), end()].concat();
    let wrong = [field("_token", "geraden"), file("a.txt", b"van elders"), end()].concat();
    let late = [file("a.txt", b"van elders"), field("_token", &token), end()].concat();
    let disguised =
        [field("x", &format!("\r\n\r\nform-data; name=\"_token\"\r\n\r\n{token}\r\n--")), file("a", b"b"), end()]
            .concat();
    let none = [vec![b'a'; 100_000], end()].concat();
    for (headers, body, expected) in [
        (&[("sec-fetch-site", "cross-site")][..], &right, StatusCode::FORBIDDEN),
        (&[], &wrong, StatusCode::FORBIDDEN),
        (&[], &late, StatusCode::FORBIDDEN),
        (&[], &disguised, StatusCode::FORBIDDEN),
        (&[], &none, StatusCode::FORBIDDEN),
        (&[], &right, StatusCode::SEE_OTHER),
    ] {
        let pieces: Vec<_> =
            body.chunks(11).map(|piece| Ok::<_, std::convert::Infallible>(Bytes::copy_from_slice(piece))).collect();
        let answer = send(&mut handler, headers, Body::from_stream(stream::iter(pieces))).await;
        assert_eq!(answer.status, expected, "{headers:?}");
    }
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    assert_eq!(world.app.store.blobs(&scope).await.unwrap(), [sha256(b"van hier")]);
}

#[tokio::test]
async fn what_is_handed_over_withdrawn_and_checked_is_on_file() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    add(&mut handler, &[("mail.eml", b"From: a@b.example\nDate: nu\n\nhallo"), ("fout.txt", b"verkeerd bestand")])
        .await;
    let mail = format!("{LIST}/{}", sha256(b"From: a@b.example\nDate: nu\n\nhallo"));
    let answer = handler.post(&format!("{mail}/overgedragen"), &[("aan", ""), ("reden", "aangifte")]).await;
    assert!(answer.text().contains("Vul in aan wie"), "{}", answer.text());
    let form = [("aan", "Politie Oost-Nederland"), ("reden", "aangifte 4711")];
    assert_eq!(handler.post(&format!("{mail}/overgedragen"), &form).await.status, StatusCode::SEE_OTHER);
    let page = handler.get(&mail).await.text();
    assert!(page.contains("overgedragen aan Politie Oost-Nederland") && page.contains("aangifte 4711"), "{page}");

    let wrong = format!("{LIST}/{}", sha256(b"verkeerd bestand"));
    let answer = handler.post(&format!("{wrong}/ingetrokken"), &[("intrekken", " ")]).await;
    assert!(answer.text().contains("Vul in waarom"), "{}", answer.text());
    assert_eq!(
        handler.post(&format!("{wrong}/ingetrokken"), &[("intrekken", "vergissing")]).await.status,
        StatusCode::SEE_OTHER
    );
    let list = handler.get(LIST).await.text();
    assert!(list.contains("Ingetrokken: 1") && list.contains(&sha256(b"verkeerd bestand")), "{list}");

    assert_eq!(handler.post(&format!("{LIST}/controle"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(handler.get(LIST).await.text().contains("Alle 2 bestanden zijn precies wat er is toegevoegd"));
    // It once said so of those that came after the check as well.
    add(&mut handler, &[("later.txt", b"later")]).await;
    assert!(handler.get(LIST).await.text().contains("2 van de 3 bestanden nagekeken"));
    // What only reads may take files away, and do no more.
    let mut dpo = world.dpo().await;
    assert!(
        !dpo.get(LIST)
            .await
            .html()
            .contains("<form method=\"post\" action=\"/o/bakkerij-de-korenaar/incidenten/2/bewijs")
    );
    let body = [file("a.txt", b"a"), end()].concat();
    assert_eq!(send(&mut dpo, OWN_SITE, body.into()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_same_file_twice_in_one_form_is_refused_by_both_names() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let body = [file("a.txt", b"gelijk"), file("b.txt", b"gelijk"), end()].concat();
    let answer = send(&mut handler, OWN_SITE, body.into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("“a.txt” en “b.txt” zijn precies hetzelfde bestand"), "{}", answer.text());
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    assert!(world.app.store.blobs(&scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stranger_finds_no_file_and_no_file_stands_under_another_incident() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    add(&mut handler, &[("scherm.png", PNG)]).await;
    let mut stranger = world.stranger().await;
    let elsewhere = LIST.replace("/2/", "/1/");
    for place in [format!("{LIST}/{}", sha256(PNG)), format!("{elsewhere}/{}", sha256(PNG))] {
        let client = if place.starts_with(LIST) { &mut stranger } else { &mut handler };
        for path in [place.clone(), format!("{place}/beeld")] {
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(client.post(&format!("{place}/download"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            client.post(&format!("{place}/ingetrokken"), &[("intrekken", "x")]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    for odd in ["..%2f..%2fdijkwacht.db", "0", &sha256(PNG).to_uppercase()] {
        assert_eq!(handler.get(&format!("{LIST}/{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn somebody_who_decides_is_not_held_up_by_somebody_who_looks_at_a_file() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    add(&mut handler, &[("scherm.png", PNG)]).await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let seen = world.app.incident(&scope, 2).await.unwrap().timeline.len() as u64;
    download(&mut handler, PNG).await;
    let at = crate::world::NOW;
    let set = world.app.set_awareness(&scope, 2, Some(seen), at, false, "zeker".into(), at).await;
    assert!(set.is_ok(), "{:?}", set.err());
    let again = world.app.set_detected_at(&scope, 2, Some(seen), at, at).await;
    assert!(matches!(again, Err(app::Error::Conflict)), "what changes the case is news");
}

/// A file that was there already was passed over without a word when it came with new ones.
#[tokio::test]
async fn a_file_that_is_there_already_is_told_beside_those_that_are_added() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    add(&mut handler, &[("scherm.png", PNG), ("log.txt", b"inlog mislukt")]).await;
    let again = [file("nieuw.txt", b"nog iets"), file("ander.png", PNG), end()].concat();
    let answer = send(&mut handler, OWN_SITE, again.into()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = handler.get(answer.location()).await.text();
    assert!(page.contains("Dit bestand stond er al, en is niet nog eens toegevoegd: scherm.png."), "{page}");
    assert!(page.contains("nieuw.txt") && !page.contains("ander.png"), "{page}");
    let more = [file("a", PNG), file("b", b"inlog mislukt"), file("c", b"nieuw"), end()].concat();
    let answer = send(&mut handler, OWN_SITE, more.into()).await;
    let page = handler.get(answer.location()).await.text();
    assert!(
        page.contains("Deze bestanden stonden er al, en zijn niet nog eens toegevoegd: scherm.png, log.txt."),
        "{page}"
    );
    for odd in ["?al=", "?al=x,9999,-1"] {
        assert!(!handler.get(&format!("{LIST}{odd}")).await.text().contains("stond"), "{odd}");
    }
}
