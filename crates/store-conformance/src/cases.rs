//! The case file through the application: what the pure core decides comes back from the journal as it was.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use app::{Advice, Clock, Error, NewReport, Opened, Profile, Report, ReportDue, Scope};
use facts::{Fact, Value};
use incident::{Order, Permission, Refusal, ReportKind, Role, Waiting};
use law::verdict::Duty;

use crate::bench::{Bench, NOW};

async fn report(bench: &Bench, scope: &Scope) -> Opened {
    let report = Report { what: "Laptop gestolen".into(), ..Report::default() };
    bench.app.report(scope, report, NOW).await.unwrap()
}

pub async fn an_incident_starts_with_what_the_organisation_filled_in(bench: Bench) {
    let bench = bench.with_law();
    let profile = Profile {
        role: Some("controller"),
        cbw_entity: Some("important"),
        cbw_reason: "80 mensen".into(),
        ..Profile::default()
    };
    bench.store.add_organisation(&app::Organisation { profile, ..bench.described("zorg", None) }).await.unwrap();
    let scope = bench.app.permit_program("zorg").await.unwrap();
    let opened = report(&bench, &scope).await;
    let incident = bench.app.incident(&scope, opened.number).await.unwrap();
    let known: Vec<_> = incident.facts.iter().map(|(fact, value)| (fact, value.clone())).collect();
    assert_eq!(known, [(Fact::Role, Value::One("controller")), (Fact::CbwEntity, Value::One("important"))]);
    let note = incident.timeline.iter().find_map(|stamped| match &stamped.event {
        incident::Event::FactsRecorded { note, .. } => note.clone(),
        _ => None,
    });
    assert!(note.is_some_and(|note| note.contains("instellingen")), "says where they come from");
}

pub async fn a_detection_waits_for_a_person_before_its_clock_runs(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let case = detect::Case {
        id: "c1".into(),
        host: detect::Host { ip: "10.0.0.23".parse().unwrap(), mac: None, name: None, maker: None, kind: None },
        severity: detect::Severity::High,
        alarm: detect::Alarm::Now,
        others: Vec::new(),
        detections: Vec::new(),
        summary: facts::Text::new("Besmet", "Infected"),
        proposed_facts: facts::Facts::new(),
    };
    let opened = bench.app.open_case(&scope, &case, &[], NOW).await.unwrap().incident();
    let row = async || bench.store.incident_by_number(&scope, opened.number).await.unwrap();
    let waiting = row().await;
    assert_eq!((waiting.clock_start, waiting.waits_for), (None, Some(Waiting::Check)));
    assert_eq!(Clock::of(&waiting), None);
    let looked = NOW + SignedDuration::from_hours(2);
    bench.app.check_detection(&scope, opened.number, None, true, None, looked).await.unwrap();
    let checked = row().await;
    assert_eq!((checked.clock_start, checked.waits_for), (Some(looked), None));
    assert!(Clock::of(&checked).is_some_and(|clock| clock.is_provisional && clock.started_at == looked));
}

pub async fn what_is_scanned_again_is_one_incident_and_what_is_new_is_another(bench: Bench) {
    let bench = bench.with_law();
    let (app, scope, other) = (&bench.app, bench.organisation("zorg").await, bench.organisation("bakker").await);
    let host = detect::Host { ip: "10.0.0.23".parse().unwrap(), mac: None, name: None, maker: None, kind: None };
    let seen = |id: &str, hour: i64, lasted: i64| detect::Detection {
        id: id.into(),
        first_at: NOW - SignedDuration::from_hours(hour),
        last_at: NOW - SignedDuration::from_hours(hour - lasted),
        host: host.clone(),
        kind: detect::Kind::Beacon,
        severity: detect::Severity::High,
        confidence: 0.9,
        technique: Vec::new(),
        remote: detect::Remote { ip: None, port: None, domain: Some("kwaad.example".into()) },
        evidence: detect::Evidence::new(),
        summary: facts::Text::new("Ritme", "Rhythm"),
    };
    let case = |id: &str, found: &[detect::Detection]| detect::Case {
        id: id.into(),
        host: host.clone(),
        severity: detect::Severity::High,
        alarm: detect::Alarm::Now,
        others: Vec::new(),
        detections: found.iter().map(|one| one.id.clone()).collect(),
        summary: facts::Text::new("Besmet", "Infected"),
        proposed_facts: facts::Facts::new(),
    };
    let open = async |scope: &Scope, id: &str, found: &[detect::Detection]| {
        let became = app.open_case(scope, &case(id, found), found, NOW).await.unwrap();
        match became {
            app::FromCase::Opened(opened, beside) if beside.is_empty() => (opened.number, "opened"),
            app::FromCase::Opened(opened, _) => (opened.number, "opened beside another"),
            app::FromCase::Known(known) => (known.number, "known"),
        }
    };
    let (one, two) = (seen("d1", 30, 2), seen("d2", 29, 2));
    let both = [one.clone(), two.clone()];
    assert_eq!(open(&scope, "c1", &both).await, (1, "opened"));
    assert_eq!(open(&scope, "c1", &both).await, (1, "known"), "the same capture");
    assert_eq!(open(&scope, "c1", &[seen("d1", 30, 9), two.clone()]).await, (1, "known"), "a longer capture");
    assert_eq!(open(&scope, "c1", std::slice::from_ref(&one)).await, (1, "known"), "less of it, without a list");
    assert_eq!(open(&scope, "c1", &[one, seen("d3", 28, 1)]).await, (2, "opened beside another"), "something more");
    assert_eq!(open(&scope, "c2", &[seen("d1", 4, 2)]).await, (3, "opened"), "the same place, another day");
    assert_eq!(open(&other, "c1", &both).await, (1, "opened"), "another organisation's is its own");
}

