//! Forms: reading what was sent, and showing again what needs another look, with everything that was typed.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::Form;

pub(crate) use app::import::whole;
use app::{Error, FieldProblem, Trouble};

use crate::failure::Failure;
use crate::words::Words;

/// What stands before the name of a field that tells what the form held when it was opened.
pub(crate) const OPENED: &str = "gezien-";

/// A form as sent: names with their values, in order. Reading it this way loses nothing, whatever was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pairs: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            // No database keeps a NUL character, and nobody types one.
            Ok(Form(pairs)) if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) => {
                Err(Failure::Form(StatusCode::BAD_REQUEST))
            }
            Ok(Form(pairs)) => Ok(Self { pairs }),
            Err(rejection) => Err(Failure::Form(rejection.into_response().status())),
        }
    }
}

impl Sent {
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self { pairs: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
    }

    pub(crate) fn into_pairs(self) -> Vec<(String, String)> {
        self.pairs
    }

    /// The value of a field, trimmed; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field as typed.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field with several.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(sent, _)| sent == name).map(|(_, value)| value.as_str()).collect()
    }

    /// What the form held when it was opened, where it says so: the same fields, each behind `gezien-`.
    pub(crate) fn as_opened(&self) -> Option<Self> {
        let opened = |(name, value): &(String, String)| Some((name.strip_prefix(OPENED)?.to_owned(), value.clone()));
        let pairs: Vec<_> = self.pairs.iter().filter_map(opened).collect();
        (!pairs.is_empty()).then_some(Self { pairs })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(sent, _)| sent == name)
    }
}

/// What needs another look: at a field, or (an empty field) at the form as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems {
    list: Vec<(String, String)>,
    /// They are the store's, and not of what was filled in.
    trouble: Option<Trouble>,
}

impl Problems {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn add(&mut self, field: &str, text: impl Into<String>) {
        self.list.push((field.to_owned(), text.into()));
    }

    /// What the store's trouble is, and what became of what was sent.
    pub(crate) fn of_trouble(trouble: Trouble, w: Words) -> Self {
        let texts = [trouble.text(), trouble.text_for_sender()];
        Self::of_trouble_said(trouble, texts.map(|text| text.in_language(w.0).to_owned()))
    }

    /// The store's trouble in other words.
    pub(crate) fn of_trouble_said(trouble: Trouble, said: impl IntoIterator<Item = String>) -> Self {
        let list = said.into_iter().map(|text| (String::new(), text)).collect();
        Self { trouble: Some(trouble), list }
    }

    /// What stands above them.
    pub(crate) fn heading(&self, w: &Words) -> &'static str {
        self.trouble.map_or_else(|| w.problems_heading(), |trouble| w.trouble_heading(trouble))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first problem at a field.
    pub(crate) fn at(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|(at, _)| at == field).map(|(_, text)| text.as_str())
    }

    /// The ids of what is said of a field, for those who listen: its hint, then what is wrong with it. Nothing: neither is.
    pub(crate) fn described(&self, field: &str, has_hint: bool) -> Option<String> {
        let hint = has_hint.then(|| format!("{field}-hint"));
        let wrong = self.at(field).map(|_| format!("{field}-fout"));
        let ids: Vec<_> = hint.into_iter().chain(wrong).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Everything, for the summary: where to jump (empty: nowhere), and what is the matter.
    pub(crate) fn all(&self) -> &[(String, String)] {
        &self.list
    }

    /// What a use case found wrong with a form; anything that is not about the form goes on as a failure.
    /// `fields` maps a refusal to the field it is about.
    pub(crate) fn from_error(
        error: Error,
        w: Words,
        field_of: impl Fn(&incident::Refusal) -> &'static str,
    ) -> Result<Self, Failure> {
        let mut problems = Self::new();
        match error {
            Error::Invalid(list) => {
                for FieldProblem { field, text } in list {
                    problems.add(&field, text.in_language(w.0));
                }
            }
            // No form of a closed incident is shown again: who sent one is answered by a page of its own.
            Error::Refused(incident::Refusal::Closed) => return Err(Error::from(incident::Refusal::Closed).into()),
            Error::Refused(refusal) => problems.add(field_of(&refusal), refusal.text().in_language(w.0)),
            other => return Err(other.into()),
        }
        Ok(problems)
    }
}

/// What stands in the fields of a form, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled(BTreeMap<&'static str, String>);

impl Filled {
    /// What was just sent, for the same form once more.
    pub(crate) fn from_sent(sent: &Sent, names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| (*name, sent.raw(name).to_owned())).collect())
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.insert(name, value.into());
        self
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_groups_by_three_or_it_is_no_whole_number() {
        for (typed, digits) in [("0", "0"), (" 1200 ", "1200"), ("1.200", "1200"), ("12 000.000", "12000000")] {
            assert_eq!(whole(typed).as_deref(), Some(digits), "{typed}");
        }
        for typed in ["", "1.5", "1,5", "1.20", "1200.000", ".200", "1..200", "-1", "1e3", "veel"] {
            assert_eq!(whole(typed), None, "{typed}");
        }
    }
}
