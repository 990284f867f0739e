//! The AP's form for breaches (meldformulier datalekken), layout of the questionnaire of August 2022. Data only.
//!
//! Numbers and labels follow the AP's questionnaire as products that build on it print them; what is marked
//! [`Mark::Unverified`] fills gaps from knowledge. Changes after August 2022 are not known, so every user of this table says
//! "controleer in het formulier" (check it in the form). A later edition comes beside this one; this one stays as it is.

use super::form::{Asks, Form, Kind, Label, Mark, Question, Section};

const fn label(nl: &'static str, en: &'static str) -> Label {
    Label { nl, en }
}

const fn q(number: &'static str, nl: &'static str, en: &'static str, kind: Kind, asks: Asks) -> Question {
    Question {
        number,
        text: label(nl, en),
        part: None,
        kind,
        boxes: &[],
        mark: Mark::Sourced,
        is_optional: false,
        asks,
    }
}

impl Question {
    const fn part(mut self, nl: &'static str, en: &'static str) -> Self {
        self.part = Some(label(nl, en));
        self
    }

    const fn boxes(mut self, boxes: &'static [&'static str]) -> Self {
        self.boxes = boxes;
        self
    }

    const fn unverified(mut self) -> Self {
        self.mark = Mark::Unverified;
        self
    }

    const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }
}

pub(super) const REGULAR: &str = "Ik wil één inbreuk melden (reguliere melding)";
pub(super) const SUPPLEMENT: &str = "Ik wil een eerdere melding aanvullen";
const NOTIFICATION_KINDS: &[&str] =
    &[REGULAR, "Ik wil een bulkmelding doen", SUPPLEMENT, "Ik wil een eerdere melding intrekken"];

pub(super) const AVG: &str = "AVG";
pub(super) const WPG: &str = "Wpg";
pub(super) const WJSG: &str = "Wjsg";
pub(super) const TW: &str = "Telecommunicatiewet";
const LEGAL_BASES: &[&str] = &[AVG, WPG, WJSG, TW];

pub(super) const OTHER_AUTHORITY: &str = "Andere toezichthouder";
const AUTHORITIES: &[&str] = &[
    "Autoriteit Financiële Markten (AFM)",
    "Agentschap Telecom (AT)",
    "De Nederlandsche Bank (DNB)",
    "Inspectie Gezondheidszorg en Jeugd (IGJ)",
    "Inspectie Leefomgeving en Transport (ILT)",
    "Inspectie voor het Onderwijs",
    "Nationaal Coördinator Terrorismebestrijding en Veiligheid (NCTV)",
    "Onderzoeksraad voor Veiligheid (OVV)",
    OTHER_AUTHORITY,
];

pub(super) const YES: &str = "Ja";
pub(super) const NO: &str = "Nee";
pub(super) const NOT_YET: &str = "Nog niet, maar dat ga ik wel doen";
const YES_NO: &[&str] = &[YES, NO];

pub(super) const SEEN: &str = "Persoonsgegevens (mogelijk) ingezien door onbevoegden";
pub(super) const ALTERED: &str = "Persoonsgegevens ongeoorloofd of onopzettelijk gewijzigd";
pub(super) const LOST_FOR_GOOD: &str = "Persoonsgegevens permanent niet beschikbaar (verloren/verwijderd)";
pub(super) const LOST_FOR_A_TIME: &str = "Persoonsgegevens tijdelijk niet beschikbaar";
const NATURES: &[&str] = &[SEEN, ALTERED, LOST_FOR_GOOD, LOST_FOR_A_TIME];

pub(super) const MAIL_WRONG: &str = "E-mail met persoonsgegevens verstuurd aan verkeerde ontvanger(s)";
pub(super) const MAIL_OPEN_LIST: &str =
    "E-mail verstuurd met persoonsgegevens met ontvangers in het aan-veld of in de cc, in plaats van bcc";
pub(super) const POST_WRONG: &str =
    "Brief of postpakket met persoonsgegevens verstuurd of afgegeven aan de verkeerde ontvanger(s)";
