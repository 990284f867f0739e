//! Enrolling a sensor: a token, shown once, with the very commands to run. They lead to where the service of
//! `packaging/dijkwacht-sensor.service` looks: its settings, and its state folder. Tokens that nobody used are listed, and
//! withdrawn.

use std::net::IpAddr;

use app::SensorToken;
use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

/// Something that a sensor can watch.
struct Source {
    /// Its name on the form.
    key: &'static str,
    /// What `dijkwacht sensor` takes for it (docs/sensor-sources.md).
    option: &'static str,
    what: fn(Words) -> &'static str,
    blind: fn(Words) -> &'static str,
    /// What to see to beside the command.
    prepare: fn(Words) -> &'static str,
}

impl Source {
    fn what(&self, w: &Words) -> &'static str {
        (self.what)(*w)
    }

    fn blind(&self, w: &Words) -> &'static str {
        (self.blind)(*w)
    }
}

static SOURCES: [Source; 4] = [
    Source {
        key: MIRROR,
        option: "--interface eth1",
        what: Words::source_mirror,
        blind: Words::source_mirror_blind,
        prepare: Words::enrol_settings,
    },
    Source {
        key: "netflow",
        option: "--netflow 0.0.0.0:2055",
        what: Words::source_netflow,
        blind: Words::source_netflow_blind,
        prepare: Words::enrol_settings_netflow,
    },
    Source {
        key: "dns",
        option: "--dns-log /var/log/pihole/pihole.log",
        what: Words::source_dns,
        blind: Words::source_dns_blind,
        prepare: Words::enrol_settings_dns,
    },
    Source {
        key: "firewall",
        option: "--syslog-in 0.0.0.0:5514",
        what: Words::source_firewall,
        blind: Words::source_firewall_blind,
        prepare: Words::enrol_settings_firewall,
    },
];

/// The source that a form has chosen when it opens.
const MIRROR: &str = "spiegelpoort";
const FIELDS: [&str; 2] = ["name", "bron"];

/// How the server's own address carries to where a sensor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Safe,
    /// It leads from this very machine to itself.
    Here,
    /// Everybody on the way can read along, which a sensor refuses unless it is told otherwise.
    Plain,
}

impl Way {
    fn to(server: &str) -> Self {
        let uri = server.parse::<Uri>().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        if address == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
            Self::Here
        } else if server.starts_with("http://") {
            Self::Plain
        } else {
            Self::Safe
        }
    }

    /// What a sensor must be told beside the address.
    fn option(self) -> &'static str {
        match self {
            Self::Safe | Self::Here => "",
            Self::Plain => " --allow-plain-http",
        }
    }

    /// What to know of it before a token is made.
    fn caution(self, server: &str, w: Words) -> Option<String> {
        match self {
            Self::Safe => None,
            Self::Here => Some(w.enrol_here(server)),
            Self::Plain => Some(w.enrol_plain(server)),
        }
    }
}

/// Whether a link to the server works on its own machine alone.
pub(crate) fn leads_here(server: &str) -> bool {
    Way::to(server) == Way::Here
}

#[derive(Template)]
#[template(path = "sensors/enrol.html")]
struct EnrolPage {
    frame: Frame,
    w: Words,
    base: String,
    saved: Option<&'static str>,
    /// What is wrong with the server's address.
    caution: Option<String>,
    problems: Problems,
    filled: Filled,
    sources: Vec<&'static Source>,
    made: Option<Made>,
    /// With which a sensor can enrol still.
    tokens: Vec<TokenView>,
}

/// A token that nobody used. What it is, nobody is told again.
struct TokenView {
    /// Its hash.
    id: String,
    name: String,
    made: String,
    until: String,
}

impl TokenView {
    fn new(token: SensorToken, desk: &Desk) -> Self {
        let w = desk.visit.w;
        Self {
            made: w.exception_by(&token.made_by, &desk.when(token.made_at).words),
            until: desk.when(token.expires_at).words,
            name: if token.name.is_empty() { w.tokens_nameless().to_owned() } else { token.name },
            id: token.token_sha256,
        }
    }
}

/// A token that was just made. It is not shown again.
struct Made {
    token: String,
    /// What to see to for the source that was chosen.
    prepare: &'static str,
    /// Writes what the service reads when it starts.
    settings: String,
    /// The same sensor without systemd.
    by_hand: String,
    until: String,
}

