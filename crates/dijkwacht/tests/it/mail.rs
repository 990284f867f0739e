//! Mail from the program to a real mailbox: what somebody decides on a page, the organisation holds the proof of.

use std::fs;
use std::path::Path;

use crate::exim::{Exim, NOBODY, attached, wait_until};
use crate::program::run;
use crate::server::{Server, Visitor};

const PASSWORD: &str = "drie losse woorden";
const ORGANISATION: &str = "/o/bloemist-iris";
const ADDRESS: &str = "iris@bloem.example";

/// A configuration that hands mail to this server.
fn configuration(folder: &Path, exim: &Exim) -> String {
    let path = folder.join("dijkwacht.toml");
    let text = format!(
        "version = 1\n\n[mail]\nfrom = \"Dijkwacht <register@msp.example>\"\nserver = \"localhost\"\nport = {}\n\
         encryption = \"none\"\n",
        exim.port
    );
    fs::write(&path, text).expect("writes");
    path.to_str().expect("a path").to_owned()
}

/// The first administrator, of a new organisation, with an incident that somebody reported.
fn settle(server: &Server) -> Visitor {
    let mut iris = server.visitor();
    let token = server.said.split("/instellen/").nth(1).and_then(|rest| rest.lines().next()).expect("a set-up link");
    let me = [("organisation", "Bloemist Iris"), ("name", "Iris"), ("email", ADDRESS), ("password", PASSWORD)];
    let made = iris.post(&format!("/instellen/{token}"), &me);
    assert_eq!(made.status, 303, "{}", made.text());
    let code = iris.get(ORGANISATION).between("/melden/", "\"");
    let code: String = code.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let reported = server.visitor().post(&format!("/melden/{code}"), &[("what", "Een lijst met adressen is weg.")]);
    assert_eq!(reported.status, 303, "{}", reported.text());
    iris
}

fn hand_over_to(iris: &mut Visitor, address: &str) {
    let kept = iris.post(&format!("{ORGANISATION}/instellingen"), &[("register_email", address)]);
    assert_eq!(kept.status, 303, "{}", kept.text());
}

fn decide(iris: &mut Visitor, why: &str) {
    let path = format!("{ORGANISATION}/incidenten/1/besluit");
    let seen = iris.get(&path).hidden("gezien");
    let mut decision = vec![("gezien", seen.as_str()), ("motivering", why)];
    decision.extend(["notify_authority", "inform_subjects", "notify_controllers"].map(|duty| (duty, "ja")));
    let taken = iris.post(&path, &decision);
    assert_eq!(taken.status, 303, "{}", taken.text());
}

#[test]
fn a_decision_puts_its_checkpoint_into_the_organisations_own_mailbox() {
    let Some(exim) = Exim::plain() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let config = configuration(folder.path(), &exim);
    let server = Server::start(&["--config", &config, "--data", data.to_str().expect("a path")]);
    let mut iris = settle(&server);

    let export = format!("{ORGANISATION}/register/export");
    let before = iris.get(&export).body;
    hand_over_to(&mut iris, "postvak@bloem.example");
    decide(&mut iris, "Wij melden, en schrijven onze klanten zelf.");
    // Where nobody lives, nobody was told.
    hand_over_to(&mut iris, NOBODY);
    decide(&mut iris, "Bij nader inzien ook.");
    let after = iris.get(&export).body;

    let mail = exim.mails(1).remove(0);
    assert!(mail.contains("To: postvak@bloem.example"), "{mail}");
    assert!(!mail.contains("adressen"), "nothing of the incident: {mail}");
    let name = mail.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an attached file");
    assert!(name.starts_with("checkpoint-bloemist-iris-"), "{name}");
    let note = folder.path().join(name);
    fs::write(&note, attached(&mail, name).expect("the file")).expect("writes");

    // The page says what became of both.
    let outgoing = format!("{ORGANISATION}/uitgaand");
    wait_until("the second letter is given up", || iris.get(&outgoing).text().contains("Niet verzonden"));
    let page = iris.get(&outgoing).text();
    assert!(page.contains("Aangenomen door de mailserver"), "{page}");
    assert!(page.contains("no such mailbox here"), "the server's own reason: {page}");
    assert!(iris.get(ORGANISATION).text().contains("niet verzonden"), "home says that somebody has to look");
    assert_eq!(exim.mailbox().len(), 1, "{}", exim.log());

    // Whoever kept the checkpoint checks every later export against it, and finds an older one wanting.
    for (bytes, code) in [(after, 0), (before, 1)] {
        let zip = folder.path().join("register.zip");
        fs::write(&zip, bytes).expect("writes");
        let [zip, note] = [&zip, &note].map(|path| path.to_str().expect("a path"));
        let ran = run(&["verify", zip, "--checkpoint", note]);
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn a_test_mail_says_what_is_wrong_with_the_settings() {
    let Some(mut exim) = Exim::plain() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let config = configuration(folder.path(), &exim);
    let test = |to: &str| run(&["mail", "test", "--config", &config, "--to", to]);
    let sent = test("beheer@msp.example");
    assert_eq!(sent.code, 0, "{}", sent.stderr);
    assert!(exim.mails(1)[0].contains("To: beheer@msp.example"));
    let refused = test(NOBODY);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("no such mailbox here"), "{}", refused.stderr);
    let nobody = test("geen adres");
    assert_eq!(nobody.code, 1, "{}", nobody.stderr);
    exim.stop();
    let away = test("beheer@msp.example");
    assert_eq!(away.code, 1, "{}", away.stderr);
    assert!(away.stderr.contains(&format!("localhost:{}", exim.port)), "{}", away.stderr);
}
