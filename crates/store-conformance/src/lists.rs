//! Lists in pages: each incident once, what is asked and nothing else, found by words; and the board over customers.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use app::lists::{Asked, Filter, Found, Notified, Order, PAGE, Page, Start, State};
use app::{Append, IncidentLine, IncidentRow, Listing, Report, Scope, Sought, Who};
use facts::{Fact, ProviderId, Value};
use incident::{Informed, Phase, RetentionKind, Role, ToldThere, Urgency, Waiting};
use law::verdict::Outcome;

use crate::bench::{Bench, NOW, further, line, opening};

/// Opens an incident with this line and these words.
async fn write(bench: &Bench, scope: &Scope, row: IncidentRow, words: &[&str]) {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let listing = Listing { words, ..Listing::default() };
    let append = Append { listing, row: row.clone(), ..opening(row.id, row.number, row.entries) };
    bench.append(scope, append).await.unwrap();
}

async fn page(bench: &Bench, scope: &Scope, filter: &Filter, start: Start) -> Page<IncidentLine> {
    bench.app.incidents(scope, filter, start).await.unwrap()
}

async fn numbers(bench: &Bench, scope: &Scope, filter: Filter) -> Vec<u64> {
    page(bench, scope, &filter, Start::Top).await.lines.iter().map(|line| line.row.number).collect()
}

pub async fn pages_hold_every_incident_once_in_order(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let other = bench.organisation("school").await;
    bench.open(&other, 1, 1).await;
    let count = 2 * u64::from(PAGE) + 7;
    for number in 1..=count {
        let mut row = line(bench.new_incident(), number, 1);
        // Several in the same moment, so that the order hangs on the number too.
        row.opened_at = NOW + SignedDuration::from_hours(number.cast_signed() / 3);
        if number % 4 == 0 {
            (row.phase, row.closed_at) = (Phase::Closed, Some(NOW));
        }
        write(&bench, &scope, row, &["samen"]).await;
    }
    for search in ["", "samen"] {
        let filter = Filter { search: search.to_owned(), ..Filter::default() };
        let mut pages = vec![page(&bench, &scope, &filter, Start::Top).await];
        while let Some(below) = pages.last().unwrap().below {
            pages.push(page(&bench, &scope, &filter, below).await);
        }
        assert_eq!(pages.iter().map(|page| page.lines.len()).collect::<Vec<_>>(), [50, 50, 7]);
        let rows: Vec<_> = pages.iter().flat_map(|page| &page.lines).map(|line| &line.row).collect();
        let places: Vec<_> = rows.iter().map(|row| (row.pressing(), row.number)).collect();
        assert!(places.is_sorted(), "{places:?}");
        let mut seen: Vec<_> = rows.iter().map(|row| row.number).collect();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(1..=count));
        // And the same way back.
        let mut last = pages.pop().unwrap();
        while let Some(above) = last.above {
            last = page(&bench, &scope, &filter, above).await;
            let before = pages.pop().unwrap();
            assert_eq!(last.lines, before.lines);
        }
        assert!(pages.is_empty());
    }
}

