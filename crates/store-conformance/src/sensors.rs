//! Sensors: enrolled once, heard in their own organisation alone, each line counted once; what people settled about them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use app::ports::Chance;
use app::{
    EnrolRefusal, Error, LetterKind, NewException, Opens, ReadReport, ReportRefusal, Scope, Sensor, SensorSettings,
    StaffNotice, StoreError, read_report,
};
use incident::{ErasureGround, Permission, Role};

use crate::bench::{Bench, NOW};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Enrols a sensor; with its secret.
pub async fn enrol(bench: &Bench, scope: &Scope, name: &str) -> (Sensor, String) {
    let token = bench.app.new_sensor_token(scope, "", NOW).await.unwrap().token;
    let enrolled = bench.app.enrol_sensor(&token, name, "0.1.0", NOW).await.unwrap();
    (enrolled.sensor, enrolled.secret)
}

/// Settles what holds from now on, as somebody who sees what holds now.
pub async fn settle(bench: &Bench, scope: &Scope, wanted: SensorSettings, at: Timestamp) -> Result<(), Error> {
    let seen = bench.app.sensor_settings(scope).await?.set_at;
    bench.app.set_sensor_settings(scope, wanted, seen, at).await
}

pub(crate) fn detection(id: &str, host: &str, severity: &str, last_at: Timestamp) -> String {
    format!(
        r#"{{"type":"detection","id":"{id}","first_at":"{}","last_at":"{last_at}","host":{{"ip":"{host}","name":"kassa-2"}},"kind":"beacon","severity":"{severity}","confidence":0.9,"technique":["T1071.001"],"remote":{{"ip":"203.0.113.9","port":443,"domain":"sync.evil.example"}},"evidence":{{"connections":212}},"summary":{{"nl":"kassa-2 belt naar huis.","en":"kassa-2 calls home."}}}}"#,
        NOW - DAY
    )
}

pub(crate) fn case(id: &str, host: &str, severity: &str, detections: &[&str]) -> String {
    let detections = detections.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"type":"case","id":"{id}","host":{{"ip":"{host}","name":"kassa-2"}},"severity":"{severity}","detections":[{detections}],"summary":{{"nl":"kassa-2 is waarschijnlijk besmet.","en":"kassa-2 is probably infected."}},"proposed_facts":{{"security_incident":true,"cause":"external_malicious","incident_type":"hacking","of_later":1}}}}"#
    )
}

fn traffic(hour: Timestamp, bytes: u64) -> String {
    format!(
        r#"{{"type":"traffic","hour":"{hour}","host":{{"ip":"10.0.0.23"}},"remote":{{"ip":"203.0.113.9","port":443}},"bytes_out":{bytes},"bytes_in":10,"connections":2}}"#
    )
}

