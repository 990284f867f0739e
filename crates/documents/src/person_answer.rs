//! The answer to somebody who asks for their data in the register, or to have them erased (AVG arts. 12, 15, 17): a draft in
//! plain words, which whoever sends it completes.
//!
//! Promises: says what was searched and what not, why the data are there and for how long, what is not erased and on which
//! ground, and where to complain. Deliberately not here: the name of whoever asked, and finding them.

use facts::{Language, Text};

/// Why something is not erased, as the person is told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyKept {
    /// Without it the organisation cannot account for the incident.
    Account,
    /// A claim or an inquiry needs it.
    Hold,
}

impl WhyKept {
    fn text(self) -> Text {
        match self {
            Self::Account => Text::new(
                "Wij moeten kunnen verantwoorden wat er is gebeurd en wat wij besloten (AVG art. 33, lid 5).",
                "We must be able to account for what happened and what we decided (GDPR art. 33(5)).",
            ),
            Self::Hold => Text::new(
                "Een rechtsvordering of een onderzoek vraagt dat wij dit nu bewaren.",
                "A legal claim or an inquiry asks that we keep this for now.",
            ),
        }
    }
}

/// Where something was erased under the reference of the request: an incident by number, and the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedBefore {
    pub number: u64,
    pub day: String,
    /// The incident as a whole, and not a part of it.
    pub is_whole: bool,
}

/// Where somebody appears: an incident by number, the day, as what, and why that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    pub number: u64,
    pub day: String,
    pub appears: Text,
    /// Why it is not erased by itself; absent where it can be.
    pub kept: Option<WhyKept>,
}

/// What the answer is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonAnswer<'a> {
    pub organisation: &'a str,
    /// Whom to ask; empty where the organisation did not fill it in.
    pub contact: &'a str,
    pub day: &'a str,
    pub reference: &'a str,
    pub asks_erasure: bool,
    pub searched: u64,
    /// For how many years after closing the longest kind is kept.
    pub years: u32,
    pub places: &'a [Appearance],
    /// What was erased under this reference already, so that it is found no more.
    pub erased: &'a [ErasedBefore],
}

