//! The sentences of the letter, each for one fact: plain Dutch (B1, u-form), English beside it.
//!
//! What a person can do follows what Dutch authorities advise: the Rijksdienst voor Identiteitsgegevens (Centraal Meldpunt
//! Identiteitsfraude: a new document when a copy of it leaked; a BSN alone need not and cannot be changed), the
//! Fraudehelpdesk (false messages), the banks (call your own bank). Telephone numbers that may change are left out, except
//! those of the emergency services.

use facts::Text;

const fn t(nl: &'static str, en: &'static str) -> Text {
    Text::new(nl, en)
}

/// What happened, by `incident_type`; nothing where the type says nothing that a reader could use.
pub(super) fn happened(incident_type: &str) -> Option<Text> {
    Some(match incident_type {
        "abuse_of_access_by_employee" => t(
            "Een medewerker heeft gegevens bekeken of gebruikt terwijl dat niet mocht.",
            "An employee looked at or used data without being allowed to.",
        ),
        "ransomware" => t(
            "Criminelen zijn binnengedrongen in onze computers. Zij hebben bestanden op slot gezet met gijzelsoftware \
             (ransomware).",
            "Criminals broke into our computers. They locked files with ransomware.",
        ),
        "hacking" => t("Iemand heeft ingebroken in onze computers.", "Somebody broke into our computers."),
        "phishing_social_engineering" => t(
            "Iemand heeft ons misleid, en kon zo bij gegevens komen (phishing).",
            "Somebody deceived us, and was able to reach data that way (phishing).",
        ),
        "vulnerability_exploited" => t(
            "Iemand heeft misbruik gemaakt van een zwakke plek in onze software.",
            "Somebody abused a weak spot in our software.",
        ),
        "unauthorised_access" => t(
            "Iemand kon bij gegevens komen terwijl dat niet mocht.",
            "Somebody was able to reach data without being allowed to.",
        ),
        "data_exfiltration" => t(
            "Iemand is onze computers binnengedrongen om er gegevens uit te halen.",
            "Somebody broke into our computers to take data from them.",
        ),
        "mixed_up_records" => {
            t("Gegevens van verschillende mensen zijn verwisseld.", "The data of different people were mixed up.")
        }
        "device_lost_or_stolen" => t(
            "Een apparaat waar gegevens op staan, is kwijtgeraakt of gestolen.",
            "A device with data on it was lost or stolen.",
        ),
        "e_waste" => t(
            "Een oud apparaat is weggedaan terwijl er nog gegevens op stonden.",
            "An old device was disposed of while there were still data on it.",
        ),
        "paper_disposal" => t(
            "Papieren met gegevens zijn niet veilig weggegooid.",
            "Papers with data on them were not disposed of safely.",
        ),
        "misdelivered_post" => t(
            "Post met gegevens is bij de verkeerde persoon of op het verkeerde adres bezorgd.",
            "Post with data in it was delivered to the wrong person or address.",
        ),
        "misconfiguration" => t(
            "Een computersysteem was verkeerd ingesteld. Daardoor waren gegevens niet goed afgeschermd.",
            "A computer system was set up wrongly. As a result data were not shielded properly.",
        ),
        "wrong_access_permissions" => t(
            "De toegang tot gegevens was verkeerd ingesteld. Daardoor konden mensen gegevens zien die niet voor hen \
             bedoeld waren.",
            "Access to data was set up wrongly. As a result people could see data that were not meant for them.",
        ),
        "paper_lost_or_stolen" => {
            t("Papieren met gegevens zijn kwijtgeraakt of gestolen.", "Papers with data on them were lost or stolen.")
        }
        "deleted_or_destroyed" => t(
            "Gegevens zijn gewist of vernietigd terwijl dat niet de bedoeling was.",
            "Data were deleted or destroyed when they should not have been.",
        ),
        "shown_to_wrong_recipient" => t(
            "Gegevens zijn getoond aan iemand voor wie ze niet bedoeld waren.",
            "Data were shown to somebody for whom they were not meant.",
        ),
        "sent_by_mistake" => t(
            "Gegevens zijn per ongeluk naar iemand gestuurd voor wie ze niet bedoeld waren.",
            "Data were sent by mistake to somebody for whom they were not meant.",
        ),
        "open_distribution_list" => t(
            "Wij hebben een e-mail aan veel mensen tegelijk gestuurd. Daarbij kon iedere ontvanger de e-mailadressen van de \
             anderen zien.",
            "We sent an e-mail to many people at once. Every recipient could see the e-mail addresses of the others.",
        ),
        "technical_malfunction" => t(
            "Er was een technische storing in een systeem met gegevens.",
            "There was a technical malfunction in a system with data in it.",
        ),
        "unauthorised_modification" => t(
            "Iemand heeft gegevens gewijzigd terwijl dat niet mocht.",
            "Somebody changed data without being allowed to.",
        ),
        "unintended_publication" => {
            t("Gegevens zijn per ongeluk openbaar gemaakt.", "Data were made public by accident.")
        }
        "verbal_disclosure" => t(
            "Gegevens zijn verteld aan iemand voor wie ze niet bedoeld waren.",
            "Data were told to somebody for whom they were not meant.",
        ),
        // `tbd` and `other`: a person must say it.
        _ => return None,
    })
}