/// What was left of that host's hour.
fn left(hour: Timestamp, bytes: u64, places: u64) -> String {
    traffic(hour, bytes)
        .replace(r#""remote":{"ip":"203.0.113.9","port":443}"#, r#""remote":{}"#)
        .replace(r#""connections":2"#, &format!(r#""connections":2,"other_places":{places}"#))
}

fn state(at: Timestamp, version: &str) -> String {
    format!(
        r#"{{"type":"state","at":"{at}","version":"{version}","started_at":"{NOW}","sources":[],"malformed":0,"dropped":0,"hosts":12,"lists":[],"spooled":0,"looks_into_content":false}}"#
    )
}

pub(crate) fn report(lines: &[String]) -> ReadReport {
    read_report(&lines.join("\n")).unwrap()
}

/// A case of one detection, both high.
fn one_case() -> ReadReport {
    report(&[detection("d1", "10.0.0.23", "high", NOW), case("c1", "10.0.0.23", "high", &["d1"])])
}

/// A sensor that reported, for copies.
pub async fn fill(bench: &Bench, scope: &Scope) {
    let (sensor, _) = enrol(bench, scope, "kantoor").await;
    let lines = [
        detection("d1", "10.0.0.23", "high", NOW),
        case("c1", "10.0.0.23", "high", &["d1"]),
        traffic(NOW, 9),
        left(NOW, 5, 3),
        state(NOW, "0.2.0"),
    ];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    bench.app.record_staff_informed(scope, "2026-11-01", "in het werkoverleg", NOW).await.unwrap();
    settle(bench, scope, SensorSettings { traffic_days: 3, ..Default::default() }, NOW).await.unwrap();
    except(bench, scope, "10.0.0.99").await;
}

async fn except(bench: &Bench, scope: &Scope, host: &str) -> Uuid {
    let wanted = NewException { host: host.into(), reason: "de bewakingscamera".into(), ..Default::default() };
    bench.app.except(scope, wanted, NOW).await.unwrap().id
}

/// Chance that gives the same each time.
struct Same([u8; 32]);

impl Chance for Same {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        Ok(self.0)
    }
}

pub async fn a_sensor_enrols_once_with_its_token(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let app = &bench.app;
    let made = app.new_sensor_token(&scope, "  kantoor-breda ", NOW).await.unwrap();
    let refused = app.enrol_sensor("geraden", "x", "0.1.0", NOW).await;
    assert!(matches!(refused, Err(EnrolRefusal::Unknown)));
    let refused = app.enrol_sensor(&made.token, "x", "0.1.0", NOW + DAY).await;
    assert!(matches!(refused, Err(EnrolRefusal::Expired)));
    let enrolled = app.enrol_sensor(&made.token, "doos", "0.1.0", NOW).await.unwrap();
    assert_eq!((enrolled.sensor.name.as_str(), enrolled.organisation.as_str()), ("kantoor-breda", "Stichting zorg"));
    let signs = app.new_sensor_token(&scope, "\u{202e}kas\u{7}sa", NOW).await.unwrap();
    assert_eq!(app.enrol_sensor(&signs.token, "doos", "0.1.0", NOW).await.unwrap().sensor.name, "kassa");
    assert!(matches!(app.new_sensor_token(&scope, "kassa\nachter", NOW).await, Err(Error::Invalid(_))), "one line");
    let refused = app.enrol_sensor(&made.token, "x", "0.1.0", NOW).await;
    assert!(matches!(refused, Err(EnrolRefusal::Used)));
    assert_eq!(app.sensor_of_secret(&enrolled.secret).await.unwrap(), enrolled.sensor);
    assert!(matches!(app.sensor_of_secret(&made.token).await, Err(Error::NotFound)), "a token is no secret");

    let nameless = app.new_sensor_token(&scope, "", NOW).await.unwrap().token;
    assert!(matches!(app.enrol_sensor(&nameless, " ", "0", NOW).await, Err(EnrolRefusal::Failed(Error::Invalid(_)))));
    assert_eq!(app.enrol_sensor(&nameless, "doos", "0", NOW).await.unwrap().sensor.name, "doos");
    // Whatever chance gives, the token can be typed after an option and copied by a double click.
    for byte in [0, 0x2d, 0x5f, 0xfb, 0xff] {
        let mut app = app.clone();
        app.chance = Arc::new(Same([byte; 32]));
        let token = app.new_sensor_token(&scope, "", NOW).await.unwrap().token;
        assert!(token.chars().all(|letter| letter.is_ascii_alphanumeric()), "{token}");
    }
    let (one, other) = tokio::join!(
        bench.store.enrol_sensor("geen", &enrolled.sensor, "a"),
        bench.store.enrol_sensor("geen", &enrolled.sensor, "b")
    );
    assert!(matches!((one, other), (Err(StoreError::Conflict), Err(StoreError::Conflict))), "nothing without a token");
}

pub async fn a_token_that_nobody_used_is_seen_and_withdrawn(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let app = &bench.app;
    let used = app.new_sensor_token(&zorg, "", NOW).await.unwrap();
    app.enrol_sensor(&used.token, "doos", "0.1.0", NOW).await.unwrap();
    let first = app.new_sensor_token(&zorg, "kantoor", NOW).await.unwrap();
    let second = app.new_sensor_token(&zorg, "winkel", NOW + HOUR).await.unwrap();
    app.new_sensor_token(&school, "aula", NOW).await.unwrap();
    let names = async |at| {
        let open = app.open_sensor_tokens(&zorg, at).await.unwrap();
        open.into_iter().map(|token| token.name).collect::<Vec<_>>()
    };
    assert_eq!(names(NOW + HOUR).await, ["winkel", "kantoor"], "the newest first, of this organisation alone");
    assert_eq!(names(first.expires_at).await, ["winkel"], "one that ended is none");

    let open = app.open_sensor_tokens(&zorg, NOW + HOUR).await.unwrap();
    let [winkel, kantoor] = open.as_slice() else { panic!("{}", open.len()) };
    assert_eq!((winkel.made_at, winkel.expires_at), (NOW + HOUR, second.expires_at));
    let elsewhere = app.withdraw_sensor_token(&school, &kantoor.token_sha256).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)), "another's is not found");
    app.withdraw_sensor_token(&zorg, &kantoor.token_sha256).await.unwrap();
    let again = app.withdraw_sensor_token(&zorg, &kantoor.token_sha256).await;
    assert!(matches!(again, Err(Error::NotFound)));
    assert_eq!(names(NOW + HOUR).await, ["winkel"]);
    let refused = app.enrol_sensor(&first.token, "x", "0.1.0", NOW + HOUR).await;
    assert!(matches!(refused, Err(EnrolRefusal::Unknown)), "nobody enrols with it");
    app.enrol_sensor(&second.token, "x", "0.1.0", NOW + HOUR).await.unwrap();
    let late = app.withdraw_sensor_token(&zorg, &winkel.token_sha256).await;
    assert!(matches!(late, Err(Error::NotFound)), "a sensor came by it");
    let refused = app.enrol_sensor(&used.token, "x", "0.1.0", NOW).await;
    assert!(matches!(refused, Err(EnrolRefusal::Used)), "what was used is remembered");
}

