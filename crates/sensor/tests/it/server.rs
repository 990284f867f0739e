//! A server that does what the interface says, in memory, and can be told to misbehave.

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use contract::detection::Text;
use contract::sensor::{
    Answer, ENROL_PATH, Enrol, Enrolled, LISTS_PATH, MAX_REPORT_BYTES, REPORTS_PATH, Reason, Refused, Report, Settings,
    code,
};
use flate2::read::GzDecoder;

pub(crate) const SECRET: &str = "Zm9ydHktdHdvIGJ5dGVzIGFyZSB0b28gbWFueQ";
pub(crate) const TOKEN: &str = "once-only";

/// What the server is told to do with the next report, instead of taking it.
#[derive(Clone, Debug)]
pub(crate) enum Whim {
    Status(u16),
    /// Busy, with seconds to wait.
    Busy(u64),
    /// Takes it, and then answers with this.
    TakeAndSay(&'static str),
    /// Takes no more than so many bytes.
    AtMost(usize),
}

#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// By id: detections and cases.
    pub(crate) findings: BTreeMap<String, Report>,
    /// Findings that came again with nothing new.
    pub(crate) known: u64,
    pub(crate) states: Vec<Report>,
    pub(crate) traffic: Vec<Report>,
    /// Ids in the order in which they first came.
    pub(crate) order: Vec<String>,
    pub(crate) whims: VecDeque<Whim>,
    pub(crate) settings: Settings,
    /// The lists that it hands out, by name.
    pub(crate) lists: BTreeMap<String, Vec<u8>>,
    pub(crate) enrolled: Option<Enrol>,
    /// Of whom knows no secret that it gave.
    pub(crate) refused: u64,
}

/// A running server; it ends with this value.
pub(crate) struct Server {
    pub(crate) seen: Arc<Mutex<Seen>>,
    address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), Arc::default())
    }

    pub(crate) fn start_at(address: SocketAddr, seen: Arc<Mutex<Seen>>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let router = Router::new()
            .route(ENROL_PATH, post(enrol))
            .route(REPORTS_PATH, post(report))
            .route(&format!("{LISTS_PATH}/{{name}}"), get(list))
            .with_state(Arc::clone(&seen));
        let listener = std::net::TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Self { seen, address, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")
}

fn refuse(status: u16, code: &str) -> Response {
    let message = Text { nl: "Nee.".into(), en: "no".into() };
    let body = serde_json::to_string(&Refused { error: Reason { code: code.into(), message } }).unwrap();
    (StatusCode::from_u16(status).unwrap(), body).into_response()
}

async fn enrol(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut seen = seen.lock().unwrap();
    if bearer(&headers) != Some(TOKEN) {
        return refuse(401, code::TOKEN_UNKNOWN);
    }
    if seen.enrolled.is_some() {
        return refuse(401, code::TOKEN_USED);
    }
    seen.enrolled = Some(serde_json::from_slice(&body).unwrap());
    let enrolled = Enrolled {
        sensor: "00000000-0000-0000-0000-000000000007".parse().unwrap(),
        organisation: "Bakker".into(),
        secret: SECRET.into(),
        name: Some("balie".into()),
    };
    serde_json::to_string(&enrolled).unwrap().into_response()
}

async fn list(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, Path(name): Path<String>) -> Response {
    if bearer(&headers) != Some(SECRET) {
        return refuse(401, code::SECRET_UNKNOWN);
    }
    let bytes = seen.lock().unwrap().lists.get(&name).cloned();
    bytes.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

async fn report(State(seen): State<Arc<Mutex<Seen>>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut seen = seen.lock().unwrap();
    if bearer(&headers) != Some(SECRET) {
        seen.refused += 1;
        return refuse(401, code::SECRET_UNKNOWN);
    }
    assert_eq!(headers["content-type"], "application/x-ndjson");
    assert_eq!(headers["content-encoding"], "gzip");
    let mut text = String::new();
    GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    assert!(text.len() <= MAX_REPORT_BYTES);
    let whim = match seen.whims.front() {
        // It lasts.
        Some(Whim::AtMost(_)) => seen.whims.front().cloned(),
        _ => seen.whims.pop_front(),
    };
    let mut said = None;
    match whim {
        Some(Whim::Status(status)) => return refuse(status, "whim"),
        Some(Whim::Busy(seconds)) => {
            return (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", seconds.to_string())]).into_response();
        }
        Some(Whim::AtMost(bytes)) if text.len() > bytes => return refuse(413, "too_large"),
        Some(Whim::TakeAndSay(text)) => said = Some(text),
        _ => {}
    }
    let (mut accepted, mut known) = (0, 0);
    for line in text.lines() {
        let report = Report::from_json(line).expect("a line is what the contract says");
        let id = match &report {
            Report::Detection(detection) => detection.id.clone(),
            Report::Case(case) => case.id.clone(),
            Report::State(_) => {
                seen.states.push(report);
                accepted += 1;
                continue;
            }
            Report::Traffic(_) => {
                seen.traffic.push(report);
                accepted += 1;
                continue;
            }
        };
        if seen.findings.get(&id) == Some(&report) {
            known += 1;
        } else {
            if !seen.findings.contains_key(&id) {
                seen.order.push(id.clone());
            }
            seen.findings.insert(id, report);
            accepted += 1;
        }
    }
    seen.known += known;
    let answer = Answer { accepted, known, set_aside: Vec::new(), settings: seen.settings.clone() };
    match said {
        Some(said) => said.into_response(),
        None => serde_json::to_string(&answer).unwrap().into_response(),
    }
}
