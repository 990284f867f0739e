//! Behind a one-time link: the first administrator's organisation, or an invited person's place.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use app::{Invitation, NewPerson};

use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::hashing;
use crate::pages::sign_in;
use crate::visit::Visit;
use crate::words::Words;

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    frame: Frame,
    w: Words,
    asks_organisation: bool,
    problems: Problems,
    filled: Filled,
    blank: Filled,
}

/// `GET /instellen/{token}`
pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> Result<Response, Failure> {
    let invitation = invited(&visit, &token).await?;
    let filled = Filled::default().with("name", invitation.name.clone()).with("email", invitation.email.clone());
    page(&set_up_page(&visit, &invitation, Problems::new(), filled))
}

/// `POST /instellen/{token}`
pub(crate) async fn take(visit: Visit, Path(token): Path<String>, sent: Sent) -> Result<Response, Failure> {
    let invitation = invited(&visit, &token).await?;
    let person = NewPerson {
        organisation: sent.text("organisation").to_owned(),
        name: sent.text("name").to_owned(),
        email: sent.text("email").to_owned(),
        password: sent.raw("password").to_owned(),
    };
    let filled = Filled::from_sent(&sent, &["organisation", "name", "email"]);
    if let Some(field) = hashing::too_long(&person.email, &person.password) {
        let mut problems = Problems::new();
        problems.add(field, visit.w.sign_in_too_long());
        return page_again(&set_up_page(&visit, &invitation, problems, filled));
    }
    let (app, now) = (visit.app().clone(), visit.now);
    match visit.web.hashing.run(async move { app.accept(&token, person, now).await }).await? {
        Ok(who) => {
            sign_in::begin(&visit, &who).await?;
            onward("/")
        }
        // Somebody used it a moment ago.
        Err(app::Error::NotFound) => Err(Failure::UsedLink),
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "")?;
            page_again(&set_up_page(&visit, &invitation, problems, filled))
        }
    }
}

/// Who is invited by a link; one that was used, by another server too, is told to have been.
async fn invited(visit: &Visit, token: &str) -> Result<Invitation, Failure> {
    match visit.app().invitation(token, visit.now).await {
        Err(app::Error::NotFound) => Err(Failure::UsedLink),
        invitation => Ok(invitation?),
    }
}

fn set_up_page(visit: &Visit, invitation: &Invitation, problems: Problems, filled: Filled) -> SetUpPage {
    let w = visit.w;
    let asks_organisation = invitation.organisation.is_none() && invitation.provider.is_none();
    let frame = visit.frame(if asks_organisation { w.set_up_first() } else { w.set_up_invited() });
    SetUpPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        asks_organisation,
        problems,
        filled,
        blank: Filled::default(),
    }
}
