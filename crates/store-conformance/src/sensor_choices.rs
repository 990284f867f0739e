//! What people choose about sensors: what a learning week proposes, threat lists, comparing with other customers.

use jiff::{SignedDuration, Timestamp};

use app::{Decided, Error, LetterKind, ListChoice, NewException, Opens, Provider, Scope, SensorSettings, read_report};
use facts::{OrganisationId, ProviderId};
use incident::{Permission, Role};

use crate::bench::{Bench, NOW};
use crate::sensors::{enrol, settle};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A mild habit of five days with a place; what the last days are is told apart.
fn habit(id: &str, host: &str, domain: &str, severity: &str, from: Timestamp) -> String {
    format!(
        r#"{{"type":"detection","id":"{id}","first_at":"{from}","last_at":"{}","host":{{"ip":"{host}"}},"kind":"beacon","severity":"{severity}","confidence":0.6,"technique":[],"remote":{{"ip":"203.0.113.9","port":443,"domain":"{domain}"}},"evidence":{{"connections":40}},"summary":{{"nl":"Klopt aan.","en":"Knocks."}}}}"#,
        from + DAY * 5
    )
}

async fn reports(bench: &Bench, sensor: &app::Sensor, lines: &[String], at: Timestamp) {
    let report = read_report(&lines.join("\n")).unwrap();
    bench.app.take_report(sensor, &report, at).await.unwrap();
}

/// What is proposed, as domains.
async fn proposed(bench: &Bench, scope: &Scope, at: Timestamp) -> Vec<(String, String)> {
    let all = bench.app.proposed_exceptions(scope, at).await.unwrap();
    all.into_iter().map(|one| (one.exception.domain.unwrap_or_default(), one.key)).collect()
}

fn decided(decided: usize, overtaken: usize) -> Decided {
    Decided { decided, overtaken }
}

async fn person(bench: &Bench, slug: &str, id: OrganisationId, role: Role) -> Scope {
    let user = bench.person(&format!("{}@{slug}.example", role.key())).await;
    bench.join(user, id, role).await;
    let permission = if role == Role::Administrator { Permission::Administer } else { Permission::HandleIncident };
    bench.permit(user, permission, slug).await.unwrap()
}

pub async fn a_learning_week_proposes_what_a_person_takes_over(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let ada = person(&bench, "zorg", scope.id(), Role::Handler).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let start = NOW + HOUR;
    let lines = [
        habit("a1", "10.0.0.1", "agent.backup.example", "low", start),
        habit("a2", "10.0.0.2", "agent.backup.example", "low", start),
        habit("b1", "10.0.0.1", "tel.printers.example", "medium", start),
        habit("b2", "10.0.0.2", "tel.printers.example", "medium", start),
        habit("c1", "10.0.0.1", "kwaad.example", "high", start),
        habit("c2", "10.0.0.2", "kwaad.example", "low", start),
        habit("d1", "10.0.0.3", "alleen.example", "low", start),
    ];
    let day_six = NOW + DAY * 6;
    reports(&bench, &sensor, &lines, day_six).await;
    let names = async |at| {
        let all = proposed(&bench, &ada, at).await;
        all.into_iter().map(|(domain, _)| domain).collect::<Vec<_>>()
    };
    assert_eq!(names(day_six).await, ["agent.backup.example", "tel.printers.example"], "mild, steady, explained");
    let all = bench.app.proposed_exceptions(&ada, day_six).await.unwrap();
    assert_eq!((all[0].detections, all[0].connections, all[0].first_at), (2, 80, start));

    let key =
        |domain: &str| all.iter().find(|one| one.exception.domain.as_deref() == Some(domain)).unwrap().key.clone();
    let (backup, printers) = (key("agent.backup.example"), key("tel.printers.example"));
    assert_eq!(
        bench.app.refuse_proposals(&ada, &[printers.clone(), "niets".into()], day_six).await.unwrap(),
        decided(1, 1)
    );
    assert_eq!(names(day_six).await, ["agent.backup.example"]);
    let taken = bench.app.take_over_proposals(&ada, &[backup, printers], day_six).await.unwrap();
    assert_eq!(taken, decided(1, 1), "what was refused is not taken over unseen");
    let made = bench.app.exceptions(&ada).await.unwrap();
    let exception = &made[0].exception;
    assert_eq!((exception.author.as_str(), exception.domain.as_deref()), ("Ada", Some("agent.backup.example")));
    assert!(exception.until.is_some() && exception.reason.contains("2 apparaten"), "{exception:?}");
    let hidden = bench.app.seen_by_sensors(&ada, None, NOW).await.unwrap().hidden_detections;
    assert_eq!(hidden.len(), 2, "marked at once");
    assert_eq!(names(day_six).await, [""; 0]);

    // What was taken back is a person's word too.
    bench.app.take_back_exception(&ada, exception.id, day_six).await.unwrap();
    assert_eq!(names(day_six + DAY).await, [""; 0]);
    let (later, other) = (NOW + DAY * 91, bench.organisation("school").await);
    bench.app.forget_sensor_data(&other, later + DAY * 10).await.unwrap();
    assert_eq!(bench.store.decided_proposals(&ada).await.unwrap().len(), 2, "another's errand forgets nothing here");
    bench.app.forget_sensor_data(&scope, later + DAY * 10).await.unwrap();
    assert_eq!(bench.store.decided_proposals(&ada).await.unwrap(), [""; 0], "forgotten with what it was made of");
}

