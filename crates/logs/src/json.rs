//! Fields of a JSON object, as other sensors write them.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::Value;

/// Texts taken over are cut after so many characters.
const LONGEST: usize = 1_024;

/// An object whose fields may be missing or of another kind than expected: then they are absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'a>(pub(crate) &'a Value);

impl<'a> Object<'a> {
    pub(crate) fn within(self, key: &str) -> Option<Object<'a>> {
        self.0.get(key).filter(|value| value.is_object()).map(Object)
    }

    pub(crate) fn text(self, key: &str) -> Option<&'a str> {
        self.0.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text made safe to keep: bounded, without control characters.
    pub(crate) fn kept(self, key: &str) -> Option<String> {
        Some(kept(self.text(key)?))
    }

    pub(crate) fn number(self, key: &str) -> Option<u64> {
        let value = self.0.get(key)?;
        value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
    }

    pub(crate) fn ip(self, key: &str) -> Option<IpAddr> {
        self.text(key)?.parse().ok()
    }

    pub(crate) fn port(self, key: &str) -> u16 {
        self.number(key).and_then(|port| u16::try_from(port).ok()).unwrap_or(0)
    }

    pub(crate) fn list(self, key: &str) -> &'a [Value] {
        self.0.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A moment with its zone, or seconds since 1970.
    pub(crate) fn moment(self, key: &str) -> Option<Timestamp> {
        match self.0.get(key)? {
            Value::String(text) => text.parse().ok().or_else(|| {
                // Certificates' moments have no zone: they are in UTC (RFC 5280 §4.1.2.5).
                crate::moment::iso(text, &jiff::tz::TimeZone::UTC)
            }),
            Value::Number(number) => crate::moment::epoch_number(number.as_f64()?),
            _ => None,
        }
    }
}

pub(crate) fn kept(text: &str) -> String {
    text.chars().take(LONGEST).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