impl PersonAnswer<'_> {
    /// The answer as plain text.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let say = |text: Text| text.in_language(language).to_owned();
        let mut parts = vec![say(self.opening()), say(self.found())];
        parts.extend(self.appearances(language));
        parts.extend(self.erased_before(language));
        if !self.places.is_empty() {
            parts.push(say(self.why()));
        }
        if self.asks_erasure {
            parts.push(say(erasure()));
        }
        parts.push(say(not_searched()));
        parts.push(say(rights()));
        parts.push(format!("{}\n{}", self.organisation, self.contact).trim_end().to_owned());
        parts.join("\n\n")
    }

    fn opening(&self) -> Text {
        let (day, reference) = (self.day, self.reference);
        let (nl, en) = if self.asks_erasure {
            ("uw gegevens te wissen", "to erase your data")
        } else {
            ("welke gegevens wij van u hebben", "which data about you we hold")
        };
        Text::made(
            format!(
                "{day}\nKenmerk: {reference}\n\nGeachte heer of mevrouw,\n\nU vroeg ons {nl}, in ons register van beveiligingsincidenten en datalekken. Dit is ons antwoord."
            ),
            format!(
                "{day}\nReference: {reference}\n\nDear sir or madam,\n\nYou asked us {en}, in our register of security incidents and breaches. This is our answer."
            ),
        )
    }

    fn found(&self) -> Text {
        let (nl, en) = match self.searched {
            1 => ("1 incident".to_owned(), "1 incident".to_owned()),
            count => (format!("{count} incidenten"), format!("{count} incidents")),
        };
        if self.places.is_empty() {
            return Text::made(
                format!("Wij doorzochten {nl} op wat u ons gaf, en vonden u daarin niet."),
                format!("We searched {en} for what you gave us, and did not find you."),
            );
        }
        let (times_nl, times_en) = match self.places.len() {
            1 => ("1 keer".to_owned(), "once".to_owned()),
            count => (format!("{count} keer"), format!("{count} times")),
        };
        Text::made(
            format!("Wij doorzochten {nl} op wat u ons gaf. U komt {times_nl} voor."),
            format!("We searched {en} for what you gave us. You appear {times_en}."),
        )
    }

    /// Where the person appears. What is alike is told once, and so is why it stays.
    fn appearances(&self, language: Language) -> Vec<String> {
        let mut reasons: Vec<Option<WhyKept>> = Vec::new();
        for place in self.places {
            let reason = place.kept.filter(|_| self.asks_erasure);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        // What goes is told before what stays.
        reasons.sort_by_key(Option::is_some);
        let of_reason = |reason: Option<WhyKept>| {
            let lead = match (self.asks_erasure, reason) {
                (false, _) => Text::new("Dit zijn de plaatsen:", "These are the places:"),
                (true, None) => Text::new("Dit wissen wij:", "We erase this:"),
                (true, Some(why)) => {
                    let why = why.text();
                    Text::made(format!("Dit blijft. {}", why.nl), format!("This stays. {}", why.en))
                }
            };
            let places = self.places.iter().filter(|place| place.kept.filter(|_| self.asks_erasure) == reason);
            let mut lines: Vec<(String, usize)> = Vec::new();
            for place in places {
                let line = place_in_words(place).in_language(language).to_owned();
                match lines.iter_mut().find(|(known, _)| *known == line) {
                    Some((_, times)) => *times += 1,
                    None => lines.push((line, 1)),
                }
            }
            let times = Text::new("keer", "times");
            let line = |(line, count): (String, usize)| match count {
                1 => format!("{line}."),
                _ => format!("{line} ({count} {}).", times.in_language(language)),
            };
            let lines = lines.into_iter().map(line);
            std::iter::once(lead.in_language(language).to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
        };
        reasons.into_iter().map(of_reason).collect()
    }

    /// What this request brought about before.
    fn erased_before(&self, language: Language) -> Option<String> {
        if self.erased.is_empty() {
            return None;
        }
        let lead = Text::new("Dit hebben wij op uw verzoek al gewist:", "This we have erased at your request already:");
        let line = |one: &ErasedBefore| {
            let (number, day) = (one.number, &one.day);
            if one.is_whole {
                return Text::made(
                    format!("- incident {number} in zijn geheel, op {day}."),
                    format!("- incident {number} as a whole, on {day}."),
                );
            }
            Text::made(format!("- in incident {number}, op {day}."), format!("- in incident {number}, on {day}."))
        };
        let lines = self.erased.iter().map(|one| line(one).in_language(language).to_owned());
        Some(std::iter::once(lead.in_language(language).to_owned()).chain(lines).collect::<Vec<_>>().join("\n"))
    }

    fn why(&self) -> Text {
        let years = self.years;
        Text::made(
            format!(
                "Waarom wij deze gegevens hebben: de wet verplicht ons elk datalek vast te leggen, zodat de toezichthouder het kan controleren (AVG art. 33, lid 5; grondslag: art. 6, lid 1, onder c). Wij kregen ze van wie het incident meldde of behandelde. Wij bewaren een incident ten hoogste {years} jaar na het sluiten, tenzij een claim of onderzoek langer vraagt. Ontvangers kunnen zijn: de Autoriteit Persoonsgegevens, en de dienstverlener die ons helpt. Er wordt niets automatisch over u besloten."
            ),
            format!(
                "Why we hold these data: the law obliges us to document every breach, so that the authority can verify it (GDPR art. 33(5); legal basis: art. 6(1)(c)). We got them from whoever reported or handled the incident. We keep an incident for at most {years} years after closing, unless a claim or an inquiry needs longer. Recipients may be: the supervisory authority, and the provider that helps us. Nothing is decided about you automatically."
            ),
        )
    }
}

fn place_in_words(Appearance { number, day, appears, .. }: &Appearance) -> Text {
    Text::made(
        format!("- incident {number}, {day}, {}", appears.nl),
        format!("- incident {number}, {day}, {}", appears.en),
    )
}

fn erasure() -> Text {
    Text::new(
        "Wat wij niet wissen, hebben wij nodig om te voldoen aan een wettelijke plicht (AVG art. 17, lid 3, onder b: wij moeten elk datalek kunnen verantwoorden, art. 33, lid 5) of voor een rechtsvordering (art. 17, lid 3, onder e). Wat gewist is, kan nog in reservekopieën staan (vul aan: hoe lang u die bewaart). Die worden niet gebruikt; wordt er een teruggezet, dan wordt het daarin opnieuw gewist.",
        "What we do not erase we need to meet a legal obligation (GDPR art. 17(3)(b): we must be able to account for every breach, art. 33(5)) or for a legal claim (art. 17(3)(e)). What was erased may still stand in backups (fill in: how long you keep those). They are not used; if one is put back, it is erased in it again.",
    )
}

fn not_searched() -> Text {
    Text::new(
        "Niet doorzocht zijn bijgevoegde bestanden, gemaakte documenten, technische waarnemingen, de accounts van onze medewerkers, de redenen bij gewijzigde bewaartermijnen en reservekopieën.",
        "Not searched were attached files, documents that were made, technical detections, the accounts of our staff, the reasons of changed retention terms, and backups.",
    )
}

fn rights() -> Text {
    Text::new(
        "Klopt er iets niet, dan kunt u ons vragen het te verbeteren, het gebruik te beperken, of bezwaar maken (AVG art. 16, 18 en 21). Bent u het niet met ons eens, dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens (autoriteitpersoonsgegevens.nl) of naar de rechter gaan.",
        "If something is wrong you may ask us to correct it, to restrict its use, or object (GDPR arts. 16, 18 and 21). If you do not agree with us, you may lodge a complaint with the Dutch supervisory authority (autoriteitpersoonsgegevens.nl) or go to court.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(places: &[Appearance], asks_erasure: bool, language: Language) -> String {
        of(places, asks_erasure).text(language)
    }

    fn of(places: &[Appearance], asks_erasure: bool) -> PersonAnswer<'_> {
        PersonAnswer {
            organisation: "Bakkerij De Korenaar",
            contact: "privacy@korenaar.example",
            day: "27 maart 2026",
            reference: "2026-17",
            asks_erasure,
            searched: 12,
            years: 5,
            places,
            erased: &[],
        }
    }

    #[test]
    fn the_answer_says_what_is_found_and_what_stays() {
        let place = |kept| Appearance {
            number: 3,
            day: "1 maart 2026".to_owned(),
            appears: Text::new("als melder", "as who reported it"),
            kept,
        };
        let none = answer(&[], false, Language::Dutch);
        assert!(none.contains("vonden u daarin niet") && !none.contains("art. 17, lid 3"), "{none}");
        let access = answer(&[place(None)], false, Language::English);
        assert!(access.contains("- incident 3, 1 maart 2026, as who reported it.\n"), "{access}");
        assert!(access.contains("art. 6(1)(c)") && access.contains("5 years"), "{access}");
        let kept = Some(WhyKept::Account);
        let erasure = answer(&[place(None), place(kept)], true, Language::Dutch);
        assert!(erasure.contains("Dit wissen wij:\n- incident 3"), "{erasure}");
        assert!(erasure.contains("Dit blijft. Wij moeten kunnen verantwoorden"), "{erasure}");
        assert!(erasure.contains("art. 17, lid 3, onder b") && erasure.contains("reservekopieën"), "{erasure}");
    }

    /// What reviewers read: the same reason under each of six lines, and "1 incidenten".
    #[test]
    fn what_is_alike_is_told_once() {
        let place = |number, kept| Appearance {
            number,
            day: "1 maart 2026".to_owned(),
            appears: Text::new("in een tekst", "in a text"),
            kept,
        };
        let places = [
            place(3, Some(WhyKept::Hold)),
            place(3, Some(WhyKept::Hold)),
            place(4, Some(WhyKept::Hold)),
            place(5, None),
        ];
        let text = answer(&places, true, Language::Dutch);
        assert_eq!(text.matches("Een rechtsvordering of een onderzoek").count(), 1, "{text}");
        assert!(text.contains("- incident 3, 1 maart 2026, in een tekst (2 keer).\n- incident 4"), "{text}");
        assert!(text.find("Dit wissen wij:") < text.find("Dit blijft."), "{text}");
        let one = PersonAnswer { searched: 1, places: &places[..1], ..of(&[], false) };
        for (language, said) in [
            (Language::Dutch, "Wij doorzochten 1 incident op wat u ons gaf. U komt 1 keer voor."),
            (Language::English, "We searched 1 incident for what you gave us. You appear once."),
        ] {
            assert!(one.text(language).contains(said), "{}", one.text(language));
        }
    }

    /// A draft once told the person "Release the hold first", and after erasing nothing of what was erased.
    #[test]
    fn the_person_is_told_no_instructions_for_staff_and_what_was_erased_before() {
        let before = |number, is_whole| ErasedBefore { number, day: "2 maart 2026".to_owned(), is_whole };
        let erased = [before(3, false), before(4, true)];
        let text = PersonAnswer { erased: &erased, ..of(&[], true) }.text(Language::Dutch);
        assert!(text.contains("op uw verzoek al gewist:\n- in incident 3, op 2 maart 2026.\n"), "{text}");
        assert!(text.contains("\n- incident 4 in zijn geheel, op 2 maart 2026."), "{text}");
        for kept in [WhyKept::Account, WhyKept::Hold] {
            let why = kept.text();
            assert!(!why.nl.contains("eerst") && !why.nl.contains("Hef"), "{}", why.nl);
        }
    }
}
