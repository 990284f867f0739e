//! Detections in the shape of Suricata's EVE alerts, for what reads those already.
//!
//! What a detection is not about, one packet, is left out: there is no `proto` and no `flow_id`, and the time is that at
//! which the thing was last seen. Everything of our own stands under `dijkwacht`, as `dijkwacht scan` writes it.

use contract::detection::DetectionLine;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{key, named, priority};

/// Ours as signatures begin after this number; below are those of published rule sets.
const SIGNATURES: u32 = 9_700_000;

/// One line of `eve.json`, without its end. `sensor` is what the sensor is called.
#[must_use]
pub fn eve(detection: &DetectionLine, sensor: &str) -> String {
    let (number, name) = named(detection.kind);
    let mut line = Map::new();
    let mut put = |key: &str, value: Value| {
        line.insert(key.to_owned(), value);
    };
    put("timestamp", time(detection.last_at).into());
    put("event_type", "alert".into());
    put("host", sensor.into());
    put("src_ip", detection.host.ip.to_string().into());
    if let Some(ip) = detection.remote.ip {
        put("dest_ip", ip.to_string().into());
    }
    if let Some(port) = detection.remote.port {
        put("dest_port", port.into());
    }
    put(
        "alert",
        json!({
            "action": "allowed",
            "gid": 1,
            "signature_id": SIGNATURES + number,
            "rev": 1,
            "signature": format!("DIJKWACHT {name}"),
            "category": name,
            "severity": priority(detection.severity),
            "metadata": { "mitre_technique_id": detection.technique, "kind": [key(detection.kind)] },
        }),
    );
    put("dijkwacht", json!(detection));
    Value::Object(line).to_string()
}

/// As Suricata writes it: microseconds, and the offset without a colon.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f+0000").to_string()
}
