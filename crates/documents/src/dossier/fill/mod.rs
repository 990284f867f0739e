//! What a case can say to each thing that a form may ask, in our own words: no form's boxes are known here.

mod breach;
mod effects;
mod follow_up;
mod organisation;
mod others;
mod report;
mod timeline;

use std::borrow::Cow;

use facts::Text;

use super::asks::Asks;
use super::purpose::Purpose;
use crate::{Case, FieldState};

/// What the case says, before any form's boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) state: FieldState,
    /// Words of the source's vocabulary; none for free text.
    pub(super) words: Vec<Cow<'static, str>>,
    /// What to type, or what belongs beside the words.
    pub(super) text: Option<String>,
    pub(super) note: Option<Text>,
}

impl Said {
    fn made(state: FieldState, words: Vec<Cow<'static, str>>, text: Option<String>) -> Self {
        Self { state, words, text, note: None }
    }

    fn recorded(text: impl Into<String>) -> Self {
        Self::made(FieldState::Recorded, Vec::new(), Some(text.into()))
    }

    fn derived(text: impl Into<String>) -> Self {
        Self::made(FieldState::Derived, Vec::new(), Some(text.into()))
    }

    fn word(word: &'static str) -> Self {
        Self::words(vec![word])
    }

    fn words(words: Vec<&'static str>) -> Self {
        Self::made(FieldState::Recorded, words.into_iter().map(Cow::Borrowed).collect(), None)
    }

    fn missing() -> Self {
        Self::made(FieldState::Missing, Vec::new(), None)
    }

    /// On file, or missing.
    fn filed(text: Option<&str>) -> Self {
        crate::case::said(text).map_or_else(Self::missing, Self::recorded)
    }

    /// What belongs beside the words.
    fn beside(mut self, beside: Option<String>) -> Self {
        self.text = beside.filter(|text| !text.is_empty());
        self
    }

