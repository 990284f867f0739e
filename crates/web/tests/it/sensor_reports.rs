//! What a sensor and its server say to each other, over HTTP as a sensor does it.

use std::io::Write;

use axum::body::Body;
use axum::http::Method;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::SignedDuration;

use contract::detection::{CaseLine, DetectionLine, Line};
use contract::sensor::{Answer, ENROL_PATH, Enrolled, MAX_REPORT_BYTES, REPORTS_PATH, Refused};

use crate::client::{Answer as Reply, Client};
use crate::world::{NOW, World, beacon};

const KORENAAR: &str = "bakkerij-de-korenaar";

impl World {
    /// A token for one sensor of an organisation.
    pub async fn sensor_token(&self, slug: &str) -> String {
        let scope = self.app.permit_program(slug).await.unwrap();
        self.app.new_sensor_token(&scope, "", self.now()).await.unwrap().token
    }

    /// Enrols a sensor as a sensor does.
    pub async fn sensor(&self, slug: &str, name: &str) -> Enrolled {
        let token = self.sensor_token(slug).await;
        let reply = enrol(&mut self.visitor(), &token, name).await;
        serde_json::from_slice(&reply.bytes).unwrap()
    }

    /// Sends lines as a sensor does, and gives the answer to a report that was taken in.
    pub async fn reports(&self, sensor: &Enrolled, lines: &str) -> Answer {
        let reply = report(&mut self.visitor(), &sensor.secret, &[], lines.into()).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", String::from_utf8_lossy(&reply.bytes));
        serde_json::from_slice(&reply.bytes).unwrap()
    }
}

async fn enrol(client: &mut Client, token: &str, name: &str) -> Reply {
    let body = format!(r#"{{"name":"{name}","version":"0.1.0"}}"#);
    let bearer = format!("Bearer {token}");
    client
        .send_body(Method::POST, ENROL_PATH, &[("authorization", &bearer)], "application/json", Body::from(body))
        .await
}

async fn report(client: &mut Client, secret: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
    let bearer = format!("Bearer {secret}");
    let headers = [&[("authorization", bearer.as_str())], headers].concat();
    client.send_body(Method::POST, REPORTS_PATH, &headers, "application/x-ndjson", Body::from(body)).await
}

/// The lines of one host that calls home: a detection and its case.
pub fn beacon_lines() -> String {
    let (case, detections) = beacon(NOW - SignedDuration::from_hours(20));
    let detections = detections.iter().map(|one| Line::Detection(DetectionLine::from(one)).to_json().unwrap());
    let case = Line::Case(CaseLine::from(&case)).to_json().unwrap();
    detections.chain([case]).map(|line| line + "\n").collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// That it was refused, with this status and code, in the shape that sensors know.
#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) -> Refused {
    let said = String::from_utf8_lossy(&reply.bytes);
    assert_eq!(reply.status.as_u16(), status, "{said}");
    assert_eq!(reply.headers["content-type"], "application/json", "{said}");
    let told: Refused = serde_json::from_slice(&reply.bytes).unwrap();
    assert_eq!(told.error.code, code);
    assert!(!told.error.message.nl.is_empty() && !told.error.message.en.is_empty());
    told
}

#[tokio::test]
async fn a_token_enrols_one_sensor_for_a_day() {
    let world = World::new().await;
    let mut sensor = world.visitor();
    refused(&enrol(&mut sensor, "geraden", "x").await, 401, "token_unknown");
    let token = world.sensor_token(KORENAAR).await;
    refused(&enrol(&mut sensor, &token, " ").await, 422, "invalid");
    let reply = enrol(&mut sensor, &token, "kantoor-breda").await;
    let enrolled: Enrolled = serde_json::from_slice(&reply.bytes).unwrap();
    assert_eq!((enrolled.organisation.as_str(), enrolled.secret.len()), ("Bakkerij De Korenaar", 43));
    assert!(enrolled.name.is_some_and(|name| !name.is_empty()), "what it is called here");
    refused(&enrol(&mut sensor, &token, "x").await, 401, "token_used");
    let old = world.sensor_token(KORENAAR).await;
    world.let_pass(24);
    refused(&enrol(&mut sensor, &old, "x").await, 401, "token_expired");
    let body = sensor.send_body(Method::POST, ENROL_PATH, &[], "application/json", Body::from("{}")).await;
    refused(&body, 401, "token_unknown");
    let large = enrol(&mut sensor, &old, &"a".repeat(5000)).await;
    refused(&large, 422, "unreadable");
}

#[tokio::test]
async fn a_report_is_taken_in_once_and_answered_with_the_settings() {
    let world = World::new().await;
    let sensor = world.sensor(KORENAAR, "doos").await;
    let answer = world.reports(&sensor, &beacon_lines()).await;
    assert_eq!((answer.accepted, answer.known), (2, 0));
    assert_eq!((answer.settings.staff_informed_on, answer.settings.keep_days), (None, 7));
    let packed = gzip(beacon_lines().as_bytes());
    let reply = report(&mut world.visitor(), &sensor.secret, &[("content-encoding", "gzip")], packed).await;
    let answer: Answer = serde_json::from_slice(&reply.bytes).unwrap();
    assert_eq!((answer.accepted, answer.known), (0, 2), "the same, packed, is known");
    assert_eq!(world.reports(&sensor, "").await.accepted, 0, "nothing to say is said too");

    let scope = world.app.permit_program(KORENAAR).await.unwrap();
    world.app.record_staff_informed(&scope, "2026-03-01", "in het werkoverleg", NOW).await.unwrap();
    let day = world.reports(&sensor, "").await.settings.staff_informed_on.unwrap();
    assert_eq!(day.to_string(), "2026-03-01");
}

#[tokio::test]
async fn what_is_no_report_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let sensor = world.sensor(KORENAAR, "doos").await;
    let mut client = world.visitor();
    let wrong =
        report(&mut client, &sensor.secret, &[], format!("{}\n{{\"type\":\"x\"}}", beacon_lines().trim()).into());
    let told = refused(&wrong.await, 422, "line_wrong");
    assert!(told.error.message.nl.contains("regel 3"), "{told:?}");
    refused(&report(&mut client, &sensor.secret, &[], vec![0xff; 9]).await, 422, "unreadable");
    let gzip_header = &[("content-encoding", "gzip")];
    let told = refused(&report(&mut client, &sensor.secret, gzip_header, b"no gzip".to_vec()).await, 422, "unreadable");
    assert_eq!(told.error.message.nl, "Dit is niet te lezen: het is geen gzip.");
    let told = refused(&report(&mut client, &sensor.secret, &[], b"what is this".to_vec()).await, 422, "line_wrong");
    assert!(told.error.message.nl.contains("geen geldige JSON") && !told.error.message.nl.contains("expected"));
    let brotli = &[("content-encoding", "br")];
    refused(&report(&mut client, &sensor.secret, brotli, Vec::new()).await, 415, "encoding_unknown");
    let scope = world.app.permit_program(KORENAAR).await.unwrap();
    let seen = world.app.seen_by_sensors(&scope, None, jiff::Timestamp::MIN).await.unwrap();
    assert_eq!(seen.detections.len(), 0, "whole or not at all");
}

