//! Somebody at work: makes the first account, reports, writes notes, reads back what stands there.

use std::io;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};

use crate::browser::{Answer, Browser};
use crate::server::Server;

/// The organisation's own pages.
pub const HOME: &str = "/o/bakkerij-jansen";
const LOG_IN: [(&str, &str); 2] = [("email", "anna@jansen.example"), ("password", "drie losse woorden")];
const ORGANISATION: &str = "bakkerij-jansen";

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Office {
    pub at: SocketAddr,
    pub browser: Browser,
    /// Where the report form is.
    pub report: String,
}

impl Office {
    /// Makes the first administrator by the link that the server printed.
    ///
    /// # Errors
    /// It printed none, or did not take it.
    pub fn set_up(server: &Server) -> Result<Self> {
        let at = server.address;
        let token = server.set_up.as_ref().context("no link to set up")?;
        let mut browser = Browser::default();
        let person = [("organisation", "Bakkerij Jansen"), ("name", "Anna Jansen"), LOG_IN[0], LOG_IN[1]];
        let answer = browser.post(at, &format!("/instellen/{token}"), &person)?;
        ensure!(answer.status == 303, "set-up: {} {}", answer.status, answer.html);
        let home = browser.get(at, HOME)?;
        let link = home.html.split("href=\"").find(|link| link.starts_with("/melden/"));
        let report = link.and_then(|link| link.split('"').next()).context("no link to the report form")?.to_owned();
        Ok(Self { at, browser, report })
    }

    /// Signs in anew: sessions stand in no backup.
    ///
    /// # Errors
    /// It is not let in.
    pub fn sign_in(&mut self) -> Result<()> {
        let answer = self.browser.post(self.at, "/aanmelden", &LOG_IN)?;
        ensure!(answer.status == 303, "signing in: {} {}", answer.status, answer.html);
        Ok(())
    }

    /// Reports an incident, as somebody without an account does.
    ///
    /// # Errors
    /// No answer came.
    pub fn report(&self, what: &str) -> io::Result<Answer> {
        Browser::default().post(self.at, &self.report, &[("what", what)])
    }

    /// Writes a note at an incident.
    ///
    /// # Errors
    /// No answer came.
    pub fn note(&mut self, incident: u64, text: &str) -> io::Result<Answer> {
        self.browser.post(self.at, &format!("{HOME}/incidenten/{incident}/tijdlijn"), &[("notitie", text)])
    }

    /// Everything that happened in an incident.
    ///
    /// # Errors
    /// No answer came.
    pub fn timeline(&mut self, incident: u64) -> io::Result<Answer> {
        self.browser.get(self.at, &format!("{HOME}/incidenten/{incident}/tijdlijn"))
    }

    /// The arguments of a verb about the organisation.
    #[must_use]
    pub fn organisation() -> [std::ffi::OsString; 2] {
        ["--organisation".into(), ORGANISATION.into()]
    }
}
