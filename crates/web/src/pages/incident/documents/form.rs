//! One form on the page: every field in its own order, with what to copy, what is a proposal, and where what is missing is asked.

use documents::dossier::asks::Asks;
use documents::dossier::form::Question;
use documents::dossier::{Answer, Change, Dossier, Field, Purpose};
use facts::Language;
use law::interview::Item;

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::pages::settings;
use crate::words::Words;

pub(crate) struct FormView {
    pub(crate) title: String,
    pub(crate) edition: String,
    pub(crate) status: String,
    pub(crate) credit: Option<String>,
    pub(crate) instruction: String,
    pub(crate) address: String,
    /// How far it is, in one line; and as shares of a bar.
    pub(crate) counts: String,
    pub(crate) bar: [BarPart; 3],
    pub(crate) is_filable: bool,
    pub(crate) is_complete: bool,
    /// What stands in the way of a first report: where it is on the page, and what it is.
    pub(crate) blocking: Vec<(String, String)>,
    /// Said above the fields of a supplement.
    pub(crate) notice: Option<&'static str>,
    pub(crate) sections: Vec<SectionView>,
    /// In a supplement: what is the same as in the last report.
    pub(crate) rest: Vec<SectionView>,
    pub(crate) rest_count: usize,
}

/// A part of the bar, in hundredths of its length.
pub(crate) struct BarPart {
    pub(crate) class: &'static str,
    pub(crate) from: String,
    pub(crate) width: String,
}

pub(crate) struct SectionView {
    pub(crate) title: String,
    pub(crate) fields: Vec<FieldView>,
}

pub(crate) struct FieldView {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) question: String,
    /// The question in the reader's language, where the form's own is another.
    pub(crate) gloss: String,
    pub(crate) ticks: Vec<String>,
    pub(crate) text: String,
    pub(crate) copy: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) is_missing: bool,
    pub(crate) links: Vec<(String, String)>,
    pub(crate) notes: Vec<String>,
    pub(crate) length: Option<String>,
    pub(crate) too_long: Option<String>,
}

impl FormView {
    pub(crate) fn of(dossier: &Dossier<'_>, case: &CaseFile) -> Self {
        let w = case.w();
        let form = dossier.form;
        let say = |text: &facts::Text| text.in_language(w.0).to_owned();
        let shown: Vec<&Field<'_>> = dossier.fields.iter().filter(|field| is_shown(field, case)).collect();
        let completeness = dossier.completeness();
        let changes = dossier.changes();
        let is_told = |field: &Field<'_>| match &changes {
            Some(changes) => {
                field.question.asks.is_about_report() || changes.iter().any(|one| one.key == field.question.key)
            }
            None => true,
        };
        let (told, rest): (Vec<_>, Vec<_>) = shown.into_iter().partition(|field| is_told(field));
        let rest_count = rest.len();
        let notice = match (dossier.purpose, &changes) {
            (Purpose::Supplement, None) => Some(w.form_not_compared()),
            (Purpose::Supplement, Some(changes)) if changes.is_empty() => Some(w.form_unchanged()),
            _ => None,
        };
        let changes = changes.unwrap_or_default();
        Self {
            title: say(&form.title),
            edition: say(&form.edition),
            status: say(&form.status),
            credit: form.credit.as_ref().map(say),
            instruction: say(&form.instruction),
            address: form.address.clone(),
            counts: w.form_counts(completeness.recorded, completeness.derived, completeness.missing),
            bar: bar([completeness.recorded, completeness.derived, completeness.missing]),
            is_filable: dossier.is_filable(),
            is_complete: completeness.missing == 0,
            blocking: dossier
                .blocking()
                .map(|field| (format!("#{}", id_of(field)), question(field.question, w.0)))
                .collect(),
            notice,
            sections: sections(&told, case, &changes),
            rest: sections(&rest, case, &[]),
            rest_count,
        }
    }
}

/// What only an organisation with an FG has to fill in is not asked of one without.
fn is_shown(field: &Field<'_>, case: &CaseFile) -> bool {
    let is_of_fg = matches!(field.question.asks, Asks::FgName | Asks::FgContact | Asks::FgRegistration);
    !is_of_fg || case.desk.scope.organisation().profile.has_dpo()
}

fn bar(counts: [usize; 3]) -> [BarPart; 3] {
    let all = counts.iter().sum::<usize>().max(1);
    let mut from = 0;
    let classes = ["dike", "water", "amber"];
    std::array::from_fn(|at| {
        let (class, count) =
            (classes.get(at).copied().unwrap_or_default(), counts.get(at).copied().unwrap_or_default());
        let share = |count: usize| format!("{:.2}", count as f64 * 100.0 / all as f64);
        let part = BarPart { class, from: share(from), width: share(count) };
        from += count;
        part
    })
}