pub async fn a_removed_sensor_is_heard_no_more(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, secret) = enrol(&bench, &scope, "doos").await;
    bench.app.take_report(&sensor, &one_case(), NOW).await.unwrap();
    bench.app.rename_sensor(&scope, sensor.id, "kluis").await.unwrap();
    assert_eq!(bench.app.sensors(&scope, NOW).await.unwrap()[0].sensor.name, "kluis");
    bench.app.remove_sensor(&scope, sensor.id, NOW).await.unwrap();
    assert!(matches!(bench.app.sensor_of_secret(&secret).await, Err(Error::NotFound)));
    let refused = bench.app.take_report(&sensor, &one_case(), NOW).await;
    assert!(matches!(refused, Err(ReportRefusal::Failed(Error::NotFound))));
    assert_eq!(bench.app.sensors(&scope, NOW).await.unwrap(), []);
    assert!(matches!(bench.app.remove_sensor(&scope, sensor.id, NOW).await, Err(Error::NotFound)));
    let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
    assert_eq!((seen.cases.len(), seen.detections.len()), (1, 1), "what it reported stays");
    assert_eq!(bench.app.sensor(&scope, sensor.id, NOW).await.unwrap().sensor.removed_at, Some(NOW));
}

pub async fn a_line_sent_twice_counts_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| {
        let answer = bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
        (answer.accepted, answer.known)
    };
    let lines = [
        detection("d1", "10.0.0.23", "medium", NOW),
        case("c1", "10.0.0.23", "medium", &["d1"]),
        traffic(NOW, 9),
        state(NOW, "0.1.0"),
    ];
    assert_eq!(take(&lines, NOW).await, (4, 0));
    assert_eq!(take(&lines, NOW + HOUR).await, (0, 4), "all of it is known");
    let kept = async || {
        let detection = bench.app.seen_detection(&scope, sensor.id, "d1").await.unwrap();
        (format!("{:?}", detection.0.line.severity), detection.0.line.last_at, detection.0.received_at)
    };
    assert_eq!(kept().await, ("Medium".to_owned(), NOW, NOW));
    let earlier = detection("d1", "10.0.0.23", "critical", NOW - HOUR);
    assert_eq!(take(&[earlier], NOW + HOUR).await, (0, 1), "what is older changes nothing");
    let later = detection("d1", "10.0.0.23", "high", NOW + HOUR);
    assert_eq!(take(&[later, case("c1", "10.0.0.23", "high", &["d1"])], NOW + HOUR).await, (2, 0));
    assert_eq!(kept().await, ("High".to_owned(), NOW + HOUR, NOW + HOUR));
    assert_eq!(take(&[traffic(NOW, 20), traffic(NOW, 5), traffic(NOW + HOUR, 1)], NOW).await, (2, 1));
    let hours = bench.app.traffic(&scope, sensor.id, NOW).await.unwrap();
    assert_eq!(hours.iter().map(|row| row.bytes_out).collect::<Vec<_>>(), [20, 1], "an hour is never made less");
    assert_eq!(take(&[left(NOW, 7, 26), left(NOW, 5, 2)], NOW).await, (1, 1));
    let hours = bench.app.traffic(&scope, sensor.id, NOW).await.unwrap();
    let told: Vec<_> = hours.iter().map(|row| (row.bytes_out, row.other_places)).collect();
    assert_eq!(told, [(20, None), (7, Some(26)), (1, None)], "what was left stands beside it");
    assert_eq!(take(&[state(NOW - HOUR, "0.0.9"), state(NOW + HOUR, "0.2.0")], NOW).await, (1, 1));
    let standing = bench.app.sensor(&scope, sensor.id, NOW).await.unwrap();
    assert_eq!((standing.sensor.version.as_str(), standing.state.unwrap().hosts), ("0.2.0", 12));
}