/// Whether somebody saw the data, by `confidentiality`.
pub(super) fn seen(confidentiality: &str) -> Option<Text> {
    Some(match confidentiality {
        "possible" => t(
            "Het is mogelijk dat iemand gegevens heeft gezien die dat niet mocht. Zeker weten wij dat niet.",
            "Somebody who should not may have seen data. We do not know for certain.",
        ),
        "likely" => t(
            "Waarschijnlijk heeft iemand gegevens gezien die dat niet mocht.",
            "Somebody who should not has probably seen data.",
        ),
        "confirmed" => t(
            "Wij weten dat iemand gegevens heeft gezien die dat niet mocht.",
            "We know that somebody who should not has seen data.",
        ),
        _ => return None,
    })
}

/// Whether the data were taken, by `exfiltration`.
pub(super) fn taken(exfiltration: &str) -> Option<Text> {
    Some(match exfiltration {
        "excluded" => t("De gegevens zijn niet meegenomen.", "The data were not taken."),
        "unlikely" => {
            t("Het is onwaarschijnlijk dat de gegevens zijn meegenomen.", "It is unlikely that the data were taken.")
        }
        "likely" => t("Waarschijnlijk zijn de gegevens meegenomen.", "The data were probably taken."),
        "confirmed" => t("De gegevens zijn meegenomen.", "The data were taken."),
        _ => return None,
    })
}

/// Whether data were changed, by `integrity`.
pub(super) fn altered(integrity: &str) -> Option<Text> {
    Some(match integrity {
        "recoverable" => {
            t("Gegevens zijn gewijzigd. Dat kunnen wij herstellen.", "Data were changed. We can put that right.")
        }
        "unrecoverable" => t(
            "Gegevens zijn gewijzigd. Niet alles kunnen wij herstellen.",
            "Data were changed. We cannot put all of it right.",
        ),
        _ => return None,
    })
}

/// Whether data were out of reach, by `availability`.
pub(super) fn unavailable(availability: &str) -> Option<Text> {
    Some(match availability {
        "temporary" => t("Wij konden een tijd niet bij de gegevens.", "For a time we could not reach the data."),
        "permanent" => t("Gegevens zijn voorgoed verloren gegaan.", "Data were lost for good."),
        _ => return None,
    })
}

/// Whether the data could be read, by `protection`.
pub(super) fn protected(protection: &str) -> Option<Text> {
    Some(match protection {
        "none" => t(
            "De gegevens waren niet versleuteld of op een andere manier onleesbaar gemaakt.",
            "The data were not encrypted or made unreadable in another way.",
        ),
        "partial" => {
            t("Een deel van de gegevens was onleesbaar gemaakt.", "Part of the data had been made unreadable.")
        }
        "intact" => {
            t("De gegevens waren onleesbaar gemaakt voor anderen.", "The data had been made unreadable for others.")
        }
        "subverted" => t(
            "De gegevens waren onleesbaar gemaakt, maar die bescherming is doorbroken.",
            "The data had been made unreadable, but that protection was broken.",
        ),
        _ => return None,
    })
}

