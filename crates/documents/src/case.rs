//! What the documents are made from: the case, the organisation's profile, and the words that people wrote for them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

use facts::{Country, Fact, Facts};
use incident::{Incident, ReportKind};
use law::verdict::{Duty, Outcome, Risk, Verdict};

/// Everything a document is made from.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub incident: &'a Incident,
    /// The verdict in full, where it is at hand; else the outcomes on file are read, without their reasons.
    pub verdict: Option<&'a Verdict>,
    pub organisation: &'a Organisation,
    pub words: &'a Words,
    /// Now, in the organisation's time zone: every time in the documents is shown in that zone.
    pub made_at: &'a Zoned,
}

/// Who reports: the profile that an organisation fills in once. What is `None` is asked for in the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    pub name: String,
    /// Street and number; postcode and town: one line each.
    pub address: Vec<String>,
    /// The number in the trade register (KvK-nummer).
    pub kvk: Option<String>,
    /// The VAT number (btw-nummer).
    pub vat: Option<String>,
    /// Where it is established: its main establishment's country.
    pub country: Option<Country>,
    pub sector_kind: Option<SectorKind>,
    pub size: Option<OrganisationSize>,
    /// The sector, in the AP's words.
    pub sector: Option<String>,
    /// The data protection officer (FG), where there is one.
    pub fg: Option<DataProtectionOfficer>,
    /// Who fills in the AP's form.
    pub reporter: Reporter,
    /// Whom the persons, and the AP, can ask (AVG art. 33(3)(b), 34(2)).
    pub contact: Contact,
}

/// Whether the organisation is of the private or the public sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectorKind {
    Private,
    Public,
}

/// How large the organisation is, in the EDPB template's classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganisationSize {
    /// A freelancer or micro-enterprise.
    Micro,
    SmallOrMedium,
    Large,
    Other,
}

/// The functionaris voor gegevensbescherming (FG).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataProtectionOfficer {
    pub name: Option<String>,
    /// The number under which the AP registered the FG.
    pub registration: Option<String>,
    pub email: Option<String>,
}

/// The person who reports to the AP; the AP asks for all four.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporter {
    pub name: Option<String>,
    pub function: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// The contact point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub name: Option<String>,
    pub function: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

/// What people wrote for the documents of one case. It goes in as they wrote it, and counts as recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// A summary of what happened (AP 5.3).
    pub description: Option<String>,
    /// What was done already, to end the breach and to limit damage.
    pub measures_taken: Option<String>,
    /// What will be done, to keep it from happening again.
    pub measures_planned: Option<String>,
    /// Why the report comes after 72 hours (AVG art. 33(1), AP 4.5).
    pub late_reason: Option<String>,
    /// Why an earlier report is taken back.
    pub withdrawal_reason: Option<String>,
}

impl Case<'_> {
    pub(crate) fn facts(&self) -> &Facts {
        &self.incident.facts
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        self.made_at.time_zone()
    }

    /// What the assessment says about a duty, if there is one.
    pub(crate) fn outcome(&self, duty: Duty) -> Option<Outcome> {
        match (self.verdict, &self.incident.assessment) {
            (Some(verdict), _) => Some(verdict.duty(duty).outcome),
            (None, Some((_, assessment))) => assessment.outcomes.get(&duty).copied(),
            (None, None) => None,
        }
    }

    /// The risk as assessed, if it was.
    pub(crate) fn risk(&self) -> Option<Risk> {
        match (self.verdict, &self.incident.assessment) {
            (Some(verdict), _) => verdict.risk,
            (None, Some((_, assessment))) => assessment.risk,
            (None, None) => None,
        }
    }

    /// When the authority must have it at the latest, counted as its form does, and whether that is provisional.
    /// Nothing while no clock runs, or where the hours lead out of the calendar.
    pub(crate) fn report_before(&self, hours: i64) -> Option<(Timestamp, bool)> {
        let (start, is_provisional) = self.incident.clock_start()?;
        start.checked_add(SignedDuration::from_hours(hours)).ok().map(|at| (at, is_provisional))
    }

    /// The answers of the newest report on that form, where one stands and they were kept.
    pub(crate) fn earlier_answers(&self, form: &str) -> Option<&BTreeMap<String, String>> {
        self.incident.authority_notified.as_ref()?;
        let reports = self.incident.reports.iter().rev().take_while(|report| report.kind != ReportKind::Withdrawal);
        let mut kept = reports.filter(|report| report.form == form && !report.answers.is_empty());
        kept.next().map(|report| &report.answers)
    }

    /// The keys of a set-valued fact; empty where unknown.
    pub(crate) fn many(&self, fact: Fact) -> Vec<&'static str> {
        // In the vocabulary's order, which is the order in which people expect them: a set of words would sort by letter.
        let known = self.facts().many(fact);
        fact.choices()
            .iter()
            .map(|choice| choice.key)
            .filter(|key| known.is_some_and(|set| set.contains(key)))
            .collect()
    }
}

/// What was really said: nothing when it is blank.
pub(crate) fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
