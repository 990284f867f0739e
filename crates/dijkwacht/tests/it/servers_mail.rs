//! Three servers on one PostgreSQL and one mail server: what comes back by itself is done by one of them, and every letter
//! arrives once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use app::LetterState;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use store_conformance::Bench;
use store_postgres::PostgresStore;
use torture::Browser;

use crate::exim::Exim;
use crate::mail::configuration;
use crate::servers::{HOME, database, report_path, set_up};
use crate::serving::{Starting, balance, start_with};

/// How long alarms and letters may take, which come every half minute.
const PATIENCE: Duration = Duration::from_secs(150);
const INCIDENTS: usize = 6;

#[test]
fn letters_and_alarms_of_three_servers_arrive_once() {
    let Some((_database, address)) = database() else { return };
    let Some(exim) = Exim::plain() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("register.key");
    let config = configuration(folder.path(), &exim);
    let arguments = ["--config", &config, "--database", &address, "--key-file", key.to_str().expect("a path")];
    let mut servers = vec![start_with(&arguments).serves()];
    let mut browser = set_up(servers[0].address, servers[0].set_up.as_deref().expect("a link"));
    let more: Vec<_> = (0..2).map(|_| start_with(&arguments)).collect();
    servers.extend(more.into_iter().map(Starting::serves));
    let front = balance(servers.iter().map(|server| server.address).collect());

    let post = |browser: &mut Browser, path: &str, form: &[(&str, &str)]| {
        let answer = browser.post(front, path, form).expect("an answer");
        assert_eq!(answer.status, 303, "{path}: {}", answer.html);
    };
    // Letters: a decision about each of several incidents. Alarms: two of them have been known for four days.
    post(&mut browser, &format!("{HOME}/instellingen"), &[("register_email", "postvak@bloem.example")]);
    let report = report_path(&mut browser, front);
    #[expect(clippy::disallowed_methods, reason = "the servers run by the machine's clock, and so does this")]
    let known = (Timestamp::now() - SignedDuration::from_hours(100))
        .to_zoned(TimeZone::get("Europe/Amsterdam").expect("a zone"));
    let (day, time) = (known.strftime("%Y-%m-%d").to_string(), known.strftime("%H:%M").to_string());
    for number in 1..=INCIDENTS {
        post(&mut browser, &report, &[("what", &format!("Lijst {number} is weg."))]);
        let case = format!("{HOME}/incidenten/{number}");
        if number <= 2 {
            let seen =
                browser.get(front, &format!("{case}/feiten")).expect("an answer").hidden("gezien").expect("the field");
            let aware = [
                ("gezien", seen.as_str()),
                ("kennis-dag", &day),
                ("kennis-tijd", &time),
                ("kennis-reden", "Toen misten we de lijst."),
            ];
            post(&mut browser, &format!("{case}/feiten/kennis"), &aware);
        }
        let seen =
            browser.get(front, &format!("{case}/besluit")).expect("an answer").hidden("gezien").expect("the field");
        let mut decision = vec![("gezien", seen.as_str()), ("motivering", "Wij melden.")];
        decision.extend(["notify_authority", "inform_subjects", "notify_controllers"].map(|duty| (duty, "ja")));
        post(&mut browser, &format!("{case}/besluit"), &decision);
    }

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let store = runtime.block_on(PostgresStore::open(&address)).expect("opens");
    let bench = Bench::new(std::sync::Arc::new(store));
    let store = bench.store.clone();
    let scope = runtime.block_on(bench.app.permit_program("bakkerij-jansen")).expect("it is there");
    let last_done = |job: &str| runtime.block_on(store.job_last_done(job)).expect("answers");
    let letters = || runtime.block_on(store.letters(&scope, 100)).expect("answers");
    let is_alarm = |mail: &&String| mail.contains("To: anna@jansen.example");

    // Every letter of both kinds is there and left.
    wait("all letters have left", || {
        let letters = letters();
        let sent = letters.iter().filter(|letter| matches!(letter.state, LetterState::Sent { .. })).count();
        sent == letters.len() && sent > INCIDENTS && exim.mailbox().len() >= sent
    });
    // And nothing follows when it was looked again, by whichever server.
    let (rung, written) = (last_done("alarms"), last_done("letters"));
    wait("alarms and letters were looked at again", || last_done("alarms") > rung && last_done("letters") > written);

    let (mails, letters) = (exim.mailbox(), letters());
    assert_eq!(mails.len(), letters.len(), "{}", exim.log());
    let ids: BTreeSet<_> = mails.iter().map(|mail| header(mail, "Message-ID")).collect();
    assert_eq!(ids.len(), mails.len(), "a letter arrived twice: {}", exim.log());
    assert_eq!(mails.iter().filter(|mail| !is_alarm(mail)).count(), INCIDENTS, "one checkpoint a decision");
    // One alarm a clock: no two say the same.
    let mut alarms: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mails.iter().filter(is_alarm) {
        let body = mail.replace("\r\n", "\n").split_once("\n\n").map(|(_, body)| body.to_owned()).expect("a body");
        *alarms.entry(format!("{}\n{body}", header(mail, "Subject"))).or_default() += 1;
    }
    assert!(alarms.len() >= 2, "each of the two incidents rings: {alarms:?}");
    assert!(alarms.values().all(|times| *times == 1), "an alarm rang twice: {alarms:?}");
    for server in &servers {
        assert!(!server.said().contains("panicked"), "{}", server.said());
    }
}

fn header(mail: &str, name: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name} in {mail}")).to_owned()
}

#[expect(clippy::disallowed_methods, reason = "waits for real servers")]
fn wait(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(250));
    }
}