/// A kind of data in plain words, by `data`.
pub(super) fn data(word: &str) -> Option<Text> {
    Some(match word {
        "name" => t("uw naam", "your name"),
        "gender" => t("of u man of vrouw bent", "your gender"),
        "birth_date" => t("uw geboortedatum of leeftijd", "your date of birth or age"),
        "contact" => t("uw e-mailadres of telefoonnummer", "your e-mail address or telephone number"),
        "address" => t("uw adres en woonplaats", "your address"),
        "family" => t("gegevens over uw gezin of familie", "data about your family"),
        "customer_number" => t("uw klantnummer", "your customer number"),
        "account" => {
            t("gegevens over uw account, polis of abonnement", "data about your account, policy or subscription")
        }
        "national_id" => t("uw burgerservicenummer (BSN)", "your citizen service number (BSN)"),
        "id_document" => t(
            "een kopie van uw paspoort, identiteitskaart of rijbewijs",
            "a copy of your passport, identity card or driving licence",
        ),
        "licence_plate" => t("uw kenteken", "your licence plate"),
        "financial" => t("gegevens over uw geld, zoals uw inkomen", "data about your finances, such as your income"),
        "payment" => t(
            "gegevens waarmee u betaalt, zoals uw rekeningnummer of kaartnummer",
            "data with which you pay, such as your account or card number",
        ),
        "debt" => t("gegevens over schulden", "data about debts"),
        "credentials" => t(
            "gegevens waarmee u inlogt, zoals uw gebruikersnaam en wachtwoord",
            "data with which you log in, such as your user name and password",
        ),
        "password_hash" => {
            t("uw wachtwoord, in onleesbare vorm (gehasht)", "your password, in unreadable (hashed) form")
        }
        "location" => t("waar u was of bent (locatie)", "where you were or are (location)"),
        "communication" => t("berichten van u of aan u", "messages from you or to you"),
        "browsing" => t("welke websites u bezocht", "which websites you visited"),
        "profile" => t("uw voorkeuren of profiel", "your preferences or profile"),
        "purchase_history" => t("wat u hebt gekocht", "what you bought"),
        "photo_video" => t("foto’s of video’s waarop u staat", "photos or videos of you"),
        "employment" => t("gegevens over uw werk", "data about your work"),
        "education" => t("gegevens over uw opleiding of cijfers", "data about your education or marks"),
        "social_circumstances" => {
            t("gegevens over uw persoonlijke omstandigheden", "data about your personal circumstances")
        }
        "professional_secrecy" => {
            t("gegevens die onder een beroepsgeheim vallen", "data that fall under professional secrecy")
        }
        "safety_critical" => t(
            "gegevens die belangrijk zijn voor uw veiligheid, zoals een geheim adres",
            "data that matter for your safety, such as a hidden address",
        ),
        "health" => t("gegevens over uw gezondheid", "data about your health"),
        "genetic" => t("gegevens over uw erfelijke eigenschappen (DNA)", "data about your genes (DNA)"),
        "biometric" => t(
            "lichaamskenmerken waaraan u te herkennen bent, zoals een vingerafdruk",
            "features by which you can be recognised, such as a fingerprint",
        ),
        "ethnicity" => t("gegevens over uw afkomst", "data about your origin"),
        "political" => t("gegevens over uw politieke opvattingen", "data about your political opinions"),
        "religion" => t("gegevens over uw geloof of levensovertuiging", "data about your religion or belief"),
        "union" => t("uw lidmaatschap van een vakbond", "your membership of a trade union"),
        "sex_life" => t("gegevens over uw seksuele leven of gerichtheid", "data about your sex life or orientation"),
        "criminal" => t("gegevens over strafbare feiten", "data about criminal offences"),
        _ => return None,
    })
}