pub async fn what_one_organisation_reports_another_never_sees(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let (ours, _) = enrol(&bench, &zorg, "doos").await;
    let (theirs, _) = enrol(&bench, &school, "kast").await;
    bench.app.take_report(&ours, &one_case(), NOW).await.unwrap();
    bench.app.take_report(&ours, &report(&[traffic(NOW, 9)]), NOW).await.unwrap();
    let exception = except(&bench, &zorg, "10.0.0.99").await;
    bench.app.record_staff_informed(&zorg, "2026-11-01", "in het werkoverleg", NOW).await.unwrap();

    let app = &bench.app;
    let seen = app.seen_by_sensors(&school, None, Timestamp::MIN).await.unwrap();
    assert_eq!((seen.cases.len(), seen.detections.len()), (0, 0));
    let not_found = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
    not_found(app.sensor(&school, ours.id, NOW).await.map(drop));
    not_found(app.seen_detection(&school, ours.id, "d1").await.map(drop));
    not_found(app.seen_case(&school, ours.id, "c1").await.map(drop));
    not_found(app.open_sensor_case(&school, ours.id, "c1", NOW).await.map(drop));
    not_found(app.open_sensor_detection(&school, ours.id, "d1", NOW).await.map(drop));
    not_found(app.rename_sensor(&school, ours.id, "x").await);
    not_found(app.remove_sensor(&school, ours.id, NOW).await);
    not_found(app.take_back_exception(&school, exception, NOW).await);
    assert_eq!(app.traffic(&school, ours.id, Timestamp::MIN).await.unwrap(), []);
    assert_eq!(app.exceptions(&school).await.unwrap(), []);
    let answer = app.take_report(&theirs, &one_case(), NOW).await.unwrap();
    assert_eq!((answer.accepted, answer.settings.exceptions.len()), (2, 0), "an id of theirs is their own");
    assert_eq!(answer.settings.staff_informed_on, None);
    let forgotten = app.forget_sensor_data(&school, NOW + DAY * 400).await.unwrap();
    assert_eq!((forgotten.detections, forgotten.traffic), (1, 0));
    assert_eq!(app.seen_by_sensors(&zorg, None, Timestamp::MIN).await.unwrap().detections.len(), 1);

    // Nor does another sensor of the same organisation write over what this one said.
    let (second, _) = enrol(&bench, &zorg, "tweede").await;
    app.take_report(&second, &report(&[detection("d1", "10.0.0.1", "low", NOW + HOUR)]), NOW).await.unwrap();
    let (first, _) = app.seen_detection(&zorg, ours.id, "d1").await.unwrap();
    assert_eq!(first.line.host.ip.to_string(), "10.0.0.23");
}

pub async fn a_case_becomes_one_incident_with_what_the_sensor_said(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let lines = [
        detection("d1", "10.0.0.23", "high", NOW),
        detection("d2", "10.0.0.23", "low", NOW),
        detection("alone", "10.0.0.7", "low", NOW),
        case("c1", "10.0.0.23", "high", &["d1", "d2", "never-sent"]),
    ];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    let opened = bench.app.open_sensor_detection(&scope, sensor.id, "d2", NOW).await.unwrap();
    let again = bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW + HOUR).await.unwrap();
    assert_eq!(opened, again, "one story is one incident");
    let kept = bench.store.detections(&scope, opened.id).await.unwrap();
    assert_eq!(kept.iter().map(|one| one.json.as_str()).collect::<Vec<_>>(), [lines[0].as_str(), lines[1].as_str()]);
    let incident = bench.app.incident(&scope, opened.number).await.unwrap();
    assert_eq!(incident.title, "kassa-2 is waarschijnlijk besmet.");
    let facts = incident.situation(facts::Country::NL).facts;
    assert_eq!(facts.iter().count(), 3, "what the vocabulary lacks is passed over");
    let (seen, case) = bench.app.seen_detection(&scope, sensor.id, "d1").await.unwrap();
    assert_eq!((seen.incident, case.unwrap().incident), (Some(opened.number), Some(opened.number)));

    let alone = bench.app.open_sensor_detection(&scope, sensor.id, "alone", NOW).await.unwrap();
    assert_ne!(alone.number, opened.number);
    assert_eq!(bench.app.open_sensor_detection(&scope, sensor.id, "alone", NOW).await.unwrap(), alone);

    // In an incident it is kept for as long as that is.
    let forgotten = bench.app.forget_sensor_data(&scope, NOW + DAY * 400).await.unwrap();
    assert_eq!((forgotten.detections, forgotten.cases), (0, 0));
    let officer = bench.person("ada@zorg.example").await;
    bench.join(officer, scope.id(), Role::Officer).await;
    let ada = bench.permit(officer, Permission::Close, "zorg").await.unwrap();
    bench.app.check_detection(&ada, alone.number, None, false, Some("een vals alarm".into()), NOW).await.unwrap();
    bench.app.close(&ada, alone.number, "niets aan de hand".into(), NOW).await.unwrap();
    let later = NOW + DAY * 400;
    let seen = bench.app.incident(&ada, alone.number).await.unwrap().timeline.len() as u64;
    crate::forgetting::ran_until(&bench.app, later).await;
    bench.app.erase(&ada, alone.number, seen, ErasureGround::Request, "verzoek".into(), later).await.unwrap();
    let gone = bench.app.seen_detection(&scope, sensor.id, "alone").await;
    assert!(matches!(gone, Err(Error::NotFound)), "erased with its incident");
}

