//! Where the interview stands: what comes next, what was answered and by whom, what nobody knows yet; and at its end what
//! follows from it.

use askama::Template;
use axum::response::Response;

use app::IncidentLine;
use documents::dossier::{self, Field, Purpose};
use documents::explanation::director_sentence;
use facts::{Fact, Language, Text};
use incident::Permission;
use law::interview::{EMERGENCY, Item, Road, Step, wording};
use law::verdict::{Outcome, Verdict};

use crate::address::{Tab, settings_of};
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page};
use crate::frame::Frame;
use crate::pages::incident::interview::asked::{AskedView, answered, unknown};
use crate::pages::incident::interview::walk::Walk;
use crate::pages::incident::still;
use crate::view::clock::ClockView;
use crate::words::Words;

/// How many open facts are named at the end; all of them stand in the list below it.
const NAMED: usize = 5;

#[derive(Template)]
#[template(path = "incident/interview/standing.html")]
struct StandingPage {
    frame: Frame,
    w: Words,
    head: Head,
    may_handle: bool,
    is_emergency: bool,
    other_road: String,
    hurry: Option<Hurry>,
    next: Option<NextView>,
    end: Option<EndView>,
    answered: Vec<AskedView>,
    unknown: Vec<AskedView>,
    all_facts: String,
}

/// The question that comes next.
struct NextView {
    href: String,
    question: &'static str,
    stands: String,
    is_begun: bool,
}

/// What follows once nothing is left to ask.
struct EndView {
    sentence: String,
    hangs_on: Vec<AskedView>,
    /// Beside those named: how many more.
    hangs_more: Option<String>,
    verdict_href: String,
    decide_href: Option<String>,
    report: Option<ReportView>,
    is_report_needless: bool,
}

/// The report to the authority that the emergency road leads to.
struct ReportView {
    href: String,
    is_filable: bool,
    /// What it cannot do without, then what may follow.
    needed: Vec<LackView>,
    missing: Vec<LackView>,
    missing_words: String,
}

struct LackView {
    label: String,
    href: Option<String>,
}

/// The emergency road, offered: in large when time is short.
pub(crate) struct Hurry {
    pub(crate) heading: Option<&'static str>,
    pub(crate) href: String,
}

impl Hurry {
    /// Nothing where there is no first report to make, or it was made.
    pub(crate) fn of(case: &CaseFile, verdict: &Verdict, clock: Option<&ClockView>) -> Option<Self> {
        let is_due = verdict.notify_authority.outcome != Outcome::NotRequired;
        let is_made = case.incident.authority_notified.is_some();
        let may = case.desk.allows(Permission::HandleIncident) && case.incident.closed_at.is_none();
        let w = case.w();
        (is_due && !is_made && may).then(|| Self {
            heading: clock.and_then(|clock| match clock.mood {
                "now" => Some(w.hurry_now()),
                "late" => Some(w.hurry_late()),
                _ => None,
            }),
            href: Walk::on(Road::Emergency).href(case, None),
        })
    }
}

/// `GET …/vragen`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::instead(&case, Tab::Interview)? {
        return Ok(page);
    }
    let w = case.w();
    let walk = Walk::of(&case.desk.visit.uri);
    let verdict = case.verdict()?;
    let head = case.head(Tab::Interview);
    let may_handle = case.desk.allows(Permission::HandleIncident) && case.incident.closed_at.is_none();
    let from_start = Walk { after: None, ..walk.clone() };
    let (next, end, hangs_on) = match walk.step(&case, &verdict) {
        Step::Ask(ask) => {
            let next = NextView {
                href: from_start.href(&case, Some(&ask.item)),
                question: wording(&ask.item).question.in_language(w.0),
                stands: w.asking_stands(ask.answered, ask.at_most_left),
                is_begun: ask.answered > 0,
            };
            (Some(next), None, Vec::new())
        }
        Step::Done(done) => {
            let end = end(&case, &walk, &verdict, &done.hangs_on).await?;
            (None, Some(end), done.hangs_on)
        }
    };
    page(&StandingPage {
        frame: case.frame(Tab::Interview),
        w,
        may_handle,
        is_emergency: walk.is_emergency(),
        other_road: Walk::on(Road::Whole).href(&case, None),
        hurry: (!walk.is_emergency()).then(|| Hurry::of(&case, &verdict, head.clock.as_ref())).flatten(),
        next,
        end,
        answered: answered(&case, &from_start),
        unknown: unknown(&case, &from_start, &hangs_on),
        all_facts: case.page(Tab::Facts),
        head,
    })
}