/// What it can mean, by `consequences`.
pub(super) fn consequence(word: &str) -> Option<Text> {
    Some(match word {
        "identity_fraud" => t(
            "Iemand kan doen alsof hij u is. Bijvoorbeeld om op uw naam iets te kopen of een abonnement te nemen. Dat heet \
             identiteitsfraude.",
            "Somebody can pretend to be you. For example to buy something or take a subscription in your name. This is \
             called identity fraud.",
        ),
        "financial_loss" => t("U kunt geld kwijtraken.", "You may lose money."),
        "discrimination" => t(
            "Mensen kunnen u anders behandelen of buitensluiten door wat zij nu over u weten.",
            "People may treat you differently or exclude you because of what they now know about you.",
        ),
        "stigmatisation" => t(
            "Mensen kunnen een oordeel over u hebben door wat zij nu over u weten.",
            "People may judge you because of what they now know about you.",
        ),
        "reputation" => t("Uw goede naam kan schade oplopen.", "Your good name may be harmed."),
        "physical_harm" => t("Uw veiligheid kan in gevaar komen.", "Your safety may be at stake."),
        "distress" => {
            t("Wij begrijpen dat dit u onrust of zorgen kan geven.", "We understand that this may worry or upset you.")
        }
        "extortion" => t(
            "Iemand kan dreigen uw gegevens te gebruiken als u niet betaalt of doet wat hij vraagt.",
            "Somebody may threaten to use your data if you do not pay or do what they ask.",
        ),
        "loss_of_control" => {
            t("U weet niet meer zeker wie uw gegevens heeft.", "You can no longer be sure who has your data.")
        }
        "phishing" => t(
            "U kunt nepberichten of neptelefoontjes krijgen. Die lijken echt, omdat de afzender gegevens van u kent.",
            "You may get false messages or calls. They look real, because the sender knows data about you.",
        ),
        "secrecy_lost" => t(
            "Wat u in vertrouwen hebt verteld, kan bij anderen bekend zijn.",
            "What you told in confidence may be known to others.",
        ),
        "denied_service" => t(
            "U hebt onze dienst misschien niet of te laat gekregen.",
            "You may have received our service late, or not at all.",
        ),
        "de_pseudonymisation" => t(
            "Gegevens waar uw naam niet bij stond, kunnen toch weer aan u worden gekoppeld.",
            "Data that did not bear your name may be linked to you again.",
        ),
        _ => return None,
    })
}

/// What a kind of data leads to where nobody has said what to expect yet: `data` → `consequences`.
pub(super) fn implied(data: &str) -> &'static [&'static str] {
    match data {
        "contact" | "address" | "customer_number" | "account" | "purchase_history" => &["phishing"],
        "national_id" | "id_document" => &["identity_fraud"],
        "payment" | "financial" => &["phishing", "financial_loss"],
        "credentials" | "password_hash" => &["loss_of_control"],
        "professional_secrecy" => &["secrecy_lost"],
        "safety_critical" => &["physical_harm"],
        _ => &[],
    }
}

/// What a person can do: an advice, and the kinds of data it is for.
pub(super) struct Advice {
    pub(super) data: &'static [&'static str],
    pub(super) text: Text,
}

