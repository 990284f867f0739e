//! Two people who change the same form at the same time: what the one did not touch is as the other left it, and what both
//! changed is said.
//!
//! Promises: nothing that somebody stored goes away because another sent an older form; nothing that was typed does. Not
//! here: whether it is stored (`profile`, `forget`), how it is shown.

use std::collections::BTreeSet;

use law::deadline::ContractTerm;

use crate::Profile;

/// One field of two forms: what is to stand there, and whether both changed it, each in their own way. `began`: what stood
/// there when whoever sends this began; where that is not known, all that differs was changed.
pub fn settled<T: PartialEq + Clone>(began: Option<&T>, sent: &T, stored: &T) -> (T, bool) {
    if sent == stored || began == Some(sent) {
        return (stored.clone(), false);
    }
    (sent.clone(), began != Some(stored))
}

/// Details of two people, put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedProfile {
    pub profile: Profile,
    /// The fields that both changed, each in their own way, by their names on forms; they hold what was sent.
    pub both: Vec<&'static str>,
    /// The agreed terms that both changed, by id. Of one that either took away, what the other made of it stands there.
    pub both_terms: Vec<String>,
}

impl Profile {
    /// What was sent on a form that began with other details than those that are stored by now.
    #[must_use]
    pub fn merged(began: Option<&Self>, sent: &Self, stored: &Self) -> MergedProfile {
        let mut both = Vec::new();
        let mut profile = stored.clone();
        {
            let began = began.map(Self::texts);
            let texts = profile.texts_mut().into_iter().zip(sent.texts()).enumerate();
            for (place, ((name, to), (_, sent))) in texts {
                // Browsers write the ends of lines in their own way, and stored texts are tidied.
                let began = began.as_ref().and_then(|texts| texts.get(place)).map(|(_, text)| plain(text));
                let (settled, is_both) = settled(began.as_ref(), &plain(sent), &plain(to));
                if settled != plain(to) {
                    sent.clone_into(to);
                }
                both.extend(is_both.then_some(name));
            }
        }
        let mut note = |name, is_both: bool| both.extend(is_both.then_some(name));
        macro_rules! choice {
            ($field:ident) => {{
                let (value, is_both) = settled(began.map(|one| &one.$field), &sent.$field, &stored.$field);
                profile.$field = value;
                note(stringify!($field), is_both);
            }};
        }
        choice!(role);
        choice!(financial_undertaking);
        choice!(cbw_entity);
        choice!(trust_service);
        choice!(uses_enisa);
        let (terms, both_terms) = merged_terms(began.map(|one| one.terms.as_slice()), &sent.terms, &stored.terms);
        profile.terms = terms;
        MergedProfile { profile, both, both_terms }
    }

    /// All that is written freely: the lines, and the reason beside a choice.
    fn texts(&self) -> Vec<(&'static str, &str)> {
        self.fields().into_iter().chain([("cbw_reason", self.cbw_reason.as_str())]).collect()
    }

