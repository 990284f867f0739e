//! The privacy sheet: made from what is settled and from what sensors say of themselves, as a page and as PDF.

use askama::Template;
use axum::response::Response;
use documents::{Block, Run};

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::incident::documents::download;
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/privacy.html")]
struct PrivacyPage {
    frame: Frame,
    w: Words,
    base: String,
    title: String,
    subtitle: String,
    sheet: Vec<Block>,
}

/// `GET /o/{slug}/sensoren/privacyblad`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let sheet =
        desk.visit.app().privacy_sheet(&desk.scope, desk.visit.web.state.backup_days, desk.visit.now, w.0).await?;
    page(&PrivacyPage {
        frame: desk.frame(w.privacy_heading(), Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        title: sheet.title,
        subtitle: sheet.subtitle,
        sheet: sheet.blocks,
    })
}

/// `GET /o/{slug}/sensoren/privacyblad.pdf`
pub(crate) async fn pdf(desk: Desk) -> Result<Response, Failure> {
    let (w, app, now) = (desk.visit.w, desk.visit.app(), desk.visit.now);
    let sheet = app.privacy_sheet(&desk.scope, desk.visit.web.state.backup_days, now, w.0).await?;
    let pdf = app.press.print(&sheet, &app.zoned(&desk.scope, now)?)?;
    download("application/pdf", &format!("{}-{}.pdf", w.privacy_file(), desk.slug()), pdf)
}