/// `GET /o/{slug}/sensoren/aanmelden`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    page(&enrol_page(&desk, Problems::new(), untouched(), None).await?)
}

/// `POST /o/{slug}/sensoren/aanmelden`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let visit = &desk.visit;
    let asked = if sent.has("bron") { sent.text("bron") } else { MIRROR };
    let Some(source) = SOURCES.iter().find(|source| source.key == asked) else {
        let mut problems = Problems::new();
        problems.add("bron", visit.w.enrol_source_choose());
        return page_again(&enrol_page(&desk, problems, Filled::from_sent(&sent, &FIELDS), None).await?);
    };
    match visit.app().new_sensor_token(&desk.scope, sent.text("name"), visit.now).await {
        Ok(made) => {
            let server = server(&desk);
            let plain = Way::to(server).option();
            let option = source.option;
            let made = Made {
                prepare: (source.prepare)(visit.w),
                settings: format!(
                    "printf '%s\\n' 'DIJKWACHT_SENSOR_OPTIONS={option}{plain}' 'DIJKWACHT_SENSOR_SERVER={server}' \
                     'DIJKWACHT_SENSOR_ENROL={}' | sudo install -D -m 600 /dev/stdin /etc/dijkwacht/sensor.env",
                    made.token
                ),
                by_hand: format!(
                    "sudo dijkwacht sensor {option} --server {server}{plain} --enrol {} --state /var/lib/dijkwacht-sensor",
                    made.token
                ),
                token: made.token,
                until: visit.w.enrol_until(&desk.when(made.expires_at).words),
            };
            page(&enrol_page(&desk, Problems::new(), Filled::default(), Some(made)).await?)
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "name")?;
            page_again(&enrol_page(&desk, problems, Filled::from_sent(&sent, &FIELDS), None).await?)
        }
    }
}

/// `POST /o/{slug}/sensoren/aanmelden/{code}`
pub(crate) async fn withdraw(desk: Desk, Path((_, code)): Path<(String, String)>) -> Result<Response, Failure> {
    match desk.visit.app().withdraw_sensor_token(&desk.scope, &code).await {
        Ok(()) => onward(&format!("{}/aanmelden?bewaard=ingetrokken", sensors_of(desk.slug()))),
        // The page is from before a sensor enrolled, or a colleague pressed.
        Err(app::Error::NotFound) => {
            let mut problems = Problems::new();
            problems.add("", desk.visit.w.tokens_gone());
            page_again(&enrol_page(&desk, problems, untouched(), None).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as it opens.
fn untouched() -> Filled {
    Filled::default().with("bron", MIRROR)
}

/// The address that sensors are sent to.
fn server(desk: &Desk) -> &str {
    desk.visit.web.state.base_url.trim_end_matches('/')
}

async fn enrol_page(desk: &Desk, problems: Problems, filled: Filled, made: Option<Made>) -> Result<EnrolPage, Failure> {
    let (w, base) = (desk.visit.w, sensors_of(desk.slug()));
    let frame = desk.frame(w.enrol_heading(), Place::Sensors).standing_at(&format!("{base}/aanmelden"));
    // Beside a token that is shown once nothing else asks for attention.
    let tokens = match made {
        Some(_) => Vec::new(),
        None => desk.visit.app().open_sensor_tokens(&desk.scope, desk.visit.now).await?,
    };
    Ok(EnrolPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base,
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        caution: Way::to(server(desk)).caution(server(desk), w),
        sources: SOURCES.iter().collect(),
        problems,
        filled,
        made,
        tokens: tokens.into_iter().map(|token| TokenView::new(token, desk)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_does_not_carry_is_known() {
        for (server, expected) in [
            ("https://dijkwacht.example", Way::Safe),
            ("https://10.99.7.1:18490/dijkwacht", Way::Safe),
            ("http://10.99.7.1:18490", Way::Plain),
            ("http://dijkwacht.example", Way::Plain),
            ("http://[2001:db8::1]:8480", Way::Plain),
            ("http://127.0.0.1:8480", Way::Here),
            ("http://localhost:8480", Way::Here),
            ("http://[::1]:8480", Way::Here),
            ("https://localhost", Way::Here),
        ] {
            assert_eq!(Way::to(server), expected, "{server}");
        }
    }
}
