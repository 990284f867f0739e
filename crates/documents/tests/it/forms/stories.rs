//! Stories of cases, and what the two forms tick for each.

use documents::dossier::Purpose;
use incident::{Event, Incident};

use super::{answer, ap, edpb, made, with_event};
use crate::fixture::{at, changes, reported};

/// The small case with these facts learned.
fn knowing(facts: &[(&str, &[&str])]) -> Incident {
    with_event(&reported(), Event::FactsRecorded { changes: changes(facts), note: None })
}

/// One story a row: what the two forms tick for it.
#[track_caller]
fn story(incident: &Incident, expected: &[(&str, &str)]) {
    let (ap, edpb) = (made(incident, ap(), Purpose::next(incident)), made(incident, edpb(), Purpose::next(incident)));
    for (number, wanted) in expected {
        let dossier = if number.contains('.') { &ap } else { &edpb };
        assert_eq!(answer(dossier, number), *wanted, "{} {number}", dossier.form.id);
    }
}

#[test]
fn a_lost_laptop_that_was_encrypted() {
    let laptop = knowing(&[
        ("incident_type", &["device_lost_or_stolen"]),
        ("cause", &["internal_accidental"]),
        ("confidentiality", &["possible"]),
        ("exfiltration", &["not_applicable"]),
        ("integrity", &["none"]),
        ("availability", &["temporary"]),
        ("protection", &["intact"]),
        ("protection_kind", &["encryption"]),
        ("backup", &["complete"]),
        ("severity", &["negligible"]),
        ("subjects_min", &["12"]),
        ("subjects_max", &["12"]),
        ("countries", &["NL"]),
    ]);
    story(
        &laptop,
        &[
            (
                "5.1",
                "Persoonsgegevens (mogelijk) ingezien door onbevoegden; Persoonsgegevens tijdelijk niet beschikbaar",
            ),
            (
                "5.2",
                "Apparaat, gegevensdrager (bijv. USB-stick) en/of papier met persoonsgegevens kwijtgeraakt of gestolen",
            ),
            ("8.1", "Versleuteld (encryptie) / - / -"),
            ("7.3", "12"),
            ("55", "Vertrouwelijkheid; Beschikbaarheid"),
            ("56", "~Niet te beoordelen"),
            ("57", "Ja, en de bescherming is intact"),
            ("58", "not asked"),
            ("59", "Tijdelijk"),
            ("60", "Apparaat verloren of gestolen"),
            ("61", "Intern, niet kwaadwillend"),
            ("67", "Precies"),
            ("68", "12"),
            ("75", "~Reservekopie en herstel; Versleuteling"),
            ("87", "Gering"),
            ("113", "-"),
            ("116", "not asked"),
        ],
    );
    // The key turned out to lie with it.
    let opened =
        with_event(&laptop, Event::FactsRecorded { changes: changes(&[("key_compromised", &["true"])]), note: None });
    story(&opened, &[("57", "~Er waren maatregelen, maar die zijn waarschijnlijk doorbroken")]);
}

#[test]
fn ransomware_at_a_firm_in_two_countries() {
    let ransomware = knowing(&[
        ("incident_type", &["ransomware"]),
        ("cause", &["external_malicious"]),
        ("confidentiality", &["likely"]),
        ("exfiltration", &["likely"]),
        ("integrity", &["unrecoverable"]),
        ("availability", &["permanent"]),
        ("service_impact", &["major"]),
        ("protection", &["none"]),
        ("recipient", &["malicious"]),
        ("identification", &["maximum"]),
        ("severity", &["considerable"]),
        ("consequences", &["identity_fraud", "distress", "extortion"]),
        ("countries", &["NL", "DE"]),
        ("establishments", &["NL", "DE"]),
        ("groups", &["employees", "pupils"]),
        ("vulnerable", &["true"]),
    ]);
    story(
        &ransomware,
        &[
            ("5.2", "Hacking, malware (bijv. ransomware) en/of phishing"),
            ("2.1.1", "Ja / Landen (ISO 3166): DE, NL"),
            ("7.1", "~Werknemers; Leerlingen of studenten; Personen uit andere kwetsbare groepen"),
            ("9.3", "Aanzienlijk / -"),
            ("56", "Waarschijnlijk, zonder bewijs"),
            ("57", "Nee"),
            ("58", "~Verkeerd gebruikt, niet te herstellen"),
            ("59", "Blijvend"),
            ("60", "Gijzelsoftware"),
            ("61", "Extern, kwaadwillend"),
            ("65", "~Werknemers; Minderjarigen; Leerlingen of studenten; Kwetsbare personen"),
            (
                "79",
                "~Verder verspreid dan beleid of wet toelaat; Te koppelen aan andere gegevens; Te gebruiken voor andere doelen",
            ),
            ("81", "~Gebruikt hoewel ze niet kloppen"),
            ("83", "~Dienst niet te bereiken; Dienst verstoord"),
            ("85", "~Identiteitsdiefstal; Fraude; Lichamelijk of geestelijk letsel; Andere; Afpersing"),
            ("87", "~Ernstig"),
            ("113", "~Ja"),
            ("116", "Landen (ISO 3166): DE, NL"),
            ("120", "not asked"),
        ],
    );
}

#[test]
fn a_mail_with_everybody_in_cc() {
    let mail = knowing(&[
        ("incident_type", &["open_distribution_list"]),
        ("confidentiality", &["confirmed"]),
        ("integrity", &["none"]),
        ("availability", &["none"]),
        ("data", &["contact", "health"]),
        ("groups", &["patients"]),
        ("records", &["80"]),
    ]);
    let cc = "E-mail verstuurd met persoonsgegevens met ontvangers in het aan-veld of in de cc, in plaats van bcc";
    story(
        &mail,
        &[
            ("5.2", cc),
            ("6.1", "~Contactgegevens: E-mailadres; Contactgegevens: Telefoonnummer"),
            ("6.2", "Gegevens over gezondheid"),
            ("6.3.1", "80"),
            ("56", "Weggehaald of openbaar geworden"),
            ("60", "Verzendlijst zichtbaar voor alle ontvangers"),
            ("70", "Contactgegevens; Gezondheid"),
            ("72", "~Bij benadering"),
            ("73", "80"),
        ],
    );
}

#[test]
fn a_notice_by_a_processor() {
    let told = Event::ProcessorInformed { at: at("2026-10-24T20:00:00Z"), by: "Hosting BV".into() };
    let incident = with_event(&reported(), told);
    story(
        &incident,
        &[
            ("38", "~Ja"),
            ("39", "~Verwerker"),
            ("40", "-"),
            ("50", "~Een verwerker"),
            ("52", "24-10-2026 22:00"),
            ("3.3", "-"),
        ],
    );
    story(&reported(), &[("38", "-"), ("39", "not asked"), ("52", "not asked")]);
}