/// Both once stood: taking one of them back showed nothing again.
pub async fn of_two_alike_made_at_the_same_moment_there_is_one(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let app = &bench.app;
    let like = |host: &str| NewException { host: host.into(), reason: "hoort zo".into(), ..NewException::default() };
    for (round, host) in ["10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.8"].into_iter().enumerate() {
        let (one, two, other, three) = tokio::join!(
            app.except(&scope, like(host), NOW),
            app.except(&scope, like(host), NOW),
            app.except(&scope, like(&format!("10.0.1.{round}")), NOW),
            app.except(&scope, like(host), NOW),
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((two.unwrap().id, three.unwrap().id), (one.id, one.id), "the second is given the first's");
        assert_ne!(one.id, other.id);
        assert_eq!(app.exceptions(&scope).await.unwrap().len(), (round + 1) * 2);
        app.take_back_exception(&scope, one.id, NOW).await.unwrap();
    }
}

pub async fn of_two_who_decide_on_a_proposal_at_the_same_moment_one_does(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let ada = person(&bench, "zorg", scope.id(), Role::Handler).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let places = ["a.example", "b.example", "c.example", "d.example"];
    let lines = places.iter().flat_map(|place| {
        let habit = |host: &str| habit(&format!("{}{host}", &place[..1]).replace('.', ""), host, place, "low", NOW);
        [habit("10.0.0.1"), habit("10.0.0.2")]
    });
    let day_six = NOW + DAY * 6;
    reports(&bench, &sensor, &lines.collect::<Vec<_>>(), day_six).await;
    let keys: Vec<_> = proposed(&bench, &ada, day_six).await.into_iter().map(|(_, key)| key).collect();
    assert_eq!(keys.len(), places.len());
    let app = &bench.app;
    let (mut taken, mut refused) = (0, 0);
    for key in &keys {
        let key = std::slice::from_ref(key);
        let (one, other) =
            tokio::join!(app.take_over_proposals(&ada, key, day_six), app.refuse_proposals(&scope, key, day_six));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.decided + other.decided, one.overtaken + other.overtaken), (1, 1), "{one:?}, {other:?}");
        (taken, refused) = (taken + one.decided, refused + other.decided);
    }
    assert_eq!((app.exceptions(&ada).await.unwrap().len(), taken + refused), (taken, places.len()));
    assert_eq!(proposed(&bench, &ada, day_six).await, []);
    // Of two who take it over there is one exception too.
    let row = |id: u128| app::ExceptionRow {
        id: uuid::Uuid::from_u128(id),
        made_at: NOW,
        json: "{}".into(),
        taken_back_at: None,
        taken_back_by: String::new(),
    };
    let (one, other) = ([("k".to_owned(), Some(row(1)))], [("k".to_owned(), Some(row(2)))]);
    let (one, other) = tokio::join!(
        bench.store.decide_proposals(&scope, &one, "Ada", NOW),
        bench.store.decide_proposals(&scope, &other, "Bas", NOW)
    );
    assert_eq!(one.unwrap().len() + other.unwrap().len(), 1);
    assert_eq!(bench.store.exceptions(&scope).await.unwrap().len(), taken + 1);
    for nothing in [&[][..], &[String::new()]] {
        assert!(matches!(app.refuse_proposals(&ada, nothing, day_six).await, Err(Error::Invalid(_))), "choose");
    }
}

