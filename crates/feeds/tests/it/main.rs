//! Lists fetched from a real server that behaves well, and badly.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::{Path as Segment, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use feeds::{Folder, Lists, Name, Outcome, Refusal, Source, Subscription, Unusable, is_due, update};
use intel::{InvalidLine, LineFault};
use jiff::{SignedDuration, Timestamp};

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 0);

/// What the server gives at `/list`, and who asked.
#[derive(Default)]
struct Publisher {
    body: Mutex<String>,
    asked: Mutex<Vec<String>>,
}

fn serve(publisher: Arc<Publisher>) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            let routes = Router::new()
                .route("/list", get(list))
                .route("/cut", get(cut))
                .route("/secret", get(secret))
                .route("/misp/", get(index))
                .route("/misp/{file}", get(misp))
                .route("/taxii2/", get(discovery))
                .route("/api/", get(root))
                .route("/api/collections/", get(collections))
                .route("/api/collections/1/objects/", get(taxii))
                // As section 5.4 has it where there is nothing.
                .route("/api/collections/2/objects/", get(async || "{}"))
                .route("/api/collections/3/objects/", get(dated))
                .route("/api/collections/4/objects/", get(async || r#"{"more":true,"objects":[{}]}"#))
                .with_state(publisher);
            axum::serve(listener, routes).await.unwrap();
        });
    });
    format!("http://{}", receiver.recv().unwrap())
}

async fn list(State(publisher): State<Arc<Publisher>>, headers: HeaderMap) -> Response {
    let body = publisher.body.lock().unwrap().clone();
    let etag = format!("\"{}\"", body.len());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    publisher.asked.lock().unwrap().push(known.clone());
    if known == etag {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::ETAG, etag)], body).into_response()
}

/// Says more than it sends.
async fn cut() -> Response {
    let body = Body::from("evil.example\nbad.example\nworse.exam");
    Response::builder().header(header::CONTENT_LENGTH, "1000").body(body).unwrap()
}

async fn secret(headers: HeaderMap) -> Response {
    match headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        Some("Bearer open-sesame") => "evil.example\n".into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

const A: &str = "5a1b2c3d-0000-4000-8000-0123456789aa";
const B: &str = "5a1b2c3d-0000-4000-8000-0123456789bb";

/// As a web server shows a folder to people.
async fn index() -> &'static str {
    "<!DOCTYPE html><title>Index of /misp</title>"
}

fn is_taxii(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/taxii+json;version=2.1")
}

async fn discovery(headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let roots = format!(r#"{{"title":"x","api_roots":["http://{host}/api/","http://elsewhere.example/api/"]}}"#);
    if is_taxii(&headers) { roots.into_response() } else { StatusCode::NOT_ACCEPTABLE.into_response() }
}

/// One that does not mind what is asked of it.
async fn root() -> &'static str {
    r#"{"title":"x","versions":["application/taxii+json;version=2.1"],"max_content_length":1}"#
}

async fn collections() -> &'static str {
    r#"{"collections":[{"id":"1","title":"Kwaad","can_read":true,"can_write":false},{"id":"2","can_read":false}]}"#
}