pub(super) const AUTHORISATIONS: &str = "Autorisatie(s) van medewerker(s) verkeerd ingesteld";
pub(super) const DEVICE_OR_PAPER_LOST: &str =
    "Apparaat, gegevensdrager (bijv. USB-stick) en/of papier met persoonsgegevens kwijtgeraakt of gestolen";
pub(super) const PUBLISHED: &str = "Persoonsgegevens per ongeluk gepubliceerd";
pub(super) const HACKED: &str = "Hacking, malware (bijv. ransomware) en/of phishing";
pub(super) const WRONG_FILE: &str = "Persoonsgegevens toegevoegd aan het verkeerde dossier";
pub(super) const OTHER_INCIDENT: &str = "Overig";
const INCIDENTS: &[&str] = &[
    MAIL_WRONG,
    MAIL_OPEN_LIST,
    POST_WRONG,
    "Brief of postpakket met persoonsgegevens geopend retour ontvangen",
    "Brief of postpakket met persoonsgegevens kwijtgeraakt",
    AUTHORISATIONS,
    "Netwerkmappen of -locaties met persoonsgegevens zijn te breed toegankelijk ingesteld binnen de organisatie",
    DEVICE_OR_PAPER_LOST,
    PUBLISHED,
    HACKED,
    WRONG_FILE,
    OTHER_INCIDENT,
];

pub(super) const NAME: &str = "Naam";
pub(super) const GENDER: &str = "Geslacht";
pub(super) const BIRTH: &str = "Geboortedatum en/of leeftijd";
pub(super) const BSN: &str = "Burgerservicenummer (BSN)";
pub(super) const ADDRESS: &str = "Contactgegevens: Adres en woonplaats";
pub(super) const EMAIL: &str = "Contactgegevens: E-mailadres";
pub(super) const PHONE: &str = "Contactgegevens: Telefoonnummer";
pub(super) const ACCESS: &str = "Toegangs- of identificatiegegevens";
pub(super) const IBAN: &str = "Financiële gegevens: Bankrekeningnummer / IBAN";
pub(super) const CARD: &str = "Financiële gegevens: Creditcardgegevens";
pub(super) const DEBTS: &str = "Financiële gegevens: Gegevens over (problematische) schulden";
pub(super) const OTHER_FINANCIAL: &str = "Financiële gegevens: Andere financiële gegevens";
pub(super) const ID_COPY: &str = "(Kopieën van) paspoorten of andere legitimatiebewijzen";
pub(super) const LOCATION: &str = "Locatiegegevens";
pub(super) const CRIMINAL: &str = "Persoonsgegevens betreffende strafrechtelijke veroordelingen en strafbare feiten of daarmee \
                            verband houdende veiligheidsmaatregelen";
pub(super) const OTHER: &str = "Anders";
const GENERAL_DATA: &[&str] = &[
    NAME,
    GENDER,
    BIRTH,
    BSN,
    ADDRESS,
    EMAIL,
    PHONE,
    ACCESS,
    IBAN,
    CARD,
    DEBTS,
    "Financiële gegevens: Gegevens over uitkering en/of schulden",
    OTHER_FINANCIAL,
    ID_COPY,
    LOCATION,
    CRIMINAL,
    "Onbekend",
    OTHER,
];

pub(super) const ETHNICITY: &str = "ras of etnische afkomst";
pub(super) const POLITICAL: &str = "politieke opvattingen";
pub(super) const RELIGION: &str = "religieuze of levensbeschouwelijke overtuigingen";
pub(super) const UNION: &str = "lidmaatschap van een vakbond";
pub(super) const SEX_LIFE: &str = "seksueel gedrag of seksuele gerichtheid";
pub(super) const HEALTH: &str = "gezondheid";
pub(super) const GENETIC: &str = "genetische gegevens";
pub(super) const BIOMETRIC: &str = "biometrische gegevens";
const SPECIAL_DATA: &[&str] = &[ETHNICITY, POLITICAL, RELIGION, UNION, SEX_LIFE, HEALTH, GENETIC, BIOMETRIC];

pub(super) const EMPLOYEES: &str = "Werknemers";
pub(super) const CUSTOMERS: &str = "Klanten (huidig en potentieel)";
pub(super) const PUPILS: &str = "Leerlingen of studenten";
pub(super) const PATIENTS: &str = "Patiënten";
pub(super) const MINORS: &str = "Minderjarigen";
pub(super) const VULNERABLE: &str = "Personen uit andere kwetsbare groepen";
const GROUPS: &[&str] = &[EMPLOYEES, CUSTOMERS, PUPILS, PATIENTS, MINORS, VULNERABLE, OTHER];

