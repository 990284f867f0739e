//! Three servers on one PostgreSQL, behind a balancer: what happens once happens once, whoever is asked.

use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use store_conformance::Throwaway;
use torture::{Answer, Browser};

use crate::program::run;
use crate::serving::{Server, balance, start};

const PASSWORD: &str = "drie losse woorden";
pub(crate) const HOME: &str = "/o/bakkerij-jansen";

/// A database for one test; a password that nothing may ever show stands in its address.
pub(crate) fn database() -> Option<(Throwaway, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let database = runtime.block_on(Throwaway::new())?;
    let address = database.address().replacen("postgres@", "postgres:geheim@", 1);
    Some((database, address))
}

/// Asks several servers the same at the same moment.
fn at_once(servers: &[SocketAddr], browser: &Browser, path: &str, form: &[(&str, &str)]) -> Vec<(Answer, Browser)> {
    thread::scope(|scope| {
        let asked: Vec<_> = servers
            .iter()
            .map(|at| {
                let mut browser = browser.clone();
                scope.spawn(move || (browser.post(*at, path, form).expect("an answer"), browser))
            })
            .collect();
        asked.into_iter().map(|one| one.join().expect("nobody panicked")).collect()
    })
}

fn statuses(answers: &[(Answer, Browser)]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|(answer, _)| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// Makes the first administrator at a server.
pub(crate) fn set_up(at: SocketAddr, token: &str) -> Browser {
    let mut browser = Browser::default();
    let form = person("anna@jansen.example");
    let answer = browser.post(at, &format!("/instellen/{token}"), &form).expect("an answer");
    assert_eq!(answer.status, 303, "{}", answer.html);
    browser
}

fn person(email: &str) -> [(&'static str, &str); 4] {
    [("organisation", "Bakkerij Jansen"), ("name", "Anna Jansen"), ("email", email), ("password", PASSWORD)]
}

/// Where the organisation's report form is.
pub(crate) fn report_path(browser: &mut Browser, at: SocketAddr) -> String {
    let home = browser.get(at, HOME).expect("an answer");
    let link = home.html.split("href=\"").find(|link| link.starts_with("/melden/"));
    link.and_then(|link| link.split('"').next()).expect("a link to the report form").to_owned()
}

/// One that stays is there: nobody finds a new, empty register, with a key of its own, where a mistaken address was given.
#[test]
fn a_server_that_cannot_listen_leaves_no_new_register_behind() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let ran = run(&["serve", "--listen", &address, "--data", data.to_str().expect("a path")]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("cannot listen on {address}")), "{}", ran.stderr);
    // Nor one whose backups have nowhere to go.
    let config = folder.path().join("dijkwacht.toml");
    let backups = folder.path().join("not-mounted");
    let key = folder.path().join("backup.key");
    let made = run(&["backup-key", key.to_str().expect("a path")]);
    let recipient = made.stdout.split_whitespace().find(|word| word.starts_with("age1")).expect("a key").to_owned();
    let text = format!("version = 1\n[backup]\nfolder = \"{}\"\nrecipients = [\"{recipient}\"]\n", backups.display());
    fs::write(&config, text).expect("writes");
    let config = config.to_str().expect("a path");
    let ran = run(&["serve", "--config", config, "--data", data.to_str().expect("a path")]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("not-mounted is no folder"), "{}", ran.stderr);
    for file in ["dijkwacht.db", "register.key"] {
        assert!(!data.join(file).exists(), "{file}");
    }
}

