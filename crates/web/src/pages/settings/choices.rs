//! The settings that are chosen: what holds for every incident of the organisation, its agreed terms, and ENISA's score.

use app::Profile;
use facts::{Fact, Kind};
use law::deadline::{ContractTerm, TermKind, TermLength};

use crate::desk::Desk;
use crate::forms::{Problems, Sent};
use crate::words::Words;

/// Rows for new terms, under those that there are.
const NEW_ROWS: usize = 2;
/// The most rows that are read; the use case says so where it is too many.
const MOST_ROWS: usize = 200;

/// A fact that the organisation answers once for all its incidents.
pub(super) struct ChoiceView {
    pub(super) name: &'static str,
    pub(super) question: String,
    pub(super) hint: &'static str,
    pub(super) options: Vec<(&'static str, String, bool)>,
}

/// A row of the agreed terms.
pub(super) struct TermView {
    /// Its place, from 0: the fields' names carry it.
    pub(super) place: usize,
    pub(super) id: String,
    pub(super) with: String,
    pub(super) length: String,
    pub(super) unit: &'static str,
    pub(super) kinds: Vec<(&'static str, String, bool)>,
    pub(super) wrong: Option<String>,
    pub(super) is_new: bool,
}

const HOURS: &str = "uren";
const WORKING_DAYS: &str = "werkdagen";

/// What the organisation is, as far as rules ask.
pub(super) fn of_law(profile: &Profile, w: Words) -> Vec<ChoiceView> {
    let truth = |known: Option<bool>| known.map(|known| if known { "ja" } else { "nee" });
    let view = |fact: Fact, chosen: Option<&str>, hint: &'static str| {
        let mut options = vec![("", w.settings_not_said().to_owned(), chosen.is_none())];
        match fact.kind() {
            Kind::One(choices) => options.extend(
                choices
                    .iter()
                    .map(|choice| (choice.key, choice.label.in_language(w.0).to_owned(), chosen == Some(choice.key))),
            ),
            _ => options.extend(
                [("ja", w.yes()), ("nee", w.no())].map(|(key, label)| (key, label.to_owned(), chosen == Some(key))),
            ),
        }
        ChoiceView { name: fact.key(), question: fact.question().in_language(w.0).to_owned(), hint, options }
    };
    vec![
        view(Fact::Role, profile.role, w.settings_role_hint()),
        view(Fact::FinancialUndertaking, truth(profile.financial_undertaking), w.settings_wft_hint()),
        view(Fact::CbwEntity, profile.cbw_entity, w.settings_cbw_hint()),
    ]
}

/// The questions that tell whether an organisation falls under the Cyberbeveiligingswet, each with its source.
pub(super) fn scope_aids(desk: &Desk) -> Vec<(String, String)> {
    let w = desk.visit.w;
    let packs = &desk.visit.app().packs;
    packs
        .iter()
        .flat_map(|pack| pack.aids_for(Fact::CbwEntity))
        .map(|aid| (aid.text.in_language(w.0).to_owned(), aid.cites.join(", ")))
        .collect()
}

/// The profile with what was chosen; what cannot be read is named.
pub(super) fn read(sent: &Sent, known: Profile, w: Words, problems: &mut Problems) -> Profile {
    let word = |fact: Fact, known: Option<&'static str>| {
        if sent.has(fact.key()) { fact.word(sent.text(fact.key())).ok() } else { known }
    };
    let truth = |name: &str, known: Option<bool>| match sent.text(name) {
        _ if !sent.has(name) => known,
        "ja" => Some(true),
        "nee" => Some(false),
        _ => None,
    };
    let is_whole = sent.has("keuzes");
    Profile {
        role: word(Fact::Role, known.role),
        cbw_entity: word(Fact::CbwEntity, known.cbw_entity),
        cbw_reason: if sent.has("cbw_reason") { sent.text("cbw_reason").into() } else { known.cbw_reason.clone() },
        financial_undertaking: truth(Fact::FinancialUndertaking.key(), known.financial_undertaking),
        // A box that is not ticked is not sent; the form says that it was there.
        uses_enisa: if is_whole { sent.has("uses_enisa") } else { known.uses_enisa },
        terms: if is_whole { terms_sent(sent, w, problems) } else { known.terms.clone() },
        ..known
    }
}

fn terms_sent(sent: &Sent, w: Words, problems: &mut Problems) -> Vec<ContractTerm> {
    let mut terms = Vec::new();
    for row in rows_sent(sent) {
        let (with, length) = (row.with.trim(), row.length.trim());
        // A row that says with whom nothing was agreed is left out: that is how a term is taken away.
        if with.is_empty() && length.is_empty() {
            continue;
        }
        let mark = if row.unit == WORKING_DAYS { "wd" } else { "h" };
        let Ok(length) = format!("{length}{mark}").parse::<TermLength>() else {
            problems.add(&format!("termijn-{}-met", row.place), w.settings_term_wrong());
            continue;
        };
        let id = if row.id.is_empty() { next_id(&terms, sent) } else { row.id.clone() };
        let kind = TermKind::from_key(row.kind()).unwrap_or(TermKind::Other);
        terms.push(ContractTerm { id, kind, with: with.into(), length });
    }
    terms
}