#[tokio::test]
async fn a_report_that_unpacks_without_end_is_not_unpacked() {
    let world = World::new().await;
    let sensor = world.sensor(KORENAAR, "doos").await;
    let mut client = world.visitor();
    let bomb = gzip(&vec![b'\n'; 64 * MAX_REPORT_BYTES]);
    assert!(bomb.len() < MAX_REPORT_BYTES, "small enough to be read whole: {}", bomb.len());
    let gzip_header = &[("content-encoding", "gzip")];
    refused(&report(&mut client, &sensor.secret, gzip_header, bomb).await, 413, "too_large");
    refused(&report(&mut client, &sensor.secret, &[], vec![b'\n'; MAX_REPORT_BYTES + 1]).await, 413, "too_large");
    let most = gzip(" ".repeat(MAX_REPORT_BYTES).as_bytes());
    assert_eq!(
        report(&mut client, &sensor.secret, gzip_header, most).await.status.as_u16(),
        200,
        "just so much may be"
    );
}

#[tokio::test]
async fn who_has_no_secret_or_comes_too_often_waits() {
    let world = World::new().await;
    let (sensor, other) = (world.sensor(KORENAAR, "doos").await, world.sensor(KORENAAR, "kast").await);
    let mut client = world.visitor();
    for _ in 0..120 {
        assert_eq!(report(&mut client, &sensor.secret, &[], Vec::new()).await.status.as_u16(), 200);
    }
    let reply = report(&mut client, &sensor.secret, &[], Vec::new()).await;
    refused(&reply, 429, "too_many");
    assert_eq!(reply.headers["retry-after"], "10");
    assert_eq!(report(&mut client, &other.secret, &[], Vec::new()).await.status.as_u16(), 200, "its neighbour goes on");

    for _ in 0..60 {
        refused(&report(&mut client, "geraden", &[], Vec::new()).await, 401, "secret_unknown");
    }
    refused(&report(&mut client, "geraden", &[], Vec::new()).await, 429, "too_many");
    world.let_pass(1);
    assert_eq!(report(&mut client, &other.secret, &[], Vec::new()).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_removed_sensor_is_told_so_and_no_page_takes_its_secret() {
    let world = World::new().await;
    let sensor = world.sensor(KORENAAR, "doos").await;
    let scope = world.app.permit_program(KORENAAR).await.unwrap();
    let bearer = format!("Bearer {}", sensor.secret);
    let page = world.visitor().send(Method::GET, &format!("/o/{KORENAAR}"), &[("authorization", &bearer)], None).await;
    assert_eq!(page.status.as_u16(), 303, "it is asked to sign in");
    world.app.remove_sensor(&scope, sensor.sensor, NOW).await.unwrap();
    refused(&report(&mut world.visitor(), &sensor.secret, &[], Vec::new()).await, 401, "secret_unknown");
}

#[tokio::test]
async fn whatever_goes_wrong_under_the_programs_addresses_is_json() {
    let world = World::empty().await;
    let mut client = world.visitor();
    refused(&client.get("/api/v1/niets").await, 404, "not_found");
    let wrong_way = client.get(REPORTS_PATH).await;
    refused(&wrong_way, 405, "invalid");
}