pub async fn what_changed_after_a_report_asks_for_a_supplement(bench: Bench) {
    let bench = bench.with_law();
    let (app, scope) = (&bench.app, bench.organisation("zorg").await);
    let number = report(&bench, &scope).await.number;
    let due = async || {
        let incident = app.incident(&scope, number).await.unwrap();
        app.report_due(&scope, &incident, NOW).unwrap()
    };
    assert_eq!(due().await, ReportDue::First);
    let filed = |kind, reason: Option<&str>| NewReport {
        kind,
        at: NOW,
        receipt: "AP-1".into(),
        reason: reason.map(str::to_owned),
        late_reason: None,
    };
    app.record_report(&scope, number, None, filed(ReportKind::First, None), None, NOW).await.unwrap();
    assert_eq!(due().await, ReportDue::None);

    let later = NOW + SignedDuration::from_secs(1);
    let record = async |fact, value| {
        let changes = BTreeMap::from([(fact, Some(value))]);
        app.record_facts(&scope, number, None, changes, None, later).await.unwrap();
    };
    record(Fact::Records, Value::Whole(12)).await;
    let ReportDue::Supplement { changed, .. } = due().await else { panic!("a supplement") };
    let answer = changed.iter().find(|answer| answer.key == "records").unwrap();
    assert_eq!((answer.before.as_deref(), answer.now.as_deref()), (None, Some("12")));
    app.record_report(&scope, number, None, filed(ReportKind::Supplement, None), None, later).await.unwrap();
    assert_eq!(due().await, ReportDue::None);

    record(Fact::PersonalData, Value::Truth(false)).await;
    let ReportDue::Withdrawal { because } = due().await else { panic!("a withdrawal: {:?}", due().await) };
    let _ = because;
    let silent = app.record_report(&scope, number, None, filed(ReportKind::Withdrawal, None), None, later).await;
    assert!(matches!(silent, Err(Error::Refused(Refusal::ReasonNeeded))), "{silent:?}");
    let filed = filed(ReportKind::Withdrawal, Some("Geen persoonsgegevens."));
    app.record_report(&scope, number, None, filed, None, later).await.unwrap();
    assert_eq!(due().await, ReportDue::None);
}

