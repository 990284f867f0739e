//! The verdict at three depths: a sentence for a director, the reasons for an officer, rule and article for a lawyer; what
//! would change it, and beside it a second opinion and another law for who opens them.

mod lawyer;

use askama::Template;
use axum::response::Response;

use app::PaperKind;
use documents::explanation::{DutyReasons, ReasonWords, WhatIf, officer_reasons, open_questions, what_ifs};
use facts::Text;
use incident::Permission;
use law::interview::Item;
use law::verdict::{Duty, LawStatus, LawUsed};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page};
use crate::forms::{Filled, Problems};
use crate::frame::Frame;
use crate::pages::incident::enisa::{self, EnisaAgain, EnisaView};
use crate::pages::incident::still;
use crate::pages::incident::turned::{self, TurnedView};
use crate::view::verdict::{DutyView, duties, sentence};
use crate::words::Words;

use lawyer::{LawyerView, OtherLaw};

#[derive(Template)]
#[template(path = "incident/verdict.html")]
pub(crate) struct VerdictPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    problems: Problems,
    filled: Filled,
    turned: Option<TurnedView>,
    historical: Option<OtherLaw>,
    sentence: String,
    advices: Vec<AdviceView>,
    law: String,
    may_decide: bool,
    may_handle: bool,
    duties: Vec<DutyView>,
    missing: Vec<MissingView>,
    reasons: Vec<ReasonGroup>,
    whatifs: Vec<WhatIfView>,
    enisa: Option<EnisaView>,
    lawyer: LawyerView,
    proposal: Option<OtherLaw>,
    sheet_kind: &'static str,
    sheets: Vec<(String, String)>,
}

struct AdviceView {
    text: String,
    cites: String,
}

/// A question that is still open, and what hangs on it.
struct MissingView {
    href: String,
    question: String,
    matters: String,
    is_asked: bool,
}

/// Another answer, and what would become of the verdict.
struct WhatIfView {
    href: String,
    question: String,
    then: String,
}

struct ReasonGroup {
    duty: String,
    /// The rule that gave the outcome.
    first: ReasonView,
    /// What that rests on.
    rest: Vec<ReasonView>,
    more: String,
}

struct ReasonView {
    text: String,
    cites: String,
    because: Vec<(String, String)>,
}

/// What a form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) problems: Problems,
    pub(crate) filled: Filled,
    pub(crate) enisa: EnisaAgain,
}

/// `GET …/oordeel`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::instead(&case, Tab::Verdict)? {
        return Ok(page);
    }
    page(&verdict_page(&case, Again::default())?)
}

pub(crate) fn verdict_page(case: &CaseFile, again: Again) -> Result<VerdictPage, Failure> {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let verdict = case.verdict()?;
    let head = case.head(Tab::Verdict);
    let until = head.clock.as_ref().map(|clock| &clock.target);
    let is_open = incident.closed_at.is_none() && verdict.law.status != LawStatus::Historical;
    let frame = case.frame(Tab::Verdict);
    let say = |text: &Text| text.in_language(w.0).to_owned();
    Ok(VerdictPage {
        frame: if again.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base: case.base(),
        turned: turned::notice(case, &verdict),
        historical: lawyer::historical(case, &verdict),
        sentence: sentence(&verdict, until, w),
        advices: verdict
            .advice
            .iter()
            .map(|advice| AdviceView { text: say(&advice.text), cites: advice.cites.join(", ") })
            .collect(),
        law: if verdict.is_before_any_duty() {
            Text::new("Geen wetspakket oordeelt over die tijd.", "No law pack judges that time.")
                .in_language(w.0)
                .to_owned()
        } else {
            law_words(&verdict.law, w)
        },
        may_decide: desk.allows(Permission::Decide) && is_open,
        may_handle: desk.allows(Permission::HandleIncident),
        duties: duties(&verdict, until, w),
        missing: open_questions(&verdict)
            .into_iter()
            .map(|open| MissingView {
                href: case.ask(&Item::of(open.fact)),
                question: say(&open.question),
                matters: w.matters_for(&say(&open.matters_for)),
                is_asked: incident.not_known_yet.contains(&open.fact),
            })
            .collect(),
        reasons: officer_reasons(&verdict).iter().filter_map(|of_duty| group(of_duty, w)).collect(),
        whatifs: what_ifs(&verdict).into_iter().map(|what_if| what_if_view(&what_if, case)).collect(),
        enisa: enisa::view(case, &verdict, &again.enisa, &again.problems),
        lawyer: lawyer::view(case, &verdict),
        proposal: lawyer::proposal(case, &verdict),
        sheet_kind: PaperKind::Reasoning.key(),
        sheets: sheets(case),
        problems: again.problems,
        filled: again.filled,
        head,
    })
}

fn law_words(law: &LawUsed, w: Words) -> String {
    let from = law.in_force_from.map(|date| date.to_string()).unwrap_or_default();
    w.verdict_law(&law.id.to_uppercase(), &law.version, &from)
}

fn group(of_duty: &DutyReasons, w: Words) -> Option<ReasonGroup> {
    let duty: Duty = of_duty.duty;
    let mut reasons = of_duty.reasons.iter().map(|reason| reason_view(reason, w));
    let first = reasons.next()?;
    let rest: Vec<_> = reasons.collect();
    Some(ReasonGroup {
        duty: duty.name().in_language(w.0).to_owned(),
        first,
        more: w.verdict_rests_on(rest.len()),
        rest,
    })
}

fn reason_view(reason: &ReasonWords, w: Words) -> ReasonView {
    let said = |text: &Text| text.in_language(w.0).to_owned();
    ReasonView {
        text: said(&reason.text),
        cites: reason.cites.join(", "),
        because: reason.facts.iter().map(|fact| (said(&fact.question), as_answer(&said(&fact.answer)))).collect(),
    }
}

/// The sentence, of which the question is the way there.
fn what_if_view(what_if: &WhatIf, case: &CaseFile) -> WhatIfView {
    let (text, question) = (&what_if.text, what_if.fact.question());
    let (text, question) = (text.in_language(case.w().0), question.in_language(case.w().0));
    let then = text.strip_prefix(question).unwrap_or(text);
    WhatIfView { href: case.ask(&Item::of(what_if.fact)), question: question.to_owned(), then: then.trim().to_owned() }
}

/// An answer that stands by itself begins with a capital.
fn as_answer(said: &str) -> String {
    let mut letters = said.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The reasoning sheets that were made before, the newest first.
fn sheets(case: &CaseFile) -> Vec<(String, String)> {
    let made = case.incident.documents.iter().rev().filter(|made| made.kind == PaperKind::Reasoning.key());
    made.map(|made| {
        let href = format!("{}/{}.pdf", case.page(Tab::Documents), made.sha256);
        (href, case.w().pdf_of(&case.desk.when(made.made_at).words))
    })
    .collect()
}