pub async fn a_page_shows_what_is_asked(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let hours = SignedDuration::from_hours;
    let phases = [Phase::Investigating, Phase::AwaitingDecision, Phase::Acting, Phase::Done, Phase::Closed];
    for (number, phase) in (1..).zip(phases) {
        let mut row = line(bench.new_incident(), number, 1);
        (row.phase, row.opened_at) = (phase, NOW + hours(number.cast_signed()));
        row.closed_at = (phase == Phase::Closed).then_some(NOW);
        row.authority_notified_at = (number > 3).then_some(NOW);
        // One of which another register says it, without a date; and one of which it says that it was not.
        row.told_there = match number {
            1 => Some(ToldThere::No),
            2 => Some(ToldThere::Yes),
            _ => None,
        };
        write(&bench, &scope, row, &[]).await;
    }
    let all = Filter::default;
    let check = async |filter: Filter, expected: &[u64]| {
        assert_eq!(numbers(&bench, &scope, filter.clone()).await, expected, "{filter:?}");
    };
    check(all(), &[4, 3, 2, 1, 5]).await;
    check(Filter { state: State::Open, ..all() }, &[4, 3, 2, 1]).await;
    for (number, phase) in (1..).zip(phases) {
        check(Filter { state: State::One(phase), ..all() }, &[number]).await;
    }
    check(Filter { notified: Some(Notified::Yes), ..all() }, &[4, 2, 5]).await;
    check(Filter { notified: Some(Notified::No), ..all() }, &[1]).await;
    check(Filter { notified: Some(Notified::Undecided), ..all() }, &[3]).await;
    check(Filter { notified: Some(Notified::Planned), ..all() }, &[]).await;
    check(Filter { opened_from: Some(NOW + hours(2)), opened_before: Some(NOW + hours(4)), ..all() }, &[3, 2]).await;
    let counts = bench.store.counts(&scope).await.unwrap();
    assert_eq!(counts, phases.map(|phase| (phase, 1)).into());

    // A line that is written again moves, and is counted where it went.
    let mut row = bench.store.incident_by_number(&scope, 1).await.unwrap();
    (row.phase, row.closed_at, row.entries) = (Phase::Closed, Some(NOW), 2);
    let append = Append { row: row.clone(), ..further(row.id, 1, 1, 1) };
    bench.append(&scope, append).await.unwrap();
    check(all(), &[4, 3, 2, 5, 1]).await;
    let counts = bench.store.counts(&scope).await.unwrap();
    assert_eq!((counts[&Phase::Investigating], counts[&Phase::Closed]), (0, 2));
}

/// The oldest once stood on top, however mild, and what was critical under all the others.
pub async fn of_what_nobody_looked_at_the_most_urgent_is_on_top(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let of = [
        (Some(Urgency::Low), Waiting::Check),
        (Some(Urgency::Medium), Waiting::Check),
        (Some(Urgency::High), Waiting::Check),
        (Some(Urgency::Critical), Waiting::Check),
        (Some(Urgency::Critical), Waiting::Check),
        (None, Waiting::Check),
        // Somebody looked at it.
        (Some(Urgency::Critical), Waiting::Report),
    ];
    for (number, (urgency, waits_for)) in (1..).zip(of) {
        let mut row = line(bench.new_incident(), number, 1);
        (row.urgency, row.waits_for) = (urgency, Some(waits_for));
        row.opened_at = NOW + SignedDuration::from_hours(number.cast_signed());
        write(&bench, &scope, row, &[]).await;
    }
    let open = Filter { state: State::Open, ..Filter::default() };
    assert_eq!(numbers(&bench, &scope, open).await, [4, 5, 3, 2, 1, 6, 7]);
    let summaries = bench.store.summaries(std::slice::from_ref(&scope)).await.unwrap();
    let of_it = &summaries[&scope.id()];
    assert_eq!((of_it.first.number, of_it.open, of_it.running), (4, 7, 0));
}

/// Makes a line one of a kind.
type Change<'a> = &'a dyn Fn(&mut IncidentRow);