pub async fn a_rule_opens_incidents_and_tells_of_each_once(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let settings = |opens| SensorSettings { opens, ..SensorSettings::default() };
    let incidents = async || bench.store.next_number(&scope).await.unwrap() - 1;
    let letters = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count()
    };
    bench.app.take_report(&sensor, &one_case(), NOW).await.unwrap();
    assert_eq!((incidents().await, letters().await), (0, 1), "no rule opens nothing; who must act is told");

    settle(&bench, &scope, settings(Opens::FromHigh), NOW).await.unwrap();
    let medium = report(&[detection("d2", "10.0.0.9", "medium", NOW), case("c2", "10.0.0.9", "medium", &["d2"])]);
    bench.app.take_report(&sensor, &medium, NOW).await.unwrap();
    assert_eq!((incidents().await, letters().await), (0, 1), "it can wait for the digest");
    bench.app.take_report(&sensor, &one_case(), NOW).await.unwrap();
    bench.app.take_report(&sensor, &one_case(), NOW).await.unwrap();
    assert_eq!((incidents().await, letters().await), (1, 1), "opened once, told once");
    let worse = report(&[case("c1", "10.0.0.23", "critical", &["d1"])]);
    bench.app.take_report(&sensor, &worse, NOW).await.unwrap();
    assert_eq!((incidents().await, letters().await), (1, 2), "told once more when it becomes worse");

    settle(&bench, &scope, settings(Opens::Every), NOW + HOUR).await.unwrap();
    bench.app.take_report(&sensor, &medium, NOW).await.unwrap();
    assert_eq!(incidents().await, 2);

    // What the sensor itself calls urgent is told, and what it does not is not, unless it is grave.
    let said = |id: &str, severity: &str, alarm: &str| {
        let line = case(id, "10.0.0.9", severity, &["d2"])
            .replace("\"severity\"", &format!("\"alarm\":\"{alarm}\",\"severity\""));
        report(&[line])
    };
    for (id, severity, alarm, expected) in
        [("c3", "medium", "digest", 2), ("c4", "medium", "now", 3), ("c5", "high", "digest", 4)]
    {
        bench.app.take_report(&sensor, &said(id, severity, alarm), NOW).await.unwrap();
        assert_eq!(letters().await, expected, "{severity} {alarm}");
    }
}

pub async fn an_exception_hides_at_once_and_shows_again_when_taken_back(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let every = SensorSettings { opens: Opens::Every, ..SensorSettings::default() };
    let counts = async || {
        let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
        (seen.cases.len(), seen.hidden_cases.len(), seen.detections.len(), seen.hidden_detections.len())
    };
    let lines = [
        detection("d1", "10.0.0.23", "high", NOW),
        detection("d2", "10.0.0.24", "high", NOW),
        case("c1", "10.0.0.23", "high", &["d1"]),
        case("c2", "10.0.0.24", "high", &["d1", "d2"]),
    ];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    assert_eq!(counts().await, (2, 0, 2, 0));
    let id = except(&bench, &scope, "10.0.0.23").await;
    assert_eq!(counts().await, (1, 1, 1, 1), "a case with anything left in it is shown");
    assert_eq!(bench.app.exceptions(&scope).await.unwrap()[0].exception.reason, "de bewakingscamera");

    settle(&bench, &scope, every, NOW).await.unwrap();
    let answer = bench.app.take_report(&sensor, &one_case(), NOW).await.unwrap();
    assert_eq!(answer.settings.exceptions.len(), 1, "the sensor is told");
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 1, "no incident by itself");

    bench.app.take_back_exception(&scope, id, NOW).await.unwrap();
    assert!(matches!(bench.app.take_back_exception(&scope, id, NOW).await, Err(Error::NotFound)));
    assert_eq!(counts().await, (2, 0, 2, 0));
    assert!(bench.app.exceptions(&scope).await.unwrap()[0].taken_back.is_some(), "it stays on file");

    let until = NewException {
        kind: "beacon".into(),
        domain: "*.evil.example".into(),
        last_day: "2026-12-01".into(),
        reason: "proef tot december".into(),
        ..NewException::default()
    };
    bench.app.except(&scope, until, NOW).await.unwrap();
    assert_eq!(counts().await, (0, 2, 0, 2));
    let later = report(&[detection("d3", "10.0.0.23", "high", NOW + DAY * 30)]);
    bench.app.take_report(&sensor, &later, NOW + DAY * 30).await.unwrap();
    assert_eq!(counts().await, (0, 2, 1, 2), "it ended, and still covers what was seen before");
}

