//! One file per use case, and the ports they need. Each use case loads, asks the pure core, and appends to the journal.
//!
//! Promises: every store call takes a [`Scope`] that only a permission check makes; what another tenant owns is
//! [`Error::NotFound`]; time and chance are arguments or ports. Deliberately not here: SQL, HTTP, the law itself.

mod accounts;
mod append;
mod assess;
mod board;
mod clocks;
mod copying;
mod digest;
mod error;
mod evidence;
mod export;
mod handle;
pub mod import;
mod journal;
mod letter;
mod model;
mod open;
mod paperwork;
mod payload;
mod places;
pub mod ports;
mod profile;
mod report;
mod scope;
mod soundness;

use std::sync::Arc;

pub use accounts::{Invitation, NewInvitation, NewPerson, TakenUp, hash_password};
pub use assess::Assessed;
pub use board::{BoardRow, Clock, IncidentLine};
pub use copying::{Intake, Receiver, Watching, copy_out, manifest_of};
pub use digest::{FileHead, Manifest, Tally, Tallying, row_line, row_of};
pub use error::{Error, FieldProblem, StoreError};
pub use evidence::{EvidenceLimits, FileKind, FilesChecked, Look, LostFile, Received, Upload, is_raster};
pub use export::{Export, RegisterLine};
pub use handle::{Advice, Recorded};
pub use journal::{Append, NewEntry, Sealed, StoredEntry, seal};
pub use letter::{Letter, LetterKind, LetterState, NewLetter};
pub use model::{IncidentRow, Organisation, Profile, Provider, StoredDetection, User};
pub use open::{Opened, Report};
pub use paperwork::{Paper, PaperKind};
pub use payload::{PayloadError, read_event, write_event};
pub use places::Places;
pub use ports::{Backups, SafetyKind, SafetyNote};
pub use ports::{BlobReader, BlobWriter, Blobs, StoredBlob};
pub use ports::{Cell, Copies, Row, Shape, Snapshot};
pub use ports::{Chance, Directory, Jobs, Journal, MOST_AT_ONCE, Outbox, Press, Sessions, Sheets, Signer, Store};
pub use register::Frontier;
pub use report::{ChangedAnswer, NewReport, ReportDue};
pub use scope::{Scope, Who};
pub use soundness::Soundness;

/// The application: its ports and the law it judges by.
#[derive(Clone)]
pub struct App {
    pub store: Arc<dyn Store>,
    pub signer: Arc<dyn Signer>,
    pub chance: Arc<dyn Chance>,
    pub press: Arc<dyn Press>,
    pub sheets: Arc<dyn Sheets>,
    pub packs: Arc<law::Packs>,
}
