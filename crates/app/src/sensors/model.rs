//! What the stores keep of sensors: plain values, and the lines that a sensor said as it said them.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use facts::{OrganisationId, Text};

/// A sensor of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensor {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub name: String,
    /// The program's, as it last said.
    pub version: String,
    pub enrolled_at: Timestamp,
    /// Who made the token that it enrolled with.
    pub enrolled_by: String,
    /// When a report of it last came in, by the server's clock; before the first one, when it enrolled.
    pub heard_at: Timestamp,
    /// The last `state` line that it said; empty until it said one.
    pub state: String,
    /// What its state lines so far say one after another, as JSON; empty until there was one.
    pub progress: String,
    pub removed_at: Option<Timestamp>,
    /// Since when it learns what is ordinary here.
    pub learns_from: Timestamp,
    /// Who had it begin again; empty: it learns since it enrolled.
    pub learns_by: String,
    /// Nothing of it is taken, since its clock is ahead.
    pub clock_off: Option<ClockOff>,
}

/// What a sensor's clock said, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOff {
    /// The latest moment in what it sent.
    pub said: Timestamp,
    /// When that came in, by the server's clock.
    pub at: Timestamp,
}

/// What a sensor enrols with, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensorToken {
    /// SHA-256 of the token in hexadecimal; the token itself is never stored.
    pub token_sha256: String,
    pub organisation: OrganisationId,
    /// What the sensor is to be called; empty: as it says itself.
    pub name: String,
    pub made_by: String,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// A report as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SensorReport {
    pub detections: Vec<DetectionRow>,
    /// The ids of detections that may not be kept, of which nothing else is.
    pub withheld: Vec<String>,
    pub cases: Vec<CaseRow>,
    pub traffic: Vec<TrafficRow>,
    /// The newest state in it: its own moment, the program's version, the line.
    pub state: Option<(Timestamp, String, String)>,
    /// What the states so far say one after another, with those in it, as JSON; kept with the newest.
    pub progress: String,
    /// How many lines told a state.
    pub states: u64,
}

/// A detection that a sensor reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectionRow {
    pub sensor: Uuid,
    /// Unique for its sensor.
    pub id: String,
    pub kind: String,
    /// From 0, the higher the worse.
    pub severity: u8,
    /// The host's address.
    pub host: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// When it last came in, by the server's clock.
    pub received_at: Timestamp,
    /// When it first did.
    pub first_received_at: Timestamp,
    /// The number of the incident that it is in.
    pub incident: Option<u64>,
    /// The line, byte for byte.
    pub json: String,
}

/// A case that a sensor reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    pub sensor: Uuid,
    /// Unique for its sensor.
    pub id: String,
    /// From 0, the higher the worse.
    pub severity: u8,
    /// Whether it needs attention now: people are told at once rather than in the weekly digest.
    pub is_urgent: bool,
    /// When it last changed here, by the server's clock.
    pub changed_at: Timestamp,
    /// When it first came in, by the same clock.
    pub first_received_at: Timestamp,
    /// The number of the incident that it became.
    pub incident: Option<u64>,
    /// Since when the rule that opens incidents holds it back; absent: it does not.
    pub held_back_at: Option<Timestamp>,
    /// The line, byte for byte.
    pub json: String,
}

/// What one host sent to one place, and got from it, in one hour; or what was left of its hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficRow {
    /// When the hour began.
    pub hour: Timestamp,
    pub host: String,
    /// Empty where it is not known.
    pub host_name: String,
    /// Empty where it is not known; the same for the two below.
    pub remote: String,
    /// 0: not known.
    pub remote_port: u16,
    pub remote_domain: String,
    pub bytes_out: u64,
    pub bytes_in: u64,
    pub connections: u64,
    /// Present: the row is about what was left of the host's hour, and has no other side. It went to so many places at least,
    /// besides those that other rows name.
    pub other_places: Option<u64>,
}

impl TrafficRow {
    /// What people call the other side.
    #[must_use]
    pub fn place(&self) -> &str {
        if self.remote_domain.is_empty() { &self.remote } else { &self.remote_domain }
    }

    /// What people call the host.
    #[must_use]
    pub fn host_label(&self) -> &str {
        if self.host_name.is_empty() { &self.host } else { &self.host_name }
    }
}

/// An exception as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionRow {
    pub id: Uuid,
    pub made_at: Timestamp,
    /// [`contract::sensor::Exception`] as JSON.
    pub json: String,
    pub taken_back_at: Option<Timestamp>,
    /// Empty while it stands.
    pub taken_back_by: String,
}

/// When a case becomes an incident without a person asking for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    Never,
    FromHigh,
    Every,
}

impl Opens {
    pub const ALL: [Self; 3] = [Self::Never, Self::FromHigh, Self::Every];

    /// The name in the database and on forms.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::FromHigh => "from_high",
            Self::Every => "every",
        }
    }

    /// The rule of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }

    /// What people read.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Never => Text::new("Nooit vanzelf: iemand opent een incident", "Never by itself: a person opens one"),
            Self::FromHigh => Text::new("Bij ernst hoog of kritiek", "At severity high or critical"),
            Self::Every => Text::new("Bij elke zaak", "At every case"),
        }
    }
}

/// What an organisation settled about its sensors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensorSettings {
    /// Absent: nobody settled anything yet.
    pub set_at: Option<Timestamp>,
    pub set_by: String,
    pub opens: Opens,
    /// After how many minutes of silence people are told.
    pub silent_minutes: u32,
    /// For how many days the server keeps detections that are in no incident.
    pub detection_days: u32,
    /// For how many days the server keeps what was counted by hour.
    pub traffic_days: u32,
    /// For how many days the sensor itself keeps metadata.
    pub metadata_days: u16,
}

impl Default for SensorSettings {
    fn default() -> Self {
        Self {
            set_at: None,
            set_by: String::new(),
            opens: Opens::Never,
            silent_minutes: 60,
            detection_days: 90,
            traffic_days: 30,
            metadata_days: 7,
        }
    }
}

/// That the staff was told what the sensor looks into; or, without a day, that this was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffNotice {
    pub recorded_at: Timestamp,
    pub recorded_by: String,
    pub informed_on: Option<Date>,
    /// How they were told, and what the works council said, in people's own words.
    pub how: String,
}

/// A threat list that an organisation's sensors use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListChoice {
    /// As the server calls it.
    pub list: String,
    pub chosen_at: Timestamp,
    pub chosen_by: String,
}

/// That an organisation compares with other customers of its provider, or no longer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub decided_at: Timestamp,
    pub decided_by: String,
    pub is_on: bool,
}