pub async fn a_sensor_learns_again_when_asked(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let standing = async |at| bench.app.sensor(&scope, sensor.id, at).await.unwrap();
    assert!(standing(NOW + DAY * 7 - HOUR).await.is_learning(NOW + DAY * 7 - HOUR));
    assert!(!standing(NOW + DAY * 7).await.is_learning(NOW + DAY * 7));
    assert_eq!(standing(NOW).await.sensor.learns_by, "", "since it enrolled");

    let later = NOW + DAY * 30;
    let lines = |from| {
        [habit("a1", "10.0.0.1", "nieuw.example", "low", from), habit("a2", "10.0.0.2", "nieuw.example", "low", from)]
    };
    reports(&bench, &sensor, &lines(later), later + DAY * 5).await;
    assert_eq!(proposed(&bench, &scope, later + DAY * 5).await, [], "not of its week");
    let administrator = person(&bench, "zorg", scope.id(), Role::Administrator).await;
    bench.app.learn_again(&administrator, sensor.id, later).await.unwrap();
    let now = standing(later + DAY * 5).await;
    assert_eq!((now.sensor.learns_from, now.sensor.learns_by.as_str()), (later, "Ada"));
    assert!(now.is_learning(later + DAY * 5));
    assert_eq!(proposed(&bench, &scope, later + DAY * 5).await[0].0, "nieuw.example");

    let handler = person(&bench, "zorg", scope.id(), Role::Handler).await;
    assert!(matches!(bench.app.learn_again(&handler, sensor.id, later).await, Err(Error::Forbidden)));
    let other = bench.organisation("school").await;
    assert!(matches!(bench.app.learn_again(&other, sensor.id, later).await, Err(Error::NotFound)));
    bench.app.remove_sensor(&scope, sensor.id, later).await.unwrap();
    assert_eq!(proposed(&bench, &scope, later + DAY * 5).await, []);
}

pub async fn learning_holds_nothing_back(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    person(&bench, "zorg", scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let opens = SensorSettings { opens: Opens::FromHigh, ..SensorSettings::default() };
    settle(&bench, &scope, opens, NOW).await.unwrap();
    let case = r#"{"type":"case","id":"c1","host":{"ip":"10.0.0.1"},"severity":"high","alarm":"now","detections":["c1"],"summary":{"nl":"Besmet.","en":"Infected."},"proposed_facts":{}}"#;
    let lines = [habit("c1", "10.0.0.1", "kwaad.example", "high", NOW - DAY * 5), case.to_owned()];
    reports(&bench, &sensor, &lines, NOW + HOUR).await;
    let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
    assert_eq!((seen.cases.len(), seen.detections.len(), seen.hidden_cases.len()), (1, 1, 0));
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 2, "the incident was opened");
    let letters = bench.store.letters(&scope, 100).await.unwrap();
    assert_eq!(letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count(), 1, "and told at once");
}

pub async fn lists_are_chosen_by_each_organisation(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let choice = |list: &str| ListChoice { list: list.into(), chosen_at: NOW, chosen_by: "Ada".into() };
    let store = &bench.store;
    assert_eq!(store.lists_in_use().await.unwrap(), [""; 0]);
    store.change_lists(&zorg, &[choice("urlhaus"), choice("feodo")], &[]).await.unwrap();
    store.change_lists(&school, &[choice("urlhaus")], &[]).await.unwrap();
    let again = ListChoice { chosen_by: "Bas".into(), ..choice("urlhaus") };
    store.change_lists(&zorg, &[again], &["feodo".into(), "nooit".into()]).await.unwrap();
    assert_eq!(store.chosen_lists(&zorg).await.unwrap(), [choice("urlhaus")], "who chose it first did");
    assert_eq!(store.lists_in_use().await.unwrap(), ["urlhaus"]);
    store.change_lists(&zorg, &[], &["urlhaus".into()]).await.unwrap();
    assert_eq!(store.lists_in_use().await.unwrap(), ["urlhaus"], "the other still uses it");
    store.change_lists(&school, &[], &["urlhaus".into()]).await.unwrap();
    assert_eq!(store.lists_in_use().await.unwrap(), [""; 0]);
}