    /// Makes it a proposal.
    fn proposed(mut self) -> Self {
        if self.state == FieldState::Recorded {
            self.state = FieldState::Derived;
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

/// For which report the case is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) purpose: Purpose,
    pub(super) late_after_hours: i64,
    /// Whether something that is not optional is still missing.
    pub(super) is_incomplete: bool,
}

impl Request<'_> {
    pub(super) fn is_late(&self) -> bool {
        timeline::is_late(self.case, self.late_after_hours)
    }
}

/// What the case says to one question.
pub(super) fn said(request: Request<'_>, asks: Asks) -> Said {
    let case = request.case;
    match asks {
        Asks::NotificationKind => report::kind(request.purpose),
        Asks::IsComplete => report::is_complete(request),
        Asks::EarlierNumber => report::earlier_number(case),
        Asks::WithdrawalReason => report::withdrawal_reason(case),
        Asks::OwnReference => Said::recorded(format!("Incident {}", case.incident.number)),
        Asks::LegalBasis => report::legal_basis(case),

        Asks::OtherAuthorities => others::authorities(case),
        Asks::OtherAuthoritiesDetails => others::authorities_details(case),
        Asks::PoliceReport => others::police_report(),
        Asks::SeveralCountries => others::several_countries(case),
        Asks::CrossBorder => others::cross_border(case),
        Asks::LeadAuthority => others::lead_authority(case),
        Asks::OtherPrivacyAuthorities => others::privacy_authorities(case),
        Asks::OtherPrivacyAuthoritiesNames => others::privacy_authorities_names(),
        Asks::Establishments => others::establishments(case),
        Asks::SubjectCountries => others::subject_countries(case),
        Asks::SubjectsPerCountry => others::subjects_per_country(case),
        Asks::InEea => others::in_eea(case),
        Asks::Representative | Asks::RepresentativeContact => others::representative(),
        Asks::OtherOrganisations => others::organisations(case),
        Asks::OthersInvolved => others::involved(case),
        Asks::OthersRole => others::role(case),
        Asks::OthersName | Asks::OthersContact => others::named(),

        Asks::OrganisationName => organisation::profile(Some(&case.organisation.name)),
        Asks::Controllers => organisation::controllers(case),
        Asks::OrganisationAddress => organisation::profile(Some(&case.organisation.address.join("\n"))),
        Asks::OrganisationContact => organisation::address_and_contact(case),
        Asks::IdentifierKind => organisation::identifier_kind(case),
        Asks::Identifier => organisation::identifier(case),
        Asks::SectorKind => organisation::sector_kind(case),
        Asks::OrganisationSize => organisation::size(case),
        Asks::OrganisationSizeText => Said::missing(),
        Asks::HasFg => organisation::has_fg(case),
        Asks::FgName => organisation::profile(case.organisation.fg.as_ref().and_then(|fg| fg.name.as_deref())),
        Asks::FgContact => organisation::profile(case.organisation.fg.as_ref().and_then(|fg| fg.email.as_deref())),
        Asks::FgRegistration => organisation::fg_registration(case),
        Asks::Kvk => organisation::profile(case.organisation.kvk.as_deref()),
        Asks::Sector => organisation::profile(case.organisation.sector.as_deref()),
        Asks::ReporterName => organisation::profile(case.organisation.reporter.name.as_deref()),
        Asks::ReporterFunction => organisation::profile(case.organisation.reporter.function.as_deref()),
        Asks::ReporterCapacity => organisation::reporter_capacity(case),
        Asks::ReporterEmail => organisation::profile(case.organisation.reporter.email.as_deref()),
        Asks::ReporterPhone => organisation::profile(case.organisation.reporter.phone.as_deref()),
        Asks::ReporterContact => organisation::reporter_contact(case),
        Asks::ReporterNationalId => Said::missing(),
        Asks::Declaration => report::declaration(),
        Asks::ContactPerson => organisation::contact_person(case),
        Asks::WhomToAsk => organisation::whom_to_ask(case),
        Asks::ContactName => organisation::profile(case.organisation.contact.name.as_deref()),
        Asks::ContactFunction => organisation::profile(case.organisation.contact.function.as_deref()),
        Asks::ContactDetails => organisation::contact_details(case),

        Asks::Span => timeline::span(case),
        Asks::TimesEstimated => timeline::times_estimated(case),
        Asks::StartedAt => timeline::started(case),
        Asks::EndedAt => timeline::ended(case),
        Asks::DetectedAt => timeline::detected(case),
        Asks::DiscoveredBy => timeline::discovered_by(case),
        Asks::Discovery => timeline::discovery(case),
        Asks::InformedAt => timeline::informed(case),
        Asks::AwareAt => timeline::aware(case),
        Asks::LateReason => timeline::late(case, request.late_after_hours),
        Asks::TimelineRemarks => timeline::remarks(case),

        Asks::BreachNature => breach::nature(case),
        Asks::Disclosure => breach::disclosure(case),
        Asks::Alteration => breach::one(case, facts::Fact::Integrity),
        Asks::Unavailability => breach::one(case, facts::Fact::Availability),
        Asks::IncidentNature => breach::one(case, facts::Fact::IncidentType),
        Asks::Cause => breach::one(case, facts::Fact::Cause),
        Asks::Description => breach::description(case),
        Asks::Systems => breach::systems(case),
        Asks::Attachments => report::attachments(case),
        Asks::AttachmentKinds => report::attachment_kinds(case),
        Asks::Data => breach::data(case, Asks::Data),
        Asks::GeneralData => breach::data(case, Asks::GeneralData),
        Asks::SpecialData => breach::data(case, Asks::SpecialData),
        Asks::DataDescription => breach::data_description(case),
        Asks::RecordsMode => breach::records_mode(case),
        Asks::Records => breach::records(case),
        Asks::Groups => breach::groups(case),
        Asks::GroupsDescription => breach::groups_description(case),
        Asks::SubjectsMode => breach::subjects_mode(case),
        Asks::Subjects => breach::subjects(case),
        Asks::SubjectsExact => breach::subjects_exact(case),
        Asks::SubjectsMin => breach::subjects_bound(case, facts::Fact::SubjectsMin),
        Asks::SubjectsMax => breach::subjects_bound(case, facts::Fact::SubjectsMax),

        Asks::Protection => effects::protection(case),
        Asks::ProtectionState => effects::protection_state(case),
        Asks::ProtectionTechnique => effects::technique(),
        Asks::KeyCompromised => effects::key_compromised(case),
        Asks::MeasuresBefore => effects::measures_before(case),
        Asks::MeasuresBeforeText => Said::missing(),
        Asks::ConsequencesForData => effects::for_data(case),
        Asks::ConsequencesIfSeen => effects::if_seen(case),
        Asks::ConsequencesIfAltered => effects::if_altered(case),
        Asks::ConsequencesIfAway => effects::if_away(case),
        Asks::ConsequencesIfSeenText
        | Asks::ConsequencesIfAlteredText
        | Asks::ConsequencesIfAwayText
        | Asks::ConsequencesText => Said::missing(),
        Asks::ConsequencesForPersons => effects::for_persons(case),
        Asks::Severity => effects::severity(case),
        Asks::SeverityReason => effects::severity_reason(case),
        Asks::RiskOutcome => effects::risk_outcome(case),

        Asks::PersonsTold => follow_up::told(case),
        Asks::Telling => follow_up::telling_in_full(case),
        Asks::PersonsToldWhen => follow_up::told_when(case),
        Asks::PersonsToldPlanned => follow_up::told_planned(),
        Asks::PersonsToldCount => follow_up::told_count(case),
        Asks::PersonsToldWhat => follow_up::told_what(case),
        Asks::PersonsReached => follow_up::reached(case),
        Asks::PersonsNotAllWhy => Said::missing(),
        Asks::Exemption => follow_up::exemption(case),
        Asks::PersonsNotToldWhy => follow_up::not_told_why(case),
        Asks::PersonsToldHow => follow_up::told_how(case),
        Asks::PersonsToldChannel => follow_up::told_channel(case),
        Asks::Measures => follow_up::measures(case),
        Asks::MeasuresTaken => follow_up::measures_taken(case),
        Asks::MeasuresPlannedKinds => Said::missing(),
        Asks::MeasuresPlanned => follow_up::measures_planned(case),
    }
}
