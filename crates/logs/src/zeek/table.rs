//! A line of a Zeek log as fields by name, whichever of the two ways it is written.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::json::Object;

/// Columns of one file.
const COLUMNS: usize = 256;

/// What the lines that begin with `#` say.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    path: String,
    fields: Vec<String>,
    separator: Option<char>,
    set_separator: Option<char>,
    unset: String,
    empty: String,
}

impl Header {
    /// One header line. None: it cannot be read as one.
    pub(super) fn line(&mut self, text: &str) -> Option<()> {
        if let Some(said) = text.strip_prefix("#separator ") {
            let code = said.trim().strip_prefix("\\x").and_then(|hex| u8::from_str_radix(hex, 16).ok());
            *self = Self { separator: code.map(char::from).or(Some('\t')), ..Self::default() };
            return Some(());
        }
        let separator = self.separator();
        let (key, rest) = text.split_once(separator).unwrap_or((text, ""));
        match key {
            "#set_separator" => self.set_separator = rest.chars().next(),
            "#empty_field" => rest.clone_into(&mut self.empty),
            "#unset_field" => rest.clone_into(&mut self.unset),
            "#path" => rest.trim().clone_into(&mut self.path),
            "#fields" => self.fields = rest.split(separator).take(COLUMNS).map(str::to_owned).collect(),
            "#types" | "#open" | "#close" => {}
            _ => return None,
        }
        Some(())
    }

    fn separator(&self) -> char {
        self.separator.unwrap_or('\t')
    }

    pub(super) fn row<'a>(&'a self, text: &'a str) -> Option<Row<'a>> {
        (!self.fields.is_empty()).then(|| Row::Table(self, text.split(self.separator()).take(COLUMNS).collect()))
    }
}

/// One line's fields.
#[derive(Clone, Debug)]
pub(super) enum Row<'a> {
    Table(&'a Header, Vec<&'a str>),
    Json(Object<'a>),
}

impl<'a> Row<'a> {
    /// Which log it is of; JSON that does not say is told by its fields.
    pub(super) fn log(&self) -> &'a str {
        match self {
            Self::Table(header, _) => header.path.split('.').next().unwrap_or_default(),
            Self::Json(object) => {
                if let Some(path) = object.text("_path") {
                    return path;
                }
                let has = |key: &str| object.0.get(key).is_some();
                let known = [
                    (has("conn_state"), "conn"),
                    (has("qtype_name") || has("query") && has("trans_id"), "dns"),
                    (has("ssl_history") || has("cipher") || has("cert_chain_fps"), "ssl"),
                    (has("method") || has("status_code"), "http"),
                    (has("certificate.subject") || has("certificate.serial"), "x509"),
                    (has("auth_attempts") || has("hassh"), "ssh"),
                    (has("msg_types") && has("mac"), "dhcp"),
                ];
                known.iter().find_map(|(is_so, log)| is_so.then_some(*log)).unwrap_or_default()
            }
        }
    }

    /// A field that is set and not empty.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self {
            Self::Json(object) => object.text(key),
            Self::Table(header, values) => {
                let at = header.fields.iter().position(|field| field == key)?;
                let value = *values.get(at)?;
                (value != header.unset && value != header.empty && !value.is_empty()).then_some(value)
            }
        }
    }

    pub(super) fn kept(&self, key: &str) -> Option<String> {
        self.text(key).map(crate::json::kept)
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        match self {
            Self::Json(object) => object.number(key),
            Self::Table(..) => self.text(key)?.parse().ok(),
        }
    }

    /// Seconds, of which a fraction may be written.
    pub(super) fn seconds(&self, key: &str) -> Option<f64> {
        let seconds = match self {
            Self::Json(object) => object.0.get(key)?.as_f64()?,
            Self::Table(..) => self.text(key)?.parse().ok()?,
        };
        (0.0..3e9).contains(&seconds).then_some(seconds)
    }

    pub(super) fn moment(&self, key: &str) -> Option<Timestamp> {
        match self {
            Self::Json(object) => object.moment(key),
            Self::Table(..) => {
                let text = self.text(key)?;
                crate::moment::epoch(text).or_else(|| crate::moment::iso(text, &TimeZone::UTC))
            }
        }
    }

    /// The members of a set or a vector.
    pub(super) fn list(&self, key: &str) -> Vec<&str> {
        match self {
            Self::Json(object) => object.list(key).iter().filter_map(serde_json::Value::as_str).collect(),
            Self::Table(header, _) => {
                self.text(key).map(|text| text.split(header.set_separator.unwrap_or(',')).collect()).unwrap_or_default()
            }
        }
    }

    /// The numbers of a vector.
    pub(super) fn numbers(&self, key: &str) -> Vec<f64> {
        match self {
            Self::Json(object) => object.list(key).iter().filter_map(serde_json::Value::as_f64).collect(),
            Self::Table(..) => self.list(key).iter().filter_map(|number| number.parse().ok()).collect(),
        }
    }
}