pub async fn advice_is_given_by_the_fg_or_recorded_in_their_name(bench: Bench) {
    let bench = bench.with_law();
    let (app, program) = (&bench.app, bench.organisation("zorg").await);
    let number = report(&bench, &program).await.number;
    let (fg, officer) = (bench.person("fg@zorg.example").await, bench.person("ada@zorg.example").await);
    let auditor = bench.person("rob@zorg.example").await;
    bench.join(fg, program.id(), Role::Dpo).await;
    bench.join(officer, program.id(), Role::Officer).await;
    bench.join(auditor, program.id(), Role::Auditor).await;
    let advice = |by_name: &str| Advice {
        by_name: by_name.into(),
        advised_at: NOW,
        advice: "Meld het.".into(),
        advises: BTreeMap::new(),
    };
    let read = bench.permit(auditor, Permission::ReadIncident, "zorg").await.unwrap();
    let refused = app.record_dpo_advice(&read, number, None, advice("F."), NOW).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let deciding = bench.permit(officer, Permission::Decide, "zorg").await.unwrap();
    let refused = app.record_dpo_advice(&deciding, number, None, advice(" ada "), NOW).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotTheDpo))), "{refused:?}");
    app.record_dpo_advice(&deciding, number, None, advice("F. Extern"), NOW).await.unwrap();
    let advising = bench.permit(fg, Permission::Advise, "zorg").await.unwrap();
    let recorded = app.record_dpo_advice(&advising, number, None, advice("iemand anders"), NOW).await.unwrap();
    let on_file = recorded.incident.dpo_advice.clone().unwrap();
    assert_eq!((on_file.by_name.as_str(), on_file.recorded_by.user()), ("Ada", Some(fg)));

    let duties: BTreeMap<_, _> = Duty::ALL.into_iter().map(|duty| (duty, true)).collect();
    let order = |followed| Order {
        duties: duties.clone(),
        motivation: "Daarom.".into(),
        dpo_followed: followed,
        ..Order::default()
    };
    let seen = recorded.incident.timeline.len() as u64;
    let unsaid = app.decide(&deciding, number, seen, order(None), NOW).await;
    assert!(matches!(unsaid, Err(Error::Refused(Refusal::DpoUnanswered))), "{unsaid:?}");
    let decided = app.decide(&deciding, number, seen, order(Some(true)), NOW).await.unwrap();
    assert_eq!(decided.incident.decision.unwrap().decided.dpo_followed, Some(true));
    assert_eq!(app.incident(&program, number).await.unwrap().dpo_advice, Some(on_file), "as the journal has it");
}

pub async fn a_report_sent_twice_is_one_incident(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let send = |form: &'static str, what: &str| {
        let (app, scope) = (bench.app.clone(), scope.clone());
        let report = Report { what: what.to_owned(), ..Report::default() };
        tokio::spawn(async move { app.report_once(&scope, form, report, NOW).await.unwrap() })
    };
    let pressed: Vec<_> = (0..4).map(|_| send("een", "Laptop gestolen")).collect();
    let mut opened = Vec::new();
    for one in pressed {
        opened.push(one.await.unwrap());
    }
    assert!(opened.iter().all(|one| *one == opened[0]), "{opened:?}");
    // Another form, and other words from the same one, are another report.
    let others = [send("twee", "Laptop gestolen").await.unwrap(), send("een", "Telefoon weg").await.unwrap()];
    assert_eq!(others.map(|one| one.number), [2, 3]);
    assert_eq!(bench.store.incidents(&scope).await.unwrap().len(), 3);
}

pub async fn a_clock_set_back_sets_no_entry_back(bench: Bench) {
    let bench = bench.with_law();
    let (scope, other) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let hour = SignedDuration::from_hours(1);
    let report = |what: &str| Report { what: what.to_owned(), ..Report::default() };
    let first = bench.app.report(&scope, report("Laptop gestolen"), NOW).await.unwrap();
    assert_eq!(bench.app.recorded_ahead(NOW).await.unwrap(), None);

    // An hour back, and then on from there.
    let back = NOW - hour;
    assert_eq!(bench.app.recorded_ahead(back).await.unwrap(), Some(NOW));
    bench.app.report(&scope, report("Telefoon weg"), back).await.unwrap();
    bench.app.note(&scope, first.number, "Teruggevonden.".into(), back + hour / 2).await.unwrap();
    bench.app.note(&scope, first.number, "Toch niet.".into(), NOW + hour).await.unwrap();
    let entries = bench.store.entries(&scope).await.unwrap();
    let times: Vec<_> = entries.iter().map(|entry| entry.recorded_at).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!((times[0], times[times.len() - 2], times[times.len() - 1]), (NOW, NOW, NOW + hour));

    // One that is much further back was set right: what ran ahead dates nothing after it.
    bench.app.note(&scope, first.number, "Klok hersteld.".into(), NOW - hour * 24 * 300).await.unwrap();
    assert_eq!(bench.store.last_recorded(&scope).await.unwrap(), Some(NOW - hour * 24 * 300));

    // Another journal has its own last moment.
    bench.app.report(&other, report("Brief verkeerd bezorgd"), back).await.unwrap();
    assert_eq!(bench.store.last_recorded(&other).await.unwrap(), Some(back));
}
