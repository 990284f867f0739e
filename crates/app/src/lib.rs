//! One file per use case, and the ports they need. Each use case loads, asks the pure core, and appends to the journal.
//!
//! Promises: every store call takes a [`Scope`] that only a permission check makes; what another tenant owns is
//! [`Error::NotFound`]; time and chance are arguments or ports. Deliberately not here: SQL, HTTP, the law itself.

mod accounts;
mod append;
mod assess;
mod board;
mod case_bundle;
mod clock_leap;
mod clocks;
mod copying;
mod damage;
mod digest;
mod error;
mod evidence;
mod export;
mod forget;
mod handle;
pub mod import;
mod journal;
mod keeping;
mod letter;
mod listing;
pub mod lists;
mod mail;
mod merge;
mod model;
mod on_record;
mod open;
mod outgoing;
mod paperwork;
mod payload;
mod person;
mod places;
pub mod ports;
mod profile;
mod proof;
mod rebuild;
mod register_file;
mod report;
mod scope;
mod sensors;
mod soundness;
mod stamp;
mod temporary;
mod trouble;
mod words;

use std::sync::Arc;

pub use accounts::{Invitation, NewInvitation, NewPerson, TakenUp, hash_password};
pub use append::lines_of;
pub use assess::Assessed;
pub use board::{BoardRow, CLOSED, Clock, IncidentLine, NOT_RUNNING};
pub use case_bundle::CaseBundle;
pub use clock_leap::{ClockLeap, FORGETTING, LONGEST_UNSEEN, SeenClock};
pub use copying::{Damaged, Intake, Receiver, Watching, copy_out, manifest_of};
pub use damage::{DamageSeen, DamagedEntry, DamagedFile};
pub use digest::{FileHead, Manifest, Tally, Tallying, row_line, row_of};
pub use error::{Error, FieldProblem, StoreError};
pub use evidence::{EvidenceLimits, FileKind, FilesChecked, Look, LostFile, Received, Upload, is_raster};
pub use export::{Destination, Export, Exported};
pub use forget::{
    DEFAULT_YEARS, ErasedAgain, Forgotten, KeptUntil, LEAST_YEARS, Listed, MOST_YEARS, NOTICE, PlannedErasure,
    RetentionTerm, Round,
};
pub use handle::{Advice, Recorded};
pub use journal::{Append, NewEntry, Sealed, StoredEntry, seal};
pub use keeping::{ErasureMark, InvalidMark, PersonRequest, RequestKind, RetentionChange};
pub use letter::{Letter, LetterKind, LetterState, NewLetter};
pub use listing::{EDITION, Listing, RegisterLine};
pub use mail::{Mail, checkpoint_file};
pub use merge::{MergedProfile, settled};
pub use model::{IncidentRow, Keeping, Organisation, Profile, Provider, StoredDetection, User};
pub use open::{FromCase, Opened, Report};
pub use outgoing::{Ringing, Sending};
pub use paperwork::{Paper, PaperKind};
pub use payload::{PayloadError, read_event, write_event};
pub use person::{Appears, ErasedFor, MadeOf, PersonFound, PersonSought, Place};
pub use places::Places;
pub use ports::{
    Backups, Before, BlobReader, BlobWriter, Blobs, Cell, Chance, Copies, Directory, Jobs, Journal, Lists,
    MOST_AT_ONCE, MovedTo, Outbox, Press, ReportTaken, Retention, Row, SafetyKind, SafetyNote, SensorChoices,
    SensorDataForgotten, Sensors, Servers, Sessions, Shape, Sharing, Sheets, Signer, Snapshot, Stamp, Stamps, Store,
    StoredBlob, TimeAnswer, TimeAuthority, Unstamped,
};
pub use rebuild::Rebuilt;
pub use register::Frontier;
pub use register_file::{RegisterFile, RegisterForm};
pub use report::{ChangedAnswer, NewReport, ReportDue};
pub use scope::{Scope, Who};
pub use sensors::{
    BlindSpot, BlindSpots, CLOCK_MAY_BE_AHEAD, CaseRow, CaseStanding, CaseTold, ClockOff, Comparison, DETECTION_DAYS,
    Decided, DetectionRow, EnrolRefusal, Enrolled, ExceptionRow, Health, LEAST_HAVING, LEAST_TAKING_PART, ListChoice,
    ListStanding, METADATA_DAYS, MOST_ASKED, MOST_LINES, MOST_MAILS, MOST_OPENED, MOST_SEEN, MOST_URGENT, NamedSource,
    NewException, NewSensorToken, Opens, Proposed, QuietWeeks, ReadLine, ReadReport, ReportRefusal, SHARED_FOR,
    SILENT_MINUTES, STATE_MAY_BE_AHEAD, SaidDetection, Seen, SeenCase, SeenDetection, Sensor, SensorReport,
    SensorSettings, SensorStanding, SensorToken, SensorTrouble, SensorsOfAll, StaffNotice, StandingException,
    TRAFFIC_DAYS, TrafficRow, Wrong, WrongLine, blind_spots, is_one_of_many, proposed_last_day, read_report,
    source_in_words,
};
pub use soundness::{Changed, RegisterFault, Soundness};
pub use stamp::Stamped;
pub use temporary::TemporaryFile;
pub use trouble::Trouble;
pub use words::Sought;

/// The application: its ports and the law it judges by.
#[derive(Clone)]
pub struct App {
    pub store: Arc<dyn Store>,
    pub signer: Arc<dyn Signer>,
    pub chance: Arc<dyn Chance>,
    pub press: Arc<dyn Press>,
    pub sheets: Arc<dyn Sheets>,
    pub packs: Arc<law::Packs>,
    /// What was seen to be damaged since it began.
    pub damage: DamageSeen,
    /// What was seen to have nothing for a digest.
    pub quiet: QuietWeeks,
}
