//! The shape of an authority's form as data: which questions, in which order, with which boxes, and how sure we are of them.

/// A label in both languages, known when the program was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub nl: &'static str,
    pub en: &'static str,
}

/// One edition of a form.
#[derive(Debug)]
pub struct Form {
    /// The stable name of this edition: `ap-2022-08`.
    pub id: &'static str,
    pub title: Label,
    pub edition: Label,
    /// Where the form itself is.
    pub address: &'static str,
    /// After how many hours the form asks why the report is late.
    pub late_after_hours: i64,
    pub sections: &'static [Section],
}

#[derive(Debug)]
pub struct Section {
    pub number: &'static str,
    pub title: Label,
    pub questions: &'static [Question],
}

/// One thing that the form asks.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The form's own number; several parts of one question share it.
    pub number: &'static str,
    pub text: Label,
    pub part: Option<Label>,
    pub kind: Kind,
    /// The form's boxes, in its own words; empty where it has none or we do not know them.
    pub boxes: &'static [&'static str],
    pub mark: Mark,
    pub is_optional: bool,
    pub asks: Asks,
}

/// What the form takes as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the boxes.
    One,
    /// Any of the boxes.
    Many,
    Text,
    Moment,
    Whole,
    Attachments,
}

impl Kind {
    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Many => "many",
            Self::Text => "text",
            Self::Moment => "moment",
            Self::Whole => "whole",
            Self::Attachments => "attachments",
        }
    }
}

/// How sure we are that the form has this question, in these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// From sources that follow the authority's published questionnaire.
    Sourced,
    /// From knowledge, not seen: check it in the form.
    Unverified,
}

impl Mark {
    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Unverified => "unverified",
        }
    }
}

macro_rules! asks {
    ($($name:ident $key:literal,)*) => {
        /// What a question asks for, whatever edition of the form it stands in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Asks {
            $(#[doc = $key] $name,)*
        }

        impl Asks {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public name of the field, as in JSON; stable over editions.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

asks! {
    NotificationKind "notification_kind",
    EarlierNumber "earlier_number",
    LegalBasis "legal_basis",
    OtherAuthorities "other_authorities",
    SeveralCountries "several_countries",
    LeadAuthority "lead_authority",
    OtherPrivacyAuthorities "other_privacy_authorities",
    OrganisationName "organisation_name",
    Controllers "controllers",
    OrganisationAddress "organisation_address",
    FgRegistration "fg_registration",
    Kvk "kvk",
    Sector "sector",
    ReporterName "reporter_name",
    ReporterFunction "reporter_function",
    ReporterEmail "reporter_email",
    ReporterPhone "reporter_phone",
    ContactPerson "contact_person",
    OtherOrganisations "other_organisations",
    StartedAt "started_at",
    EndedAt "ended_at",
    DetectedAt "detected_at",
    Discovery "discovery",
    AwareAt "aware_at",
    LateReason "late_reason",
    BreachNature "breach_nature",
    IncidentNature "incident_nature",
    Description "description",
    Attachments "attachments",
    GeneralData "general_data",
    SpecialData "special_data",
    Records "records",
    Groups "groups",
    GroupsDescription "groups_description",
    SubjectsExact "subjects_exact",
    SubjectsMin "subjects_min",
    SubjectsMax "subjects_max",
    Protection "protection",
    ProtectionTechnique "protection_technique",
    ConsequencesForData "consequences_for_data",
    ConsequencesForPersons "consequences_for_persons",
    Severity "severity",
    SeverityReason "severity_reason",
    PersonsTold "persons_told",
    PersonsToldWhen "persons_told_when",
    PersonsToldCount "persons_told_count",
    PersonsToldWhat "persons_told_what",
    PersonsNotAllWhy "persons_not_all_why",
    PersonsNotToldWhy "persons_not_told_why",
    PersonsToldHow "persons_told_how",
    Measures "measures",
    IsComplete "is_complete",
}
