//! `dijkwacht sensor` at a real `dijkwacht serve`: a token from the page, detections on it, the server away and back.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use office::Plan;
use torture::Browser;

use crate::program::run;
use crate::sensor_desk::{Desk, Running};
use crate::sensor_front::{Certificates, Front};
use crate::sensor_sources::{append, asked};
use crate::servers::{HOME, set_up};
use crate::serving::{Server, start_with};

/// A desk with two names on its list and an empty log of its resolver.
fn desk() -> Desk {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    fs::write(desk.path("list.txt"), "kwaad.example\nerger.example\n").expect("the list is written");
    append(&desk.path("pihole.log"), "");
    desk
}

fn serve(desk: &Desk) -> Server {
    start_with(&["--data", &desk.text("data")]).serves()
}

/// A token for a sensor, as the page shows it.
fn token(browser: &mut Browser, at: SocketAddr) -> String {
    let made = browser.post(at, &format!("{HOME}/sensoren/aanmelden"), &[("name", "kantoor-breda")]);
    let html = made.expect("an answer").html;
    let token = html.split("id=\"code\">").nth(1).and_then(|rest| rest.split('<').next());
    token.expect("a token is shown").to_owned()
}

/// The hosts of the detections that the page of findings shows, one for each.
fn shown(browser: &mut Browser, at: SocketAddr) -> Vec<String> {
    let html = browser.get(at, &format!("{HOME}/sensoren/bevindingen")).expect("an answer").html;
    let rows = html.split("<tr>").filter(|row| row.contains("/waarnemingen/"));
    let mut hosts: Vec<String> = rows
        .filter_map(|row| {
            Some(row.split("<td").nth(2)?.split("<bdi").nth(1)?.split('>').nth(1)?.split('<').next()?.to_owned())
        })
        .collect();
    hosts.sort();
    hosts
}

/// Two names are asked for: one while the server is there, one while it is away. Each is on its page once.
fn is_told_once_over_an_outage(desk: &Desk, front: &Front, server: Server, more: &[&str]) {
    let mut server = server;
    let mut browser = set_up(server.address, &server.set_up.clone().expect("a link"));
    let token = token(&mut browser, server.address);
    let scheme = if more.is_empty() { "http" } else { "https" };
    let url = format!("{scheme}://{}", front.address);
    let [state, list, log] = ["state", "list.txt", "pihole.log"].map(|name| desk.text(name));
    let base = ["--server", &url, "--state", &state, "--enrol", &token, "--name", "kantoor-breda"];
    let seeing = ["--dns-log", &log, "--intel", &list, "--every", "1"];
    let sensor = Running::start(&[&base[..], &seeing, more].concat());
    sensor.until("the log is followed", |sensor| sensor.stderr().contains("followed: "));
    (0..5).for_each(|_| crate::sensor_desk::pause());
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.21"));
    let at = server.address;
    let sees = |at, hosts: &[&str]| shown(&mut browser.clone(), at) == hosts;
    sensor.until("the first is on the page", |_| sees(at, &["192.168.20.21"]));

    server.kill();
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.22"));
    let waits = |name: &str| {
        let files = fs::read_dir(Path::new(&state).join("spool")).expect("the spool is there");
        let texts = files.filter_map(|file| fs::read_to_string(file.ok()?.path()).ok());
        texts.into_iter().any(|text| text.contains(name))
    };
    sensor.until("the second waits on disk", |_| waits("192.168.20.22"));

    let server = serve(desk);
    front.leads_to(server.address);
    let at = server.address;
    sensor.until("the second is on the page too", |_| sees(at, &["192.168.20.21", "192.168.20.22"]));
    let (code, _) = sensor.end();
    assert_eq!(code, Some(0));
    assert!(sees(at, &["192.168.20.21", "192.168.20.22"]), "each once");
    let list = browser.get(at, &format!("{HOME}/sensoren")).expect("an answer").html;
    assert!(list.contains("kantoor-breda") && list.contains("DNS-logboek"), "{list}");
}

#[test]
fn what_is_found_is_on_the_servers_page_once_also_after_an_outage() {
    let desk = desk();
    let server = serve(&desk);
    let front = Front::start(server.address, None);
    is_told_once_over_an_outage(&desk, &front, server, &[]);
}

#[test]
fn a_server_with_an_authority_of_its_own_that_asks_for_a_certificate_is_reached_by_who_has_one_alone() {
    let desk = desk();
    let Some(certificates) = Certificates::make(desk.path("list.txt").parent().expect("a folder")) else {
        return println!("skipped: openssl is not installed");
    };
    let other = tempfile::tempdir().expect("a folder");
    let others = Certificates::make(other.path()).expect("it is installed");
    let server = serve(&desk);
    let front = Front::start(server.address, Some(&certificates));
    let url = format!("https://{}", front.address);
    let [ca, own, key] = ["ca.pem", "sensor.pem", "sensor.key"].map(|name| certificates.path(name));
    let [foreign_ca, foreign, foreign_key] = ["ca.pem", "sensor.pem", "sensor.key"].map(|name| others.path(name));
    let state = desk.text("none");
    for more in [
        &["--ca", &ca][..],
        &["--ca", &foreign_ca, "--client-cert", &own, "--client-key", &key],
        &["--ca", &ca, "--client-cert", &foreign, "--client-key", &foreign_key],
        &["--client-cert", &own, "--client-key", &key],
    ] {
        let capture = desk.text("office.pcap");
        let base =
            ["sensor", "--read", &capture, "--server", &url, "--state", &state, "--enrol", "token", "--language", "en"];
        let ran = run(&[&base[..], more].concat());
        assert_eq!(ran.code, 2, "{more:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("cannot be reached"), "{more:?}: {}", ran.stderr);
    }
    is_told_once_over_an_outage(&desk, &front, server, &["--ca", &ca, "--client-cert", &own, "--client-key", &key]);
}
