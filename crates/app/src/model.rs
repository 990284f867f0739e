//! What the stores keep besides the journal: organisations, people, and the projections that lists are read from.

use jiff::Timestamp;

use facts::{Country, IncidentId, OrganisationId, ProviderId, UserId};
use incident::{Phase, RetentionKind, ToldThere, Urgency, Waiting};
use law::deadline::ContractTerm;
use law::verdict::Outcome;

/// An organisation with a register of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    pub id: OrganisationId,
    /// Its name in addresses: lower case letters, digits and hyphens; unique.
    pub slug: String,
    pub name: String,
    /// The provider that serves it, if any.
    pub provider: Option<ProviderId>,
    /// The secret word in its public report link.
    pub report_code: String,
    /// IANA time zone in which its people read times.
    pub zone: String,
    /// Where its main establishment is.
    pub jurisdiction: Country,
    pub profile: Profile,
}

/// What the AP's form asks about the organisation itself (section 3 of its form), and what is the same for each of its
/// incidents. Empty or absent means not filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub address: String,
    pub postcode: String,
    pub town: String,
    /// Chamber of Commerce number.
    pub kvk: String,
    pub sector: String,
    /// The FG's registration number at the AP, where there is an FG.
    pub dpo_number: String,
    pub dpo_name: String,
    pub dpo_email: String,
    /// Whom persons and the AP may ask.
    pub contact_name: String,
    pub contact_function: String,
    pub contact_email: String,
    pub contact_phone: String,
    /// Whether ENISA's score is shown beside the verdict.
    pub uses_enisa: bool,
    /// What it is for the data of most incidents: a word of [`facts::Fact::Role`].
    pub role: Option<&'static str>,
    /// Whether the Cyberbeveiligingswet applies: a word of [`facts::Fact::CbwEntity`].
    pub cbw_entity: Option<&'static str>,
    /// Why it does, or does not; needed where it is said.
    pub cbw_reason: String,
    /// Whether it is a financial undertaking (Wft), which UAVG art. 42 excepts from informing persons.
    pub financial_undertaking: Option<bool>,
    /// Whether it provides a trust service (Cbw: shorter terms).
    pub trust_service: Option<bool>,
    /// Terms that its contracts set.
    pub terms: Vec<ContractTerm>,
    /// Where the signed state of its register is handed over; empty: to the contact.
    pub register_email: String,
}

/// A provider (MSP) that serves organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub id: ProviderId,
    pub name: String,
}

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: String,
    /// Lower case; unique.
    pub email: String,
}

/// The line of an incident in lists: a projection that can be thrown away and rebuilt from the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    pub id: IncidentId,
    pub number: u64,
    pub title: String,
    pub opened_at: Timestamp,
    /// Present when a sensor opened it.
    pub urgency: Option<Urgency>,
    pub phase: Phase,
    /// From when the 72 hours run; absent while there is only a detection that nobody confirmed.
    pub clock_start: Option<Timestamp>,
    /// Nobody has set awareness yet.
    pub is_provisional: bool,
    /// The first thing that waits for somebody, if any.
    pub waits_for: Option<Waiting>,
    pub notify_authority: Option<Outcome>,
    pub inform_subjects: Option<Outcome>,
    /// What was decided about notifying the authority.
    pub is_notify_decided: Option<bool>,
    pub authority_notified_at: Option<Timestamp>,
    /// What another register says of it, where the incident was taken over from one.
    pub told_there: Option<ToldThere>,
    /// What it was called there.
    pub number_there: Option<String>,
    pub closed_at: Option<Timestamp>,
    /// How many journal entries it has; guards against two people writing at once.
    pub entries: u64,
    pub keeping: Keeping,
}

/// What a line says of how long its incident is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    pub kind: RetentionKind,
    /// When its last entry was recorded.
    pub changed_at: Timestamp,
    /// Since when it is held from being erased.
    pub held_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
}

/// A detection as stored: its JSON line, byte for byte, and the hash that the journal holds of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDetection {
    pub id: String,
    pub sha256: String,
    pub json: String,
}
