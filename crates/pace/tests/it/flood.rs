//! A flood costs what it costs, and nothing that came before it.

use pace::flood::{Flood, after_an_infection};
use wire::Limits;

#[test]
fn what_was_found_before_a_flood_is_told_after_it() {
    for kind in [Flood::Flows, Flood::Names, Flood::Hosts] {
        let outcome = after_an_infection(kind, 60_000, Limits { flows: 2_000, questions: 500, ..Limits::default() });
        assert!(outcome.cases > 0 && outcome.cases_kept == outcome.cases, "{outcome:?}");
        assert!(outcome.flows_dropped > 0 || kind == Flood::Names, "{outcome:?}");
    }
}