/// A short name that no term has.
fn next_id(terms: &[ContractTerm], sent: &Sent) -> String {
    let is_taken = |id: &str| terms.iter().any(|term| term.id == id) || rows_sent(sent).iter().any(|row| row.id == id);
    (1_u32..).map(|number| format!("termijn-{number}")).find(|id| !is_taken(id)).unwrap_or_default()
}

struct Row {
    place: usize,
    id: String,
    with: String,
    length: String,
    unit: &'static str,
    kind: String,
}

impl Row {
    fn kind(&self) -> &str {
        &self.kind
    }
}

fn rows_sent(sent: &Sent) -> Vec<Row> {
    let field = |place: usize, name: &str| format!("termijn-{place}-{name}");
    (0..MOST_ROWS)
        .take_while(|place| sent.has(&field(*place, "met")))
        .map(|place| Row {
            place,
            id: sent.text(&field(place, "id")).to_owned(),
            with: sent.raw(&field(place, "met")).to_owned(),
            length: sent.raw(&field(place, "lengte")).to_owned(),
            unit: if sent.text(&field(place, "eenheid")) == WORKING_DAYS { WORKING_DAYS } else { HOURS },
            kind: sent.text(&field(place, "soort")).to_owned(),
        })
        .collect()
}

fn kinds(chosen: &str, w: Words) -> Vec<(&'static str, String, bool)> {
    TermKind::ALL.map(|kind| (kind.key(), kind.name().in_language(w.0).to_owned(), kind.key() == chosen)).into()
}

/// What the form holds that these details fill: names with their values.
pub(super) fn held(profile: &Profile, w: Words) -> Vec<(String, String)> {
    let truth = |known: Option<bool>| known.map_or("", |known| if known { "ja" } else { "nee" });
    let mut held: Vec<(String, String)> =
        profile.fields().into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let chosen = [
        ("cbw_reason", profile.cbw_reason.as_str()),
        (Fact::Role.key(), profile.role.unwrap_or_default()),
        (Fact::FinancialUndertaking.key(), truth(profile.financial_undertaking)),
        (Fact::CbwEntity.key(), profile.cbw_entity.unwrap_or_default()),
        ("keuzes", "ja"),
    ];
    held.extend(chosen.map(|(name, value)| (name.to_owned(), value.to_owned())));
    if profile.uses_enisa {
        held.push(("uses_enisa".to_owned(), "ja".to_owned()));
    }
    for term in terms(profile, &Problems::new(), w).into_iter().filter(|term| !term.is_new) {
        let kind = term.kinds.iter().find(|(_, _, is_chosen)| *is_chosen).map(|(key, ..)| (*key).to_owned());
        let field = |name: &str| format!("termijn-{}-{name}", term.place);
        held.extend([
            (field("id"), term.id.clone()),
            (field("met"), term.with.clone()),
            (field("lengte"), term.length.clone()),
            (field("eenheid"), term.unit.to_owned()),
            (field("soort"), kind.unwrap_or_default()),
        ]);
    }
    held
}

/// The terms as they are, with what is wrong in each, and rows for new ones.
pub(super) fn terms(profile: &Profile, problems: &Problems, w: Words) -> Vec<TermView> {
    let known = profile.terms.iter().map(|term| {
        let (length, unit) = match term.length {
            TermLength::Hours(hours) => (hours, HOURS),
            TermLength::WorkingDays(days) => (days, WORKING_DAYS),
        };
        (term.id.clone(), term.with.clone(), length.to_string(), unit, term.kind.key())
    });
    let empty =
        (0..NEW_ROWS).map(|_| (String::new(), String::new(), String::new(), HOURS, TermKind::ProcessorContract.key()));
    known
        .chain(empty)
        .enumerate()
        .map(|(place, (id, with, length, unit, kind))| TermView {
            place,
            is_new: id.is_empty(),
            id,
            with,
            length,
            unit,
            kinds: kinds(kind, w),
            wrong: problems.at(&format!("termijn-{place}-met")).map(str::to_owned),
        })
        .collect()
}

/// The terms as they were sent, with what is wrong in each.
pub(super) fn terms_as_sent(sent: &Sent, problems: &Problems, w: Words) -> Vec<TermView> {
    // The use case counts the terms that were filled in; the rows that were not are passed over.
    let mut filled = 0;
    rows_sent(sent)
        .into_iter()
        .map(|row| {
            let is_filled = !row.with.trim().is_empty() || !row.length.trim().is_empty();
            let told = is_filled.then(|| problems.at(&format!("terms.{filled}"))).flatten();
            filled += usize::from(is_filled);
            let wrong = problems.at(&format!("termijn-{}-met", row.place)).or(told).map(str::to_owned);
            TermView {
                place: row.place,
                is_new: row.id.is_empty(),
                kinds: kinds(row.kind(), w),
                id: row.id,
                with: row.with,
                length: row.length,
                unit: row.unit,
                wrong,
            }
        })
        .collect()
}