/// "No" once held what nobody had decided as well.
pub async fn what_was_not_decided_is_not_told_as_not_notified(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (done, erased) = (Some(NOW), RetentionKind::Notified);
    let rows: [(Notified, Change<'_>); 11] = [
        (Notified::Undecided, &|_| {}),
        (Notified::Undecided, &|row| row.told_there = Some(ToldThere::Unsaid)),
        (Notified::Planned, &|row| row.is_notify_decided = Some(true)),
        (Notified::Planned, &|row| (row.is_notify_decided, row.told_there) = (Some(true), Some(ToldThere::No))),
        (Notified::No, &|row| row.is_notify_decided = Some(false)),
        (Notified::No, &|row| (row.is_notify_decided, row.told_there) = (Some(false), Some(ToldThere::Unsaid))),
        (Notified::No, &|row| row.told_there = Some(ToldThere::No)),
        (Notified::No, &|row| row.keeping.erased_at = done),
        (Notified::Yes, &|row| (row.is_notify_decided, row.authority_notified_at) = (Some(true), done)),
        (Notified::Yes, &|row| row.told_there = Some(ToldThere::Yes)),
        (Notified::Yes, &|row| (row.keeping.erased_at, row.keeping.kind) = (done, erased)),
    ];
    let mut expected: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (number, (notified, change)) in (1..).zip(rows) {
        let mut row = line(bench.new_incident(), number, 1);
        change(&mut row);
        write(&bench, &scope, row, &["samen"]).await;
        expected.entry(notified.key()).or_default().push(number);
    }
    for notified in Notified::ALL {
        for search in ["", "samen"] {
            let filter = Filter { notified: Some(notified), search: search.to_owned(), ..Filter::default() };
            let mut found = numbers(&bench, &scope, filter).await;
            found.sort_unstable();
            assert_eq!(found, expected[notified.key()], "{notified:?} {search}");
        }
    }
}

pub async fn what_is_found_is_counted_without_looking_at_all(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.open(&bench.organisation("school").await, 1, 1).await;
    for number in 1..=12 {
        let mut row = line(bench.new_incident(), number, 1);
        row.opened_at = NOW + SignedDuration::from_hours(number.cast_signed());
        row.authority_notified_at = (number % 2 == 0).then_some(NOW);
        let words = if number <= 3 { &["samen", "oud"][..] } else { &["samen"] };
        write(&bench, &scope, row, words).await;
    }
    let all = Filter::default;
    let notified = Some(Notified::Yes);
    let hours = |hours: i64| Some(NOW + SignedDuration::from_hours(hours));
    // By the use case: all of them, whatever was asked.
    let counts = bench.app.counts(&scope).await.unwrap();
    let search = |search: &str| Filter { search: search.to_owned(), ..all() };
    for (filter, expected) in [
        (all(), 12),
        (Filter { notified, ..all() }, 6),
        (search("samen"), 12),
        (Filter { notified, ..search("oud") }, 1),
        (Filter { opened_from: hours(3), opened_before: hours(5), ..all() }, 2),
        (Filter { opened_from: hours(3), opened_before: hours(5), ..search("oud") }, 1),
        (Filter { state: State::One(Phase::Closed), ..search("oud") }, 0),
        (search("nergens"), 0),
        (search("!"), 0),
    ] {
        let found = bench.app.found(&scope, &filter, &counts).await.unwrap();
        assert_eq!(found, Found { count: expected, is_all: true }, "{filter:?}");
    }
    // By the store: only the newest are looked at, and that there may be more is said.
    let asked = |limit: u32, search: &str| Asked {
        order: Order::Newest,
        start: Start::Top,
        limit,
        state: State::All,
        opened_from: None,
        opened_before: None,
        notified,
        words: Sought::all(search),
    };
    for (asked, count, is_all) in [
        (asked(4, ""), 2, false),
        (asked(13, ""), 6, true),
        (Asked { opened_before: hours(4), ..asked(4, "") }, 1, true),
        (asked(13, "oud"), 1, true),
    ] {
        assert_eq!(bench.store.found(&scope, &asked).await.unwrap(), Found { count, is_all }, "{asked:?}");
    }
}

pub async fn words_are_found_in_number_title_and_texts(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let other = bench.organisation("school").await;
    let app = &bench.app;
    for what in ["Laptop géstolen uit de auto", "Brief naar een vreemde gestuurd", "Laptop in de trein"] {
        app.report(&scope, Report { what: what.to_owned(), ..Report::default() }, NOW).await.unwrap();
    }
    app.report(&other, Report { what: "Laptop elders".to_owned(), ..Report::default() }, NOW).await.unwrap();
    let known = Fact::Data.read(&["health"]).unwrap();
    let changes = BTreeMap::from([(Fact::Data, Some(known)), (Fact::SubjectsMin, Some(Value::Whole(4321)))]);
    app.record_facts(&scope, 2, None, changes, None, NOW).await.unwrap();
    let check = async |search: &str, expected: &[u64]| {
        let filter = Filter { search: search.to_owned(), ..Filter::default() };
        let mut found = numbers(&bench, &scope, filter.clone()).await;
        found.sort_unstable();
        assert_eq!(found, expected, "{search}");
        let page = app.register_page(&scope, &filter, Start::Top).await.unwrap();
        let found: Vec<_> = page.lines.iter().rev().map(|line| line.row.number).collect();
        assert_eq!(found, expected, "the register: {search}");
    };
    check("laptop", &[1, 3]).await;
    check("LAP", &[1, 3]).await;
    check("aptop", &[]).await;
    check("gestolen", &[1]).await;
    check("géstolen laptop", &[1]).await;
    check("laptop trein in de", &[3]).await;
    check("laptop brief", &[]).await;
    check("3", &[3]).await;
    check("4321", &[2]).await;
    check("432", &[]).await;
    check("gezond", &[2]).await;
    check("' OR 1=1 --", &[]).await;
    check("% _ *", &[]).await;
    check("", &[1, 2, 3]).await;
}

/// Stores look for words that few and that many incidents have in ways of their own; what is found is the same.
pub async fn a_word_is_found_whether_few_or_many_have_it(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let count = 520;
    for number in 1..=count {
        let mut row = line(bench.new_incident(), number, 1);
        row.opened_at = NOW + SignedDuration::from_hours(number.cast_signed() / 3);
        let is_seventh = number % 7 == 0;
        if number % 4 == 0 {
            (row.phase, row.closed_at) = (Phase::Closed, Some(NOW));
        }
        let numbered = number.to_string();
        let words = ["samen", "samenloop", if is_seventh { "zeven" } else { "zevende" }, numbered.as_str()];
        write(&bench, &scope, row, &words).await;
    }
    let seventh = |number: &u64| number.is_multiple_of(7);
    let of = |which: fn(&u64) -> bool| (1..=count).filter(which).collect::<Vec<_>>();
    let check = async |search: &str, state: State, expected: Vec<u64>| {
        let filter = Filter { search: search.to_owned(), state, ..Filter::default() };
        let mut pages = vec![page(&bench, &scope, &filter, Start::Top).await];
        while let Some(below) = pages.last().unwrap().below {
            pages.push(page(&bench, &scope, &filter, below).await);
        }
        let rows: Vec<_> = pages.iter().flat_map(|page| &page.lines).map(|line| &line.row).collect();
        assert!(rows.iter().map(|row| (row.pressing(), row.number)).is_sorted(), "{search}");
        let mut found: Vec<_> = rows.iter().map(|row| row.number).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{search}");
    };
    check("samen", State::All, of(|_| true)).await;
    check("same", State::Open, of(|number| number % 4 != 0)).await;
    check("samen zeven", State::All, of(|_| true)).await;
    check("samen zevend", State::All, (1..=count).filter(|number| !seventh(number)).collect()).await;
    check("samenloop 14", State::All, vec![14]).await;
    check("samen 5", State::All, vec![5]).await;
    check("amen", State::All, Vec::new()).await;
    check("samen loop", State::All, Vec::new()).await;
    for number in (1..=count).filter(seventh).step_by(20) {
        check(&format!("zeven {number}"), State::All, vec![number]).await;
    }
}

pub async fn what_is_gone_is_found_no_more(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let row = line(bench.new_incident(), 1, 1);
    write(&bench, &scope, row.clone(), &["blijft", "gaat"]).await;
    let search = |word: &str| Filter { search: word.to_owned(), ..Filter::default() };
    assert_eq!(numbers(&bench, &scope, search("gaat")).await, [1]);
    let listing = Listing { words: ["blijft", "komt"].map(str::to_owned).into(), ..Listing::default() };
    let append = Append { row: IncidentRow { entries: 2, ..row.clone() }, listing, ..further(row.id, 1, 1, 1) };
    bench.append(&scope, append).await.unwrap();
    for (word, expected) in [("gaat", 0), ("blijft", 1), ("komt", 1)] {
        assert_eq!(numbers(&bench, &scope, search(word)).await.len(), expected, "{word}");
    }
    let append = Append { row: IncidentRow { entries: 3, ..row.clone() }, ..further(row.id, 1, 2, 1) };
    bench.append(&scope, append).await.unwrap();
    assert_eq!(numbers(&bench, &scope, search("blijft")).await, [0; 0]);
}

pub async fn a_board_tells_each_customer_what_presses_most(bench: Bench) {
    let provider = ProviderId(bench.app.chance.id(NOW).unwrap());
    bench.store.add_provider(&app::Provider { id: provider, name: "Noorderlicht".into() }).await.unwrap();
    let mut scopes = Vec::new();
    for slug in ["bakker", "dokter", "kapper", "smid"] {
        bench.store.add_organisation(&bench.described(slug, Some(provider))).await.unwrap();
        scopes.push(bench.app.permit_program(slug).await.unwrap());
    }
    let elsewhere = bench.organisation("vreemd").await;
    bench.open(&elsewhere, 1, 1).await;
    let running = |number, hours| IncidentRow {
        clock_start: Some(NOW + SignedDuration::from_hours(hours)),
        notify_authority: Some(Outcome::Undetermined),
        ..line(bench.new_incident(), number, 1)
    };
    let closed =
        |number| IncidentRow { phase: Phase::Closed, closed_at: Some(NOW), ..line(bench.new_incident(), number, 1) };
    // The baker: two clocks, the second presses more. The doctor: nothing that runs. The hairdresser: all is closed.
    for row in [running(1, 5), running(2, 1), line(bench.new_incident(), 3, 1), closed(4)] {
        write(&bench, &scopes[0], row, &[]).await;
    }
    let unchecked = IncidentRow { waits_for: Some(Waiting::Check), ..line(bench.new_incident(), 2, 1) };
    for row in [line(bench.new_incident(), 1, 1), unchecked] {
        write(&bench, &scopes[1], row, &[]).await;
    }
    write(&bench, &scopes[2], closed(1), &[]).await;
    write(&bench, &scopes[3], running(1, 3), &[]).await;

    let check = async |who: &Who, expected: &[(&str, Option<u64>, u64, u64)]| {
        let board = bench.app.board(who).await.unwrap();
        let rows = board.iter().map(|row| {
            let first = row.first.as_ref().map(|line| line.row.number);
            (row.organisation.slug.as_str(), first, row.open, row.running)
        });
        assert_eq!(rows.collect::<Vec<_>>(), expected);
    };
    let engineer = bench.person("karim@provider.example").await;
    bench.store.add_provider_membership(engineer, provider, Role::Engineer).await.unwrap();
    let engineer = Who { user: engineer, name: "Karim".into() };
    let all = [("bakker", Some(2), 3, 2), ("smid", Some(1), 1, 1), ("dokter", Some(2), 2, 0), ("kapper", None, 0, 0)];
    check(&engineer, &all).await;

    // Who may see the organisation but not its incidents sees none of them; elsewhere nobody sees anything.
    let employee = bench.person("sanne@bakker.example").await;
    bench.join(employee, scopes[0].id(), Role::Employee).await;
    bench.join(employee, scopes[1].id(), Role::Auditor).await;
    let employee = Who { user: employee, name: "Sanne".into() };
    check(&employee, &[("dokter", Some(2), 2, 0), ("bakker", None, 0, 0)]).await;
}

pub async fn the_register_reads_as_replaying_would(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let app = &bench.app;
    app.report(&scope, Report { what: "Laptop weg".into(), done: "Gebeld".into(), ..Report::default() }, NOW)
        .await
        .unwrap();
    let data = Fact::Data.read(&["name", "health"]).unwrap();
    let changes = BTreeMap::from([(Fact::Data, Some(data)), (Fact::SubjectsMax, Some(Value::Whole(12)))]);
    app.record_facts(&scope, 1, None, changes, None, NOW).await.unwrap();
    app.set_awareness(&scope, 1, None, NOW - SignedDuration::from_hours(2), false, "Toen".into(), NOW).await.unwrap();
    for (count, channel) in [(3, "brief"), (5, "e-mail")] {
        let informed = Informed { at: NOW, count, channel: channel.into() };
        app.record_subjects_informed(&scope, 1, None, informed, false, NOW).await.unwrap();
    }
    let kept = app.register(&scope).await.unwrap();
    let incident = app.incident(&scope, 1).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].extract, documents::register_extract::RegisterRow::of(&incident));
    assert_eq!(kept[0].first_signal, incident.known_signal());
    assert_eq!(kept[0].subjects_informed, incident.subjects_informed);
    for fact in [Fact::Data, Fact::SubjectsMin, Fact::SubjectsMax] {
        assert_eq!(kept[0].facts.value(fact), incident.facts.value(fact));
    }
    // Without the kept row, the line is made from the journal.
    let lines = vec![(kept[0].row.clone(), Listing::default())];
    bench.store.rewrite(&scope, lines).await.unwrap();
    assert_eq!(app.register(&scope).await.unwrap(), kept);
    let page = app.register_page(&scope, &Filter::default(), Start::Top).await.unwrap();
    assert_eq!((page.lines, page.above, page.below), (kept, None, None));
}
