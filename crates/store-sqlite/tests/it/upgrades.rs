//! From every schema that there was, with data of its time in it, to the newest: all is there, and the register holds.
//! The other store's tests compile this file too.

use app::{Sealed, StoredDetection, Who, read_event, seal, write_event};
use facts::{IncidentId, OrganisationId, ProviderId, Text, UserId};
use incident::{Actor, Event, Opening, Role, Urgency, Waiting};
use jiff::SignedDuration;
use register::{Checkpoint, Frontier};
use sqlx::migrate::Migrator;
use store_conformance::Bench;
use store_conformance::bench::{Keys, NOW, further};
use store_conformance::blobs::sha256;
use uuid::Uuid;

use app::Signer;

use crate::{Place, Raw};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

const DETECTION: &str = "{\"id\":\"d1\",  \"kind\":\"beacon\"}";

fn organisation() -> OrganisationId {
    OrganisationId(Uuid::from_u128(0x11))
}

fn person() -> UserId {
    UserId(Uuid::from_u128(0x21))
}

fn reported() -> IncidentId {
    IncidentId(Uuid::from_u128(0x31))
}

fn detected() -> IncidentId {
    IncidentId(Uuid::from_u128(0x32))
}

#[tokio::test]
async fn every_schema_is_brought_to_the_newest_with_all_that_is_in_it() {
    let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    assert_eq!(versions[..5], [1, 2, 3, 4, 5]);
    assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "a number is one migration's: {versions:?}");
    for version in versions {
        let Some(place) = Place::new().await else { return };
        let mut raw = place.raw().await;
        MIGRATIONS.run_to(version, &mut raw).await.unwrap();
        let note = fill(&mut raw, version).await;
        drop(raw);
        let bench = Bench::new(place.open().await);
        look(&bench, version, note.as_deref()).await;
    }
}

/// Everything that a schema of this number holds; gives the signed checkpoint.
async fn fill(raw: &mut Raw, version: i64) -> Option<String> {
    let (organisation, person) = (organisation().to_string(), person().to_string());
    let provider = ProviderId(Uuid::from_u128(0x41)).to_string();
    let query = sqlx::query("INSERT INTO providers (id, name) VALUES ($1, 'Noorderlicht IT')").bind(&provider);
    query.execute(&mut *raw).await.unwrap();
    let columns = "INSERT INTO organisations
        (id, slug, name, provider, report_code, zone, jurisdiction, address, postcode, town, kvk, sector, dpo_number,
         contact_name, contact_function, contact_email, contact_phone)
        VALUES ($1, 'zorg', 'Stichting Zorg', $2, 'zorg-report', 'Europe/Amsterdam', 'NL', 'Dorpsstraat 1', '6711 AA',
         'Ede', '12345678', 'care', 'FG001', 'Ada', 'directeur', 'ada@zorg.example', '0318 000000')";
    sqlx::query(columns).bind(&organisation).bind(&provider).execute(&mut *raw).await.unwrap();
    let user = "INSERT INTO users (id, name, email, password) VALUES ($1, 'Ada', 'ada@zorg.example', '$argon2id$…')";
    sqlx::query(user).bind(&person).execute(&mut *raw).await.unwrap();
    let member = "INSERT INTO memberships (person, organisation, role) VALUES ($1, $2, 'officer')";
    sqlx::query(member).bind(&person).bind(&organisation).execute(&mut *raw).await.unwrap();
    let invitation = "INSERT INTO invitations (token_sha256, organisation, roles, name, email, expires_at)
        VALUES ('abc', $1, '[\"handler\"]', 'Bea', 'bea@zorg.example', $2)";
    let expires_at = (NOW + SignedDuration::from_hours(1)).as_microsecond();
    sqlx::query(invitation).bind(&organisation).bind(expires_at).execute(&mut *raw).await.unwrap();
    let note = if version >= 2 { Some(fill_journal(raw).await) } else { None };
    if version >= 3 {
        fill_lists(raw, version).await;
    }
    if version >= 4 {
        let session = "INSERT INTO sessions (id_sha256, data, expires_at) VALUES ('session', $1, $2)";
        sqlx::query(session).bind(b"\x00data".as_slice()).bind(expires_at).execute(&mut *raw).await.unwrap();
    }
    note
}

