//! Informing the staff before sensors look into what they send: what the law asks, and the record of when and how it was done.

use askama::Template;
use axum::response::Response;
use incident::Permission;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/staff.html")]
struct StaffPage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    is_saved: bool,
    problems: Problems,
    filled: Filled,
    standing: String,
    is_informed: bool,
    notices: Vec<(String, String)>,
    may_record: bool,
}

/// `GET /o/{slug}/sensoren/personeel`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    page(&staff_page(&desk, Problems::new(), Filled::default()).await?)
}

/// `POST /o/{slug}/sensoren/personeel`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let (app, scope, now) = (desk.visit.app(), &desk.scope, desk.visit.now);
    let done = if sent.text("doe") == "terug" {
        app.take_back_staff_informed(scope, sent.text("how"), now).await
    } else {
        app.record_staff_informed(scope, sent.text("informed_on"), sent.text("how"), now).await
    };
    match done {
        Ok(()) => onward(&format!("{}/personeel?bewaard=ja", sensors_of(desk.slug()))),
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            page_again(&staff_page(&desk, problems, Filled::from_sent(&sent, &["informed_on", "how"])).await?)
        }
    }
}

async fn staff_page(desk: &Desk, problems: Problems, filled: Filled) -> Result<StaffPage, Failure> {
    let (w, app) = (desk.visit.w, desk.visit.app());
    let notices = app.staff_notices(&desk.scope).await?;
    let informed = notices.first().and_then(|notice| notice.informed_on);
    let base = sensors_of(desk.slug());
    let address = format!("{base}/personeel");
    let frame = desk.frame(w.staff_heading(), Place::Sensors).standing_at(&address);
    let line = |notice: &app::StaffNotice| {
        let at = desk.when(notice.recorded_at).words;
        let day = notice.informed_on.map(|day| w.date(day));
        (w.staff_notice(&at, &notice.recorded_by, day.as_deref()), notice.how.clone())
    };
    Ok(StaffPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base,
        address,
        is_saved: problems.is_empty() && desk.saved.is_some(),
        problems,
        filled,
        standing: w.staff_standing(informed.map(|day| w.date(day)).as_deref()),
        is_informed: informed.is_some(),
        notices: notices.iter().map(line).collect(),
        may_record: desk.allows(Permission::Administer),
    })
}