impl Bench {
    /// A customer of a provider, with a scope of its own administrator.
    async fn customer(&self, slug: &str, provider: ProviderId) -> (Scope, Scope) {
        self.store.add_organisation(&self.described(slug, Some(provider))).await.unwrap();
        let program = self.app.permit_program(slug).await.unwrap();
        let administrator = person(self, slug, program.id(), Role::Administrator).await;
        (program, administrator)
    }

    async fn some_provider(&self) -> ProviderId {
        let provider = Provider { id: ProviderId(self.app.chance.id(NOW).unwrap()), name: "Beheer BV".to_owned() };
        self.store.add_provider(&provider).await.unwrap();
        provider.id
    }
}

pub async fn comparing_is_decided_by_the_organisation_itself(bench: Bench) {
    let alone = bench.organisation("alleen").await;
    let administrator = person(&bench, "alleen", alone.id(), Role::Administrator).await;
    assert!(matches!(bench.app.set_comparing(&administrator, true, NOW).await, Err(Error::NotFound)), "with whom?");

    let provider = bench.some_provider().await;
    let (program, own) = bench.customer("zorg", provider).await;
    let staff = bench.person("karim@beheer.example").await;
    bench.store.add_provider_membership(staff, provider, Role::ProviderAdministrator).await.unwrap();
    let theirs = bench.permit(staff, Permission::Administer, "zorg").await.unwrap();
    assert!(!bench.app.compares(&program).await.unwrap(), "off by default");
    for others in [&theirs, &program] {
        assert!(matches!(bench.app.set_comparing(others, true, NOW).await, Err(Error::Forbidden)));
    }
    bench.app.set_comparing(&own, true, NOW).await.unwrap();
    bench.app.set_comparing(&own, true, NOW + HOUR).await.unwrap();
    assert!(bench.app.compares(&program).await.unwrap());
    bench.app.set_comparing(&theirs, false, NOW + HOUR).await.unwrap();
    let decided = bench.app.comparisons(&own).await.unwrap();
    let decided: Vec<_> = decided.iter().map(|one| (one.decided_at, one.is_on)).collect();
    assert_eq!(decided, [(NOW + HOUR, false), (NOW, true)], "who, when, and what is the same not again");
}

/// Customers of one provider, each with a sensor that found the same.
async fn compared(bench: &Bench, count: usize, line: &str) -> Vec<(Scope, Scope, app::Sensor)> {
    let provider = bench.some_provider().await;
    let mut customers = Vec::new();
    for place in 0..count {
        let (program, own) = bench.customer(&format!("klant-{place}"), provider).await;
        let (sensor, _) = enrol(bench, &program, "doos").await;
        reports(bench, &sensor, &[line.to_owned()], NOW).await;
        customers.push((program, own, sensor));
    }
    customers
}

fn found(id: &str, domain: &str) -> String {
    habit(id, "10.0.0.1", domain, "medium", NOW - DAY * 5)
}

