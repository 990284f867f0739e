//! Mail from the program to a real mailbox: what somebody decides on a page, the organisation holds the proof of.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use torture::{Answer, Browser};

use crate::exim::{Exim, NOBODY, attached, wait_until};
use crate::program::run;
use crate::servers::{HOME, report_path, set_up};
use crate::serving::start_with;

/// Somebody at one server.
struct Visitor {
    browser: Browser,
    at: SocketAddr,
}

impl Visitor {
    fn get(&mut self, path: &str) -> Answer {
        self.browser.get(self.at, path).expect("an answer")
    }

    /// Sends what has to be taken.
    fn post(&mut self, path: &str, form: &[(&str, &str)]) {
        let answer = self.browser.post(self.at, path, form).expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.html);
    }
}

/// A configuration that hands mail to this server.
pub(crate) fn configuration(folder: &Path, exim: &Exim) -> String {
    let path = folder.join("dijkwacht.toml");
    let text = format!(
        "version = 1\n\n[mail]\nfrom = \"Dijkwacht <register@msp.example>\"\nserver = \"localhost\"\nport = {}\n\
         encryption = \"none\"\n",
        exim.port
    );
    fs::write(&path, text).expect("writes");
    path.to_str().expect("a path").to_owned()
}

fn hand_over_to(anna: &mut Visitor, address: &str) {
    anna.post(&format!("{HOME}/instellingen"), &[("register_email", address)]);
}

fn decide(anna: &mut Visitor, why: &str) {
    let path = format!("{HOME}/incidenten/1/besluit");
    let seen = anna.get(&path).hidden("gezien").expect("the field");
    let mut decision = vec![("gezien", seen.as_str()), ("motivering", why)];
    decision.extend(["notify_authority", "inform_subjects", "notify_controllers"].map(|duty| (duty, "ja")));
    anna.post(&path, &decision);
}

#[test]
fn a_decision_puts_its_checkpoint_into_the_organisations_own_mailbox() {
    let Some(exim) = Exim::plain() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let config = configuration(folder.path(), &exim);
    let server = start_with(&["--config", &config, "--data", data.to_str().expect("a path")]).serves();
    let browser = set_up(server.address, server.set_up.as_deref().expect("a link"));
    let mut anna = Visitor { browser, at: server.address };
    let report = report_path(&mut anna.browser, server.address);
    anna.post(&report, &[("what", "Een lijst met adressen is weg.")]);

    let export = format!("{HOME}/register/export");
    let before = anna.get(&export).bytes;
    hand_over_to(&mut anna, "postvak@bloem.example");
    decide(&mut anna, "Wij melden, en schrijven onze klanten zelf.");
    // Where nobody lives, nobody was told.
    hand_over_to(&mut anna, NOBODY);
    decide(&mut anna, "Bij nader inzien ook.");
    let after = anna.get(&export).bytes;

    let mail = exim.mails(1).remove(0);
    assert!(mail.contains("To: postvak@bloem.example"), "{mail}");
    assert!(!mail.contains("adressen"), "nothing of the incident: {mail}");
    let name = mail.split("filename").nth(1).and_then(|rest| rest.split('"').nth(1)).expect("an attached file");
    assert!(name.starts_with("checkpoint-bakkerij-jansen-"), "{name}");
    let note = folder.path().join(name);
    fs::write(&note, attached(&mail, name).expect("the file")).expect("writes");

    // The page says what became of both.
    let outgoing = format!("{HOME}/uitgaand");
    wait_until("the second letter is given up", || anna.get(&outgoing).html.contains("Niet verzonden"));
    let page = anna.get(&outgoing).html;
    assert!(page.contains("Aangenomen door de mailserver"), "{page}");
    assert!(page.contains("no such mailbox here"), "the server's own reason: {page}");
    assert!(anna.get(HOME).html.contains("niet verzonden"), "home says that somebody has to look");
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