/// Two incidents as they were written: one that a person reported, with a body erased since, and a sensor's.
async fn fill_journal(raw: &mut Raw) -> String {
    let id = organisation().to_string();
    let by = Actor::Program;
    let opened = |number, title: &str, opening| Event::Opened { number, title: title.to_owned(), opening };
    let by_hand = Opening::Reported {
        what: "Laptop kwijt".into(),
        when_said: None,
        whose_said: None,
        done_said: None,
        contact: None,
    };
    let by_sensor = Opening::Detected {
        case: "c1".into(),
        urgency: Urgency::High,
        host: "kassa-2".into(),
        summary: Text::new("Kassa belt naar huis", "Till calls home"),
        detections: vec![("d1".into(), sha256(DETECTION.as_bytes()))],
        first_at: NOW,
        last_at: NOW,
        detected_at: None,
    };
    let noted = Event::Noted { text: "Gebeld met de politie.".into() };
    let mut tree = Frontier::default();
    for (incident, event) in [
        (reported(), opened(1, "Laptop kwijt", by_hand)),
        (reported(), noted),
        (detected(), opened(2, "Kassa belt naar huis", by_sensor)),
    ] {
        let body = write_event(incident, &by, &event).unwrap();
        let entry = app::NewEntry { kind: event.kind(), recorded_at: NOW, salt: [7; 32], body };
        let Sealed { index, leaf, leaf_hash, commitment } = seal(organisation(), &mut tree, &entry).unwrap();
        let index = i64::try_from(index).unwrap();
        let journal =
            "INSERT INTO journal (organisation, idx, incident, kind, recorded_at, leaf, leaf_hash, commitment)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let query = sqlx::query(journal).bind(&id).bind(index).bind(incident.to_string()).bind(entry.kind);
        let query = query.bind(NOW.as_microsecond()).bind(leaf.into_bytes()).bind(leaf_hash.to_vec());
        query.bind(commitment.to_vec()).execute(&mut *raw).await.unwrap();
        let body = "INSERT INTO journal_bodies (organisation, idx, salt, body) VALUES ($1, $2, $3, $4)";
        let query = sqlx::query(body).bind(&id).bind(index).bind(entry.salt.to_vec()).bind(entry.body);
        query.execute(&mut *raw).await.unwrap();
    }
    let head = "INSERT INTO heads (organisation, size, frontier) VALUES ($1, 3, $2)";
    sqlx::query(head).bind(&id).bind(tree.to_bytes()).execute(&mut *raw).await.unwrap();
    let note = Checkpoint::of(organisation().0, &tree).sign(&Keys.key(organisation()), NOW);
    let checkpoint = "INSERT INTO checkpoints (organisation, size, note) VALUES ($1, 3, $2)";
    sqlx::query(checkpoint).bind(&id).bind(&note).execute(&mut *raw).await.unwrap();
    let erasure = "INSERT INTO erasures (organisation, idx, erased_at) VALUES ($1, 1, $2)";
    sqlx::query(erasure).bind(&id).bind(NOW.as_microsecond()).execute(&mut *raw).await.unwrap();
    sqlx::query("DELETE FROM journal_bodies WHERE idx = 1").execute(&mut *raw).await.unwrap();
    note
}

async fn fill_lists(raw: &mut Raw, version: i64) {
    let id = organisation().to_string();
    for (incident, number, title, urgency, entries) in
        [(reported(), 1_i64, "Laptop kwijt", None, 2_i64), (detected(), 2, "Kassa belt naar huis", Some("high"), 1)]
    {
        let columns = "INSERT INTO incidents
            (organisation, id, number, title, opened_at, urgency, phase, clock_start, is_provisional, entries)
            VALUES ($1, $2, $3, $4, $5, $6, 'investigating', $7, TRUE, $8)";
        // Before the fifth every clock ran.
        let runs = version < 5 || urgency.is_none();
        let query = sqlx::query(columns).bind(&id).bind(incident.to_string()).bind(number).bind(title);
        let query = query.bind(NOW.as_microsecond()).bind(urgency).bind(runs.then(|| NOW.as_microsecond()));
        query.bind(entries).execute(&mut *raw).await.unwrap();
        if version >= 5 && urgency.is_some() {
            sqlx::query("UPDATE incidents SET waits_for = 'check' WHERE number = 2").execute(&mut *raw).await.unwrap();
        }
    }
    let detection = "INSERT INTO detections (organisation, incident, id, sha256, json) VALUES ($1, $2, 'd1', $3, $4)";
    let query = sqlx::query(detection).bind(&id).bind(detected().to_string());
    query.bind(sha256(DETECTION.as_bytes())).bind(DETECTION).execute(&mut *raw).await.unwrap();
}

/// That all of it is there, and that work goes on.
async fn look(bench: &Bench, version: i64, note: Option<&str>) {
    let store = &bench.store;
    let scope = bench.app.permit_program("zorg").await.unwrap();
    let profile = &scope.organisation().profile;
    assert_eq!((scope.id(), profile.town.as_str(), profile.role), (organisation(), "Ede", None), "from {version}");
    assert_eq!(store.roles(person(), organisation()).await.unwrap(), [Role::Officer]);
    assert_eq!(store.user_by_email("ada@zorg.example").await.unwrap().1, "$argon2id$…");
    assert_eq!(store.invitation("abc", NOW).await.unwrap().roles, [Role::Handler]);
    assert_eq!(store.checkpoint(&scope).await.unwrap().as_deref(), note, "from {version}");
    let entries = store.entries(&scope).await.unwrap();
    let Some(_) = note else {
        assert!(entries.is_empty());
        return;
    };
    assert_eq!(bench.register_holds(&scope).await, 3, "from {version}");
    let bodies: Vec<bool> = entries.iter().map(|entry| entry.salt_and_body.is_some()).collect();
    assert_eq!(bodies, [true, false, true]);
    for entry in &entries {
        if let Some((_, body)) = &entry.salt_and_body {
            read_event(body, entry.index, entry.recorded_at).unwrap();
        }
    }
    if version >= 3 {
        let rows = store.incidents(&scope).await.unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (row.number, row.clock_start, row.waits_for, row.entries)).collect();
        assert_eq!(rows, [(2, None, Some(Waiting::Check), 1), (1, Some(NOW), None, 2)], "from {version}");
        let json = DETECTION.to_owned();
        let kept = StoredDetection { id: "d1".into(), sha256: sha256(DETECTION.as_bytes()), json };
        assert_eq!(store.detections(&scope, detected()).await.unwrap(), [kept]);
    }
    if version >= 4 {
        let session = store.load_session("session", NOW).await.unwrap();
        assert_eq!(session.as_deref(), Some(&b"\x00data"[..]));
    }
    // Work goes on where it was.
    bench.append(&scope, further(reported(), 1, 2, 1)).await.unwrap();
    assert_eq!(bench.register_holds(&scope).await, 4, "from {version}");
    let who = Who { user: person(), name: "Ada".into() };
    bench.app.permit(&who, incident::Permission::Decide, "zorg").await.unwrap();
}
