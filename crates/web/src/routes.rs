//! All routes in one list, each with what it needs. The router is built from this list alone, and the guard enforces
//! what it says, so a page cannot be reached without it.

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use incident::Permission as P;

use crate::{api, assets, hashing, pages};

/// What somebody needs to reach a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Anybody may.
    Nothing,
    /// Whoever signed in.
    SignIn,
    /// A role in the organisation of the address that permits this.
    May(P),
}

pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) needs: Needs,
    pub(crate) handler: MethodRouter,
}

/// Every address with its method and what it needs, for walking over them in tests.
#[must_use]
pub fn addresses() -> Vec<(Method, &'static str, Needs)> {
    all().into_iter().map(|route| (route.method, route.path, route.needs)).collect()
}

fn show(path: &'static str, needs: Needs, handler: MethodRouter) -> Route {
    Route { method: Method::GET, path, needs, handler }
}

fn take(path: &'static str, needs: Needs, handler: MethodRouter) -> Route {
    Route { method: Method::POST, path, needs, handler }
}

/// A form that anybody may send and that costs us much: it is kept small.
fn with_password(handler: MethodRouter) -> MethodRouter {
    handler.layer(DefaultBodyLimit::max(hashing::LARGEST_FORM))
}

/// A body that the handler itself reads within bounds of its own.
fn of_program(handler: MethodRouter) -> MethodRouter {
    handler.layer(DefaultBodyLimit::disable())
}

/// A form with files: it is read in pieces, and its page says how large a file may be.
fn with_files(handler: MethodRouter) -> MethodRouter {
    handler.layer(DefaultBodyLimit::disable())
}