pub async fn what_lies_far_ahead_is_refused_and_the_clock_is_known_to_be_off(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await;
    let clock = async || bench.app.sensor(&scope, sensor.id, NOW).await.unwrap().sensor.clock_off;
    let shown = async || bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap().detections.len();
    let second = SignedDuration::from_secs(1);

    take(&[detection("d1", "10.0.0.1", "low", NOW + DAY), state(NOW + DAY, "0.1.0")], NOW).await.unwrap();
    assert_eq!((shown().await, clock().await), (1, None), "a day is allowed");
    let all_ahead = [
        detection("d2", "10.0.0.1", "high", NOW + DAY * 400),
        state(NOW + DAY + second, "0.9.0"),
        traffic(NOW + DAY * 2, 9),
    ];
    for (round, ahead) in all_ahead.into_iter().enumerate() {
        let refused = take(std::slice::from_ref(&ahead), NOW).await;
        assert!(matches!(refused, Err(ReportRefusal::ClockAhead { .. })), "{ahead}: {refused:?}");
        assert_eq!(shown().await, 1 + round);
        // What does not lie ahead is taken, which once nothing was; and which line was not is said.
        let good = detection(&format!("good-{round}"), "10.0.0.1", "low", NOW);
        let answer = take(&[ahead.clone(), good.clone(), ahead.clone()], NOW).await.unwrap();
        assert_eq!((answer.set_aside, answer.accepted + answer.known), (vec![1, 3], 1), "{ahead}");
        assert_eq!((shown().await, clock().await.is_some()), (2 + round, true), "and the clock is off all the same");
        assert_eq!(take(&[good], NOW).await.unwrap().set_aside, [0_u64; 0]);
        take(&[ahead], NOW).await.unwrap_err();
    }
    let off = clock().await.unwrap();
    assert_eq!((off.said, off.at), (NOW + DAY * 2, NOW), "what it said last");
    assert_eq!(bench.app.sensor(&scope, sensor.id, NOW).await.unwrap().state.unwrap().version, "0.1.0");

    // Nothing is taken of it: that is told as silence is, and why.
    bench.app.tell_of_silence(NOW + HOUR).await.unwrap();
    let letters = bench.store.letters(&scope, 9).await.unwrap();
    assert!(letters.len() == 1 && letters[0].data.contains("clock_says"), "{letters:?}");

    take(&[], NOW + HOUR).await.unwrap();
    assert!(clock().await.is_some(), "a report without a moment says nothing of the clock");
    take(&[state(NOW + DAY + HOUR, "0.2.0")], NOW + HOUR).await.unwrap();
    assert_eq!(clock().await, None, "it was set right");
    bench.app.remove_sensor(&scope, sensor.id, NOW).await.unwrap();
    let gone = bench.store.clock_off(&scope, sensor.id, NOW, NOW).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
}

pub async fn a_case_is_as_new_as_its_traffic_and_says_who_was_told(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let before = NOW - DAY * 9;
    let old =
        detection("d1", "10.0.0.23", "high", before).replace(&(NOW - DAY).to_string(), &(before - DAY).to_string());
    let lines = [
        old,
        case("c1", "10.0.0.23", "high", &["d1"]),
        detection("d2", "10.0.0.24", "medium", NOW - HOUR),
        case("c2", "10.0.0.24", "medium", &["d2", "never-sent"]),
        case("c3", "10.0.0.25", "medium", &["never-sent"]),
    ];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
    let cases: Vec<_> = seen.cases.iter().map(|case| (case.line.id.as_str(), case.last_at)).collect();
    assert_eq!(
        cases,
        [("c1", Some(before)), ("c3", None), ("c2", Some(NOW - HOUR))],
        "what waits for somebody first; then by the traffic, not the receipt"
    );
    let (one, _) = bench.app.seen_case(&scope, sensor.id, "c1").await.unwrap();
    assert_eq!((one.last_at, one.changed_at), (Some(before), NOW));

    let told = async |case: &str| bench.app.case_told(&scope, sensor.id, &[case.to_owned()]).await.unwrap();
    assert_eq!(told("c1").await, app::CaseTold::default(), "nobody is here to be told");
    for (name, role) in [("ada", Role::Officer), ("bas", Role::Handler)] {
        let person = bench.person(&format!("{name}@zorg.example")).await;
        bench.join(person, scope.id(), role).await;
    }
    // An id that begins as another does is not that other.
    let lines = [case("c1", "10.0.0.23", "critical", &["d1"]), case("c11", "10.0.0.26", "high", &["never-sent"])];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    let one = told("c1").await;
    assert_eq!((one.waiting, one.sent, one.is_anybody_told), (2, 0, true));
    let letters = bench.store.take_letters(NOW, NOW + HOUR, 9).await.unwrap();
    let of_one: Vec<_> = letters.iter().filter(|letter| letter.key.contains(" c1 ")).collect();
    bench.store.letter_sent(of_one[0].id, NOW + HOUR).await.unwrap();
    bench.store.letter_failed(of_one[1].id, NOW + HOUR, "geweigerd", None).await.unwrap();
    let one = told("c1").await;
    assert_eq!((one.waiting, one.sent, one.sent_at, one.given_up), (0, 1, Some(NOW + HOUR), 1));
    assert_eq!((told("c11").await.waiting, told("c2").await.is_made()), (2, false));
}

