//! Events of MISP in JSON (the format of its feeds): attributes and objects' attributes that are meant for detection.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    line::{self, Entry, LineFault},
    list::Gathering,
    mark::Mark,
};

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    One {
        #[serde(rename = "Event")]
        event: Event,
    },
    Response {
        response: Vec<File>,
    },
    Several(Vec<File>),
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    info: String,
    #[serde(default, rename = "Attribute")]
    attributes: Vec<Attribute>,
    #[serde(default, rename = "Object")]
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default, rename = "Attribute")]
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    to_ids: bool,
    #[serde(default)]
    deleted: bool,
}

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    match serde_json::from_slice::<File>(bytes) {
        Ok(file) => take(file, &mut 0, gathering),
        Err(_) => gathering.fault(1, &String::from_utf8_lossy(bytes.get(..80).unwrap_or(bytes)), LineFault::NotJson),
    }
}

fn take(file: File, number: &mut u64, gathering: &mut Gathering) {
    match file {
        File::Response { response: files } | File::Several(files) => {
            files.into_iter().for_each(|file| take(file, number, gathering));
        }
        File::One { event } => {
            let label = gathering.label(&event.info);
            let inner = event.objects.into_iter().flat_map(|object| object.attributes);
            for attribute in event.attributes.into_iter().chain(inner) {
                *number += 1;
                one(&attribute, label, *number, gathering);
            }
        }
    }
}

/// The types are those of MISP's core format (draft-dulaunoy-misp-core-format).
fn one(attribute: &Attribute, label: u16, number: u64, gathering: &mut Gathering) {
    if !attribute.to_ids || attribute.deleted {
        return gathering.skip();
    }
    let value = attribute.value.trim();
    let first = value.split('|').next().unwrap_or(value);
    let word = match attribute.kind.as_str() {
        "domain" | "hostname" | "domain|ip" | "hostname|port" => first.to_owned(),
        "ip-dst"
        | "ip-src"
        | "url"
        | "uri"
        | "ja3-fingerprint-md5"
        | "x509-fingerprint-sha1"
        | "x509-fingerprint-sha256" => value.to_owned(),
        "ip-dst|port" | "ip-src|port" => {
            let port = value.split('|').nth(1).unwrap_or_default();
            if first.contains(':') { format!("[{first}]:{port}") } else { format!("{first}:{port}") }
        }
        "user-agent" if !value.is_empty() => return gathering.add(&Entry::Mark(Mark::UserAgent(value)), label),
        _ => return gathering.skip(),
    };
    match line::indicator(&word) {
        Ok(entry) => gathering.add(&entry, label),
        Err(fault) => gathering.fault(number, &word, fault),
    }
}

/// What a feed of MISP says of its events: `manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MispManifest {
    /// Names of the events' files, without folder, with the moment of their last change (seconds since 1970).
    pub events: BTreeMap<String, u64>,
}

/// Whether these bytes can be nothing but a feed's `manifest.json`: events by their UUID.
#[must_use]
pub fn is_misp_manifest(bytes: &[u8]) -> bool {
    let is_uuid = |id: &str| {
        id.len() == 36
            && id.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    serde_json::from_slice::<BTreeMap<String, serde::de::IgnoredAny>>(bytes)
        .is_ok_and(|events| !events.is_empty() && events.keys().all(|id| is_uuid(id)))
}

/// Reads a feed's `manifest.json`: the events with their moments. None where it is no manifest.
#[must_use]
pub fn misp_manifest(bytes: &[u8]) -> Option<MispManifest> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(default)]
        timestamp: serde_json::Value,
    }
    let lines: BTreeMap<String, Line> = serde_json::from_slice(bytes).ok()?;
    let is_id = |id: &str| id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let seconds = |line: &Line| match &line.timestamp {
        serde_json::Value::String(text) => text.parse().unwrap_or_default(),
        value => value.as_u64().unwrap_or_default(),
    };
    let events =
        lines.iter().filter(|(id, _)| is_id(id)).map(|(id, line)| (format!("{id}.json"), seconds(line))).collect();
    Some(MispManifest { events })
}
