//! The case file: commands in, events out; replaying the events gives the state; and who may do what.
//!
//! Promises: `decide` is pure and either returns the events or a [`Refusal`] that a person can act on; `apply` accepts
//! every event that was ever written. Deliberately not here: storing, the clock, choosing a verdict.

mod decide;
mod event;
mod permission;
mod state;

pub use decide::{Command, Refusal};
pub use event::{Actor, Assessment, Decided, Event, Narrative, Opening, Stamped, Urgency};
pub use permission::{Permission, Role, may};
pub use state::{Awareness, Decision, Document, Incident, Phase};
