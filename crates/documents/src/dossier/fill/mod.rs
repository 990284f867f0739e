//! Which answer the case has for each question of the form.

mod breach;
mod follow_up;
mod parties;
mod timeline;

use facts::{Fact, Text};

use super::{Answer, Content};
use crate::Case;
use crate::dossier::form::{Asks, Form, Question};

/// An answer with what the person should know beside it.
pub(super) struct Filled {
    pub(super) answer: Answer,
    pub(super) note: Option<Text>,
}

impl Filled {
    fn recorded(text: impl Into<String>) -> Self {
        Self { answer: Answer::Recorded(Content { ticks: Vec::new(), text: Some(text.into()) }), note: None }
    }

    fn derived(text: impl Into<String>) -> Self {
        Self { answer: Answer::Derived(Content { ticks: Vec::new(), text: Some(text.into()) }), note: None }
    }

    fn ticked(ticks: Vec<&'static str>) -> Self {
        Self { answer: Answer::Recorded(Content { ticks, text: None }), note: None }
    }

    fn missing() -> Self {
        Self { answer: Answer::Missing, note: None }
    }

    /// What belongs beside the ticked boxes.
    fn beside(mut self, beside: Option<String>) -> Self {
        if let Answer::Recorded(content) | Answer::Derived(content) = &mut self.answer {
            content.text = beside.filter(|text| !text.is_empty());
        }
        self
    }

    /// Makes it a proposal.
    fn proposed(mut self) -> Self {
        if let Answer::Recorded(content) = self.answer {
            self.answer = Answer::Derived(content);
        }
        self
    }

    fn note(mut self, nl: &'static str, en: &'static str) -> Self {
        self.note = Some(Text::new(nl, en));
        self
    }

    fn made_note(mut self, note: Option<Text>) -> Self {
        self.note = note.or(self.note);
        self
    }
}

/// The answer to one question; nothing where the form does not ask it in this case.
pub(super) fn fill(case: &Case<'_>, form: &Form, question: &'static Question) -> Option<Filled> {
    let boxes = question.boxes;
    match question.asks {
        Asks::NotificationKind => Some(parties::notification_kind(case)),
        Asks::EarlierNumber => parties::earlier_number(case),
        Asks::LegalBasis => Some(parties::legal_basis(case, boxes)),
        Asks::OtherAuthorities => Some(parties::other_authorities(case)),
        Asks::SeveralCountries => Some(parties::several_countries(case)),
        Asks::LeadAuthority => parties::lead_authority(case),
        Asks::OtherPrivacyAuthorities => Some(parties::other_privacy_authorities(case)),
        Asks::OrganisationName => Some(parties::profile(Some(&case.organisation.name))),
        Asks::Controllers => Some(parties::controllers(case)),
        Asks::OrganisationAddress => Some(parties::profile(Some(&case.organisation.address.join("\n")))),
        Asks::FgRegistration => Some(parties::fg(case)),
        Asks::Kvk => Some(parties::profile(case.organisation.kvk.as_deref())),
        Asks::Sector => Some(parties::sector(case)),
        Asks::ReporterName => Some(parties::profile(case.organisation.reporter.name.as_deref())),
        Asks::ReporterFunction => Some(parties::profile(case.organisation.reporter.function.as_deref())),
        Asks::ReporterEmail => Some(parties::profile(case.organisation.reporter.email.as_deref())),
        Asks::ReporterPhone => Some(parties::profile(case.organisation.reporter.phone.as_deref())),
        Asks::ContactPerson => Some(parties::contact(case)),
        Asks::OtherOrganisations => Some(parties::other_organisations(case)),
        Asks::StartedAt => Some(timeline::started(case)),
        Asks::EndedAt => Some(timeline::ended(case)),
        Asks::DetectedAt => Some(timeline::detected(case)),
        Asks::Discovery => Some(timeline::discovery(case)),
        Asks::AwareAt => Some(timeline::aware(case)),
        Asks::LateReason => timeline::late(case, form.late_after_hours),
        Asks::BreachNature => Some(breach::nature(case, boxes)),
        Asks::IncidentNature => Some(breach::incident(case, boxes)),
        Asks::Description => Some(breach::description(case)),
        Asks::Attachments => Some(breach::attachments(case)),
        Asks::GeneralData => Some(breach::general_data(case, boxes)),
        Asks::SpecialData => Some(breach::special_data(case, boxes)),
        Asks::Records => Some(breach::records(case)),
        Asks::Groups => Some(breach::groups(case, boxes)),
        Asks::GroupsDescription => Some(breach::groups_description(case)),
        Asks::SubjectsExact => breach::subjects_exact(case),
        Asks::SubjectsMin => breach::subjects_bound(case, Fact::SubjectsMin),
        Asks::SubjectsMax => breach::subjects_bound(case, Fact::SubjectsMax),
        Asks::Protection => Some(breach::protection(case, boxes)),
        Asks::ProtectionTechnique => breach::technique(case),
        Asks::ConsequencesForData => Some(breach::consequences_for_data(case, boxes)),
        Asks::ConsequencesForPersons => Some(breach::consequences_for_persons(case, boxes)),
        Asks::Severity => Some(breach::severity(case, boxes)),
        Asks::SeverityReason => Some(breach::severity_reason(case)),
        Asks::PersonsTold => Some(follow_up::told(case)),
        Asks::PersonsToldWhen => follow_up::told_when(case),
        Asks::PersonsToldCount => follow_up::told_count(case),
        Asks::PersonsToldWhat => follow_up::told_what(case),
        Asks::PersonsNotAllWhy => follow_up::not_all_why(case),
        Asks::PersonsNotToldWhy => follow_up::not_told_why(case),
        Asks::PersonsToldHow => follow_up::told_how(case, boxes),
        Asks::Measures => Some(follow_up::measures(case)),
        // Follows from all the others, once they are there.
        Asks::IsComplete => Some(Filled::missing()),
    }
}

