//! The made-up office, from its capture to its cases.

use detect::{Kind, Severity};
use office::{Infection, Plan};

use super::scan;

#[test]
fn the_infected_workstation_is_one_critical_case_and_nobody_else_is_accused() {
    for seed in 1..4 {
        let plan = Plan { seed, ..Plan::default() };
        let infected = office::truth(&plan).infected.unwrap();
        let found = scan(&office::capture(&plan), &office::threat_list(&plan));
        let seen: Vec<_> =
            found.detections.iter().map(|one| (one.kind, one.host.ip, one.remote.domain.as_deref())).collect();
        let expected =
            [Kind::Indicator, Kind::Beacon].map(|kind| (kind, infected.ip.into(), Some(infected.domain.as_str())));
        assert_eq!(seen, expected, "seed {seed}");
        assert_eq!(found.cases.len(), 1);
        let case = &found.cases[0];
        assert_eq!(
            (case.severity, case.host.ip, case.host.mac),
            (Severity::Critical, infected.ip.into(), Some(infected.mac))
        );
        assert_eq!(case.detections.len(), 2);
        assert_eq!(found.dropped, 0);
    }
}

#[test]
fn without_a_list_the_rhythm_alone_is_enough() {
    let plan = Plan::default();
    let infected = office::truth(&plan).infected.unwrap();
    let found = scan(&office::capture(&plan), "");
    assert_eq!(found.cases.len(), 1);
    assert_eq!((found.cases[0].severity, found.cases[0].host.ip), (Severity::High, infected.ip.into()));
    let beacon = &found.detections[0];
    assert_eq!(beacon.kind, Kind::Beacon);
    assert!(beacon.first_at >= infected.first_at && beacon.first_at.as_second() == infected.first_at.as_second());
}

#[test]
fn other_rhythms_in_the_same_office_are_found() {
    // By name and by a plain timer, so may an agent call that watches over the machine.
    for (period_seconds, jitter_percent, severity) in
        [(30, 0, Severity::Medium), (300, 10, Severity::High), (600, 50, Severity::High), (1800, 5, Severity::Medium)]
    {
        let infection = Infection { period_seconds, jitter_percent, upload_bytes: 0, ..Infection::default() };
        let found = scan(&office::capture(&Plan { infection: Some(infection), ..Plan::default() }), "");
        assert_eq!(found.cases.len(), 1, "{period_seconds} s ± {jitter_percent} %");
        assert_eq!(found.cases[0].severity, severity, "{period_seconds} s ± {jitter_percent} %");
    }
}

#[test]
fn a_clean_day_is_silent() {
    for seed in 1..6 {
        let found = scan(&office::capture(&Plan { seed, ..Plan::clean() }), &office::threat_list(&Plan::default()));
        assert_eq!((found.detections.len(), found.cases.len()), (0, 0), "seed {seed}: {:#?}", found.detections);
    }
}

#[test]
fn the_same_capture_gives_the_same_findings() {
    let plan = Plan { hours: 3, ..Plan::default() };
    let (file, list) = (office::capture(&plan), office::threat_list(&plan));
    assert_eq!(scan(&file, &list), scan(&file, &list));
}
