//! What a watch remembers of the network beside what it tells, where and for how long: for whoever must account for it.
//!
//! Promises: every term by which a table forgets is in the list, and no other; a test holds it against the source. A term is
//! counted in hours of watching: while nothing is watched nothing is forgotten, nor seen.

use facts::Text;

use crate::destinations::PLACE_HOURS;
use crate::detectors::{DAY, MONTH, WEEK};
use crate::hosts::HOST_HOURS;
use crate::network::{NAME_HOURS, RESOLVER_HOURS};
use crate::told::{FINDING_HOURS, STORY_HOURS};

/// One thing that is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub what: Text,
    /// Hours of watching after it last showed.
    pub hours: usize,
    /// Whether it outlasts the process ([`crate::Watch::memory`]); the rest is gone when that ends.
    pub is_kept: bool,
}

/// All of it, what is kept first.
#[must_use]
pub fn remembered() -> Vec<Remembered> {
    let of = |is_kept, hours, nl, en| Remembered { what: Text::new(nl, en), hours, is_kept };
    vec![
        of(
            true,
            PLACE_HOURS,
            "welke bestemmingen dit netwerk ooit bereikte (eerste contact): alleen een hash van elke naam of elk adres, zonder welk apparaat",
            "which destinations this network ever reached (first contact): a hash of each name or address alone, without which host",
        ),
        of(
            true,
            FINDING_HOURS,
            "welke detecties al gemeld zijn: hun kenmerk, ernst en tijd",
            "which detections were told: their id, severity and time",
        ),
        of(
            true,
            STORY_HOURS,
            "welke zaken al gemeld zijn, en van welk apparaat (adres, netwerkkaart of naam)",
            "which cases were told, and of which host (address, network card or name)",
        ),
        of(
            false,
            MONTH,
            "hoeveel elk apparaat per dag naar welke bestemming stuurde, wie welk apparaat beheert, en vingerafdrukken van programma’s",
            "how much each host sent to which destination in a day, who manages which host, and fingerprints of programs",
        ),
        of(
            false,
            2 * HOST_HOURS,
            "welke naam bij welke netwerkkaart hoort",
            "which name belongs to which network card",
        ),
        of(
            false,
            2 * WEEK,
            "wanneer elk apparaat met welke bestemming contact zocht (ritmes)",
            "when each host contacted which destination (rhythms)",
        ),
        of(
            false,
            HOST_HOURS,
            "hoe apparaten heten, wie ze maakte en wat het zijn",
            "what hosts are called, who made them and what they are",
        ),
        of(false, RESOLVER_HOURS, "welke adressen DNS-vragen beantwoorden", "which addresses answer DNS questions"),
        of(
            false,
            WEEK,
            "wat een detectie kan worden: treffers op een lijst, aanmeldingen (account deels afgedekt), vreemde verbindingen, en welke apparaten in een tunnel naar buiten praten",
            "what may become a detection: hits on a list, log-ins (account masked), odd connections, and which hosts speak within a tunnel to the outside",
        ),
        of(
            false,
            NAME_HOURS,
            "welk apparaat welke naam opvroeg, en welk adres het kreeg",
            "which host asked for which name, and which address it got",
        ),
        of(
            false,
            2 * DAY,
            "mislukte aanmeldingen per server, wie met wie FTP spreekt, en verbindingen die nog open zijn",
            "failed log-ins by server, who speaks FTP with whom, and connections that are still open",
        ),
        of(
            false,
            DAY,
            "opgevraagde namen die op tunnels of gelote namen lijken, en mislukte aanmeldingen per apparaat",
            "names asked for that look like tunnels or drawn by lot, and failed log-ins by host",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// What stands between the brackets of `.age(…)` in the source.
    fn terms() -> BTreeSet<String> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut files: Vec<PathBuf> = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is_test = path.ends_with("tests") || path.ends_with("tests.rs") || path.ends_with("table.rs");
                match (path.is_dir(), is_test) {
                    (_, true) => {}
                    (true, _) => folders.push(path),
                    (false, _) if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
                    (false, _) => {}
                }
            }
        }
        let mut terms = BTreeSet::new();
        for file in files.iter().filter(|file| !file.ends_with("remembered.rs")) {
            let text = std::fs::read_to_string(file).unwrap();
            let given = text.split(".age(").skip(1).filter_map(|rest| rest.split(')').next());
            terms.extend(given.map(str::to_owned));
        }
        terms
    }

    #[test]
    fn every_term_by_which_something_is_forgotten_is_accounted_for() {
        let hours = |term: &str| match term {
            // Handed on to tables, or a detector's own moment.
            "" | "now" => None,
            "DAY" => Some(DAY),
            "2 * DAY" => Some(2 * DAY),
            "WEEK" => Some(WEEK),
            "2 * WEEK" => Some(2 * WEEK),
            "MONTH" => Some(MONTH),
            "PLACE_HOURS" => Some(PLACE_HOURS),
            "FINDING_HOURS" => Some(FINDING_HOURS),
            "STORY_HOURS" => Some(STORY_HOURS),
            "HOST_HOURS" => Some(HOST_HOURS),
            "2 * HOST_HOURS" => Some(2 * HOST_HOURS),
            "RESOLVER_HOURS" => Some(RESOLVER_HOURS),
            "NAME_HOURS" => Some(NAME_HOURS),
            other => panic!("a term that the list does not know: {other}"),
        };
        let in_source: BTreeSet<_> = terms().iter().filter_map(|term| hours(term)).collect();
        assert!(in_source.len() >= 8, "the source is not read as it is written: {in_source:?}");
        let listed: BTreeSet<_> = remembered().iter().map(|one| one.hours).collect();
        assert_eq!(in_source, listed);
    }
}
