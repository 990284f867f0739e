//! Enrolling a sensor: a token, shown once, with the very commands to run. They lead to where the service of
//! `packaging/dijkwacht-sensor.service` looks: its settings, and its state folder.

use askama::Template;
use axum::response::Response;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, page, page_again};
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

#[derive(Template)]
#[template(path = "sensors/enrol.html")]
struct EnrolPage {
    frame: Frame,
    w: Words,
    base: String,
    problems: Problems,
    filled: Filled,
    sources: Vec<&'static Source>,
    made: Option<Made>,
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
    page(&enrol_page(&desk, Problems::new(), Filled::default().with("bron", MIRROR), None))
}

/// `POST /o/{slug}/sensoren/aanmelden`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let visit = &desk.visit;
    let asked = if sent.has("bron") { sent.text("bron") } else { MIRROR };
    let Some(source) = SOURCES.iter().find(|source| source.key == asked) else {
        let mut problems = Problems::new();
        problems.add("bron", visit.w.enrol_source_choose());
        return page_again(&enrol_page(&desk, problems, Filled::from_sent(&sent, &FIELDS), None));
    };
    match visit.app().new_sensor_token(&desk.scope, sent.text("name"), visit.now).await {
        Ok(made) => {
            let server = visit.web.state.base_url.trim_end_matches('/');
            let option = source.option;
            let made = Made {
                prepare: (source.prepare)(visit.w),
                settings: format!(
                    "printf '%s\\n' 'DIJKWACHT_SENSOR_OPTIONS={option}' 'DIJKWACHT_SENSOR_SERVER={server}' \
                     'DIJKWACHT_SENSOR_ENROL={}' | sudo install -D -m 600 /dev/stdin /etc/dijkwacht/sensor.env",
                    made.token
                ),
                by_hand: format!(
                    "sudo dijkwacht sensor {option} --server {server} --enrol {} --state /var/lib/dijkwacht-sensor",
                    made.token
                ),
                token: made.token,
                until: visit.w.enrol_until(&desk.when(made.expires_at).words),
            };
            page(&enrol_page(&desk, Problems::new(), Filled::default(), Some(made)))
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "name")?;
            page_again(&enrol_page(&desk, problems, Filled::from_sent(&sent, &FIELDS), None))
        }
    }
}

fn enrol_page(desk: &Desk, problems: Problems, filled: Filled, made: Option<Made>) -> EnrolPage {
    let (w, base) = (desk.visit.w, sensors_of(desk.slug()));
    let frame = desk.frame(w.enrol_heading(), Place::Sensors).standing_at(&format!("{base}/aanmelden"));
    EnrolPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base,
        sources: SOURCES.iter().collect(),
        problems,
        filled,
        made,
    }
}
