//! What a question can ask of a case, whatever the form: each source with its stable name, the words that it speaks (to be
//! mapped to a form's boxes in the form's own file) and the facts that it reads.

use std::borrow::Cow;

use facts::{Fact, Text};

use super::purpose::Purpose;

/// One word that a source can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As form files name it: `ransomware`; with its fact where a source reads several: `integrity.recoverable`.
    pub name: Cow<'static, str>,
    pub label: Text,
}

type Own = &'static [(&'static str, Text)];

/// Which words a source speaks.
enum Words {
    /// Free text, a moment or a number.
    Free,
    /// Words of its own.
    Own(Own),
    /// A fact's words, with some of its own beside them.
    Of(Fact, Own),
    /// A fact's words, those of AVG art. 9 or the others.
    Data { is_special: bool },
    /// The words of several facts.
    Several(&'static [Fact]),
}

const NONE: Own = &[];
const YES_NO: Own = &[("yes", Text::new("Ja", "Yes")), ("no", Text::new("Nee", "No"))];
const YES: Own = &[("yes", Text::new("Ja", "Yes"))];
const STATES: Own = &[
    ("complete", Text::new("volledig", "complete")),
    ("incomplete", Text::new("nog niet volledig", "incomplete")),
    ("withdrawal", Text::new("intrekking", "withdrawal")),
];
const AUTHORITIES: Own = &[("csirt", Text::new("CSIRT", "CSIRT"))];
const IDENTIFIERS: Own = &[
    ("trade_register", Text::new("KvK-nummer", "trade register number (KvK)")),
    ("vat", Text::new("btw-nummer", "VAT number")),
];
const SECTORS: Own = &[("private", Text::new("privaat", "private")), ("public", Text::new("publiek", "public"))];
const SIZES: Own = &[
    ("micro", Text::new("zelfstandige of micro-onderneming", "freelancer or micro-enterprise")),
    ("sme", Text::new("midden- of kleinbedrijf", "small or medium-sized enterprise")),
    ("large", Text::new("grote onderneming", "large enterprise")),
    ("other", Text::new("anders", "other")),
];
const CAPACITIES: Own = &[
    ("dpo", Text::new("FG", "DPO")),
    ("legal_representative", Text::new("wettelijk vertegenwoordiger", "legal representative")),
    ("other", Text::new("anders", "other")),
];
const ASKED: Own = &[
    ("dpo", Text::new("de FG", "the DPO")),
    ("reporter", Text::new("wie meldt", "the reporter")),
    ("other", Text::new("iemand anders", "someone else")),
];
const ROLES: Own = &[
    ("processor", Text::new("verwerker", "processor")),
    ("joint_controller", Text::new("gezamenlijk verantwoordelijke", "joint controller")),
    ("controller", Text::new("verwerkingsverantwoordelijke", "controller")),
];
const SPANS: Own = &[
    ("day", Text::new("op één dag", "on one day")),
    ("from_to", Text::new("van … tot …", "from … to …")),
    ("ongoing", Text::new("duurt nog voort", "ongoing")),
];
const FINDERS: Own = &[
    ("controller", Text::new("de organisatie zelf", "the controller")),
    ("processor", Text::new("een verwerker", "a processor")),
];
const DISCLOSURES: Own = &[
    ("disclosed", Text::new("weggehaald of gezien", "taken or disclosed")),
    ("likely", Text::new("waarschijnlijk weggehaald of gezien", "probably taken or disclosed")),
    ("open", Text::new("mogelijk gezien; niet te bepalen", "possibly seen; cannot be determined")),
    ("excluded", Text::new("niet weggehaald", "not taken")),
];
const COUNTS: Own = &[
    ("exact", Text::new("precies bekend", "known exactly")),
    ("approximate", Text::new("bij benadering", "approximately")),
];
const VULNERABLE: Own =
    &[("vulnerable", Text::new("Mensen die extra bescherming nodig hebben", "People who need particular protection"))];
const UNPROTECTED: Own = &[("none", Text::new("Nee", "No"))];
const BEFOREHAND: Own = &[
    ("encryption", Text::new("versleuteling", "encryption")),
    ("hashing", Text::new("hashing", "hashing")),
    ("pseudonymisation", Text::new("pseudonimisering", "pseudonymisation")),
    ("other", Text::new("andere bescherming", "other protection")),
    ("backup", Text::new("reservekopie", "backup")),
];
const FOR_DATA: Own = &[
    ("known", Text::new("onbevoegden konden ze kennen", "unauthorised persons could know them")),
    ("misused", Text::new("kunnen worden misbruikt", "may be misused")),
    ("wrong", Text::new("onjuiste gegevens in gebruik", "wrong data in use")),
    ("service_down", Text::new("dienst tijdelijk weg", "service away for a time")),
    ("service_gone", Text::new("dienst blijvend weg", "service gone for good")),
];
const IF_SEEN: Own = &[
    ("beyond", Text::new("verder verspreid dan mag", "spread further than allowed")),
    ("linkable", Text::new("te koppelen aan andere gegevens", "linkable to other data")),
    ("misused", Text::new("voor andere doelen te gebruiken", "usable for other purposes")),
];
const IF_ALTERED: Own = &[
    ("used", Text::new("gebruikt terwijl ze niet kloppen", "used though they are wrong")),
    (
        "valid",
        Text::new("veranderd in andere gegevens die lijken te kloppen", "changed into other data that seem right"),
    ),
];
const IF_AWAY: Own = &[
    ("unreachable", Text::new("dienst niet te bereiken", "service out of reach")),
    ("disrupted", Text::new("dienst verstoord", "service disrupted")),
];
const RISKS: Own = &[
    ("high", Text::new("hoog risico", "high risk")),
    ("risk", Text::new("risico, niet hoog", "risk, not a high one")),
    ("unlikely", Text::new("risico niet waarschijnlijk", "risk unlikely")),
    ("undetermined", Text::new("nog niet te bepalen", "not yet to be determined")),
];
const TOLD: Own = &[
    ("yes", Text::new("Ja", "Yes")),
    ("no", Text::new("Nee", "No")),
    ("planned", Text::new("Nog niet, wel besloten", "Not yet, but decided")),
];
const TELLING: Own = &[
    ("told", Text::new("ingelicht", "told")),
    ("planned", Text::new("gaat nog gebeuren", "will be done")),
    ("undecided", Text::new("nog niet besloten", "not decided yet")),
    ("no_high_risk", Text::new("nee: geen hoog risico", "no: no high risk")),
    ("exempt", Text::new("nee: AVG art. 34(3)", "no: GDPR art. 34(3)")),
    ("withheld", Text::new("nee: grond in de UAVG", "no: ground in the UAVG")),
];
const REACHED: Own = &[("all", Text::new("allemaal", "all")), ("some", Text::new("niet allemaal", "not all"))];
const EXEMPTIONS: Own = &[
    ("a", Text::new("AVG art. 34(3)(a): onbegrijpelijk gemaakt", "GDPR art. 34(3)(a): made unintelligible")),
    ("b", Text::new("AVG art. 34(3)(b): risico weggenomen", "GDPR art. 34(3)(b): risk removed")),
    ("c", Text::new("AVG art. 34(3)(c): onevenredig veel moeite", "GDPR art. 34(3)(c): disproportionate effort")),
];
const CHANNELS: Own = &[
    ("phone", Text::new("telefoon", "telephone")),
    ("letter", Text::new("brief", "letter")),
    ("mail", Text::new("e-mail", "e-mail")),
    ("website", Text::new("website", "website")),
    ("social_media", Text::new("social media", "social media")),
    ("newspaper", Text::new("krant", "newspaper")),
    ("other", Text::new("anders", "other")),
];
const PAPERS: Own = &[
    ("letter", Text::new("bericht aan de betrokkenen", "message to the data subjects")),
    ("reasoning", Text::new("motivering van de beoordeling", "reasoning of the assessment")),
    ("other", Text::new("ander document", "another document")),
];

macro_rules! asks {
    ($($name:ident $key:literal ($words:expr) [$($fact:ident)*];)*) => {
        /// What a question asks for, whatever form it stands in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Asks {
            $(#[doc = $key] $name,)*
        }

        impl Asks {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public name, as in form files and JSON; stable over forms and editions.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The facts that fill it, for a link to where they are asked.
            #[must_use]
            pub fn facts(self) -> &'static [Fact] {
                match self { $(Self::$name => &[$(Fact::$fact,)*],)* }
            }

            fn words(self) -> Words {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

use Words::{Data, Free, Of, Own as Said, Several};

asks! {
    // The report itself.
    NotificationKind "notification_kind" (Said(Purpose::WORDS)) [];
    IsComplete "is_complete" (Said(STATES)) [];
    EarlierNumber "earlier_number" (Free) [];
    WithdrawalReason "withdrawal_reason" (Free) [];
    OwnReference "own_reference" (Free) [];
    LegalBasis "legal_basis" (Of(Fact::Regime, NONE)) [Regime];
    // Other authorities and countries.
    OtherAuthorities "other_authorities" (Said(AUTHORITIES)) [];
    OtherAuthoritiesDetails "other_authorities_details" (Free) [];
    PoliceReport "police_report" (Said(YES_NO)) [];
    SeveralCountries "several_countries" (Said(YES_NO)) [Countries];
    CrossBorder "cross_border" (Said(YES_NO)) [Countries Establishments];
    LeadAuthority "lead_authority" (Free) [Countries Establishments];
    OtherPrivacyAuthorities "other_privacy_authorities" (Said(YES_NO)) [];
    OtherPrivacyAuthoritiesNames "other_privacy_authorities_names" (Free) [];
    Establishments "establishments" (Free) [Establishments];
    SubjectCountries "subject_countries" (Free) [Countries];
    SubjectsPerCountry "subjects_per_country" (Free) [Countries SubjectsMin SubjectsMax];
    InEea "in_eea" (Said(YES_NO)) [];
    Representative "representative" (Free) [];
    RepresentativeContact "representative_contact" (Free) [];
    // Who reports.
    OrganisationName "organisation_name" (Free) [];
    Controllers "controllers" (Free) [Role];
    OrganisationAddress "organisation_address" (Free) [];
    OrganisationContact "organisation_contact" (Free) [];
    IdentifierKind "identifier_kind" (Said(IDENTIFIERS)) [];
    Identifier "identifier" (Free) [];
    SectorKind "sector_kind" (Said(SECTORS)) [];
    OrganisationSize "organisation_size" (Said(SIZES)) [];
    OrganisationSizeText "organisation_size_text" (Free) [];
    HasFg "has_fg" (Said(YES_NO)) [];
    FgName "fg_name" (Free) [];
    FgContact "fg_contact" (Free) [];
    FgRegistration "fg_registration" (Free) [];
    Kvk "kvk" (Free) [];
    Sector "sector" (Free) [];
    ReporterName "reporter_name" (Free) [];
    ReporterFunction "reporter_function" (Free) [];
    ReporterCapacity "reporter_capacity" (Said(CAPACITIES)) [];
    ReporterEmail "reporter_email" (Free) [];
    ReporterPhone "reporter_phone" (Free) [];
    ReporterContact "reporter_contact" (Free) [];
    ReporterNationalId "reporter_national_id" (Free) [];
    Declaration "declaration" (Said(YES)) [];
    ContactPerson "contact_person" (Free) [];
    WhomToAsk "whom_to_ask" (Said(ASKED)) [];
    ContactName "contact_name" (Free) [];
    ContactFunction "contact_function" (Free) [];
    ContactDetails "contact_details" (Free) [];
    OtherOrganisations "other_organisations" (Free) [Role];
    OthersInvolved "others_involved" (Said(YES_NO)) [Role];
    OthersRole "others_role" (Said(ROLES)) [Role];
    OthersName "others_name" (Free) [];
    OthersContact "others_contact" (Free) [];
    // When.
    Span "span" (Said(SPANS)) [ExposureHours];
    TimesEstimated "times_estimated" (Said(YES_NO)) [];
    StartedAt "started_at" (Free) [];
    EndedAt "ended_at" (Free) [];
    DetectedAt "detected_at" (Free) [];
    DiscoveredBy "discovered_by" (Said(FINDERS)) [];
    Discovery "discovery" (Free) [];
    InformedAt "informed_at" (Free) [];
    AwareAt "aware_at" (Free) [];
    LateReason "late_reason" (Free) [];
    TimelineRemarks "timeline_remarks" (Free) [];
    // What.
    BreachNature "breach_nature" (Several(&[Fact::Confidentiality, Fact::Integrity, Fact::Availability])) [Confidentiality Integrity Availability];
    Disclosure "disclosure" (Said(DISCLOSURES)) [Confidentiality Exfiltration];
    Alteration "alteration" (Of(Fact::Integrity, NONE)) [Integrity];
    Unavailability "unavailability" (Of(Fact::Availability, NONE)) [Availability];
    IncidentNature "incident_nature" (Of(Fact::IncidentType, NONE)) [IncidentType];
    Cause "cause" (Of(Fact::Cause, NONE)) [Cause];
    Description "description" (Free) [];
    Systems "systems" (Free) [];
    Attachments "attachments" (Free) [];
    AttachmentKinds "attachment_kinds" (Said(PAPERS)) [];
    // Which data, whose.
    Data "data" (Of(Fact::Data, NONE)) [Data];
    GeneralData "general_data" (Data { is_special: false }) [Data];
    SpecialData "special_data" (Data { is_special: true }) [Data];
    DataDescription "data_description" (Free) [Data];
    RecordsMode "records_mode" (Said(COUNTS)) [Records];
    Records "records" (Free) [Records];
    Groups "groups" (Of(Fact::Groups, VULNERABLE)) [Groups Vulnerable];
    GroupsDescription "groups_description" (Free) [Groups];
    SubjectsMode "subjects_mode" (Said(COUNTS)) [SubjectsMin SubjectsMax];
    Subjects "subjects" (Free) [SubjectsMin SubjectsMax];
    SubjectsExact "subjects_exact" (Free) [SubjectsMin SubjectsMax];
    SubjectsMin "subjects_min" (Free) [SubjectsMin];
    SubjectsMax "subjects_max" (Free) [SubjectsMax];
    // What protected them.
    Protection "protection" (Of(Fact::ProtectionKind, UNPROTECTED)) [Protection ProtectionKind KeyCompromised];
    ProtectionState "protection_state" (Of(Fact::Protection, NONE)) [Protection KeyCompromised];
    ProtectionTechnique "protection_technique" (Free) [];
    KeyCompromised "key_compromised" (Said(YES_NO)) [KeyCompromised];
    MeasuresBefore "measures_before" (Said(BEFOREHAND)) [ProtectionKind Backup];
    MeasuresBeforeText "measures_before_text" (Free) [];
    // What may follow.
    ConsequencesForData "consequences_for_data" (Said(FOR_DATA)) [Confidentiality Integrity Availability Exfiltration ServiceImpact];
    ConsequencesIfSeen "consequences_if_seen" (Said(IF_SEEN)) [Confidentiality Exfiltration Recipient Identification];
    ConsequencesIfSeenText "consequences_if_seen_text" (Free) [];
    ConsequencesIfAltered "consequences_if_altered" (Said(IF_ALTERED)) [Integrity];
    ConsequencesIfAlteredText "consequences_if_altered_text" (Free) [];
    ConsequencesIfAway "consequences_if_away" (Said(IF_AWAY)) [Availability ServiceImpact];
    ConsequencesIfAwayText "consequences_if_away_text" (Free) [];
    ConsequencesForPersons "consequences_for_persons" (Of(Fact::Consequences, NONE)) [Consequences];
    ConsequencesText "consequences_text" (Free) [];
    Severity "severity" (Of(Fact::Severity, NONE)) [Severity];
    SeverityReason "severity_reason" (Free) [Likelihood];
    RiskOutcome "risk_outcome" (Said(RISKS)) [];
    // What was and will be done.
    PersonsTold "persons_told" (Said(TOLD)) [];
    Telling "telling" (Said(TELLING)) [];
    PersonsToldWhen "persons_told_when" (Free) [];
    PersonsToldPlanned "persons_told_planned" (Free) [];
    PersonsToldCount "persons_told_count" (Free) [];
    PersonsToldWhat "persons_told_what" (Free) [];
    PersonsReached "persons_reached" (Said(REACHED)) [SubjectsMin];
    PersonsNotAllWhy "persons_not_all_why" (Free) [];
    Exemption "exemption" (Said(EXEMPTIONS)) [Protection KeyCompromised RiskRemoved RemoteWipe DisproportionateEffort];
    PersonsNotToldWhy "persons_not_told_why" (Free) [RiskRemoved DisproportionateEffort FinancialUndertaking WithholdingGround];
    PersonsToldHow "persons_told_how" (Said(CHANNELS)) [];
    PersonsToldChannel "persons_told_channel" (Free) [];
    Measures "measures" (Free) [RemoteWipe DeletionConfirmed RestoreHours];
    MeasuresTaken "measures_taken" (Free) [RemoteWipe DeletionConfirmed RestoreHours];
    MeasuresPlannedKinds "measures_planned_kinds" (Free) [];
    MeasuresPlanned "measures_planned" (Free) [];
}

/// The kinds of data of AVG art. 9.
const SPECIAL: [&str; 8] =
    ["health", "genetic", "biometric", "ethnicity", "political", "religion", "union", "sex_life"];

impl Asks {
    /// The source of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|asks| asks.key() == key)
    }

    /// Every word that it can say; empty for free text, moments and numbers.
    #[must_use]
    pub fn vocabulary(self) -> Vec<Word> {
        let own = |own: Own| own.iter().map(|(name, label)| word((*name).into(), label)).collect::<Vec<_>>();
        let of = |fact: Fact| fact.choices().iter().map(|choice| word(choice.key.into(), &choice.label));
        match self.words() {
            Words::Free => Vec::new(),
            Words::Own(words) => own(words),
            Words::Of(fact, beside) => of(fact).chain(own(beside)).collect(),
            Words::Data { is_special } => {
                of(Fact::Data).filter(|word| SPECIAL.contains(&word.name.as_ref()) == is_special).collect()
            }
            Words::Several(facts) => facts
                .iter()
                .flat_map(|fact| {
                    fact.choices()
                        .iter()
                        .map(|choice| word(format!("{}.{}", fact.key(), choice.key).into(), &choice.label))
                })
                .collect(),
        }
    }

    /// Whether it is about the report rather than the breach (its kind, who makes it and when, what goes along): that differs
    /// from one report to the next by itself, and is no change to tell.
    #[must_use]
    pub fn is_about_report(self) -> bool {
        matches!(
            self,
            Self::NotificationKind
                | Self::IsComplete
                | Self::EarlierNumber
                | Self::WithdrawalReason
                | Self::Declaration
                | Self::LateReason
                | Self::ReporterName
                | Self::ReporterFunction
                | Self::ReporterCapacity
                | Self::ReporterEmail
                | Self::ReporterPhone
                | Self::ReporterContact
                | Self::ReporterNationalId
                | Self::Attachments
                | Self::AttachmentKinds
        )
    }
}

fn word(name: Cow<'static, str>, label: &Text) -> Word {
    Word { name, label: label.clone() }
}
