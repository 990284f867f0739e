//! What was told, and what is other now: answers as plain text, and the difference between two reports.

use std::collections::BTreeMap;

use facts::Text;

use super::Dossier;

/// One answer that differs from the last report's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The stable name of the answer.
    pub key: String,
    /// The form's number with the part: `3.2.1 naam`; the key alone where the form does not ask it any more.
    pub field: String,
    pub question: Text,
    /// As it was told; absent where it was missing then.
    pub before: Option<String>,
    /// As it is; absent where it is missing, or not asked any more.
    pub now: Option<String>,
}

/// A question with its part: several parts of one question would read the same.
fn named(question: &Text, part: Option<&Text>) -> Text {
    match part {
        None => question.clone(),
        Some(part) => Text::made(format!("{} ({})", question.nl, part.nl), format!("{} ({})", question.en, part.en)),
    }
}

impl Dossier<'_> {
    /// Every answer that is there, as plain text in the form's own words, by its stable key. Nothing in it depends on when it
    /// was asked for, so that two of them can be compared.
    #[must_use]
    pub fn answers(&self) -> BTreeMap<String, String> {
        self.fields
            .iter()
            .filter_map(|field| field.copy_text().map(|text| (field.question.key.clone(), text)))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    /// What a supplement has to tell: the answers that differ from those given before, in the form's order. What is about the
    /// report itself (its kind, whether it is complete) is no change.
    #[must_use]
    pub fn changed_since(&self, before: &BTreeMap<String, String>) -> Vec<Change> {
        let now = self.answers();
        let mut changes = Vec::new();
        for (_, question) in self.form.questions().filter(|(_, question)| !question.asks.is_about_report()) {
            let pair = (before.get(&question.key), now.get(&question.key));
            if pair.0 == pair.1 {
                continue;
            }
            changes.push(Change {
                key: question.key.clone(),
                field: question.label(),
                question: named(&question.text, question.part.as_ref()),
                before: pair.0.cloned(),
                now: pair.1.cloned(),
            });
        }
        changes
    }

    /// The changes since the last report that was made on this form; absent where that is not on file, or where this is no
    /// supplement.
    #[must_use]
    pub fn changes(&self) -> Option<Vec<Change>> {
        self.earlier.as_ref().map(|earlier| self.changed_since(earlier))
    }
}
