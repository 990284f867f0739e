//! The case file: commands in, events out; replaying the events gives the state; and who may do what.
//!
//! Promises: `decide` is pure and either returns the events or a [`Refusal`] that a person can act on; `apply` accepts
//! every event that was ever written. Deliberately not here: storing, the clock, choosing a verdict.

mod command;
mod custody;
mod decide;
mod detected;
mod event;
mod forgetting;
mod imported;
mod kinds;
mod lengths;
mod permission;
mod reassess;
mod refusal;
mod standing;
mod state;

pub use command::{Command, Order};
pub use custody::{Access, Caution, Condition, Custody, Evidence, EvidenceFile};
pub use decide::FIRST_DUTY;
pub use detected::{DetectionsAdded, GrownDetection, SeenInAll};
pub use event::{Actor, Assessment, Decided, Event, Narrative, Opening, ReportKind, Stamped, Urgency};
pub use forgetting::{Erased, ErasedEntry, Erasure, ErasureGround, HeldFor, Hold, RetentionKind, erasable_from};
pub use imported::{Imported, SaidAt, SaidTold, ToldThere};
pub use kinds::kind_name;
pub use permission::{Permission, Role, may};
pub use reassess::Reassessment;
pub use refusal::Refusal;
pub use standing::{Phase, Waiting};
pub use state::{Awareness, Checked, Decision, Document, DpoAdvice, EnisaAdjustment, Incident, Informed, Report};
