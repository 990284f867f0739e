//! What sensors send: their enrolment, and their reports; and the threat lists that they are handed.
//!
//! A report is read within bounds: so much of it, so much unpacked, so often. It is taken in whole or not at all.

use std::io::Read;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Extension, Path};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use jiff::Timestamp;

use app::{EnrolRefusal, ReportRefusal, read_report};
use contract::sensor::{Answer, Enrol, Enrolled, MAX_REPORT_BYTES, code};
use facts::Text;

use super::{Refusal, bearer};
use crate::Web;
use crate::pages::sign_in::Client;

/// The largest enrolment in bytes: a name and a version.
const LARGEST_ENROLMENT: usize = 4096;

/// `POST /api/v1/sensors/enrol`
pub(crate) async fn enrol(
    Extension(web): Extension<Arc<Web>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match enrolled(&web, &client, &headers, body).await {
        Ok(enrolled) => Json(enrolled).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn enrolled(web: &Web, client: &Client, headers: &HeaderMap, body: Body) -> Result<Enrolled, Refusal> {
    let now = (web.state.clock)();
    if !web.limits.sensor_stranger.take(&[&client.0], now) {
        return Err(Refusal::too_many());
    }
    let token = bearer(headers).ok_or_else(unknown_token)?;
    let bytes = to_bytes(body, LARGEST_ENROLMENT)
        .await
        .map_err(|_| unreadable("het bericht is te groot", "the body is too large"))?;
    let asks: Enrol = serde_json::from_slice(&bytes).map_err(|why| {
        unreadable(&format!("geen aanmelding in JSON, fout bij teken {}", why.column()), &why.to_string())
    })?;
    let enrolled = web.state.app.enrol_sensor(token, &asks.name, &asks.version, now).await.map_err(refused)?;
    web.limits.sensor_stranger.give_back(&[&client.0], now);
    let app::Enrolled { sensor, organisation, secret } = enrolled;
    Ok(Enrolled { sensor: sensor.id, organisation, secret, name: Some(sensor.name) })
}

/// `POST /api/v1/sensors/reports`
pub(crate) async fn report(
    Extension(web): Extension<Arc<Web>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match reported(&web, &client, &headers, body).await {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// `GET /api/v1/sensors/lists/{name}`
pub(crate) async fn list(
    Extension(web): Extension<Arc<Web>>,
    client: Client,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Response {
    match listed(&web, &client, &headers, &name).await {
        Ok(bytes) => ([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn listed(web: &Web, client: &Client, headers: &HeaderMap, name: &str) -> Result<Vec<u8>, Refusal> {
    let sensor = sensor_of(web, client, headers).await?;
    Ok(web.state.app.list_for_sensor(&sensor, web.state.lists.as_ref(), name).await?)
}

/// Whose secret this is, as often as it may come.
async fn sensor_of(web: &Web, client: &Client, headers: &HeaderMap) -> Result<app::Sensor, Refusal> {
    let now = (web.state.clock)();
    // Whoever shows secrets that are none runs dry; who turns out to have one gets the try back.
    if !web.limits.sensor_stranger.take(&[&client.0], now) {
        return Err(Refusal::too_many());
    }
    let secret = bearer(headers).ok_or_else(unknown_secret)?;
    let sensor = web.state.app.sensor_of_secret(secret).await.map_err(|error| match error {
        app::Error::NotFound => unknown_secret(),
        other => other.into(),
    })?;
    web.limits.sensor_stranger.give_back(&[&client.0], now);
    if !web.limits.sensor_report.take(&[&sensor.id.to_string()], now) {
        return Err(Refusal::too_many());
    }
    Ok(sensor)
}

async fn reported(web: &Web, client: &Client, headers: &HeaderMap, body: Body) -> Result<Answer, Refusal> {
    let now = (web.state.clock)();
    let sensor = sensor_of(web, client, headers).await?;
    let bytes = to_bytes(body, MAX_REPORT_BYTES).await.map_err(|_| Refusal::too_large(MAX_REPORT_BYTES))?;
    let text = unpacked(&bytes, headers)?;
    let read = read_report(&text).map_err(|wrong| {
        let text = wrong.text();
        let text = Text::made(format!("Het bericht is niet te lezen: {}.", text.nl), format!("{}.", text.en));
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "line_wrong", text)
    })?;
    let mut answer = web.state.app.take_report(&sensor, &read, now).await.map_err(|refusal| match refusal {
        ReportRefusal::ClockAhead { said } => clock_ahead(said, now),
        // It was removed just now.
        ReportRefusal::Failed(app::Error::NotFound) => unknown_secret(),
        ReportRefusal::Failed(other) => other.into(),
    })?;
    answer.settings.lists = web.state.app.lists_of_sensor(&sensor, web.state.lists.as_ref()).await?;
    Ok(answer)
}

/// The text of a report, unpacked as far as may be.
fn unpacked(bytes: &Bytes, headers: &HeaderMap) -> Result<String, Refusal> {
    let encoding = headers.get(CONTENT_ENCODING).map_or("identity", |value| value.to_str().unwrap_or("?"));
    let plain = match encoding.trim().to_ascii_lowercase().as_str() {
        "identity" => bytes.to_vec(),
        "gzip" => {
            let mut plain = Vec::new();
            // One more than may be: what is longer is noticed, and not unpacked.
            let read = GzDecoder::new(bytes.as_ref()).take(MAX_REPORT_BYTES as u64 + 1).read_to_end(&mut plain);
            read.map_err(|why| unreadable("het is geen gzip", &format!("it is no gzip ({why})")))?;
            plain
        }
        _ => {
            let text =
                Text::new("Alleen gzip, of niets, als Content-Encoding.", "Only gzip, or none, as Content-Encoding.");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding_unknown", text));
        }
    };
    if plain.len() > MAX_REPORT_BYTES {
        return Err(Refusal::too_large(MAX_REPORT_BYTES));
    }
    String::from_utf8(plain).map_err(|_| unreadable("het is geen UTF-8", "it is not UTF-8"))
}

fn unreadable(nl: &str, en: &str) -> Refusal {
    let text = Text::made(format!("Dit is niet te lezen: {nl}."), format!("This cannot be read: {en}."));
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", text)
}

fn refused(refusal: EnrolRefusal) -> Refusal {
    let of = |code, nl, en| Refusal::new(StatusCode::UNAUTHORIZED, code, Text::new(nl, en));
    match refusal {
        EnrolRefusal::Unknown => unknown_token(),
        EnrolRefusal::Used => of(
            code::TOKEN_USED,
            "Met deze code is al een sensor aangemeld. Maak een nieuwe op de pagina Sensoren.",
            "A sensor enrolled with this token already. Make a new one on the page Sensors.",
        ),
        EnrolRefusal::Expired => of(
            code::TOKEN_EXPIRED,
            "Deze code is ouder dan 24 uur. Maak een nieuwe op de pagina Sensoren.",
            "This token is older than 24 hours. Make a new one on the page Sensors.",
        ),
        EnrolRefusal::Failed(error) => error.into(),
    }
}

fn clock_ahead(said: Timestamp, now: Timestamp) -> Refusal {
    let text = Text::made(
        format!(
            "Het bericht zegt {said}, en hier is het {now}. Wat meer dan een dag vooruit ligt wordt niet aangenomen: zet de klok van de sensor gelijk."
        ),
        format!(
            "The report says {said}, and here it is {now}. What lies more than a day ahead is not taken: set the clock of the sensor."
        ),
    );
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code::CLOCK_AHEAD, text)
}

fn unknown_token() -> Refusal {
    let text = Text::new(
        "Deze code is niet bekend. Maak er een op de pagina Sensoren.",
        "This token is not known. Make one on the page Sensors.",
    );
    Refusal::new(StatusCode::UNAUTHORIZED, code::TOKEN_UNKNOWN, text)
}

fn unknown_secret() -> Refusal {
    let text = Text::new(
        "Deze sensor is hier niet bekend, of hij is verwijderd. Meld hem opnieuw aan.",
        "This sensor is not known here, or it was removed. Enrol it again.",
    );
    Refusal::new(StatusCode::UNAUTHORIZED, code::SECRET_UNKNOWN, text)
}