async fn end(case: &CaseFile, walk: &Walk, verdict: &Verdict, hangs_on: &[Fact]) -> Result<EndView, Failure> {
    let needs_report = verdict.notify_authority.outcome != Outcome::NotRequired;
    let without = Walk { after: None, ..walk.clone() };
    let mut hanging: Vec<AskedView> =
        unknown(case, &without, hangs_on).into_iter().filter(|one| one.is_telling).collect();
    let more = hanging.len().saturating_sub(NAMED);
    hanging.truncate(NAMED);
    Ok(EndView {
        sentence: director_sentence(verdict, until(case).as_ref()).in_language(case.w().0).to_owned(),
        hangs_on: hanging,
        hangs_more: (more > 0).then(|| case.w().asked_hangs_more(more)),
        verdict_href: case.page(Tab::Verdict),
        decide_href: case.desk.allows(Permission::Decide).then(|| case.page(Tab::Decision)),
        report: if walk.is_emergency() && needs_report { Some(report(case, &without).await?) } else { None },
        is_report_needless: walk.is_emergency() && !needs_report,
    })
}

/// Before which moment the authority is told, while the clock runs.
fn until(case: &CaseFile) -> Option<Text> {
    let clock = IncidentLine::of(&case.incident).clock.filter(|clock| !clock.is_stopped)?;
    let words = |language| documents::moment(clock.deadline.target, &case.desk.zone, language);
    Some(Text::made(words(Language::Dutch), words(Language::English)))
}

/// The report to the authority as it would be now.
async fn report(case: &CaseFile, walk: &Walk) -> Result<ReportView, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let visit = &desk.visit;
    let reporter = visit.app().person(&desk.seat.who).await?;
    let (scope, incident) = (&desk.scope, &case.incident);
    let dossier = visit.app().dossier(scope, incident, dossier::AP, Purpose::First, Some(&reporter), visit.now)?;
    let lack = |field: &Field<'_>| {
        let label = format!("{}: {}", field.label(), field.question.text.in_language(w.0));
        match asked_by(field) {
            Some(item) => LackView { label, href: Some(walk.href(case, Some(&item))) },
            // Who the organisation is, and whom the authority may ask: the form's part 3.
            None if field.section.number == "3" => LackView {
                label: w.hurry_in_settings(&label),
                href: desk.allows(Permission::Administer).then(|| settings_of(desk.slug())),
            },
            None => LackView { label, href: None },
        }
    };
    let needed: Vec<&Field<'_>> = dossier.blocking().collect();
    let is_needed = |field: &Field<'_>| needed.iter().any(|one| one.question.key == field.question.key);
    let missing: Vec<LackView> = dossier.missing().filter(|field| !is_needed(field)).map(lack).collect();
    Ok(ReportView {
        href: format!("{}#ap", case.page(Tab::Documents)),
        is_filable: dossier.is_filable(),
        needed: needed.iter().map(|field| lack(field)).collect(),
        missing_words: w.hurry_missing(missing.len()),
        missing,
    })
}

/// The question of the interview that fills a field. Who the organisation is (the form's part 3) is no question of a case.
fn asked_by(field: &Field<'_>) -> Option<Item> {
    let by_fact = || field.facts.first().map(|fact| Item::of(*fact));
    if field.section.number == "3" {
        return by_fact();
    }
    let stop = EMERGENCY.iter().find(|stop| stop.fills.contains(&field.question.number.as_str()));
    stop.map(|stop| stop.item.clone()).or_else(by_fact)
}