/// The facts that fill a question, for a link to where they are asked.
pub(super) fn facts(asks: Asks) -> &'static [Fact] {
    match asks {
        Asks::LegalBasis => &[Fact::Regime],
        Asks::SeveralCountries => &[Fact::Countries],
        Asks::LeadAuthority => &[Fact::Countries, Fact::Establishments],
        Asks::Controllers | Asks::OtherOrganisations => &[Fact::Role],
        Asks::BreachNature => &[Fact::Confidentiality, Fact::Integrity, Fact::Availability],
        Asks::IncidentNature => &[Fact::IncidentType],
        Asks::GeneralData | Asks::SpecialData => &[Fact::Data],
        Asks::Records => &[Fact::Records],
        Asks::Groups => &[Fact::Groups, Fact::Vulnerable],
        Asks::GroupsDescription => &[Fact::Groups],
        Asks::SubjectsExact | Asks::SubjectsMin | Asks::SubjectsMax => &[Fact::SubjectsMin, Fact::SubjectsMax],
        Asks::Protection | Asks::ProtectionTechnique => &[Fact::Protection, Fact::ProtectionKind, Fact::KeyCompromised],
        Asks::ConsequencesForData => {
            &[Fact::Confidentiality, Fact::Integrity, Fact::Availability, Fact::Exfiltration, Fact::ServiceImpact]
        }
        Asks::ConsequencesForPersons => &[Fact::Consequences],
        Asks::Severity => &[Fact::Severity],
        Asks::PersonsNotToldWhy => {
            &[Fact::RiskRemoved, Fact::DisproportionateEffort, Fact::FinancialUndertaking, Fact::WithholdingGround]
        }
        Asks::Measures => &[Fact::RemoteWipe, Fact::DeletionConfirmed, Fact::RestoreHours, Fact::RiskRemoved],
        _ => &[],
    }
}
