//! The table of the vocabulary (`contract/facts.md`): each fact's key, what it takes, and its words in both languages.

use crate::{COUNTRIES, InvalidFact, Text, Value};

/// What a fact takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Truth,
    /// One of the choices.
    One(&'static [Choice]),
    /// Any of the choices; the empty set means *none of them*, absent means *unknown*.
    Many(&'static [Choice]),
    /// A set of countries, by ISO 3166-1 alpha-2.
    Countries,
    /// A whole number of persons, records or recipients.
    Whole,
    /// A number of hours, not negative.
    Number,
}

/// One value that a fact can take, by its public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: &'static str,
    pub label: Text,
}

const fn choice(key: &'static str, nl: &'static str, en: &'static str) -> Choice {
    Choice { key, label: Text::new(nl, en) }
}

/// How a fact is read when it is left out (`contract/facts.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Unknown is unknown.
    Ordinary,
    /// A gate or exception: counts only once established. While unknown it reads as its first choice, so that a duty it would
    /// lift stands.
    Gate,
    /// The assessor's own view: derived where left out, and then never missing.
    View,
}

/// The part of a form in which a fact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    IsItOne,
    WhatHappened,
    DataAndPeople,
    ProtectionAndEffect,
    GroundsAndOthers,
}

impl Section {
    pub const ALL: [Self; 5] =
        [Self::IsItOne, Self::WhatHappened, Self::DataAndPeople, Self::ProtectionAndEffect, Self::GroundsAndOthers];

    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::IsItOne => Text::new("Is het een datalek?", "Is it a breach?"),
            Self::WhatHappened => Text::new("Wat is er gebeurd?", "What happened?"),
            Self::DataAndPeople => Text::new("Welke gegevens, van wie?", "Which data, whose?"),
            Self::ProtectionAndEffect => {
                Text::new("Wat beschermde ze, wat deed het?", "What protected them, what did it do?")
            }
            Self::GroundsAndOthers => Text::new("Uitzonderingen en andere plichten", "Exceptions and other duties"),
        }
    }
}

macro_rules! vocabulary {
    ($($name:ident $key:literal $section:ident $class:ident ($kind:expr) $nl:literal, $en:literal;)*) => {
        /// A fact about an incident, in the order of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact {
            $(#[doc = $en] $name,)*
        }

        impl Fact {
            /// Every fact, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public name, as in JSON.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What it takes.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self {
                    $(Self::$name => {
                        const KIND: Kind = $kind;
                        KIND
                    })*
                }
            }

            /// How it is read when left out.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)* }
            }

            /// Where it stands on a form.
            #[must_use]
            pub fn section(self) -> Section {
                match self { $(Self::$name => Section::$section,)* }
            }

            /// The question that asks for it.
            #[must_use]
            pub fn question(self) -> Text {
                match self { $(Self::$name => Text::new($nl, $en),)* }
            }
        }
    };
}

