//! How severe several detections of one host are together.

use std::collections::BTreeSet;

use super::is_same_place;
use crate::{Alarm, Detection, Figure, Kind, Severity};

/// Kinds that see the same thing are one witness; those of different witnesses confirm each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Witness {
    /// It stands on a list.
    List,
    /// When and how long it calls.
    Rhythm,
    /// How it speaks.
    Speech,
    /// How it asks for names.
    Names,
    /// How much goes out.
    Volume,
    /// What it does to others.
    Attack,
    /// What it is used for.
    Use,
    /// What is readable: no sign of an attacker.
    Readable,
}

fn witness(kind: Kind) -> Witness {
    match kind {
        Kind::Indicator => Witness::List,
        Kind::Beacon | Kind::LongConnection => Witness::Rhythm,
        Kind::MalwareProtocol | Kind::SuspiciousTls => Witness::Speech,
        Kind::DnsTunnel | Kind::Dga => Witness::Names,
        Kind::Exfiltration => Witness::Volume,
        Kind::Scan | Kind::Bruteforce | Kind::LateralMovement => Witness::Attack,
        Kind::Miner | Kind::Anonymiser => Witness::Use,
        Kind::CleartextCredentials | Kind::CleartextPersonalData => Witness::Readable,
    }
}

/// From how many witnesses on, each of something medium, they are no coincidence.
const MANY: usize = 3;

/// The severity of a story: that of the attacker in it, or of the worst that is readable, whichever is more. What is
/// readable is as severe as it is by itself: much of it, or much beside it, makes it no worse, and it confirms nobody.
pub(super) fn severity(detections: &[&Detection]) -> Severity {
    let readable = detections.iter().filter(|one| witness(one.kind) == Witness::Readable);
    threat(detections).max(readable.map(|one| one.severity).max().unwrap_or(Severity::Low))
}

/// How severe what an attacker does in a story is: as the worst of it, and one step more where it is confirmed:
/// - two witnesses against one place, both more than low;
/// - a high one, and a high one of another witness;
/// - three witnesses of medium things, or two of which one is against a place that nobody here ever reached.
pub(super) fn threat(detections: &[&Detection]) -> Severity {
    let counts = |least: Severity| {
        let counting = detections.iter().copied().filter(move |one| one.severity >= least);
        counting.filter(|one| witness(one.kind) != Witness::Readable && !is_rhythm_of_another(one, detections))
    };
    let all = detections.iter().filter(|one| witness(one.kind) != Witness::Readable);
    let worst = all.map(|one| one.severity).max().unwrap_or(Severity::Low);
    let is_confirmed_place = counts(Severity::Medium).any(|a| {
        counts(Severity::Medium).any(|b| witness(a.kind) != witness(b.kind) && is_same_place(&a.remote, &b.remote))
    });
    let witnesses = |least| counts(least).map(|one| witness(one.kind)).collect::<BTreeSet<_>>().len();
    let medium = witnesses(Severity::Medium);
    let is_new_place = counts(Severity::Medium).any(is_first_contact);
    let is_confirmed = is_confirmed_place
        || witnesses(Severity::High) >= 2
        || worst == Severity::Medium && (medium >= MANY || medium >= 2 && is_new_place);
    match worst {
        Severity::Medium if is_confirmed => Severity::High,
        Severity::High if is_confirmed => Severity::Critical,
        other => other,
    }
}

/// Whether this is the rhythm of what is told by itself: who guesses passwords or knocks on doors does so at a machine's
/// pace. One act is one witness.
fn is_rhythm_of_another(one: &Detection, detections: &[&Detection]) -> bool {
    let is_that = |other: &Detection| {
        matches!(other.kind, Kind::Bruteforce | Kind::Scan)
            && other.severity >= Severity::Medium
            && is_same_place(&one.remote, &other.remote)
            && one.remote.port == other.remote.port
    };
    let is_told = |other: &&Detection| is_that(other) || tells_rhythm_of(other, one) || speaks_plainly(other, one);
    one.kind == Kind::Beacon && detections.iter().any(is_told)
}

/// Signs of HTTP that programs of devices' makers and of suppliers have as well: they bring something, again and again, to an
/// address, without a browser's headers.
const PLAIN: [&str; 7] = ["bare_address", "no_accept", "no_referer", "odd_port", "post", "repeated", "web_service"];

/// Whether a plain way of speaking was told of the very program that keeps a rhythm: one program, seen twice. So it confirms no
/// device that calls hardly any other place, and makes nothing worse that is an alarm by its rhythm alone.
fn speaks_plainly(other: &Detection, beacon: &Detection) -> bool {
    let is_one_program =
        beacon.severity >= Severity::High || signs(beacon).iter().any(|one| one == "calls_little_else");
    let mut signs = signs(other).iter().map(String::as_str).peekable();
    other.kind == Kind::MalwareProtocol
        && is_one_program
        && is_same_place(&beacon.remote, &other.remote)
        && beacon.remote.port == other.remote.port
        && signs.peek().is_some()
        && signs.all(|sign| PLAIN.contains(&sign))
}

/// Whether an odd handshake was told for the very rhythm and port of a beacon, and for a certificate that is merely a
/// maker's own. One that bears no name, or that the server itself made days before, says something by itself.
fn tells_rhythm_of(other: &Detection, beacon: &Detection) -> bool {
    let has = |sign: &str| signs(other).iter().any(|one| one == sign);
    other.kind == Kind::SuspiciousTls
        && is_same_place(&beacon.remote, &other.remote)
        && beacon.remote.port == other.remote.port
        && has("rhythm")
        && !(has("default_names") || has("young"))
}

fn signs(detection: &Detection) -> &[String] {
    match detection.evidence.get("signs") {
        Some(Figure::Texts(signs)) => signs,
        _ => &[],
    }
}

/// Mild things alone are for the weekly digest.
pub(crate) fn alarm(severity: Severity) -> Alarm {
    if severity >= Severity::High { Alarm::Now } else { Alarm::Digest }
}

fn is_first_contact(detection: &Detection) -> bool {
    let is_flagged = matches!(detection.evidence.get("first_contact"), Some(Figure::Flag(true)));
    is_flagged || signs(detection).iter().any(|sign| sign == "first_contact")
}
