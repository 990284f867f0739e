//! The vocabulary that everything shares: facts about an incident, three-valued answers, ids, text in two languages.
//!
//! Promises: a constructed value is a valid one; every key and value has one public name, the one of the contract.
//! Deliberately not here: what the facts mean in law (crate `law`), how they look in JSON (crate `contract`).

mod country;
mod day;
mod facts;
mod ids;
mod situation;
mod text;
mod truth;
mod vocabulary;

pub use country::{COUNTRIES, Country};
pub use day::typed_day;
pub use facts::{Contradiction, Facts, InvalidFact, TAKEN, Value};
pub use ids::{DetectionId, IncidentId, OrganisationId, ProviderId, UserId};
pub use situation::{InvalidSituation, Situation};
pub use text::{Language, Text};
pub use truth::Truth;
pub use vocabulary::{Choice, Class, Fact, Kind, Section, nearest};
