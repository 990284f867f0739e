//! Events of MISP in JSON (the format of its feeds): attributes and objects' attributes that are meant for detection. Each
//! event, object and attribute is read by itself: one that is written oddly is counted, and spoils no other.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::json::{pieces, text, truth};
use crate::{
    line::{self, Entry, LineFault},
    list::Gathering,
    mark::Mark,
};

/// Arrays and answers that stand within each other around an event.
const DEEPEST: usize = 4;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default, rename = "Event")]
    event: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    /// Attributes that were searched for stand there without their events.
    #[serde(borrow, default, rename = "Attribute")]
    attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(default)]
    info: Value,
    #[serde(borrow, default, rename = "Attribute")]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "Object")]
    objects: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, default, rename = "Attribute")]
    attributes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    to_ids: Value,
    #[serde(default)]
    deleted: Value,
}

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    Reading { number: 0, gathering }.file(&String::from_utf8_lossy(bytes), DEEPEST);
}

/// How far it was read.
struct Reading<'g> {
    number: u64,
    gathering: &'g mut Gathering,
}

impl Reading<'_> {
    /// An event, several, or an answer of MISP's in which they stand.
    fn file(&mut self, json: &str, deepest: usize) {
        if json.trim_start().starts_with('[') && deepest > 0 {
            return match serde_json::from_str::<Vec<&RawValue>>(json) {
                Ok(files) => files.into_iter().for_each(|file| self.file(file.get(), deepest - 1)),
                Err(_) => self.fault(json),
            };
        }
        match serde_json::from_str::<File<'_>>(json) {
            Ok(File { event: Some(event), .. }) => self.event(event.get()),
            Ok(File { response: Some(files), .. }) if deepest > 0 => self.file(files.get(), deepest - 1),
            Ok(File { attributes: Some(_), .. }) => self.event(json),
            _ => self.fault(json),
        }
    }

    fn event(&mut self, json: &str) {
        let Ok(event) = serde_json::from_str::<Event<'_>>(json) else { return self.fault(json) };
        let label = self.gathering.label(&text(&event.info));
        self.attributes(event.attributes, label);
        let Some(objects) = pieces(event.objects) else { return self.fault(json) };
        for object in objects {
            match serde_json::from_str::<Object<'_>>(object.get()) {
                Ok(object) => self.attributes(object.attributes, label),
                Err(_) => self.fault(object.get()),
            }
        }
    }

    fn attributes(&mut self, attributes: Option<&RawValue>, label: u16) {
        let Some(all) = pieces(attributes) else { return self.fault(attributes.map_or("", RawValue::get)) };
        for attribute in all {
            match serde_json::from_str::<Attribute>(attribute.get()) {
                Ok(attribute) => {
                    self.number += 1;
                    one(&attribute, label, self.number, self.gathering);
                }
                Err(_) => self.fault(attribute.get()),
            }
        }
    }

    fn fault(&mut self, json: &str) {
        self.number += 1;
        self.gathering.fault(self.number, json, LineFault::NotJson);
    }
}

/// The types are those of MISP's core format (draft-dulaunoy-misp-core-format).
fn one(attribute: &Attribute, label: u16, number: u64, gathering: &mut Gathering) {
    if !truth(&attribute.to_ids) || truth(&attribute.deleted) {
        return gathering.skip();
    }
    let value = text(&attribute.value);
    let value = value.trim();
    let first = value.split('|').next().unwrap_or(value);
    let word = match &*text(&attribute.kind) {
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

/// Whether these bytes are JSON to their end.
#[must_use]
pub fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
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
