//! The pages: routes, extractors, templates. Each page finds out who asks, calls one use case of `app`, and shows what it
//! says.
//!
//! Promises: every page works without script; what belongs to another organisation does not exist; nothing typed is lost
//! by an error; no script or style stands in a page itself. Deliberately not here: rules, SQL, dates worked out (those
//! are `law`, the stores and `app`).

mod address;
mod api;
mod assets;
mod case_file;
mod desk;
mod drawing;
mod failure;
mod file_name;
mod forms;
mod frame;
mod guard;
mod hashing;
mod headers;
mod language;
mod limit;
mod moment_fields;
mod pages;
mod routes;
mod session;
mod typed;
mod upload;
mod view;
mod visit;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, RawPathParams, Request};
use axum::middleware::{Next, from_fn, map_response};
use jiff::Timestamp;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use app::App;
use facts::Text;

pub use routes::{Needs, addresses};

/// Where the pages read the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The largest form we take, in bytes.
const LARGEST_FORM: usize = 1024 * 1024;

/// Everything that the pages need from outside.
#[derive(Clone)]
pub struct State {
    pub app: App,
    pub clock: Clock,
    /// The address under which people reach the server, without a slash at its end: `https://dijkwacht.example`.
    pub base_url: String,
    /// The server is reached over HTTPS: cookies are sent over nothing else.
    pub is_secure: bool,
    /// Letters leave: a way to send mail is configured.
    pub sends_mail: bool,
    /// What the sign-in page says first, such as the log-ins of a demonstration.
    pub notice: Option<Notice>,
    /// How much evidence an incident may have.
    pub evidence: app::EvidenceLimits,
    /// For how many days the program keeps the backups that it makes; absent where it makes none by itself.
    pub backup_days: Option<u16>,
    /// The threat lists that the server keeps for its sensors.
    pub lists: Arc<dyn app::ports::ThreatLists>,
}

/// A notice on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: Text,
    pub logins: Vec<Login>,
}

/// A log-in that may be shown to everybody, as in a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Who this is: "Officer of bakery De Korenaar".
    pub who: Text,
    pub email: String,
    pub password: String,
}

/// What every request can reach.
pub(crate) struct Web {
    pub(crate) state: State,
    pub(crate) limits: limit::Limits,
    pub(crate) hashing: hashing::Hashing,
}

/// The address of a one-time link, for printing at the start or sending.
#[must_use]
pub fn set_up_link(base_url: &str, token: &str) -> String {
    format!("{}/instellen/{token}", base_url.trim_end_matches('/'))
}

/// The address of an organisation's report form.
#[must_use]
pub fn report_link(base_url: &str, report_code: &str) -> String {
    format!("{}/melden/{report_code}", base_url.trim_end_matches('/'))
}

/// All pages, ready to be served. To limit guessing by address, serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(state: State) -> Router {
    let sessions = session::layer(&state);
    let web = Arc::new(Web { state, limits: limit::Limits::default(), hashing: hashing::Hashing::default() });
    let routes = routes::all().into_iter().fold(Router::new(), |router, route| {
        let needs = route.needs;
        let guarded = route.handler.layer(from_fn(pages::incident::closed::instead)).layer(from_fn(
            move |visit: Result<visit::Visit, failure::Failure>,
                  params: RawPathParams,
                  request: Request,
                  next: Next| { guard::permit(needs, visit, params, request, next) },
        ));
        router.route(route.path, guarded)
    });
    // The first stands outermost.
    let stack = ServiceBuilder::new()
        // Files are sent as they are: how long they are is known, and most of them are packed already.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream"))),
        )
        .layer(map_response(headers::secure))
        .layer(Extension(web))
        .layer(from_fn(language::choose))
        .layer(from_fn(failure::show))
        .layer(CatchPanicLayer::custom(failure::caught))
        .layer(sessions)
        .layer(from_fn(guard::same_site))
        .layer(DefaultBodyLimit::max(LARGEST_FORM));
    routes.fallback(failure::nowhere).layer(stack)
}