pub(super) const ENCRYPTED: &str = "Versleuteld (encryptie)";
pub(super) const HASHED: &str = "Gehasht";
pub(super) const OTHERWISE_PROTECTED: &str = "Op een andere manier onbegrijpelijk of ontoegankelijk gemaakt";
const PROTECTIONS: &[&str] = &[ENCRYPTED, HASHED, OTHERWISE_PROTECTED, NO];

pub(super) const DATA_KNOWN: &str = "onbevoegden hebben kennis kunnen nemen";
pub(super) const DATA_MISUSED: &str = "gegevens kunnen onbehoorlijk of onrechtmatig worden gebruikt";
pub(super) const DATA_WRONG: &str =
    "eigen organisatie gebruikt mogelijk onjuiste, onvolledige of achterhaalde gegevens";
pub(super) const SERVICE_DOWN: &str = "essentiële dienst tijdelijk niet te verlenen";
pub(super) const SERVICE_GONE: &str = "essentiële dienst permanent niet te verlenen";
const DATA_CONSEQUENCES: &[&str] = &[
    DATA_KNOWN,
    DATA_MISUSED,
    DATA_WRONG,
    "zulke gegevens hergebruikt voor andere doelen of doorgegeven aan anderen",
    SERVICE_DOWN,
    SERVICE_GONE,
    "anders",
];

pub(super) const DISCRIMINATION: &str = "Discriminatie of uitsluiting";
pub(super) const IDENTITY_FRAUD: &str = "Identiteitsdiefstal of -fraude";
pub(super) const FINANCIAL_LOSS: &str = "Financieel verlies";
pub(super) const REPUTATION: &str = "Reputatieschade";
pub(super) const SECRECY: &str = "Verlies van vertrouwelijkheid van door het beroepsgeheim beschermde persoonsgegevens";
pub(super) const PSEUDONYMS: &str = "Ongeoorloofde ongedaanmaking van pseudonimisering";
pub(super) const OVERVIEW: &str = "Betrokkenen verliezen het overzicht van wie hun gegevens verwerkt";
const PERSON_CONSEQUENCES: &[&str] = &[
    DISCRIMINATION,
    IDENTITY_FRAUD,
    FINANCIAL_LOSS,
    REPUTATION,
    SECRECY,
    PSEUDONYMS,
    "Betrokkenen kunnen hun persoonsgegevens niet inzien of laten verwijderen",
    OVERVIEW,
    OTHER,
];

pub(super) const SEVERITIES: &[&str] = &["Verwaarloosbaar", "Beperkt", "Aanzienlijk", "Zeer groot"];

pub(super) const BY_PHONE: &str = "Telefonisch";
pub(super) const BY_LETTER: &str = "Per brief";
pub(super) const BY_MAIL: &str = "Per e-mail";
pub(super) const BY_WEBSITE: &str = "Via een mededeling op de website";
pub(super) const BY_SOCIAL_MEDIA: &str = "Via social media";
pub(super) const BY_NEWSPAPER: &str = "Via een advertentie in de krant";
const CHANNELS: &[&str] = &[BY_PHONE, BY_LETTER, BY_MAIL, BY_WEBSITE, BY_SOCIAL_MEDIA, BY_NEWSPAPER, OTHER];

pub(super) const COMPLETE: &str = "Ja, de melding is volledig";
pub(super) const MORE_FOLLOWS: &str = "Nee, er volgt nog informatie";

