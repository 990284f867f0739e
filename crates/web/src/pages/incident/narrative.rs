//! What people write for the register and the documents.

use axum::response::Response;

use app::Error;
use incident::{Narrative, Refusal};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::incident::facts::{Again, facts_page};

const FIELDS: [&str; 4] = ["description", "measures_taken", "measures_planned", "late_reason"];

/// `POST …/feiten/verhaal`
pub(crate) async fn take(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let told = |name: &str| Some(sent.text(name).to_owned()).filter(|text| !text.is_empty());
    let narrative = Narrative {
        description: told("description"),
        measures_taken: told("measures_taken"),
        measures_planned: told("measures_planned"),
        late_reason: told("late_reason"),
    };
    let visit = &case.desk.visit;
    match visit.app().record_narrative(&case.desk.scope, case.number(), narrative, visit.now).await {
        Ok(_) | Err(Error::Refused(Refusal::NothingChanges)) => onward(&format!("{}#verhaal", case.page(Tab::Facts))),
        Err(error) => {
            let problems = Problems::from_error(error, case.w(), |_| "description")?;
            let story = Some(Filled::from_sent(&sent, &FIELDS));
            page_again(&facts_page(&case, Again { problems, story, ..Again::default() })?)
        }
    }
}