/// In the order of urgency.
pub(super) const ADVICE: &[Advice] = &[
    Advice {
        data: &["safety_critical"],
        text: t(
            "Voelt u zich onveilig? Bel 112 als er direct gevaar is. Is er geen direct gevaar, bel dan de politie op \
             0900-8844.",
            "Do you feel unsafe? Call 112 if there is immediate danger. If there is no immediate danger, call the police on \
             0900-8844.",
        ),
    },
    Advice {
        data: &["credentials", "password_hash"],
        text: t(
            "Verander uw wachtwoord bij ons. Gebruikt u hetzelfde wachtwoord ook ergens anders? Verander het daar ook, en \
             kies overal een ander. Zet inloggen in twee stappen aan waar dat kan.",
            "Change your password with us. Do you use the same password elsewhere? Change it there too, and choose a \
             different one everywhere. Turn on two-step log-in where you can.",
        ),
    },
    Advice {
        data: &["payment", "financial"],
        text: t(
            "Controleer uw bankrekening. Ziet u een betaling die u niet kent, of hebt u een code of pincode gegeven? Bel \
             dan meteen uw bank. Zoek het nummer zelf op.",
            "Check your bank account. Do you see a payment you do not know, or did you give away a code or PIN? Then call \
             your bank at once. Look up the number yourself.",
        ),
    },
    Advice {
        data: &["id_document"],
        text: t(
            "Vraag uit voorzorg een nieuw identiteitsbewijs aan bij uw gemeente (paspoort, identiteitskaart of rijbewijs). Zeg \
             dat er een kopie van het oude is uitgelekt.",
            "As a precaution, apply to your municipality for a new identity document (passport, identity card or driving \
             licence). Say that a copy of the old one has leaked.",
        ),
    },
    Advice {
        data: &["national_id", "id_document", "birth_date"],
        text: t(
            "Let op brieven en rekeningen voor dingen die u niet zelf hebt geregeld. Denkt u dat iemand zich voordoet als u? \
             Meld dat bij het Centraal Meldpunt Identiteitsfraude van de overheid (www.rvig.nl) en doe aangifte bij de \
             politie.",
            "Look out for letters and bills for things that you did not arrange. Do you think somebody is pretending to be \
             you? Report it to the government’s identity fraud desk, Centraal Meldpunt Identiteitsfraude (www.rvig.nl), and \
             to the police.",
        ),
    },
    Advice {
        data: &["national_id"],
        text: t(
            "Uw burgerservicenummer hoeft u niet te laten veranderen.",
            "You do not need to have your citizen service number changed.",
        ),
    },
    Advice {
        data: &[
            "contact",
            "address",
            "customer_number",
            "account",
            "payment",
            "financial",
            "communication",
            "purchase_history",
            "profile",
            "credentials",
        ],
        text: t(
            "Let extra op bij berichten, telefoontjes en mensen aan de deur, ook als de afzender veel van u lijkt te weten. \
             Klik niet op links. Geef nooit codes, wachtwoorden of uw pincode. Twijfelt u? Bel dan zelf de organisatie, op \
             een nummer dat u zelf opzoekt. Op www.fraudehelpdesk.nl leest u hoe u nepberichten herkent en meldt.",
            "Be extra careful with messages, calls and people at the door, even if the sender seems to know a lot about you. \
             Do not click on links. Never give codes, passwords or your PIN. In doubt? Call the organisation yourself, on a \
             number that you look up. At www.fraudehelpdesk.nl you can read how to recognise and report false messages.",
        ),
    },
    Advice {
        data: &[
            "debt",
            "location",
            "photo_video",
            "social_circumstances",
            "professional_secrecy",
            "health",
            "genetic",
            "biometric",
            "ethnicity",
            "political",
            "religion",
            "union",
            "sex_life",
            "criminal",
        ],
        text: t(
            "Dreigt iemand deze gegevens te gebruiken of te verspreiden? Betaal niet, bewaar de berichten en doe aangifte bij \
             de politie.",
            "Does somebody threaten to use or spread these data? Do not pay, keep the messages, and report it to the police.",
        ),
    },
];

#[cfg(test)]
mod tests {
    use facts::Fact;

    use super::*;

    /// Every word of a fact has its sentence, save those that say nothing to a reader.
    #[track_caller]
    fn check(fact: Fact, sentence: fn(&str) -> Option<Text>, silent: &[&str]) {
        for choice in fact.choices() {
            assert_eq!(sentence(choice.key).is_none(), silent.contains(&choice.key), "{} {}", fact.key(), choice.key);
        }
        assert_eq!(sentence("no such word"), None);
    }

    #[test]
    fn every_word_has_its_sentence() {
        check(Fact::IncidentType, happened, &["tbd", "other"]);
        check(Fact::Confidentiality, seen, &["none"]);
        check(Fact::Exfiltration, taken, &["not_applicable"]);
        check(Fact::Integrity, altered, &["none"]);
        check(Fact::Availability, unavailable, &["none"]);
        check(Fact::Protection, protected, &[]);
        check(Fact::Data, data, &[]);
        check(Fact::Consequences, consequence, &[]);
    }

    #[test]
    fn advice_and_implications_speak_of_words_that_exist() {
        for word in ADVICE.iter().flat_map(|advice| advice.data) {
            assert!(Fact::Data.label(word).is_some(), "{word}");
        }
        for choice in Fact::Data.choices() {
            for word in implied(choice.key) {
                assert!(consequence(word).is_some(), "{word}");
            }
        }
    }
}