/// The form itself.
pub static AP_2022_08: Form = Form {
    id: "ap-2022-08",
    title: label("Meldformulier datalekken van de AP", "Breach notification form of the AP"),
    edition: label("vragenlijst van augustus 2022", "questionnaire of August 2022"),
    address: "https://datalekken.autoriteitpersoonsgegevens.nl",
    late_after_hours: 72,
    sections: &[
        Section { number: "1", title: label("Introductie", "Introduction"), questions: INTRODUCTION },
        Section {
            number: "2",
            title: label("Internationale aspecten", "International aspects"),
            questions: INTERNATIONAL,
        },
        Section {
            number: "3",
            title: label("De verwerkingsverantwoordelijke", "The controller"),
            questions: CONTROLLER,
        },
        Section { number: "4", title: label("Tijdlijn", "Timeline"), questions: TIMELINE },
        Section { number: "5", title: label("Gegevens over de inbreuk", "About the breach"), questions: BREACH },
        Section { number: "6", title: label("Welke persoonsgegevens", "Which personal data"), questions: DATA },
        Section { number: "7", title: label("Getroffen personen", "Persons affected"), questions: PERSONS },
        Section { number: "8", title: label("Maatregelen vooraf", "Measures beforehand"), questions: BEFOREHAND },
        Section { number: "9", title: label("Gevolgen", "Consequences"), questions: CONSEQUENCES },
        Section { number: "10", title: label("Vervolgacties", "Follow-up"), questions: FOLLOW_UP },
        Section { number: "einde", title: label("Afsluiting", "Completion"), questions: COMPLETION },
    ],
};

const INTRODUCTION: &[Question] = &[
    q(
        "1.1",
        "Wat voor soort melding wilt u doen?",
        "What kind of notification do you want to make?",
        Kind::One,
        Asks::NotificationKind,
    )
    .boxes(NOTIFICATION_KINDS),
    q(
        "1.1.x",
        "Wat is het nummer van de eerdere melding?",
        "What is the number of the earlier notification?",
        Kind::Text,
        Asks::EarlierNumber,
    )
    .unverified(),
    q(
        "1.2",
        "Op grond van welke wettelijke bepaling doet u deze melding?",
        "Under which statutory provision do you notify?",
        Kind::One,
        Asks::LegalBasis,
    )
    .boxes(LEGAL_BASES),
    q(
        "1.3",
        "Heeft u de inbreuk gemeld bij toezichthouders op andere meldplichten?",
        "Have you notified the breach to supervisors of other duties to notify?",
        Kind::Many,
        Asks::OtherAuthorities,
    )
    .boxes(AUTHORITIES),
];

const INTERNATIONAL: &[Question] = &[
    q(
        "2.1.1",
        "Heeft de inbreuk gevolgen voor personen in meerdere landen?",
        "Does the breach affect persons in several countries?",
        Kind::One,
        Asks::SeveralCountries,
    )
    .boxes(YES_NO),
    q(
        "2.1.x",
        "Is de verwerking grensoverschrijdend en is de AP de leidende toezichthouder?",
        "Is the processing cross-border, and is the AP the lead authority?",
        Kind::Text,
        Asks::LeadAuthority,
    )
    .unverified(),
    q(
        "2.2.1",
        "Heeft uw organisatie de inbreuk gemeld bij andere privacytoezichthouders?",
        "Has your organisation notified the breach to other privacy authorities?",
        Kind::One,
        Asks::OtherPrivacyAuthorities,
    )
    .boxes(YES_NO),
];

const CONTROLLER: &[Question] = &[
    q("3.1.1", "Organisatie", "Organisation", Kind::Text, Asks::OrganisationName).part("naam", "name"),
    q("3.1.1", "Organisatie", "Organisation", Kind::Text, Asks::Controllers)
        .part("verwerkingsverantwoordelijke(n)", "controller(s)"),
    q("3.1.1", "Organisatie", "Organisation", Kind::Text, Asks::OrganisationAddress)
        .part("adres, postcode en plaats", "address, postcode and town"),
    q("3.1.1", "Organisatie", "Organisation", Kind::Text, Asks::FgRegistration)
        .part("FG-registratienummer", "registration number of the FG (DPO)")
        .optional(),
    q("3.1.1", "Organisatie", "Organisation", Kind::Text, Asks::Kvk).part("KvK-nummer", "KvK number (trade register)"),
    q(
        "3.1.2",
        "In welke sector is de organisatie actief?",
        "In which sector is the organisation active?",
        Kind::Text,
        Asks::Sector,
    ),
    q("3.2.1", "Wie meldt de inbreuk?", "Who notifies the breach?", Kind::Text, Asks::ReporterName)
        .part("naam", "name"),
    q("3.2.1", "Wie meldt de inbreuk?", "Who notifies the breach?", Kind::Text, Asks::ReporterFunction)
        .part("functie", "function"),
    q("3.2.1", "Wie meldt de inbreuk?", "Who notifies the breach?", Kind::Text, Asks::ReporterEmail)
        .part("e-mailadres", "e-mail address"),
    q("3.2.1", "Wie meldt de inbreuk?", "Who notifies the breach?", Kind::Text, Asks::ReporterPhone)
        .part("telefoonnummer", "telephone"),
    q(
        "3.2.2",
        "Contactpersoon voor de AP, als dat iemand anders is dan de melder",
        "Contact person for the AP, if other than the reporter",
        Kind::Text,
        Asks::ContactPerson,
    )
    .optional(),
    q(
        "3.3",
        "Waren er andere organisaties betrokken bij de inbreuk?",
        "Were other organisations involved in the breach?",
        Kind::Text,
        Asks::OtherOrganisations,
    ),
];