#[test]
fn what_happens_once_happens_once_at_three_servers() {
    let Some((_database, address)) = database() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("keys/register.key");
    // All at once, on an empty database and without a key.
    let starting: Vec<_> = (0..3).map(|_| start(&address, &key)).collect();
    let servers: Vec<Server> = starting.into_iter().map(super::serving::Starting::serves).collect();
    let at: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();

    // Set-up: each printed a link, one of them makes an administrator.
    let tried: Vec<(Answer, Browser)> = thread::scope(|scope| {
        let tries: Vec<_> = servers
            .iter()
            .enumerate()
            .map(|(place, server)| {
                let token = server.set_up.clone().expect("a link");
                // At another server than the one that printed it.
                let at = at[(place + 1) % 3];
                scope.spawn(move || {
                    let mut browser = Browser::default();
                    let email = format!("anna{place}@jansen.example");
                    let answer = browser.post(at, &format!("/instellen/{token}"), &person(&email));
                    (answer.expect("an answer"), browser)
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().expect("nobody panicked")).collect()
    });
    assert_eq!(statuses(&tried), [303, 404, 404]);
    let winner = tried.iter().position(|(answer, _)| answer.status == 303).expect("one");
    let mut browser = tried[winner].1.clone();

    // A session that began at one goes on at the others.
    for at in &at {
        assert_eq!(browser.get(*at, HOME).expect("an answer").status, 200);
    }
    let email = format!("anna{winner}@jansen.example");
    let mut second = Browser::default();
    let signed_in = second.post(at[0], "/aanmelden", &[("email", &email), ("password", PASSWORD)]).expect("an answer");
    assert_eq!(signed_in.status, 303, "{}", signed_in.html);
    assert_eq!(second.get(at[1], HOME).expect("an answer").status, 200);
    assert_eq!(second.post(at[2], "/afmelden", &[]).expect("an answer").status, 303);
    assert_eq!(second.get(at[0], HOME).expect("an answer").status, 303, "signed out at one is signed out at all");

    // A report sent to all three at once is one incident.
    let report = report_path(&mut browser, at[0]);
    let form = Browser::default().get(at[0], &report).expect("an answer").hidden("_eenmalig").expect("the mark");
    let sent = [("_eenmalig", form.as_str()), ("what", "Laptop gestolen uit de auto.")];
    let reported = at_once(&at, &Browser::default(), &report, &sent);
    assert_eq!(statuses(&reported), [303, 303, 303]);
    let list = browser.get(at[1], &format!("{HOME}/incidenten")).expect("an answer").html;
    assert!(list.contains("/incidenten/1\"") && !list.contains("/incidenten/2\""), "{list}");

    // Two decide at the same moment: one decision, and one page that says so with all that was typed.
    let case = format!("{HOME}/incidenten/1");
    let seen =
        browser.get(at[0], &format!("{case}/besluit")).expect("an answer").hidden("gezien").expect("what was seen");
    let decision = [
        ("gezien", seen.as_str()),
        ("notify_authority", "ja"),
        ("notify_controllers", "nee"),
        ("inform_subjects", "nee"),
        ("motivering", "De laptop was niet versleuteld."),
    ];
    let decided = at_once(&at[..2], &browser, &format!("{case}/besluit"), &decision);
    assert_eq!(statuses(&decided), [303, 422], "{}", decided[0].0.html);
    let late = decided.iter().find(|(answer, _)| answer.status == 422).map(|(answer, _)| &answer.html).expect("one");
    assert!(late.contains("De laptop was niet versleuteld."), "what was typed is lost: {late}");
    let timeline = browser.get(at[2], &format!("{case}/tijdlijn")).expect("an answer").html;
    assert_eq!(timeline.matches("De laptop was niet versleuteld.").count(), 1, "{timeline}");

    // A server with another key signs nothing.
    let (code, said) = start(&address, &folder.path().join("other.key")).ends();
    assert_eq!(code, Some(2));
    assert!(said.contains("other.key is gone") && said.contains("--key-file"), "{said}");
    fs::write(folder.path().join("other.key"), [7; 32]).expect("writes");
    let (code, said) = start(&address, &folder.path().join("other.key")).ends();
    assert_eq!(code, Some(2));
    assert!(said.contains("is not the key that signs the registers in postgres://127.0.0.1"), "{said}");

    for server in &servers {
        assert!(!server.said().contains("geheim"), "the password is shown: {}", server.said());
    }
    assert!(!said.contains("geheim"), "the password is shown: {said}");
}

#[test]
fn a_server_killed_in_the_middle_loses_nothing_that_was_acknowledged() {
    let Some((_database, address)) = database() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("register.key");
    let mut servers = vec![start(&address, &key).serves()];
    let token = servers[0].set_up.clone().expect("a link");
    let mut browser = set_up(servers[0].address, &token);
    let more: Vec<_> = (0..2).map(|_| start(&address, &key)).collect();
    servers.extend(more.into_iter().map(super::serving::Starting::serves));
    assert!(servers[1].set_up.is_none(), "a link though somebody can sign in");
    let front = balance(servers.iter().map(|server| server.address).collect());
    let report = report_path(&mut browser, front);
    for number in 0..3 {
        let what = format!("Melding {number}");
        assert_eq!(Browser::default().post(front, &report, &[("what", &what)]).expect("an answer").status, 303);
    }

    let (acknowledge, acknowledgements) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let (mut browser, acknowledge, stop) = (browser.clone(), acknowledge.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                let path = format!("{HOME}/incidenten/{}/tijdlijn", writer % 3 + 1);
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let note = format!("notitie-{writer}-{number}.");
                    // A conflict, or an answer that never came, is no acknowledgement.
                    if browser.post(front, &path, &[("notitie", &note)]).is_ok_and(|answer| answer.status == 303) {
                        acknowledge.send(note).expect("somebody listens");
                    }
                }
            })
        })
        .collect();
    drop(acknowledge);
    let mut acknowledged: Vec<String> = acknowledgements.iter().take(20).collect();
    for server in servers.iter_mut().take(2) {
        server.kill();
        acknowledged.extend(acknowledgements.iter().take(20));
    }
    stop.store(true, Ordering::Relaxed);
    writers.into_iter().for_each(|writer| writer.join().expect("nobody panicked"));

    let mut kept = String::new();
    for number in 1..=3 {
        kept += &browser.get(front, &format!("{HOME}/incidenten/{number}/tijdlijn")).expect("an answer").html;
    }
    acknowledged.extend(acknowledgements.try_iter());
    assert!(acknowledged.len() >= 60);
    for note in &acknowledged {
        assert_eq!(kept.matches(note.as_str()).count(), 1, "{note}");
    }
    let zip = folder.path().join("register.zip");
    let (zip, key) = (zip.to_str().expect("a path"), key.to_str().expect("a path"));
    let export =
        ["export", "--organisation", "bakkerij-jansen", "--out", zip, "--database", &address, "--key-file", key];
    let exported = run(&export);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    assert_eq!(run(&["verify", zip]).code, 0);
}