fn sections(fields: &[&Field<'_>], case: &CaseFile, changes: &[Change]) -> Vec<SectionView> {
    let w = case.w();
    let mut sections: Vec<(&str, SectionView)> = Vec::new();
    for field in fields {
        let number = field.section.number.as_str();
        if sections.last().is_none_or(|(last, _)| *last != number) {
            let title = field.section.title.in_language(w.0);
            // What comes last has no number that we know.
            let is_numbered = number.starts_with(|first: char| first.is_ascii_digit());
            let title = if is_numbered { format!("{number} {title}") } else { title.to_owned() };
            sections.push((number, SectionView { title, fields: Vec::new() }));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.fields.push(field_view(field, case, changes));
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

fn id_of(field: &Field<'_>) -> String {
    format!("veld-{}", field.question.key)
}

/// What the form asks, with which part of it.
pub(crate) fn question(asked: &Question, language: Language) -> String {
    let text = asked.text.in_language(language);
    match &asked.part {
        Some(part) => format!("{text} – {}", part.in_language(language)),
        None => text.to_owned(),
    }
}

fn field_view(field: &Field<'_>, case: &CaseFile, changes: &[Change]) -> FieldView {
    let w = case.w();
    let asked = field.question;
    let content = field.content();
    let (state, tone) = match (&field.answer, field.is_missing()) {
        (Answer::Recorded(_), _) => (w.field_recorded(), "dike"),
        (Answer::Derived(_), _) => (w.field_derived(), "water"),
        (Answer::Missing, true) => (w.field_missing(), "amber"),
        (Answer::Missing, false) => (w.field_optional(), ""),
    };
    let text = content.and_then(|content| content.text.clone()).unwrap_or_default();
    let length = asked.limit.filter(|_| !text.is_empty() && field.too_long().is_none());
    FieldView {
        id: id_of(field),
        number: asked.number.clone(),
        question: question(field.question, Language::Dutch),
        gloss: match w.0 {
            Language::Dutch => String::new(),
            Language::English => question(field.question, Language::English),
        },
        ticks: content.map(|content| content.ticks.iter().map(|tick| (*tick).to_owned()).collect()).unwrap_or_default(),
        copy: field.copy_text().filter(|text| !text.is_empty()),
        state,
        tone,
        is_missing: field.is_missing(),
        links: links(field, case),
        notes: notes(field, changes, w),
        length: length.map(|limit| w.length(text.chars().count(), limit.chars, limit.is_known)),
        too_long: field.too_long().zip(asked.limit).map(|(over, limit)| w.too_long(over, limit.chars, limit.is_known)),
        text,
    }
}

fn notes(field: &Field<'_>, changes: &[Change], w: Words) -> Vec<String> {
    let mut notes: Vec<String> = field.note.iter().map(|note| note.in_language(w.0).to_owned()).collect();
    if let Some(unknown) = field.unknown.filter(|_| field.answer == Answer::Missing && field.note.is_none()) {
        notes.push(w.field_unknown_box(&unknown.nl));
    }
    if let Some(change) = changes.iter().find(|change| change.key == field.question.key) {
        notes.push(match &change.before {
            Some(before) => w.field_was(&before.replace('\n', "; ")),
            None => w.field_was_missing().to_owned(),
        });
    }
    if field.needs_check() {
        notes.push(w.field_check().to_owned());
    }
    notes
}

/// Where what is missing, or only proposed, is asked.
fn links(field: &Field<'_>, case: &CaseFile) -> Vec<(String, String)> {
    let w = case.w();
    if matches!(field.answer, Answer::Recorded(_)) {
        return Vec::new();
    }
    let facts = field.facts.iter().filter(|fact| !case.incident.facts.is_known(**fact)).take(2);
    let mut links: Vec<(String, String)> =
        facts.map(|fact| (case.ask(&Item::of(*fact)), fact.question().in_language(w.0).to_owned())).collect();
    let own_words = |name: &str| format!("{}#{name}", case.page(Tab::Facts));
    match field.question.asks {
        Asks::Description => links.push((own_words("description"), w.narrative_description().to_owned())),
        Asks::LateReason => links.push((own_words("late_reason"), w.narrative_late().to_owned())),
        Asks::AwareAt => links.push((own_words("kennis"), w.aware_heading().to_owned())),
        Asks::DetectedAt => links.push((own_words("ontdekt"), w.detected_heading().to_owned())),
        _ => {}
    }
    links.extend(settings::way_to(field, &case.desk));
    links
}
