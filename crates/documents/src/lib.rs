//! From the case file to what people read and send: the AP report field by field, the letter to the persons, and the
//! register extract; each as a document tree, as text and as JSON.
//!
//! Promises: pure (no clock, no files, no chance); nothing is invented: what the case does not know is marked as missing,
//! what was inferred is marked as a proposal; no data subject is named by us.
//! Deliberately not here: how a page looks on paper (crate `typeset`), sending, deciding.

mod calendar;
mod case;
pub mod case_bundle;
mod controllers_notice;
mod document;
pub mod dossier;
pub mod explanation;
pub mod fact_words;
pub mod file_words;
mod law_page;
pub mod letter;
mod markdown;
mod moment;
mod person_answer;
mod privacy_sheet;
pub mod reasoning_sheet;
pub mod register_extract;
pub mod register_table;
mod text;
pub mod timeline;
pub mod workbook;

pub use calendar::calendar;
pub use case::{Case, Contact, DataProtectionOfficer, Organisation, OrganisationSize, Reporter, SectorKind, Words};
pub use controllers_notice::controllers_notice;
pub use document::{Block, Document, FieldBlock, FieldState, Line, Look, Run, Tone};
pub use law_page::{law_page, standing_in_words};
pub use moment::{date_in_words, day, moment};
pub use person_answer::{Appearance, ErasedBefore, PersonAnswer, WhyKept};
pub use privacy_sheet::{Learnt, SensorAtWork, SensorPrivacy, privacy_sheet};