pub(crate) fn all() -> Vec<Route> {
    use Needs::{May, Nothing, SignIn};
    use pages::{
        about, board, home, import, incident, incidents, outgoing, person, planned, register, report, sensors, set_up,
        settings, sign_in, terms,
    };
    const CASE: &str = "/o/{slug}/incidenten/{number}";
    macro_rules! case {
        ($rest:literal) => {
            concat!("/o/{slug}/incidenten/{number}", $rest)
        };
    }
    macro_rules! seen {
        ($rest:literal) => {
            concat!("/o/{slug}/sensoren/{sensor}", $rest)
        };
    }
    vec![
        show("/s/{name}", Nothing, get(assets::serve)),
        show("/hulp", Nothing, get(about::help)),
        show("/over", Nothing, get(about::about)),
        show("/aanmelden", Nothing, get(sign_in::show)),
        take("/aanmelden", Nothing, with_password(post(sign_in::take))),
        take("/afmelden", Nothing, post(sign_in::leave)),
        show("/instellen/{token}", Nothing, get(set_up::show)),
        take("/instellen/{token}", Nothing, with_password(post(set_up::take))),
        show("/melden/{code}", Nothing, get(report::show)),
        take("/melden/{code}", Nothing, post(report::take)),
        show("/melden/{code}/dank", Nothing, get(report::thanks)),
        // A sensor shows its own secret; it has no session and no role.
        take(contract::sensor::ENROL_PATH, Nothing, of_program(post(api::sensors::enrol))),
        take(contract::sensor::REPORTS_PATH, Nothing, of_program(post(api::sensors::report))),
        show("/api/v1/sensors/lists/{name}", Nothing, get(api::sensors::list)),
        show("/", SignIn, get(home::door)),
        show("/bord", SignIn, get(board::show)),
        show("/o/{slug}", May(P::SeeOrganisation), get(home::show)),
        show("/o/{slug}/incidenten", May(P::ReadIncident), get(incidents::show)),
        show(CASE, May(P::ReadIncident), get(incident::overview::show)),
        show(case!("/feiten"), May(P::ReadIncident), get(incident::facts::show)),
        take(case!("/feiten"), May(P::HandleIncident), post(incident::facts::take)),
        take(case!("/feiten/ontdekt"), May(P::HandleIncident), post(incident::times::detected)),
        take(case!("/feiten/kennis"), May(P::HandleIncident), post(incident::times::aware)),
        take(case!("/feiten/verhaal"), May(P::HandleIncident), post(incident::narrative::take)),
        take(case!("/feiten/verwerker"), May(P::HandleIncident), post(incident::times::processor)),
        take(case!("/waarneming"), May(P::HandleIncident), post(incident::check::take)),
        take(case!("/klokken"), May(P::HandleIncident), post(incident::clocks::term_met)),
        show(case!("/klokken"), May(P::ReadIncident), get(incident::clocks::show)),
        show(case!("/klokken.ics"), May(P::ReadIncident), get(incident::clocks::calendar)),
        show(case!("/vragen"), May(P::ReadIncident), get(incident::interview::show)),
        show(case!("/vragen/{item}"), May(P::ReadIncident), get(incident::interview::ask)),
        take(case!("/vragen/{item}"), May(P::HandleIncident), post(incident::interview::answer)),
        show(case!("/oordeel"), May(P::ReadIncident), get(incident::verdict::show)),
        take(case!("/enisa"), May(P::HandleIncident), post(incident::enisa::take)),
        show(case!("/besluit"), May(P::ReadIncident), get(incident::decision::show)),
        take(case!("/besluit"), May(P::Decide), post(incident::decision::take)),
        // Who may advise is asked there: the FG, or who handles the incident and records an outside FG's advice.
        take(case!("/besluit/advies"), May(P::ReadIncident), post(incident::advice::take)),
        show(case!("/documenten"), May(P::ReadIncident), get(incident::documents::show)),
        take(case!("/documenten"), May(P::HandleIncident), post(incident::documents::make)),
        show(case!("/documenten/{file}"), May(P::ReadIncident), get(incident::documents::file)),
        take(case!("/documenten/gemeld"), May(P::HandleIncident), post(incident::sent::notified)),
        take(case!("/documenten/gewaarschuwd"), May(P::HandleIncident), post(incident::sent::warned)),
        take(case!("/documenten/csirt"), May(P::HandleIncident), post(incident::sent::csirt)),
        take(case!("/documenten/ingelicht"), May(P::HandleIncident), post(incident::sent::informed)),
        show(case!("/bewijs"), May(P::ReadIncident), get(incident::evidence::show)),
        take(case!("/bewijs"), May(P::HandleIncident), with_files(post(incident::evidence::take))),
        take(case!("/bewijs/controle"), May(P::HandleIncident), post(incident::evidence::check)),
        show(case!("/bewijs/{file}"), May(P::ReadIncident), get(incident::evidence::file::show)),
        show(case!("/bewijs/{file}/beeld"), May(P::ReadIncident), get(incident::evidence::file::picture)),
        // Who reads incidents may take a file away; that is recorded, so it is no mere GET.
        take(case!("/bewijs/{file}/download"), May(P::ReadIncident), post(incident::evidence::file::download)),
        take(case!("/bewijs/{file}/overgedragen"), May(P::HandleIncident), post(incident::evidence::file::hand_over)),
        take(case!("/bewijs/{file}/ingetrokken"), May(P::HandleIncident), post(incident::evidence::file::withdraw)),
        show(case!("/dossier"), May(P::ReadRegister), get(incident::bundle::file)),
        show(case!("/tijdlijn"), May(P::ReadIncident), get(incident::timeline::show)),
        take(case!("/tijdlijn"), May(P::HandleIncident), post(incident::timeline::note)),
        take(case!("/sluiten"), May(P::Close), post(incident::timeline::close)),
        take(case!("/heropenen"), May(P::Close), post(incident::timeline::reopen)),
        show(case!("/bewaren"), May(P::ReadIncident), get(incident::keeping::show)),
        take(case!("/bewaren/verbod"), May(P::Forget), post(incident::keeping::hold)),
        take(case!("/bewaren/wissen"), May(P::Forget), post(incident::keeping::erase)),
        take(case!("/bewaren/regel"), May(P::Forget), post(incident::keeping::erase_entry)),
        show("/o/{slug}/bewaren", May(P::ReadRegister), get(planned::show)),
        show("/o/{slug}/personen", May(P::Forget), get(person::show)),
        take("/o/{slug}/personen", May(P::Forget), post(person::search)),
        show("/o/{slug}/instellingen/bewaren", May(P::Administer), get(terms::show)),
        take("/o/{slug}/instellingen/bewaren", May(P::Administer), post(terms::take)),
        show("/bord/sensoren", SignIn, get(sensors::overview::show)),
        show("/o/{slug}/sensoren", May(P::SeeSensors), get(sensors::show)),
        show("/o/{slug}/sensoren/aanmelden", May(P::ManageSensors), get(sensors::enrol::show)),
        take("/o/{slug}/sensoren/aanmelden", May(P::ManageSensors), post(sensors::enrol::take)),
        take("/o/{slug}/sensoren/aanmelden/{code}", May(P::ManageSensors), post(sensors::enrol::withdraw)),
        show("/o/{slug}/sensoren/bevindingen", May(P::ReadDetections), get(sensors::findings::show)),
        show("/o/{slug}/sensoren/uitzonderingen", May(P::ReadDetections), get(sensors::exceptions::show)),
        take("/o/{slug}/sensoren/uitzonderingen", May(P::HandleIncident), post(sensors::exceptions::take)),
        take("/o/{slug}/sensoren/uitzonderingen/{id}", May(P::HandleIncident), post(sensors::exceptions::take_back)),
        take("/o/{slug}/sensoren/voorstellen", May(P::HandleIncident), post(sensors::proposals::take)),
        show("/o/{slug}/sensoren/lijsten", May(P::SeeSensors), get(sensors::lists::show)),
        take("/o/{slug}/sensoren/lijsten", May(P::ManageSensors), post(sensors::lists::take)),
        show("/o/{slug}/sensoren/vergelijken", May(P::SeeSensors), get(sensors::compare::show)),
        take("/o/{slug}/sensoren/vergelijken", May(P::Administer), post(sensors::compare::take)),
        show("/o/{slug}/sensoren/personeel", May(P::SeeSensors), get(sensors::staff::show)),
        take("/o/{slug}/sensoren/personeel", May(P::Administer), post(sensors::staff::take)),
        show("/o/{slug}/sensoren/privacyblad", May(P::SeeSensors), get(sensors::privacy::show)),
        show("/o/{slug}/sensoren/privacyblad.pdf", May(P::SeeSensors), get(sensors::privacy::pdf)),
        show("/o/{slug}/sensoren/instellingen", May(P::Administer), get(sensors::settings::show)),
        take("/o/{slug}/sensoren/instellingen", May(P::Administer), post(sensors::settings::take)),
        show("/o/{slug}/sensoren/{sensor}", May(P::SeeSensors), get(sensors::one::show)),
        take("/o/{slug}/sensoren/{sensor}/naam", May(P::ManageSensors), post(sensors::one::rename)),
        take("/o/{slug}/sensoren/{sensor}/leren", May(P::ManageSensors), post(sensors::one::learn)),
        take("/o/{slug}/sensoren/{sensor}/verwijderen", May(P::ManageSensors), post(sensors::one::remove)),
        show(seen!("/waarnemingen/{id}"), May(P::ReadDetections), get(sensors::detection::show)),
        take(seen!("/waarnemingen/{id}/incident"), May(P::HandleIncident), post(sensors::detection::open)),
        show(seen!("/zaken/{id}"), May(P::ReadDetections), get(sensors::case::show)),
        take(seen!("/zaken/{id}/incident"), May(P::HandleIncident), post(sensors::case::open)),
        show("/o/{slug}/register", May(P::ReadRegister), get(register::show)),
        show("/o/{slug}/register/export", May(P::ReadRegister), get(register::export)),
        show("/o/{slug}/register/bestand", May(P::ReadRegister), get(register::file)),
        show("/o/{slug}/register/inlezen", May(P::HandleIncident), get(import::show)),
        take("/o/{slug}/register/inlezen", May(P::HandleIncident), with_files(post(import::upload))),
        show("/o/{slug}/register/inlezen/{file}", May(P::HandleIncident), get(import::columns)),
        take("/o/{slug}/register/inlezen/{file}", May(P::HandleIncident), post(import::take)),
        show("/o/{slug}/uitgaand", May(P::ReadIncident), get(outgoing::show)),
        take("/o/{slug}/uitgaand/{id}", May(P::HandleIncident), post(outgoing::again)),
        show("/o/{slug}/register/checkpoint", May(P::ReadRegister), get(register::checkpoint)),
        show("/o/{slug}/instellingen", May(P::Administer), get(settings::show)),
        take("/o/{slug}/instellingen", May(P::Administer), post(settings::take)),
    ]
}