pub async fn what_comes_in_late_is_seen_when_it_comes_in(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let later = NOW + DAY * 30;
    let then = report(&[detection("then", "10.0.0.23", "low", NOW)]);
    bench.app.take_report(&sensor, &then, NOW).await.unwrap();
    // One of traffic of a month ago, older than what came in then; and one of a clock that is a little ahead.
    let lines =
        [detection("late", "10.0.0.23", "low", NOW - HOUR), detection("ahead", "10.0.0.23", "low", later + HOUR)];
    bench.app.take_report(&sensor, &report(&lines), later).await.unwrap();
    let seen = async |sensor, since| {
        let seen = bench.app.seen_by_sensors(&scope, sensor, since).await.unwrap();
        seen.detections.into_iter().map(|one| one.line.id).collect::<Vec<_>>()
    };
    for of in [None, Some(sensor.id)] {
        assert_eq!(seen(of, later - DAY * 7).await, ["ahead", "late"], "by the receipt as well as the traffic");
        assert_eq!(seen(of, later + HOUR).await, ["ahead"]);
        assert_eq!(seen(of, Timestamp::MIN).await, ["ahead", "late", "then"], "by the later of the two");
    }
}

pub async fn of_two_who_settle_at_the_same_moment_one_does(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let app = &bench.app;
    let days = |traffic_days| SensorSettings { traffic_days, ..SensorSettings::default() };
    let (one, other) = tokio::join!(
        app.set_sensor_settings(&scope, days(3), None, NOW),
        app.set_sensor_settings(&scope, days(4), None, NOW)
    );
    let conflicts = [&one, &other].into_iter().filter(|done| matches!(done, Err(Error::Conflict))).count();
    assert_eq!((conflicts, one.is_ok() || other.is_ok()), (1, true), "{one:?}, {other:?}");
    let history = app.sensor_settings_history(&scope).await.unwrap();
    assert_eq!((history.len(), history[0].traffic_days), (1, if one.is_ok() { 3 } else { 4 }));
    let stale = app.set_sensor_settings(&scope, days(5), None, NOW + DAY).await;
    assert!(matches!(stale, Err(Error::Conflict)), "what was made meanwhile was not seen");
    app.set_sensor_settings(&scope, days(5), Some(NOW), NOW - DAY).await.unwrap();
    assert_eq!(app.sensor_settings(&scope).await.unwrap().traffic_days, 5, "a clock set back sets nothing back");
    let under = bench.store.set_sensor_settings(&scope, &days(6), Some(NOW)).await;
    assert!(matches!(under, Err(StoreError::Conflict)), "the store itself looks");
}

pub async fn a_silent_sensor_is_told_of_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let letters = async |at| {
        bench.app.tell_of_silence(at).await.unwrap();
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorSilent).count()
    };
    assert_eq!(letters(NOW + HOUR - SignedDuration::from_secs(1)).await, 0);
    let is_silent = async |at| bench.app.sensor(&scope, sensor.id, at).await.unwrap().is_silent;
    assert!(!is_silent(NOW + SignedDuration::from_mins(10)).await);
    assert!(is_silent(NOW + SignedDuration::from_mins(11)).await, "shown before anybody is told");
    assert_eq!(letters(NOW + HOUR).await, 1);
    assert_eq!(letters(NOW + HOUR * 9).await, 1);
    bench.app.take_report(&sensor, &report(&[]), NOW + HOUR * 10).await.unwrap();
    assert_eq!(letters(NOW + HOUR * 11).await, 2, "and again after it was heard");

    let patient = SensorSettings { silent_minutes: 600, ..SensorSettings::default() };
    settle(&bench, &scope, patient, NOW).await.unwrap();
    bench.app.take_report(&sensor, &report(&[]), NOW + HOUR * 12).await.unwrap();
    assert_eq!(letters(NOW + HOUR * 21).await, 2);
    assert_eq!(letters(NOW + HOUR * 22).await, 3);
    bench.app.take_report(&sensor, &report(&[]), NOW + HOUR * 23).await.unwrap();
    bench.app.remove_sensor(&scope, sensor.id, NOW + HOUR * 24).await.unwrap();
    assert_eq!(letters(NOW + HOUR * 99).await, 3, "one that was removed is no more missed");

    // Played captures: over, and missed by nobody.
    let (replay, _) = enrol(&bench, &scope, "opname").await;
    let state = format!(
        r#"{{"type":"state","at":"{NOW}","version":"0.3.0","started_at":"{NOW}","sources":[{{"kind":"file","name":"maandag.pcap","up":false,"packets":9,"bytes":99,"flows":3,"kernel_drops":0}}],"malformed":0,"dropped":0,"hosts":1,"lists":[],"spooled":0,"looks_into_content":false}}"#
    );
    bench.app.take_report(&replay, &report(&[state]), NOW + HOUR * 99).await.unwrap();
    assert_eq!(letters(NOW + HOUR * 199).await, 3);
    let standing = bench.app.sensor(&scope, replay.id, NOW + HOUR * 199).await.unwrap();
    assert!(standing.is_replay() && !standing.is_silent);
    let sheet = bench.app.privacy_sheet(&scope, None, NOW + HOUR * 199, facts::Language::Dutch).await.unwrap();
    let said = format!("{sheet:?}");
    assert!(!said.contains("maandag.pcap"), "what is over watches nobody");
    assert!(said.contains("alleen opnames afgespeeld") && !said.contains("geen sensor aangemeld"), "{said}");
}