pub async fn what_is_compared_is_told_by_the_week_and_only_among_many(bench: Bench) {
    let line = found("d1", "kwaad.example");
    let customers = compared(&bench, 7, &line).await;
    let read = |line: &str| read_report(line).unwrap().detections.swap_remove(0).said;
    let (app, detection) = (&bench.app, read(&line));
    let told = async |at: usize| app.also_seen(&customers[at].0, &detection).await.unwrap();
    for (_, own, _) in &customers[..5] {
        app.set_comparing(own, true, NOW).await.unwrap();
    }
    assert_eq!(told(0).await, None, "nothing is told at once");
    app.compare(NOW + DAY * 7).await.unwrap();
    assert_eq!(told(0).await, None, "four others are too few, whatever they have");

    let joined = NOW + DAY * 8;
    app.set_comparing(&customers[5].1, true, joined).await.unwrap();
    app.compare(joined + DAY * 6).await.unwrap();
    assert_eq!(told(0).await, None, "who joined counts after a week");
    let week = joined + DAY * 7;
    app.compare(week).await.unwrap();
    assert_eq!((told(0).await, told(5).await, told(6).await), (Some(week), Some(week), None), "who takes part");
    let mild = read(&line.replace("medium", "low"));
    assert_eq!(app.also_seen(&customers[0].0, &mild).await.unwrap(), None);

    // What was told stands: who leaves, or finds it ordinary, is not seen to.
    let ordinary = NewException { domain: "kwaad.example".into(), reason: "van ons".into(), ..Default::default() };
    for (program, _, _) in &customers[1..4] {
        app.except(program, ordinary.clone(), week).await.unwrap();
    }
    app.set_comparing(&customers[4].1, false, week + HOUR).await.unwrap();
    app.compare(week + DAY * 7).await.unwrap();
    assert_eq!((told(0).await, told(4).await), (Some(week), None), "and who stops is told nothing more");
    app.set_comparing(&customers[4].1, true, week + DAY).await.unwrap();
    app.compare(week + DAY * 14).await.unwrap();
    assert_eq!(told(4).await, None, "two others have it by then, and that is too few");
    app.forget_sensor_data(&customers[0].0, NOW + DAY * 100).await.unwrap();
    assert_eq!(told(0).await, None, "it goes with what the server forgets");

    // Nor do customers of others count.
    let elsewhere = bench.some_provider().await;
    let (program, own) = bench.customer("elders", elsewhere).await;
    let (sensor, _) = enrol(&bench, &program, "doos").await;
    reports(&bench, &sensor, std::slice::from_ref(&line), NOW).await;
    app.set_comparing(&own, true, NOW).await.unwrap();
    app.compare(week + DAY * 21).await.unwrap();
    assert_eq!(app.also_seen(&program, &detection).await.unwrap(), None);
}

pub async fn who_makes_detections_up_learns_little_and_late(bench: Bench) {
    let line = found("d1", "kwaad.example");
    let customers = compared(&bench, 6, &line).await;
    let app = &bench.app;
    let read = |line: &str| read_report(line).unwrap().detections.swap_remove(0).said;
    let places: Vec<_> = (0..30).map(|place| format!("kwaad-{place:02}.example")).collect();
    let lines: Vec<_> = places.iter().enumerate().map(|(at, place)| found(&format!("p{at}"), place)).collect();
    for (_, own, sensor) in &customers {
        app.set_comparing(own, true, NOW).await.unwrap();
        if sensor.id != customers[0].2.id {
            reports(&bench, sensor, &lines, NOW).await;
        }
    }
    // One of them says that it found all that the others have.
    let asked = NOW + DAY * 30;
    reports(&bench, &customers[0].2, &lines, asked).await;
    let told = async || {
        let mut told = 0;
        for line in &lines {
            told += usize::from(app.also_seen(&customers[0].0, &read(line)).await.unwrap().is_some());
        }
        told
    };
    app.compare(asked + DAY * 6).await.unwrap();
    assert_eq!(told().await, 0, "not before it stood there for a week");
    app.compare(asked + DAY * 7).await.unwrap();
    assert_eq!(told().await, app::MOST_ASKED as usize, "a few at a time");
    app.compare(asked + DAY * 14).await.unwrap();
    assert_eq!(told().await, lines.len());

    // What it takes back and says again waits again.
    let one = NewException { domain: "kwaad-00.example".into(), reason: "van ons".into(), ..Default::default() };
    let made = app.except(&customers[0].0, one, asked + DAY * 15).await.unwrap();
    app.take_back_exception(&customers[0].0, made.id, asked + DAY * 15).await.unwrap();
    assert_eq!(told().await, lines.len() - 1);
}

pub async fn what_is_recorded_at_the_same_moment_is_recorded_twice(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    for how in ["in het werkoverleg", "per mail"] {
        bench.app.record_staff_informed(&scope, "2026-11-20", how, NOW).await.unwrap();
    }
    let notices = bench.app.staff_notices(&scope).await.unwrap();
    assert_eq!(notices.iter().map(|one| one.how.as_str()).collect::<Vec<_>>(), ["per mail", "in het werkoverleg"]);
    // One after the other: each saw what the other had settled.
    for days in [3, 4] {
        let settings = SensorSettings { traffic_days: days, ..SensorSettings::default() };
        settle(&bench, &scope, settings, NOW).await.unwrap();
    }
    assert_eq!(bench.app.sensor_settings(&scope).await.unwrap().traffic_days, 4);
    assert_eq!(bench.app.sensor_settings_history(&scope).await.unwrap().len(), 2);
}