vocabulary! {
    SecurityIncident "security_incident" IsItOne Ordinary (Kind::Truth) "Is de beveiliging echt doorbroken? (Nee: er is alleen een zwakke plek gevonden)", "Was security really breached? (No: only a weakness was found)";
    PersonalData "personal_data" IsItOne Ordinary (Kind::Truth) "Gaat het om gegevens van mensen die te herkennen zijn?", "Is it about data on people who can be identified?";
    HouseholdUse "household_use" IsItOne Gate (Kind::Truth) "Alleen persoonlijk of huishoudelijk gebruik?", "Purely personal or household use?";
    JournalisticUse "journalistic_use" IsItOne Gate (Kind::Truth) "Alleen voor journalistiek, wetenschap, kunst of literatuur?", "Solely for journalism, academia, art or literature?";
    Regime "regime" IsItOne Gate (Kind::One(&[
        choice("avg", "AVG", "GDPR (AVG)"),
        choice("wpg", "Wet politiegegevens", "Police Data Act (Wpg)"),
        choice("wjsg", "Wet justitiële en strafvorderlijke gegevens", "Judicial and Criminal Data Act (Wjsg)"),
        choice("tw", "Telecommunicatiewet", "Telecommunications Act (Tw)"),
    ])) "Onder welke wet vallen de gegevens?", "Which law governs the data?";
    Role "role" IsItOne Ordinary (Kind::One(&[
        choice("controller", "Verwerkingsverantwoordelijke", "Controller"),
        choice("joint_controller", "Gezamenlijk verantwoordelijk", "Joint controller"),
        choice("processor", "Verwerker", "Processor"),
    ])) "Wat is uw organisatie voor deze gegevens?", "What is your organisation for these data?";
    Confidentiality "confidentiality" WhatHappened Ordinary (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("possible", "Mogelijk", "Possibly"),
        choice("likely", "Waarschijnlijk", "Probably"),
        choice("confirmed", "Zeker", "Certainly"),
    ])) "Gezien of te zien door iemand die dat niet mag?", "Seen, or open to be seen, by someone who should not?";
    Integrity "integrity" WhatHappened Ordinary (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("recoverable", "Ja, te herstellen", "Yes, recoverable"),
        choice("unrecoverable", "Ja, niet te herstellen", "Yes, not recoverable"),
    ])) "Gegevens gewijzigd?", "Data altered?";
    Availability "availability" WhatHappened Ordinary (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("temporary", "Tijdelijk", "Temporarily"),
        choice("permanent", "Blijvend", "Permanently"),
    ])) "Gegevens kwijt of onbereikbaar?", "Data lost or out of reach?";
    IncidentType "incident_type" WhatHappened Ordinary (Kind::One(&[
        choice("abuse_of_access_by_employee", "Misbruik van toegang door een medewerker", "Abuse of access by an employee"),
        choice("ransomware", "Gijzelsoftware (ransomware)", "Ransomware"),
        choice("hacking", "Inbraak (hack)", "Hacking"),
        choice("phishing_social_engineering", "Phishing of misleiding", "Phishing or social engineering"),
        choice("vulnerability_exploited", "Misbruik van een kwetsbaarheid", "A vulnerability exploited"),
        choice("unauthorised_access", "Onbevoegde toegang", "Unauthorised access"),
        choice("data_exfiltration", "Gegevens weggesluisd", "Data exfiltrated"),
        choice("mixed_up_records", "Dossiers verwisseld", "Records mixed up"),
        choice("device_lost_or_stolen", "Apparaat kwijt of gestolen", "Device lost or stolen"),
        choice("e_waste", "Afgedankt apparaat met gegevens", "Discarded device with data"),
        choice("paper_disposal", "Papier onveilig weggegooid", "Paper disposed of unsafely"),
        choice("misdelivered_post", "Post verkeerd bezorgd", "Post misdelivered"),
        choice("misconfiguration", "Verkeerde instelling", "Misconfiguration"),
        choice("wrong_access_permissions", "Verkeerde rechten", "Wrong access permissions"),
        choice("paper_lost_or_stolen", "Papier kwijt of gestolen", "Paper lost or stolen"),
        choice("deleted_or_destroyed", "Gewist of vernietigd", "Deleted or destroyed"),
        choice("shown_to_wrong_recipient", "Getoond aan de verkeerde", "Shown to the wrong recipient"),
        choice("sent_by_mistake", "Per ongeluk verstuurd", "Sent by mistake"),
        choice("open_distribution_list", "Open verzendlijst (aan/cc in plaats van bcc)", "Open distribution list (to/cc instead of bcc)"),
        choice("technical_malfunction", "Technische storing", "Technical malfunction"),
        choice("unauthorised_modification", "Onbevoegd gewijzigd", "Unauthorised modification"),
        choice("unintended_publication", "Per ongeluk gepubliceerd", "Unintended publication"),
        choice("verbal_disclosure", "Mondeling verteld", "Verbal disclosure"),
        choice("tbd", "Wordt nog uitgezocht", "To be determined"),
        choice("other", "Anders", "Other"),
    ])) "Wat voor incident was het?", "What kind of incident was it?";
    Cause "cause" WhatHappened Ordinary (Kind::One(&[
        choice("internal_accidental", "Van binnen, per ongeluk", "Internal, by accident"),
        choice("internal_malicious", "Van binnen, met opzet", "Internal, on purpose"),
        choice("external_accidental", "Van buiten, per ongeluk", "External, by accident"),
        choice("external_malicious", "Van buiten, met opzet", "External, on purpose"),
    ])) "Wie of wat was de oorzaak?", "Who or what caused it?";
    Exfiltration "exfiltration" WhatHappened Ordinary (Kind::One(&[
        choice("not_applicable", "Er was geen inbreker", "Nobody broke in"),
        choice("excluded", "Uitgesloten", "Excluded"),
        choice("unlikely", "Onwaarschijnlijk", "Unlikely"),
        choice("likely", "Waarschijnlijk", "Likely"),
        choice("confirmed", "Vastgesteld", "Confirmed"),
    ])) "Door een aanvaller meegenomen?", "Taken away by an attacker?";
    Recipient "recipient" WhatHappened Ordinary (Kind::One(&[
        choice("none", "Niemand", "Nobody"),
        choice("trusted", "Iemand die te vertrouwen is", "Someone trustworthy"),
        choice("known_untrusted", "Bekende ontvanger, vertrouwen niet vast te stellen", "Known recipient, trust not established"),
        choice("unknown", "Onbekend", "Unknown"),
        choice("malicious", "Een kwaadwillende", "Someone malicious"),
        choice("public", "Iedereen (openbaar)", "Anyone (public)"),
    ])) "Wie heeft of zag de gegevens?", "Who holds or saw the data?";
    RecipientCount "recipient_count" WhatHappened Ordinary (Kind::Whole) "Hoeveel ontvangers?", "How many recipients?";
    DeletionConfirmed "deletion_confirmed" WhatHappened Ordinary (Kind::Truth) "Heeft de ontvanger geloofwaardig bevestigd dat alles is gewist?", "Has the recipient credibly confirmed deletion?";
    ExposureHours "exposure_hours" WhatHappened Ordinary (Kind::Number) "Hoeveel uur lagen de gegevens open?", "For how many hours did the data lie open?";
    Systemic "systemic" WhatHappened Ordinary (Kind::Truth) "Kan de oorzaak ook anderen hebben geraakt, of nog raken?", "May the cause have hit others, or go on hitting them?";
    Data "data" DataAndPeople Ordinary (Kind::Many(&[
        choice("name", "Naam", "Name"),
        choice("gender", "Geslacht", "Gender"),
        choice("birth_date", "Geboortedatum of leeftijd", "Date of birth or age"),
        choice("contact", "Contactgegevens (e-mail, telefoon)", "Contact details (e-mail, telephone)"),
        choice("address", "Adres en woonplaats", "Address"),
        choice("family", "Gezin en familie", "Family"),
        choice("customer_number", "Klantnummer", "Customer number"),
        choice("account", "Gegevens over account, polis of abonnement", "Account, policy or subscription details"),
        choice("national_id", "Burgerservicenummer (BSN)", "National identification number (BSN)"),
        choice("id_document", "Kopie van paspoort of ander identiteitsbewijs", "Copy of passport or other identity document"),
        choice("licence_plate", "Kenteken", "Licence plate"),
        choice("financial", "Financiële gegevens", "Financial data"),
        choice("payment", "Betaalgegevens (kaart, rekening)", "Payment data (card, account)"),
        choice("debt", "Schulden", "Debts"),
        choice("credentials", "Inloggegevens", "Log-in data"),
        choice("password_hash", "Gehashte wachtwoorden", "Password hashes"),
        choice("location", "Locatiegegevens", "Location data"),
        choice("communication", "Inhoud van berichten", "Contents of messages"),
        choice("browsing", "Surfgedrag", "Browsing"),
        choice("profile", "Profiel of voorkeuren", "Profile or preferences"),
        choice("purchase_history", "Aankopen", "Purchases"),
        choice("photo_video", "Foto of video", "Photo or video"),
        choice("employment", "Werk en functioneren", "Employment"),
        choice("education", "Opleiding en schoolprestaties", "Education"),
        choice("social_circumstances", "Persoonlijke problemen (verslaving, relatie en dergelijke)", "Personal problems (addiction, relationship and the like)"),
        choice("professional_secrecy", "Gegevens onder beroepsgeheim", "Data under professional secrecy"),
        choice("safety_critical", "Gegevens die iemands veiligheid raken (geheim adres)", "Data critical to someone’s safety (hidden address)"),
        choice("health", "Gezondheid", "Health"),
        choice("genetic", "Genetische gegevens", "Genetic data"),
        choice("biometric", "Biometrische gegevens", "Biometric data"),
        choice("ethnicity", "Ras of etnische afkomst", "Race or ethnic origin"),
        choice("political", "Politieke opvattingen", "Political opinions"),
        choice("religion", "Geloof of levensovertuiging", "Religion or belief"),
        choice("union", "Lidmaatschap van een vakbond", "Trade union membership"),
        choice("sex_life", "Seksueel gedrag of gerichtheid", "Sex life or orientation"),
        choice("criminal", "Strafrechtelijke gegevens", "Criminal data"),
    ])) "Welke gegevens?", "Which data?";
    DataSensitivity "data_sensitivity" DataAndPeople View (Kind::One(&[
        choice("trivial", "Nauwelijks", "Trivial"),
        choice("ordinary", "Gewoon", "Ordinary"),
        choice("sensitive", "Gevoelig", "Sensitive"),
        choice("critical", "Zeer gevoelig", "Critical"),
    ])) "Hoe gevoelig zijn de gegevens in hun samenhang?", "How sensitive are the data in their context?";
    SubjectsMin "subjects_min" DataAndPeople Ordinary (Kind::Whole) "Hoeveel personen, ten minste?", "How many persons, at least?";
    SubjectsMax "subjects_max" DataAndPeople Ordinary (Kind::Whole) "Hoeveel personen, ten hoogste?", "How many persons, at most?";
    Records "records" DataAndPeople Ordinary (Kind::Whole) "Hoeveel gegevensrecords?", "How many records?";
    Groups "groups" DataAndPeople Ordinary (Kind::Many(&[
        choice("employees", "Werknemers", "Employees"),
        choice("former_employees", "Oud-werknemers", "Former employees"),
        choice("applicants", "Sollicitanten", "Applicants"),
        choice("customers", "Klanten", "Customers"),
        choice("prospects", "Mogelijke klanten", "Prospects"),
        choice("subscribers", "Abonnees", "Subscribers"),
        choice("users", "Gebruikers", "Users"),
        choice("members", "Leden", "Members"),
        choice("patients", "Patiënten", "Patients"),
        choice("clients_of_care", "Cliënten in de zorg", "Clients of care"),
        choice("pupils", "Leerlingen", "Pupils"),
        choice("students", "Studenten", "Students"),
        choice("children", "Kinderen", "Children"),
        choice("elderly", "Ouderen", "Elderly people"),
        choice("citizens", "Burgers", "Citizens"),
        choice("asylum_seekers", "Asielzoekers", "Asylum seekers"),
        choice("suppliers", "Leveranciers", "Suppliers"),
        choice("other", "Anderen", "Others"),
    ])) "Om wie gaat het?", "Who is it about?";
    Vulnerable "vulnerable" DataAndPeople Ordinary (Kind::Truth) "Zijn er mensen bij die extra bescherming nodig hebben?", "Are there people among them who need particular protection?";
    Identification "identification" DataAndPeople Ordinary (Kind::One(&[
        choice("negligible", "Vrijwel niet", "Hardly"),
        choice("limited", "Met veel moeite", "With much effort"),
        choice("significant", "Met enige moeite", "With some effort"),
        choice("maximum", "Meteen", "At once"),
    ])) "Hoe makkelijk is te zien om wie het gaat?", "How easily can a holder tell who it is about?";
    Protection "protection" ProtectionAndEffect Ordinary (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("partial", "Deels", "Partly"),
        choice("intact", "Ja", "Yes"),
        choice("subverted", "De bescherming is doorbroken", "The protection was broken"),
    ])) "Waren de gegevens onleesbaar voor wie ze heeft?", "Were the data unintelligible to whoever holds them?";
    ProtectionKind "protection_kind" ProtectionAndEffect Ordinary (Kind::One(&[
        choice("encryption", "Versleuteld", "Encryption"),
        choice("hashing", "Gehasht", "Hashing"),
        choice("pseudonymisation", "Gepseudonimiseerd", "Pseudonymisation"),
        choice("other", "Anders", "Other"),
    ])) "Hoe waren ze onleesbaar gemaakt?", "How were they made unintelligible?";
    RemoteWipe "remote_wipe" ProtectionAndEffect Gate (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("before_access", "Ja, bewezen voordat iemand keek", "Yes, proven before anyone looked"),
        choice("unproven", "Ja, maar niet te bewijzen", "Yes, but not proven"),
    ])) "Op afstand gewist?", "Wiped remotely?";
    KeyCompromised "key_compromised" ProtectionAndEffect Ordinary (Kind::Truth) "Is de sleutel (of salt) geraakt of te achterhalen?", "Was the key (or salt) touched, or can it be found?";
    Backup "backup" ProtectionAndEffect Ordinary (Kind::One(&[
        choice("complete", "Volledig", "Complete"),
        choice("partial", "Gedeeltelijk", "Partial"),
        choice("none", "Geen", "None"),
    ])) "Was er een reservekopie?", "Was there a backup?";
    RestoreHours "restore_hours" ProtectionAndEffect Ordinary (Kind::Number) "Na hoeveel uur was alles er weer?", "After how many hours was everything back?";
    ServiceImpact "service_impact" ProtectionAndEffect Ordinary (Kind::One(&[
        choice("none", "Niets", "Nothing"),
        choice("minor", "Weinig (iets kwam later)", "Little (something came late)"),
        choice("major", "Veel", "Much"),
        choice("safety", "Hun veiligheid of zorg kwam in gevaar", "Their safety or care was at stake"),
    ])) "Wat merkten de mensen van het ontbreken?", "What did the absence do to the people?";
    Consequences "consequences" ProtectionAndEffect Ordinary (Kind::Many(&[
        choice("identity_fraud", "Identiteitsdiefstal of -fraude", "Identity theft or fraud"),
        choice("financial_loss", "Financieel verlies", "Financial loss"),
        choice("discrimination", "Discriminatie of uitsluiting", "Discrimination or exclusion"),
        choice("stigmatisation", "Stigma", "Stigma"),
        choice("reputation", "Reputatieschade", "Damage to reputation"),
        choice("physical_harm", "Lichamelijk letsel", "Physical harm"),
        choice("distress", "Angst of stress", "Distress"),
        choice("extortion", "Afpersing", "Extortion"),
        choice("loss_of_control", "Verlies van zicht op de eigen gegevens", "Loss of control over their data"),
        choice("phishing", "Phishing", "Phishing"),
        choice("secrecy_lost", "Verlies van beroepsgeheim", "Loss of professional secrecy"),
        choice("denied_service", "Dienst niet gekregen", "A service denied"),
        choice("de_pseudonymisation", "Ongedaan maken van pseudonimisering", "Reversal of pseudonymisation"),
    ])) "Wat kan dit voor de mensen betekenen?", "What can this mean for the people?";
    Severity "severity" ProtectionAndEffect View (Kind::One(&[
        choice("negligible", "Verwaarloosbaar", "Negligible"),
        choice("limited", "Beperkt", "Limited"),
        choice("considerable", "Aanzienlijk", "Considerable"),
        choice("very_large", "Zeer groot", "Very large"),
    ])) "Hoe ernstig zijn de gevolgen voor de mensen?", "How severe are the consequences for the people?";
    Likelihood "likelihood" ProtectionAndEffect View (Kind::One(&[
        choice("unlikely", "Onwaarschijnlijk", "Unlikely"),
        choice("possible", "Mogelijk", "Possible"),
        choice("likely", "Waarschijnlijk", "Likely"),
    ])) "Hoe waarschijnlijk zijn die gevolgen?", "How likely are those consequences?";
    RiskRemoved "risk_removed" GroundsAndOthers Gate (Kind::Truth) "Namen maatregelen achteraf het hoge risico weg?", "Did later measures remove the high risk?";
    DisproportionateEffort "disproportionate_effort" GroundsAndOthers Gate (Kind::Truth) "Zou ieder persoonlijk inlichten onevenredig veel moeite kosten?", "Would telling each person take disproportionate effort?";
    FinancialUndertaking "financial_undertaking" GroundsAndOthers Gate (Kind::Truth) "Is uw organisatie een financiële onderneming (Wft)?", "Is your organisation a financial undertaking (Wft)?";
    WithholdingGround "withholding_ground" GroundsAndOthers Gate (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("a", "a. nationale veiligheid", "a. national security"),
        choice("b", "b. landsverdediging", "b. defence"),
        choice("c", "c. openbare veiligheid", "c. public security"),
        choice("d", "d. strafbare feiten", "d. criminal offences"),
        choice("e", "e. andere belangrijke algemene belangen", "e. other important general interests"),
        choice("f", "f. rechter en procedures", "f. courts and proceedings"),
        choice("g", "g. beroepscodes", "g. codes of regulated professions"),
        choice("h", "h. toezicht of inspectie", "h. supervision or inspection"),
        choice("i", "i. bescherming van de persoon of van anderen", "i. protection of the person or of others"),
        choice("j", "j. inning van civiele vorderingen", "j. collection of civil claims"),
    ])) "Geldt een grond van UAVG art. 41 om personen niet in te lichten?", "Does a ground of UAVG art. 41 for not telling persons apply?";
    Countries "countries" GroundsAndOthers Ordinary (Kind::Countries) "In welke landen wonen de mensen?", "In which countries do the people live?";
    Establishments "establishments" GroundsAndOthers Ordinary (Kind::Countries) "In welke landen heeft uw organisatie vestigingen?", "In which countries is your organisation established?";
    CbwEntity "cbw_entity" GroundsAndOthers Ordinary (Kind::One(&[
        choice("none", "Nee", "No"),
        choice("important", "Belangrijke entiteit", "Important entity"),
        choice("essential", "Essentiële entiteit", "Essential entity"),
    ])) "Valt uw organisatie onder de Cyberbeveiligingswet?", "Does the Cyberbeveiligingswet apply to your organisation?";
    TrustService "trust_service" GroundsAndOthers Ordinary (Kind::Truth) "Is een vertrouwensdienst geraakt?", "Was a trust service hit?";
    SignificantIncident "significant_incident" GroundsAndOthers Ordinary (Kind::Truth) "Is het een significant incident (Cbw)?", "Is it a significant incident (Cbw)?";
}