const TIMELINE: &[Question] = &[
    q(
        "4.1.1",
        "(Mogelijke) startdatum van de inbreuk",
        "(Possible) start of the breach",
        Kind::Moment,
        Asks::StartedAt,
    ),
    q(
        "4.1.2",
        "(Mogelijke) einddatum van de inbreuk, of duurt de inbreuk nog voort?",
        "(Possible) end of the breach, or does it go on?",
        Kind::Moment,
        Asks::EndedAt,
    ),
    q("4.2", "Wanneer is het incident ontdekt?", "When was the incident discovered?", Kind::Moment, Asks::DetectedAt),
    q(
        "4.3",
        "Geef (kort) aan hoe u de inbreuk heeft ontdekt",
        "Say (briefly) how you discovered the breach",
        Kind::Text,
        Asks::Discovery,
    ),
    q(
        "4.4",
        "Wanneer kreeg u kennis van de inbreuk?",
        "When did you become aware of the breach?",
        Kind::Moment,
        Asks::AwareAt,
    )
    .unverified(),
    q(
        "4.5",
        "Indien later dan 72 uur gemeld: waarom?",
        "If notified later than 72 hours: why?",
        Kind::Text,
        Asks::LateReason,
    ),
];

const BREACH: &[Question] = &[
    q("5.1", "Aard van de inbreuk", "Nature of the breach", Kind::Many, Asks::BreachNature).boxes(NATURES),
    q("5.2", "Aard van het incident", "Nature of the incident", Kind::One, Asks::IncidentNature).boxes(INCIDENTS),
    q(
        "5.3",
        "Beschrijving/samenvatting van het incident",
        "Description or summary of the incident",
        Kind::Text,
        Asks::Description,
    ),
    q("5.4", "Ondersteunende documentatie", "Supporting documents", Kind::Attachments, Asks::Attachments).optional(),
];

const DATA: &[Question] = &[
    q("6.1", "Persoonsgegevens in het algemeen", "Personal data in general", Kind::Many, Asks::GeneralData)
        .boxes(GENERAL_DATA),
    q(
        "6.2",
        "Bijzondere categorieën van persoonsgegevens",
        "Special categories of personal data",
        Kind::Many,
        Asks::SpecialData,
    )
    .boxes(SPECIAL_DATA),
    q(
        "6.3.1",
        "Hoeveel gegevensrecords zijn getroffen?",
        "How many data records are affected?",
        Kind::Whole,
        Asks::Records,
    ),
];

const PERSONS: &[Question] = &[
    q("7.1", "Welke groep(en) betrokkenen", "Which group(s) of data subjects", Kind::Many, Asks::Groups).boxes(GROUPS),
    q(
        "7.2",
        "Nadere omschrijving van de groep(en)",
        "Further description of the group(s)",
        Kind::Text,
        Asks::GroupsDescription,
    ),
    q("7.3", "Aantal betrokkenen", "Number of data subjects", Kind::Whole, Asks::SubjectsExact)
        .part("exact aantal", "exact number"),
    q("7.3", "Aantal betrokkenen", "Number of data subjects", Kind::Whole, Asks::SubjectsMin)
        .part("minimum", "minimum"),
    q("7.3", "Aantal betrokkenen", "Number of data subjects", Kind::Whole, Asks::SubjectsMax)
        .part("maximum", "maximum"),
];

