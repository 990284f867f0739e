//! The first sentence of a case: what it comes to and what to do, by what was found.

use std::collections::BTreeSet;

use facts::Text;

use super::is_only_readable;
use crate::{Detection, Figure, Kind, Severity, words};

/// `threat`: how severe it is without what is merely readable: however much of that there is, it makes nobody an attacker.
pub(super) fn headline(host: &str, detections: &[&Detection], threat: Severity) -> Text {
    if is_only_readable(detections) {
        return of(host, readable(detections));
    }
    let is_threat = |one: &&Detection| !matches!(one.kind, Kind::CleartextCredentials | Kind::CleartextPersonalData);
    let worst = detections.iter().copied().filter(is_threat).map(|one| one.severity).max().unwrap_or(Severity::Low);
    let counts = worst.min(Severity::Medium);
    let kinds: BTreeSet<Kind> =
        detections.iter().copied().filter(is_threat).filter(|one| one.severity >= counts).map(|one| one.kind).collect();
    // Of several kinds none explains it alone.
    let only = kinds.first().copied().filter(|_| kinds.len() == 1);
    let is_drawn_out = only == Some(Kind::LateralMovement)
        && detections
            .iter()
            .filter(|one| one.kind == Kind::LateralMovement)
            .all(|one| one.technique.contains(&"T1187"));
    of(
        host,
        match threat >= Severity::High {
            _ if is_drawn_out => DRAWN_OUT,
            true => high(only),
            false => mild(only),
        },
    )
}

/// A log-in of Windows that went outside.
const DRAWN_OUT: (&str, &str) = (
    "liet de Windows-aanmelding van een gebruiker naar buiten gaan. Laat die gebruiker een nieuw wachtwoord kiezen, en blokkeer \
     poort 445 naar internet.",
    "let a user's Windows log-in go outside. Have that user choose a new password, and block port 445 to the internet.",
);

fn of(host: &str, (nl, en): (&'static str, &'static str)) -> Text {
    Text::made(format!("{host} {nl}"), format!("{host} {en}"))
}

fn readable(detections: &[&Detection]) -> (&'static str, &'static str) {
    let has = |kind| detections.iter().any(|one| one.kind == kind);
    let is_token = |one: &Detection| match one.evidence.get("mechanisms") {
        Some(Figure::Texts(mechanisms)) => words::are_tokens(mechanisms.iter().map(String::as_str)),
        _ => false,
    };
    let mut log_ins = detections.iter().filter(|one| one.kind == Kind::CleartextCredentials);
    let are_tokens = log_ins.all(|one| is_token(one));
    match (has(Kind::CleartextPersonalData), has(Kind::CleartextCredentials)) {
        (false, true) if are_tokens => (
            "stuurt een sleutel waarmee een programma zich aanmeldt (een token) leesbaar over het netwerk. Zet versleuteling aan \
             en trek die sleutel daarna in.",
            "sends a key by which a program logs in (a token) readable across the network. Turn encryption on and revoke that \
             key after that.",
        ),
        (true, false) => (
            "stuurt persoonsgegevens leesbaar over het netwerk. Zoek uit welk programma dat doet en zet versleuteling aan.",
            "sends personal data readable across the network. Find out which program does so and turn encryption on.",
        ),
        (false, true) => (
            "stuurt een wachtwoord leesbaar over het netwerk. Zet versleuteling aan en verander het daarna.",
            "sends a password readable across the network. Turn encryption on and change it after that.",
        ),
        _ => (
            "stuurt iets leesbaar over het netwerk dat geheim hoort te blijven.",
            "sends something readable across the network that should stay secret.",
        ),
    }
}

/// An alarm: of one kind, or of several.
fn high(only: Option<Kind>) -> (&'static str, &'static str) {
    match only {
        Some(Kind::Exfiltration) => (
            "stuurt ongewoon veel naar buiten. Zoek vandaag uit wat het is en wie het stuurt; weet niemand dat, haal het \
             apparaat dan van het netwerk en zet het niet uit.",
            "sends an unusual amount out. Find out today what it is and who sends it; if nobody knows, take the device off \
             the network and leave it switched on.",
        ),
        Some(Kind::DnsTunnel) => (
            "stuurt waarschijnlijk gegevens naar buiten in vragen aan de DNS. Zoek vandaag het programma dat dat doet; kent \
             niemand het, haal het apparaat dan van het netwerk en zet het niet uit.",
            "probably sends data out in questions to the DNS. Find the program that does so today; if nobody knows it, take \
             the device off the network and leave it switched on.",
        ),
        Some(Kind::Beacon) => (
            "wordt mogelijk van buitenaf bestuurd. Zoek vandaag uit welk programma het is; kent niemand het, haal het \
             apparaat dan van het netwerk en zet het niet uit.",
            "may be controlled from outside. Find out today which program it is; if nobody knows it, take the device off the \
             network and leave it switched on.",
        ),
        Some(Kind::Miner) => (
            "rekent aan cryptomunten. Zoek vandaag uit wie dat programma erop zette; was het niemand van hier, haal het \
             apparaat dan van het netwerk en zet het niet uit.",
            "mines crypto-coins. Find out today who put that program there; if it was nobody from here, take the device off \
             the network and leave it switched on.",
        ),
        Some(Kind::Scan) => (
            "tast andere apparaten af. Doet een beheerder dat niet zelf, haal het apparaat dan van het netwerk en zet het \
             niet uit.",
            "probes other devices. If no administrator does so on purpose, take the device off the network and leave it \
             switched on.",
        ),
        Some(Kind::Bruteforce) => (
            "heeft te maken met wachtwoorden die geraden worden. Zoek vandaag uit of iemand zo is binnengekomen, en haal \
             het apparaat van het netwerk als niemand ervan weet.",
            "has to do with passwords that are being guessed. Find out today whether somebody came in so, and take the device \
             off the network if nobody knows of it.",
        ),
        Some(Kind::LateralMovement) => (
            "bedient andere apparaten op afstand. Doet een beheerder dat niet zelf, haal het apparaat dan van het netwerk en \
             zet het niet uit.",
            "operates other devices from afar. If no administrator does so on purpose, take the device off the network and \
             leave it switched on.",
        ),
        _ => (
            "is waarschijnlijk in handen van een aanvaller. Haal het apparaat van het netwerk en zet het niet uit.",
            "is probably under an attacker's control. Take the device off the network and leave it switched on.",
        ),
    }
}

/// Worth a look.
fn mild(only: Option<Kind>) -> (&'static str, &'static str) {
    match only {
        Some(Kind::Exfiltration) => (
            "stuurt ongewoon veel naar buiten. Vraag na wat het is en wie het stuurt.",
            "sends an unusual amount out. Ask what it is and who sends it.",
        ),
        Some(Kind::Miner) => (
            "probeert aan cryptomunten te rekenen. Zoek uit wie dat programma erop zette.",
            "tries to mine crypto-coins. Find out who put that program there.",
        ),
        Some(Kind::Anonymiser) => {
            ("verbergt met wie het praat. Vraag de gebruiker waarom.", "hides whom it talks to. Ask the user why.")
        }
        Some(Kind::Beacon) => (
            "zoekt in een vast ritme contact met een plek buiten. Zoek uit welk programma dat doet, of vraag uw leverancier.",
            "contacts a place outside at a steady rhythm. Find out which program does so, or ask your supplier.",
        ),
        _ => ("doet iets verdachts. Laat het nakijken.", "does something suspicious. Have it looked at."),
    }
}
