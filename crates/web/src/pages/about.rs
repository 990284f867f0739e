//! Help and the page about the program.

use askama::Template;
use axum::response::Response;

use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::visit::AnyVisit;
use crate::words::Words;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    w: Words,
}

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    frame: Frame,
    w: Words,
}

/// `GET /hulp`
pub(crate) async fn help(AnyVisit(visit): AnyVisit) -> Result<Response, Failure> {
    page(&HelpPage { frame: Frame::of(&visit, visit.w.help_heading(), Place::Help), w: visit.w })
}

/// `GET /over`
pub(crate) async fn about(AnyVisit(visit): AnyVisit) -> Result<Response, Failure> {
    page(&AboutPage { frame: visit.frame(visit.w.about_heading()), w: visit.w })
}