    /// The same, in the same order, to be changed.
    fn texts_mut(&mut self) -> [(&'static str, &mut String); 14] {
        [
            ("address", &mut self.address),
            ("postcode", &mut self.postcode),
            ("town", &mut self.town),
            ("kvk", &mut self.kvk),
            ("sector", &mut self.sector),
            ("dpo_name", &mut self.dpo_name),
            ("dpo_email", &mut self.dpo_email),
            ("dpo_number", &mut self.dpo_number),
            ("contact_name", &mut self.contact_name),
            ("contact_function", &mut self.contact_function),
            ("contact_email", &mut self.contact_email),
            ("contact_phone", &mut self.contact_phone),
            ("register_email", &mut self.register_email),
            ("cbw_reason", &mut self.cbw_reason),
        ]
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn merged_terms(
    began: Option<&[ContractTerm]>,
    sent: &[ContractTerm],
    stored: &[ContractTerm],
) -> (Vec<ContractTerm>, Vec<String>) {
    let find = |terms: &[ContractTerm], id: &str| terms.iter().find(|term| term.id == id).cloned();
    let sent = renamed(began, sent, stored);
    let ids = stored.iter().chain(sent.iter().filter(|term| find(stored, &term.id).is_none())).map(|term| &term.id);
    let (mut terms, mut both) = (Vec::new(), Vec::new());
    for id in ids {
        let (sent, stored) = (find(&sent, id), find(stored, id));
        let (term, is_both) = settled(began.map(|terms| find(terms, id)).as_ref(), &sent, &stored);
        // Taken away here and changed there, it comes back to be looked at.
        terms.extend(term.or(stored.filter(|_| is_both)));
        both.extend(is_both.then(|| id.clone()));
    }
    (terms, both)
}

/// The terms that were sent, new ones by a name that none of those stored has: two people who each added one chose the same.
fn renamed(began: Option<&[ContractTerm]>, sent: &[ContractTerm], stored: &[ContractTerm]) -> Vec<ContractTerm> {
    let Some(began) = began else { return sent.to_vec() };
    let mut taken: BTreeSet<String> = stored.iter().chain(sent).map(|term| term.id.clone()).collect();
    let mut renamed = Vec::with_capacity(sent.len());
    for term in sent {
        let is_new = began.iter().all(|one| one.id != term.id);
        let is_another = stored.iter().any(|one| one.id == term.id && one != term);
        let free = (1_u32..).map(|number| format!("termijn-{number}")).find(|id| !taken.contains(id));
        match free.filter(|_| is_new && is_another) {
            Some(id) => {
                taken.insert(id.clone());
                renamed.push(ContractTerm { id, ..term.clone() });
            }
            None => renamed.push(term.clone()),
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use law::deadline::{TermKind, TermLength};

    use super::*;

    #[test]
    fn what_was_not_touched_is_the_others_and_what_both_changed_is_said() {
        for (began, sent, stored, expected) in [
            (Some("a"), "a", "a", ("a", false)),
            (Some("a"), "a", "b", ("b", false)),
            (Some("a"), "b", "a", ("b", false)),
            (Some("a"), "b", "b", ("b", false)),
            (Some("a"), "b", "c", ("b", true)),
            (None, "a", "a", ("a", false)),
            (None, "a", "b", ("a", true)),
        ] {
            assert_eq!(settled(began.as_ref(), &sent, &stored), expected, "{began:?} {sent} {stored}");
        }
    }

    #[test]
    fn every_field_of_the_details_is_put_together() {
        let began = Profile { cbw_reason: "Bakker\r\n12 mensen".into(), ..Profile::default() };
        let stored = Profile {
            town: "Hier".into(),
            kvk: "12345678".into(),
            role: Some("processor"),
            cbw_entity: Some("none"),
            ..began.clone()
        };
        let sent = Profile {
            town: "Daar".into(),
            address: "Molenstraat 1".into(),
            cbw_reason: "Bakker\n12 mensen".into(),
            cbw_entity: Some("important"),
            uses_enisa: true,
            ..Profile::default()
        };
        let merged = Profile::merged(Some(&began), &sent, &stored);
        assert_eq!(merged.both, ["town", "cbw_entity"]);
        let expected = Profile {
            kvk: "12345678".into(),
            role: Some("processor"),
            cbw_reason: began.cbw_reason.clone(),
            ..sent.clone()
        };
        assert_eq!(merged.profile, expected);
        let unknown = Profile::merged(None, &sent, &stored);
        assert_eq!(unknown.both, ["address", "town", "kvk", "role", "cbw_entity", "uses_enisa"]);
    }

    fn term(id: &str, with: &str, hours: u32) -> ContractTerm {
        ContractTerm { id: id.into(), kind: TermKind::Insurer, with: with.into(), length: TermLength::Hours(hours) }
    }

    #[test]
    fn agreed_terms_are_put_together_one_by_one() {
        let began = [term("a", "Polis", 24), term("b", "Klant", 24), term("c", "Weg", 24), term("d", "Bank", 24)];
        let stored =
            [term("a", "Polis", 48), term("b", "Klant", 24), term("d", "Bank", 12), term("termijn-1", "Van haar", 8)];
        let sent = [term("a", "Polis", 36), term("c", "Weg", 24), term("termijn-1", "Van mij", 6)];
        let (terms, both) = merged_terms(Some(&began), &sent, &stored);
        let expected = [
            term("a", "Polis", 36),
            // One of the two took `b` away, the other `c`: neither comes back.
            term("d", "Bank", 12),
            term("termijn-1", "Van haar", 8),
            term("termijn-2", "Van mij", 6),
        ];
        assert_eq!((terms.as_slice(), both.as_slice()), (&expected[..], &["a".to_owned(), "d".to_owned()][..]));
    }
}
