//! What leaves the program: a letter in the outbox, from the moment it is queued until it has left or was given up.

use jiff::Timestamp;
use uuid::Uuid;

use facts::{IncidentId, OrganisationId};

/// What a letter is about; the words are made when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// Hands the organisation the signed checkpoint of its register.
    Checkpoint,
    /// Says that a clock of an incident is about to run out, or has.
    Alarm,
    /// Says that a sensor saw something that should be looked at now.
    SensorCase,
    /// Says how many more cases there are than people get letters about within an hour.
    SensorMore,
    /// Says that a sensor is not heard any more.
    SensorSilent,
    /// Says that a source of a sensor gives nothing, or its disk takes nothing.
    SensorTrouble,
    /// Says how much sensors saw in a week that could wait.
    SensorDigest,
}

impl LetterKind {
    pub const ALL: [Self; 7] = [
        Self::Checkpoint,
        Self::Alarm,
        Self::SensorCase,
        Self::SensorMore,
        Self::SensorSilent,
        Self::SensorTrouble,
        Self::SensorDigest,
    ];

    /// The name in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Checkpoint => "checkpoint",
            Self::Alarm => "alarm",
            Self::SensorCase => "sensor_case",
            Self::SensorMore => "sensor_more",
            Self::SensorSilent => "sensor_silent",
            Self::SensorTrouble => "sensor_trouble",
            Self::SensorDigest => "sensor_digest",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A letter to queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    pub id: Uuid,
    /// What makes it one letter: queued again under the same key, it is the same letter. Also the idempotency key for
    /// whoever receives it.
    pub key: String,
    pub kind: LetterKind,
    pub incident: Option<IncidentId>,
    /// An e-mail address.
    pub recipient: String,
    /// What the words need beside the store: a JSON object.
    pub data: String,
    pub created_at: Timestamp,
}

/// How far a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// It is tried at this moment.
    Waiting {
        due_at: Timestamp,
    },
    Sent {
        at: Timestamp,
    },
    /// It was tried often enough; a person has to look.
    GivenUp {
        at: Timestamp,
    },
}

/// A letter of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub key: String,
    pub kind: LetterKind,
    pub incident: Option<IncidentId>,
    pub recipient: String,
    pub data: String,
    /// How many entries the journal had when it was queued, those that caused it included.
    pub tree_size: u64,
    pub created_at: Timestamp,
    pub state: LetterState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it did not leave the last time; empty where it did, or was not tried.
    pub last_error: String,
}
