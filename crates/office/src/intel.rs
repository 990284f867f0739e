//! The threat list that goes with the day.

use crate::{Plan, chance::Chance};

const FIRST: [&str; 8] = ["update", "secure", "login", "cdn", "static", "parcel", "invoice", "sync"];
const SECOND: [&str; 8] = ["check", "portal", "metrics", "delivery", "verify", "storage", "gateway", "panel"];

pub(crate) fn list(plan: &Plan) -> String {
    let mut chance = Chance::new(!plan.seed);
    let mut lines = Vec::new();
    for first in FIRST {
        for second in SECOND {
            let name = format!("{first}-{second}{}.example", chance.between(10, 99));
            lines.push(if chance.below(4) == 0 { format!("0.0.0.0 {name}") } else { name });
        }
    }
    // The part of 203.0.113.0/24 that the attacker of `day.rs` is not in.
    lines.extend((0..12).map(|n| format!("203.0.113.{}", 130 + 5 * n + chance.below(5))));
    lines.push("203.0.113.192/26".into());
    let place = chance.below(lines.len() as u64) as usize;
    if let Some(infection) = &plan.infection {
        lines.insert(place.min(lines.len()), infection.domain.clone());
    }
    let head = "# Known-bad names and addresses of a made-up world: one domain, address or CIDR a line.\n";
    lines.into_iter().fold(head.to_owned(), |text, line| text + &line + "\n")
}
