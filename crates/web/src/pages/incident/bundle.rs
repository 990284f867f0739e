//! The complete file of one case, to hand over.

use axum::response::Response;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::case_file::CaseFile;
use crate::failure::Failure;
use crate::pages::register::attachment;

/// `GET …/dossier`. Printing takes a noticeable part of a second: it does not hold up the others.
pub(crate) async fn file(case: CaseFile) -> Result<Response, Failure> {
    let desk = &case.desk;
    let (app, scope, number, now) = (desk.visit.app().clone(), desk.scope.clone(), case.number(), desk.visit.now);
    let runtime = Handle::current();
    let bundle = spawn_blocking(move || runtime.block_on(app.case_bundle(&scope, number, now)))
        .await
        .map_err(app::Error::internal)??;
    attachment("application/zip", &bundle.file_name, bundle.zip)
}