const BEFOREHAND: &[Question] = &[
    q(
        "8.1",
        "Waren de persoonsgegevens vooraf versleuteld, gehasht of op een andere manier onbegrijpelijk of ontoegankelijk gemaakt?",
        "Were the data encrypted, hashed or otherwise made unintelligible or inaccessible beforehand?",
        Kind::Many,
        Asks::Protection,
    )
    .boxes(PROTECTIONS)
    .unverified(),
    q(
        "8.1",
        "Waren de persoonsgegevens vooraf versleuteld, gehasht of op een andere manier onbegrijpelijk of ontoegankelijk gemaakt?",
        "Were the data encrypted, hashed or otherwise made unintelligible or inaccessible beforehand?",
        Kind::Text,
        Asks::ProtectionTechnique,
    )
    .part("gebruikte techniek", "technique used")
    .unverified(),
];

const CONSEQUENCES: &[Question] = &[
    q(
        "9.1",
        "(Mogelijke) gevolgen voor de verwerkingsverantwoordelijke en de persoonsgegevens",
        "(Possible) consequences for the controller and the data",
        Kind::Many,
        Asks::ConsequencesForData,
    )
    .boxes(DATA_CONSEQUENCES),
    q(
        "9.2",
        "(Mogelijke) gevolgen voor de betrokkene(n)",
        "(Possible) consequences for the data subject(s)",
        Kind::Many,
        Asks::ConsequencesForPersons,
    )
    .boxes(PERSON_CONSEQUENCES),
    q("9.3", "Inschatting ernst", "Estimated severity", Kind::One, Asks::Severity).boxes(SEVERITIES),
    q("9.3", "Inschatting ernst", "Estimated severity", Kind::Text, Asks::SeverityReason)
        .part("toelichting", "explanation"),
];

const FOLLOW_UP: &[Question] = &[
    q(
        "10.1.1",
        "Heeft u de inbreuk gemeld aan de betrokkene(n)?",
        "Have you told the data subject(s) of the breach?",
        Kind::One,
        Asks::PersonsTold,
    )
    .boxes(&[YES, NO, NOT_YET]),
    q(
        "10.1.2",
        "Wanneer heeft u de inbreuk gemeld aan de betrokkene(n), of wanneer gaat u dat doen?",
        "When did you, or will you, tell the data subject(s)?",
        Kind::Moment,
        Asks::PersonsToldWhen,
    )
    .unverified(),
    q(
        "10.1.3",
        "Aan hoeveel personen heeft u de inbreuk gemeld?",
        "How many persons have you told of the breach?",
        Kind::Whole,
        Asks::PersonsToldCount,
    ),
    q(
        "10.1.4",
        "Wat is de inhoud van de melding aan de betrokkene(n)?",
        "What is the content of the message to the data subject(s)?",
        Kind::Text,
        Asks::PersonsToldWhat,
    )
    .unverified(),
    q(
        "10.1.5",
        "Waarom heeft u de inbreuk niet aan alle betrokkenen gemeld?",
        "Why have you not told all data subjects?",
        Kind::Text,
        Asks::PersonsNotAllWhy,
    )
    .unverified(),
    q(
        "10.1.6",
        "Waarom ziet u af van het melden van de inbreuk aan de betrokkene(n)?",
        "Why do you refrain from telling the data subject(s)?",
        Kind::Text,
        Asks::PersonsNotToldWhy,
    )
    .unverified(),
    q(
        "10.1.7",
        "Op welke wijze zijn de betrokkenen geïnformeerd?",
        "By which means were the data subjects told?",
        Kind::Many,
        Asks::PersonsToldHow,
    )
    .boxes(CHANNELS),
    q("10.2", "Welke maatregelen heeft u getroffen?", "Which measures have you taken?", Kind::Text, Asks::Measures),
];

const COMPLETION: &[Question] =
    &[q("einde", "Is de melding volledig?", "Is the notification complete?", Kind::One, Asks::IsComplete)
        .boxes(&[COMPLETE, MORE_FOLLOWS])
        .unverified()];