async fn misp(Segment(file): Segment<String>) -> Response {
    match file.as_str() {
        "manifest.json" => {
            format!(r#"{{"{A}":{{"timestamp":"20","info":"A"}},"{B}":{{"timestamp":"10"}}}}"#).into_response()
        }
        a if a == format!("{A}.json") => {
            r#"{"Event":{"info":"A","Attribute":[{"type":"domain","value":"one.example","to_ids":true}]}}"#
                .into_response()
        }
        b if b == format!("{B}.json") => {
            r#"{"Event":{"info":"B","Attribute":[{"type":"domain","value":"two.example","to_ids":true}]}}"#
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(serde::Deserialize)]
struct Page {
    next: Option<String>,
}

async fn taxii(Query(page): Query<Page>, headers: HeaderMap) -> Response {
    if !is_taxii(&headers) {
        return StatusCode::NOT_ACCEPTABLE.into_response();
    }
    let object = |name: &str| {
        format!(r#"{{"type":"indicator","name":"n","pattern_type":"stix","pattern":"[domain-name:value = '{name}']"}}"#)
    };
    match page.next.as_deref() {
        None => format!(r#"{{"more":true,"next":"page 2","objects":[{}]}}"#, object("one.example")).into_response(),
        Some("page 2") => format!(r#"{{"more":false,"objects":[{}]}}"#, object("two.example")).into_response(),
        Some(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Says where the next page begins by the moment of what was last added, and wants to be asked for indicators alone.
async fn dated(Query(asked): Query<std::collections::BTreeMap<String, String>>) -> Response {
    const LAST: &str = "2026-01-01T00:00:00.5Z";
    if asked.get("match[type]").map(String::as_str) != Some("indicator") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let page = |more: bool, name: &str| {
        format!(
            r#"{{"more":{more},"objects":[{{"type":"indicator","name":null,"pattern":"[domain-name:value = '{name}']"}}]}}"#
        )
    };
    match asked.get("added_after").map(String::as_str) {
        None => ([("X-TAXII-Date-Added-Last", LAST)], page(true, "one.example")).into_response(),
        Some(LAST) => page(false, "two.example").into_response(),
        Some(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn subscribe(folder: &Folder, url: String, format: Option<&str>, secret_file: Option<&Path>) -> Name {
    let name: Name = "demo".parse().unwrap();
    let subscription = Subscription {
        source: Source::Url(url),
        format: format.map(str::to_owned),
        licence: Some("CC0".into()),
        every_hours: 6,
        secret_file: secret_file.map(Path::to_owned),
        state: feeds::State::default(),
    };
    folder.add(&name, &subscription).unwrap();
    name
}

fn has(folder: &Folder, names: &[&str]) -> Vec<bool> {
    let lists = Lists::load(folder.clone()).unwrap();
    names.iter().map(|name| lists.lists().iter().any(|list| list.domain(name).is_some())).collect()
}

#[test]
fn a_list_is_fetched_once_and_again_only_when_it_changed() {
    let (place, publisher) = (tempfile::tempdir().unwrap(), Arc::new(Publisher::default()));
    let folder = Folder::at(&place.path().join("lists"));
    *publisher.body.lock().unwrap() = "evil.example\nwhat is this\n".into();
    let name = subscribe(&folder, format!("{}/list", serve(Arc::clone(&publisher))), None, None);

    assert_eq!(
        update(&folder, &name, NOW).unwrap(),
        Outcome::Renewed {
            entries: 1,
            skipped: 0,
            unusable: Unusable {
                count: 1,
                first: vec![InvalidLine { line: 2, text: "what is this".into(), fault: LineFault::MoreThanOne }],
                by_fault: [(LineFault::MoreThanOne, 1)].into(),
            },
        }
    );
    let mut lists = Lists::load(folder.clone()).unwrap();
    let list = lists.lists().first().unwrap();
    assert_eq!((list.about().licence.as_deref(), list.about().fetched_at), (Some("CC0"), Some(NOW)));
    assert_eq!(update(&folder, &name, NOW).unwrap(), Outcome::Unchanged);
    assert!(!lists.reload_if_changed().unwrap());

    *publisher.body.lock().unwrap() = "evil.example\nbad.example\n".into();
    assert!(matches!(update(&folder, &name, NOW), Ok(Outcome::Renewed { entries: 2, .. })));
    assert!(lists.reload_if_changed().unwrap(), "a running process sees the new list");
    assert!(lists.lists().first().unwrap().domain("bad.example").is_some());
    assert_eq!(*publisher.asked.lock().unwrap(), ["", "\"26\"", "\"26\""]);

    folder.remove(&name).unwrap();
    assert!(lists.reload_if_changed().unwrap() && lists.lists().is_empty());
}

#[test]
fn a_list_that_is_lost_and_a_folder_that_is_away_leave_the_last_good_ones_in_use() {
    let (place, publisher) = (tempfile::tempdir().unwrap(), Arc::new(Publisher::default()));
    let folder = Folder::at(&place.path().join("lists"));
    *publisher.body.lock().unwrap() = "evil.example\n".into();
    let name = subscribe(&folder, format!("{}/list", serve(publisher)), None, None);
    update(&folder, &name, NOW).unwrap();
    let mut lists = Lists::load(folder.clone()).unwrap();
    let finds = |lists: &Lists| lists.lists().iter().any(|list| list.domain("evil.example").is_some());

    std::fs::rename(place.path().join("lists"), place.path().join("away")).unwrap();
    assert!(lists.reload_if_changed().is_err() && finds(&lists));
    std::fs::rename(place.path().join("away"), place.path().join("lists")).unwrap();
    assert!(!lists.reload_if_changed().unwrap() && finds(&lists));

    let kept = std::fs::read(folder.list(&name)).unwrap();
    std::fs::remove_file(folder.list(&name)).unwrap();
    assert!(lists.reload_if_changed().unwrap() && finds(&lists));
    assert!(lists.faults().iter().any(|fault| fault.is_old_used));
    assert!(!lists.reload_if_changed().unwrap(), "said once");
    std::fs::write(folder.list(&name), kept).unwrap();
    assert!(lists.reload_if_changed().unwrap() && finds(&lists) && lists.faults().is_empty());

    folder.remove(&name).unwrap();
    assert!(lists.reload_if_changed().unwrap() && !finds(&lists), "removed as one removes a list");
}

#[test]
fn what_is_no_list_leaves_the_last_good_one_and_says_why() {
    let (place, publisher) = (tempfile::tempdir().unwrap(), Arc::new(Publisher::default()));
    let folder = Folder::at(place.path());
    let long: String = (0..200).map(|number| format!("evil{number}.example\n")).collect();
    *publisher.body.lock().unwrap() = long;
    let name = subscribe(&folder, format!("{}/list", serve(Arc::clone(&publisher))), None, None);
    update(&folder, &name, NOW).unwrap();

    for (body, part) in [
        ("<!DOCTYPE html><html>log in</html>", "is a web page"),
        ("", "holds nothing"),
        ("what is this\n", "line 1: `what is this`"),
        ("evil1.example\n", "has 1 entry where it had 200"),
    ] {
        *publisher.body.lock().unwrap() = body.into();
        let refusal = update(&folder, &name, NOW).unwrap_err().to_string();
        assert!(refusal.contains(part) && refusal.contains("the last good list stays"), "{refusal}");
        let state = folder.one(&name).unwrap().state;
        assert_eq!(state.fault.as_ref(), Some(&refusal));
        let dutch = state.fault_nl.unwrap();
        assert!(dutch.contains("de laatste goede lijst blijft") && !dutch.contains("the last"), "{dutch}");
        assert_eq!(has(&folder, &["evil199.example"]), [true]);
    }
}

#[test]
fn what_is_cut_off_or_not_there_replaces_nothing() {
    let (place, publisher) = (tempfile::tempdir().unwrap(), Arc::new(Publisher::default()));
    let folder = Folder::at(place.path());
    let server = serve(publisher);
    let name = subscribe(&folder, format!("{server}/cut"), None, None);
    assert!(matches!(update(&folder, &name, NOW), Err(Refusal::Fetch(_))));
    assert!(!folder.list(&name).exists());
    folder.remove(&name).unwrap();
    let name = subscribe(&folder, format!("{server}/nowhere"), None, None);
    assert!(update(&folder, &name, NOW).unwrap_err().to_string().contains("answers 404: the list is not there"));
    folder.remove(&name).unwrap();
    let name = subscribe(&folder, "http://127.0.0.1:1/x".into(), None, None);
    assert!(update(&folder, &name, NOW).unwrap_err().to_string().contains("cannot be reached"));
}

#[test]
fn a_publisher_that_wants_a_secret_gets_it_from_a_file() {
    let (place, publisher) = (tempfile::tempdir().unwrap(), Arc::new(Publisher::default()));
    let folder = Folder::at(&place.path().join("lists"));
    let server = serve(publisher);
    let name = subscribe(&folder, format!("{server}/secret"), None, None);
    assert!(update(&folder, &name, NOW).unwrap_err().to_string().contains("--secret-file"));
    folder.remove(&name).unwrap();
    let secret = place.path().join("secret");
    std::fs::write(&secret, "open-sesame\n").unwrap();
    let name = subscribe(&folder, format!("{server}/secret"), None, Some(&secret));
    update(&folder, &name, NOW).unwrap();
    assert_eq!(has(&folder, &["evil.example"]), [true]);
}

#[test]
fn folders_of_misp_and_collections_of_taxii_are_read_whole() {
    let publisher = Arc::new(Publisher::default());
    let server = serve(publisher);
    for (path, format) in [
        ("/misp/", Some("misp")),
        ("/misp/", None),
        ("/misp", None),
        ("/misp", Some("misp")),
        ("/misp/manifest.json", None),
        ("/api/collections/1", None),
        ("/api/collections/1/objects/", Some("stix")),
        ("/api/collections/3/objects/?match[type]=indicator", None),
        ("/api/collections/3?match[type]=indicator", None),
    ] {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path());
        let name = subscribe(&folder, format!("{server}{path}"), format, None);
        update(&folder, &name, NOW).unwrap();
        assert_eq!(has(&folder, &["one.example", "two.example"]), [true, true], "{path}");
        if path.starts_with("/misp") {
            assert_eq!(update(&folder, &name, NOW).unwrap(), Outcome::Unchanged);
        }
    }
}

#[test]
fn an_empty_collection_is_said_to_be_empty() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path());
    let server = serve(Arc::new(Publisher::default()));
    let name = subscribe(&folder, format!("{server}/api/collections/2"), None, None);
    let refusal = update(&folder, &name, NOW).unwrap_err();
    assert!(refusal.to_string().contains("/api/collections/2 is empty; the last good list stays"), "{refusal}");
    assert!(refusal.text().nl.contains("is leeg"));
}

#[test]
fn a_collection_that_says_more_and_not_where_replaces_nothing() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path());
    let server = serve(Arc::new(Publisher::default()));
    let name = subscribe(&folder, format!("{server}/api/collections/4/objects/"), None, None);
    let refusal = update(&folder, &name, NOW).unwrap_err().text();
    assert!(refusal.en.contains("there is more, and not where") && refusal.nl.contains("meer is, en niet waar"));
}

#[test]
fn who_gives_a_taxii_servers_address_is_told_its_collections() {
    let server = serve(Arc::new(Publisher::default()));
    for path in ["/taxii2/", "/api/", "/api", "/api/collections/", "/api/collections"] {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path());
        let name = subscribe(&folder, format!("{server}{path}"), None, None);
        let refusal = update(&folder, &name, NOW).unwrap_err().text();
        let collection = format!("{server}/api/collections/1/objects/ (Kwaad)");
        assert!(refusal.en.contains("is a TAXII server") && refusal.en.ends_with(&collection), "{path}: {refusal:?}");
        assert!(refusal.nl.contains("is een TAXII-server") && refusal.nl.ends_with(&collection), "{path}: {refusal:?}");
    }
}

#[test]
fn a_folder_of_misp_on_this_machine_is_read_whole_and_another_folder_says_why_not() {
    let place = tempfile::tempdir().unwrap();
    let feed = place.path().join("feed");
    std::fs::create_dir(&feed).unwrap();
    let refused = feeds::read_file(&feed, "feed").unwrap_err().text();
    assert!(refused.en.contains("in which manifest.json lies") && refused.nl.contains("waar manifest.json in ligt"));
    std::fs::write(feed.join("manifest.json"), format!(r#"{{"{A}":{{"timestamp":"20"}}}}"#)).unwrap();
    let event = r#"{"Event":{"info":"A","Attribute":[{"type":"domain","value":"one.example","to_ids":true}]}}"#;
    std::fs::write(feed.join(format!("{A}.json")), event).unwrap();
    for path in [feed.clone(), feed.join("manifest.json")] {
        assert!(feeds::read_file(&path, "feed").unwrap().list.domain("one.example").is_some(), "{}", path.display());
    }
}

#[test]
fn a_packed_file_of_this_machine_is_a_list_too() {
    use std::io::Write;
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("list.csv.gz");
    let mut packed = flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::fast());
    packed.write_all(b"evil.example,emotet (malware),(static)\n").unwrap();
    packed.finish().unwrap();
    let folder = Folder::at(&place.path().join("lists"));
    let name: Name = "local".parse().unwrap();
    let subscription = Subscription {
        source: Source::File(path),
        format: None,
        licence: None,
        every_hours: 24,
        secret_file: None,
        state: feeds::State::default(),
    };
    folder.add(&name, &subscription).unwrap();
    update(&folder, &name, NOW).unwrap();
    assert_eq!(has(&folder, &["a.evil.example"]), [true]);
    assert!(folder.add(&name, &subscription).is_err(), "a name is given once");
}

#[test]
fn a_list_is_due_by_its_own_time_and_sooner_when_it_failed() {
    let mut subscription = Subscription {
        source: Source::Url("https://lists.example/x".into()),
        format: None,
        licence: None,
        every_hours: 10,
        secret_file: None,
        state: feeds::State::default(),
    };
    assert!(is_due(&subscription, NOW));
    subscription.state.checked_at = Some(NOW);
    let after = |minutes| NOW + SignedDuration::from_mins(minutes);
    assert!(
        !is_due(&subscription, after(599)) && is_due(&subscription, after(600)) && is_due(&subscription, after(-5))
    );
    subscription.state.fault = Some("x".into());
    assert!(!is_due(&subscription, after(59)) && is_due(&subscription, after(60)));
}

#[test]
fn a_damaged_list_is_passed_over_and_named() {
    let place = tempfile::tempdir().unwrap();
    let publisher = Arc::new(Publisher::default());
    *publisher.body.lock().unwrap() = "evil.example\n".into();
    let folder = Folder::at(place.path());
    let name = subscribe(&folder, format!("{}/list", serve(publisher)), None, None);
    update(&folder, &name, NOW).unwrap();
    let path = folder.list(&name);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let lists = Lists::load(folder.clone()).unwrap();
    assert!(lists.lists().is_empty());
    assert_eq!(lists.faults().len(), 1);
    // Its publisher would say that it is as it was.
    let state = folder.one(&name).unwrap().state;
    assert!(state.etag.is_some() && folder.check(&name, &state).is_err());
    assert!(matches!(update(&folder, &name, NOW), Ok(Outcome::Renewed { entries: 1, .. })));
    assert!(folder.check(&name, &state).is_ok() && has(&folder, &["evil.example"]) == [true]);
    // So it is when it was lost.
    std::fs::remove_file(folder.list(&name)).unwrap();
    assert!(folder.check(&name, &state).is_err());
    assert!(matches!(update(&folder, &name, NOW), Ok(Outcome::Renewed { entries: 1, .. })));
}

#[test]
fn what_others_hear_of_a_lists_source_is_no_path_of_this_machine() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("eigen.txt");
    std::fs::write(&file, "evil.example\nb\u{fc}cher2.example\n").unwrap();
    let folder = Folder::at(&place.path().join("lists"));
    let name: Name = "eigen".parse().unwrap();
    let source = Source::File(file);
    let (format, licence, secret_file, state) = Default::default();
    folder.add(&name, &Subscription { source, format, licence, every_hours: 24, secret_file, state }).unwrap();
    update(&folder, &name, NOW).unwrap();
    let lists = Lists::load(folder.clone()).unwrap();
    assert_eq!(lists.lists()[0].about().source.as_deref(), Some("eigen.txt"));
    assert_eq!(has(&folder, &["xn--bcher2-3ya.example"]), [true]);
}

#[test]
fn a_list_spoiled_while_it_is_used_stays_as_it_was_until_a_good_one_comes() {
    let place = tempfile::tempdir().unwrap();
    let publisher = Arc::new(Publisher::default());
    *publisher.body.lock().unwrap() = "evil.example\n".into();
    let folder = Folder::at(place.path());
    let name = subscribe(&folder, format!("{}/list", serve(Arc::clone(&publisher))), None, None);
    update(&folder, &name, NOW).unwrap();
    let mut lists = Lists::load(folder.clone()).unwrap();
    let knows = |lists: &Lists, name: &str| lists.lists().iter().any(|list| list.domain(name).is_some());
    std::fs::write(folder.list(&name), b"no list at all").unwrap();
    assert!(lists.reload_if_changed().unwrap());
    assert!(knows(&lists, "evil.example"));
    assert!(lists.faults().iter().any(|fault| fault.is_old_used), "{:?}", lists.faults());
    let good = intel::ThreatList::read(name.as_str(), b"worse.example\n").list;
    folder.put_list(&name, &good).unwrap();
    assert!(lists.reload_if_changed().unwrap());
    assert!(knows(&lists, "worse.example") && !knows(&lists, "evil.example") && lists.faults().is_empty());
}