pub async fn the_digest_comes_once_a_week_with_what_could_wait(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Handler).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    // NOW is Saturday 21 November 2026; Monday the 23rd at eight in Amsterdam is seven in UTC.
    let monday: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
    let digests = async |at| {
        bench.app.send_sensor_digests(at).await.unwrap();
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        let digests = letters.iter().filter(|letter| letter.kind == LetterKind::SensorDigest);
        digests.map(|letter| letter.data.clone()).collect::<Vec<_>>()
    };
    assert_eq!(digests(monday - DAY * 7).await.len(), 0, "nothing was seen");
    let line = |id: &str, severity: &str| case(id, "10.0.0.9", severity, &[&format!("d-{id}")]);
    bench.app.take_report(&sensor, &report(&[line("c1", "medium"), line("c2", "high")]), NOW).await.unwrap();
    assert_eq!(digests(monday - HOUR).await.len(), 0, "not before Monday morning");
    let made = digests(monday + HOUR).await;
    assert!(made.len() == 1 && made[0].contains("\"cases\":1"), "what was told already is not told again: {made:?}");
    assert_eq!(digests(monday + HOUR * 2).await.len(), 1);
    assert_eq!(digests(monday + DAY * 7).await.len(), 1, "nothing new since");
}

pub async fn what_sensors_said_is_forgotten_in_time(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    bench
        .app
        .take_report(&sensor, &report(&[detection("d1", "10.0.0.1", "low", NOW), traffic(NOW, 1)]), NOW)
        .await
        .unwrap();
    // A sensor whose clock stands a day ahead gains nothing by it.
    let ahead = detection("d2", "10.0.0.1", "low", NOW + DAY * 21);
    bench
        .app
        .take_report(&sensor, &report(&[ahead, case("c1", "10.0.0.1", "medium", &["d1"])]), NOW + DAY * 20)
        .await
        .unwrap();
    let forget = async |days: i32| {
        let forgotten = bench.app.forget_sensor_data(&scope, NOW + DAY * days + HOUR).await.unwrap();
        (forgotten.detections, forgotten.cases, forgotten.traffic)
    };
    assert_eq!(forget(29).await, (0, 0, 0));
    assert_eq!(forget(30).await, (0, 0, 1));
    assert_eq!(forget(89).await, (0, 0, 0));
    assert_eq!(forget(90).await, (1, 0, 0));
    let shorter = SensorSettings { detection_days: 80, ..SensorSettings::default() };
    settle(&bench, &scope, shorter, NOW).await.unwrap();
    assert_eq!(forget(100).await, (1, 1, 0));
}

pub async fn what_was_settled_stays_on_file(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    assert_eq!(bench.app.sensor_settings(&scope).await.unwrap(), SensorSettings::default());
    let wanted = SensorSettings { opens: Opens::FromHigh, metadata_days: 3, ..SensorSettings::default() };
    settle(&bench, &scope, wanted.clone(), NOW).await.unwrap();
    settle(&bench, &scope, wanted.clone(), NOW + HOUR).await.unwrap();
    let history = bench.app.sensor_settings_history(&scope).await.unwrap();
    assert_eq!(history.len(), 1, "what is the same is not settled again");
    assert_eq!((history[0].opens, history[0].metadata_days, history[0].set_at), (Opens::FromHigh, 3, Some(NOW)));
    let none = SensorSettings { detection_days: 0, ..wanted };
    assert!(matches!(settle(&bench, &scope, none, NOW + DAY).await, Err(Error::Invalid(_))));

    let informed = async || bench.app.staff_informed_on(&scope).await.unwrap().map(|day| day.to_string());
    assert_eq!(informed().await, None);
    let tomorrow = bench.app.record_staff_informed(&scope, "2026-11-22", "straks", NOW).await;
    assert!(matches!(tomorrow, Err(Error::Invalid(_))), "on a day that came");
    assert!(matches!(bench.app.record_staff_informed(&scope, "2026-11-20", " ", NOW).await, Err(Error::Invalid(_))));
    bench.app.record_staff_informed(&scope, "2026-11-20", "in het werkoverleg", NOW).await.unwrap();
    assert_eq!(informed().await.as_deref(), Some("2026-11-20"));
    bench.app.take_back_staff_informed(&scope, "nog niet iedereen", NOW + HOUR).await.unwrap();
    assert_eq!(informed().await, None);
    let notices = bench.app.staff_notices(&scope).await.unwrap();
    assert_eq!(
        notices.iter().map(|one| one.how.as_str()).collect::<Vec<_>>(),
        ["nog niet iedereen", "in het werkoverleg"]
    );
    let same: StaffNotice = notices[0].clone();
    assert!(matches!(bench.store.record_staff_notice(&scope, &same).await, Err(StoreError::Conflict)));
}