impl Fact {
    /// The fact of a public name; for an unknown one, the nearest that exists.
    pub fn from_key(key: &str) -> Result<Self, InvalidFact> {
        Self::ALL.iter().copied().find(|fact| fact.key() == key).ok_or_else(|| InvalidFact::UnknownKey {
            key: key.into(),
            nearest: nearest(key, Self::ALL.iter().map(|fact| fact.key())),
        })
    }

    /// Its choices, where it has any.
    #[must_use]
    pub fn choices(self) -> &'static [Choice] {
        match self.kind() {
            Kind::One(choices) | Kind::Many(choices) => choices,
            _ => &[],
        }
    }

    /// The label of one of its choices.
    #[must_use]
    pub fn label(self, key: &str) -> Option<&'static Text> {
        self.choices().iter().find(|choice| choice.key == key).map(|choice| &choice.label)
    }

    /// The vocabulary's own word for a choice or country as somebody wrote it.
    pub fn word(self, text: &str) -> Result<&'static str, InvalidFact> {
        match self.kind() {
            Kind::One(choices) | Kind::Many(choices) => crate::facts::choice(self, choices, text),
            Kind::Countries => self.country(text),
            _ => Err(self.wrong_type(&format!("`{text}`"))),
        }
    }

    /// The value that these words stand for, as forms send them: one word, or several for a set.
    pub fn read(self, words: &[&str]) -> Result<Value, InvalidFact> {
        let one = || match words {
            [word] => Ok(word.trim()),
            _ => Err(self.wrong_type(&format!("{} values", words.len()))),
        };
        match self.kind() {
            Kind::Truth => match one()? {
                "true" => Ok(Value::Truth(true)),
                "false" => Ok(Value::Truth(false)),
                other => Err(self.wrong_type(&format!("`{other}`"))),
            },
            Kind::One(_) => Ok(Value::One(self.word(one()?)?)),
            Kind::Many(_) | Kind::Countries => {
                Ok(Value::Many(words.iter().map(|word| self.word(word)).collect::<Result<_, _>>()?))
            }
            Kind::Whole => one()?.parse().map(Value::Whole).map_err(|_| self.wrong_type(&words.join(" "))),
            Kind::Number => one()?
                .replace(',', ".")
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite() && *number >= 0.0)
                .map(Value::Number)
                .ok_or_else(|| self.wrong_type(&words.join(" "))),
        }
    }

    pub(crate) fn country(self, text: &str) -> Result<&'static str, InvalidFact> {
        COUNTRIES.iter().copied().find(|code| *code == text).ok_or_else(|| InvalidFact::UnknownValue {
            key: self.key(),
            value: text.into(),
            nearest: nearest(text, COUNTRIES.iter().copied()),
            allowed: vec!["the two capitals of ISO 3166-1 alpha-2, such as NL"],
        })
    }

    /// The refusal of a value of another type, as it was written.
    #[must_use]
    pub fn wrong_type(self, found: &str) -> InvalidFact {
        self.wrong_shape(Text::made(found.to_owned(), found.to_owned()))
    }

    /// The refusal of a value of another type; `found` says what it was.
    #[must_use]
    pub fn wrong_shape(self, found: Text) -> InvalidFact {
        let expected = match self.kind() {
            Kind::Truth => Text::new("true of false", "true or false"),
            Kind::One(_) => Text::new("een van zijn woorden, als tekst", "one of its words, as text"),
            Kind::Many(_) => Text::new("een lijst van zijn woorden", "a list of its words"),
            Kind::Countries => Text::new("een lijst van landcodes", "a list of country codes"),
            Kind::Whole => Text::new("een heel getal, 0 of meer", "a whole number, 0 or more"),
            Kind::Number => Text::new("een aantal uren, 0 of meer", "a number of hours, 0 or more"),
        };
        InvalidFact::WrongType { key: self.key(), found, expected }
    }
}

/// The known word that looks most like what was written, if any comes close.
#[must_use]
pub fn nearest(written: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let meant = crate::country::meant(written);
    let written = written.to_lowercase();
    let likeness = |word: &'static str| {
        if meant == Some(word) { 1.0 } else { strsim::jaro_winkler(&written, &word.to_lowercase()) }
    };
    known
        .map(|word| (likeness(word), word))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
