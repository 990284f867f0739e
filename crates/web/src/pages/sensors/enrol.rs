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

#[derive(Template)]
#[template(path = "sensors/enrol.html")]
struct EnrolPage {
    frame: Frame,
    w: Words,
    base: String,
    problems: Problems,
    filled: Filled,
    made: Option<Made>,
}

/// A token that was just made. It is not shown again.
struct Made {
    token: String,
    /// Writes what the service reads when it starts.
    settings: String,
    /// The same sensor without systemd.
    by_hand: String,
    until: String,
}

/// `GET /o/{slug}/sensoren/aanmelden`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    page(&enrol_page(&desk, Problems::new(), Filled::default(), None))
}

/// `POST /o/{slug}/sensoren/aanmelden`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let visit = &desk.visit;
    match visit.app().new_sensor_token(&desk.scope, sent.text("name"), visit.now).await {
        Ok(made) => {
            let server = visit.web.state.base_url.trim_end_matches('/');
            let made = Made {
                settings: format!(
                    "printf '%s\\n' 'DIJKWACHT_SENSOR_OPTIONS=--interface eth1' 'DIJKWACHT_SENSOR_SERVER={server}' \
                     'DIJKWACHT_SENSOR_ENROL={}' | sudo install -D -m 600 /dev/stdin /etc/dijkwacht/sensor.env",
                    made.token
                ),
                by_hand: format!(
                    "sudo dijkwacht sensor --interface eth1 --server {server} --enrol {} --state /var/lib/dijkwacht-sensor",
                    made.token
                ),
                token: made.token,
                until: visit.w.enrol_until(&desk.when(made.expires_at).words),
            };
            page(&enrol_page(&desk, Problems::new(), Filled::default(), Some(made)))
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "name")?;
            page_again(&enrol_page(&desk, problems, Filled::from_sent(&sent, &["name"]), None))
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
        problems,
        filled,
        made,
    }
}
