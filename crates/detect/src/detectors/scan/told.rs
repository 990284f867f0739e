//! A sweep in words.

use std::net::IpAddr;

use facts::Text;
use wire::event::Transport;

use super::{Sweep, TARGETS, stretch::Probing};
use crate::{Severity, words};

/// Different targets in words: more than so many are not told apart.
fn counted(targets: usize) -> (String, String) {
    if targets < TARGETS {
        return (targets.to_string(), targets.to_string());
    }
    (format!("ten minste {targets}"), format!("at least {targets}"))
}

/// That it asked for no name is said only where its questions are seen.
pub(super) fn summary(host: IpAddr, sweep: Sweep, probing: &Probing, severity: Severity, sees_answers: bool) -> Text {
    let worst = probing.worst();
    let (count_nl, count_en) = counted(worst.tried.len());
    let silent = worst.unanswered();
    let span = words::duration(worst.seconds().max(1.0));
    let (what_nl, what_en) = match sweep {
        Sweep::Addresses { transport: Transport::Icmp, .. } => (
            format!("{host} klopte in {} bij {count_nl} adressen aan (ping)", span.nl),
            format!("{host} knocked at {count_en} addresses in {} (ping)", span.en),
        ),
        Sweep::Addresses { port, is_outside, .. } => {
            let (nl, en) =
                if is_outside { ("op internet", "on the internet") } else { ("in het netwerk", "in the network") };
            (
                format!("{host} zocht in {} contact met {count_nl} adressen {nl} op poort {port}", span.nl),
                format!("{host} tried {count_en} addresses {en} at port {port} in {}", span.en),
            )
        }
        Sweep::Ports { target, .. } => (
            format!("{host} probeerde in {} {count_nl} poorten van {target}", span.nl),
            format!("{host} tried {count_en} ports of {target} in {}", span.en),
        ),
    };
    let (why_nl, why_en) = match (sweep, severity) {
        (Sweep::Addresses { is_outside: true, .. }, Severity::Low) => (
            "Zo doet wie een lijst van adressen nagaat: een beheerder, of een programma dat dode koppelingen zoekt. Kijk of u het kent.",
            "So does whoever goes through a list of addresses: an administrator, or a program that looks for dead links. See whether you know it.",
        ),
        (_, Severity::Low) => (
            "Dat hoort bij beheer of bewaking, of bij een programma dat zijn buren zoekt. Kijk of u het kent.",
            "That fits management, monitoring, or a program that looks for its neighbours. See whether you know it.",
        ),
        (Sweep::Addresses { is_outside: true, .. }, _) if !sweep.is_spreading() => (
            "Zo zoekt kwaadaardige software op internet wat ze kan overnemen, of wie haar bestuurt. Zoek het programma; kent niemand het, haal het apparaat van het netwerk en laat het nakijken.",
            "That is how malicious software looks on the internet for what it can take over, or for who controls it. Find the program; if nobody knows it, take the device off the network and have it examined.",
        ),
        (Sweep::Addresses { is_outside: true, .. }, _) => (
            "Zo verspreidt kwaadaardige software zich. Haal het apparaat van het netwerk en laat het nakijken.",
            "That is how malicious software spreads. Take the device off the network and have it examined.",
        ),
        _ => (
            "Zo zoekt een indringer naar wat hij verder kan overnemen. Vraag wie dit deed; was het niemand, haal het apparaat van het netwerk.",
            "That is how an intruder looks for what else to take over. Ask who did this; if nobody did, take the device off the network.",
        ),
    };
    let (silent_nl, silent_en) = match silent {
        0 => (String::new(), String::new()),
        1 => ("; 1 daarvan antwoordde niet".to_owned(), "; 1 of them did not answer".to_owned()),
        _ => (format!("; {silent} daarvan antwoordden niet"), format!("; {silent} of them did not answer")),
    };
    let is_nameless = sees_answers
        && severity > Severity::Low
        && !sweep.is_spreading()
        && matches!(sweep, Sweep::Addresses { is_outside: true, .. });
    let (name_nl, name_en) =
        if is_nameless { (" Naar een naam vroeg het niet.", " It asked for no name.") } else { ("", "") };
    let (all_nl, all_en) = match probing.in_all() {
        all if all > worst.tried.len() => {
            let span = words::duration(probing.seconds_in_all().max(1.0));
            let (all_nl, all_en) = counted(all);
            (
                format!(" In {} waren het er samen {all_nl}.", span.nl),
                format!(" Over {} it was {all_en} in all.", span.en),
            )
        }
        _ => (String::new(), String::new()),
    };
    Text::made(
        format!("{what_nl}{silent_nl}.{all_nl}{name_nl} {why_nl}"),
        format!("{what_en}{silent_en}.{all_en}{name_en} {why_en}"),
    )
}
