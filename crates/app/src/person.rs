//! What persons ask about their data (AVG arts. 15 and 17): where they appear in the incidents, and what may be erased.
//!
//! Promises: searches all that the journal still says of the organisation's own incidents, a page of entries in memory, and
//! says of how many incidents; every entry that is searched is what was written, or nothing is answered; the request is
//! recorded without saying who asked. Deliberately not here: accounts, files and backups, which the answer names as not
//! searched.

use std::collections::BTreeMap;

use jiff::Timestamp;

use facts::{IncidentId, Text};
use incident::{Event, Incident, Permission, Refusal};

use crate::accounts::is_email;
use crate::append::replay;
use crate::handle::require;
use crate::journal::{MISSING, TEXT_GONE, is_damaged};
use crate::on_record::OnRecord;
use crate::{App, Error, IncidentRow, PersonRequest, RequestKind, Scope, words};

/// How many entries are in memory at once.
const AT_ONCE: u32 = 500;
/// The shortest text that is looked for: less finds everybody.
const SHORTEST_TEXT: usize = 3;
/// The national part of a Dutch number; what stands before it is written in many ways.
const PHONE_DIGITS: usize = 9;

/// What a person gave to be found by. Not kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonSought {
    pub name: String,
    pub email: String,
    pub phone: String,
}

impl std::fmt::Debug for PersonSought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonSought([…])")
    }
}

/// As what somebody appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Appears {
    /// Reported it.
    Reporter,
    /// How to reach who reported it.
    Contact,
    /// Worked on it, under their account's name.
    Worker,
    /// In the name of the file that the entry was taken over from, which says nothing of whom the entry is about.
    FileName,
    /// In a text.
    Words,
}

impl Appears {
    /// In words.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Reporter => Text::new("als melder", "as who reported it"),
            Self::Contact => Text::new("in de contactgegevens van de melder", "in the reporter’s contact details"),
            Self::Worker => Text::new("als medewerker die dit vastlegde", "as the member of staff who recorded it"),
            Self::FileName => {
                Text::new("in de naam van het overgenomen bestand", "in the name of the file that was taken over")
            }
            Self::Words => Text::new("in een tekst", "in a text"),
        }
    }
}

/// One entry in which somebody appears.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub number: u64,
    pub title: String,
    /// How many entries the incident has: for erasing what was seen.
    pub entries: u64,
    /// The journal's index of the entry.
    pub index: u64,
    pub kind: String,
    pub recorded_at: Timestamp,
    pub appears: Vec<Appears>,
    /// Why it cannot be erased by itself; absent where it can.
    pub kept: Option<Refusal>,
    /// It can be erased only with other words in its place.
    pub needs_words: bool,
}

/// What was found of somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonFound {
    pub places: Vec<Place>,
    pub incidents_searched: u64,
    /// What was erased for this request.
    pub erased: Vec<ErasedFor>,
    /// What was made of the incidents in which somebody appears: it is not searched.
    pub documents: Vec<MadeOf>,
}

/// A document that was made of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeOf {
    pub number: u64,
    /// The journal's index of the entry that says so.
    pub index: u64,
    pub title: Text,
    pub made_at: Timestamp,
    /// It can be erased: the incident is not held.
    pub may_go: bool,
}

/// That something was erased, the reason naming a request's reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedFor {
    pub number: u64,
    pub at: Timestamp,
    /// The incident as a whole.
    pub is_whole: bool,
}

/// What the journal says of somebody in one incident.
#[derive(Default)]
struct Hits {
    /// In which entry it stands, of which entry it tells, and as what the person appears.
    places: Vec<(u64, u64, Vec<Appears>)>,
    /// When something was erased for the request.
    erased: Vec<Timestamp>,
}

impl App {
    /// Where somebody appears in the incidents. The request is recorded under the organisation's own reference for it.
    pub async fn find_person(
        &self,
        scope: &Scope,
        kind: RequestKind,
        sought: &PersonSought,
        reference: &str,
        now: Timestamp,
    ) -> Result<PersonFound, Error> {
        require(scope, Permission::Forget)?;
        let wanted = Wanted::of(sought)?;
        let reference = reference.trim();
        if reference.is_empty() || reference.chars().count() > 100 {
            return Err(Error::field(
                "reference",
                "Vul het kenmerk in waaronder u dit verzoek bewaart (ten hoogste 100 tekens), en niet de naam van de persoon.",
                "Enter the reference under which you file this request (at most 100 characters), and not the person’s name.",
            ));
        }
        // An address names somebody too, whoever is looked for.
        let words = || reference.split(|char: char| char.is_whitespace() || ",;:<>()".contains(char));
        if words().any(is_email) {
            return Err(Error::field(
                "reference",
                "Het kenmerk is een e-mailadres, en noemt dus iemand. Gebruik een nummer: dit blijft in het logboek van verzoeken staan.",
                "The reference is an e-mail address, and so names somebody. Use a number: this stays in the log of requests.",
            ));
        }
        if wanted.are_in(reference) {
            return Err(Error::field(
                "reference",
                "Het kenmerk noemt de persoon. Gebruik een nummer: dit blijft in het logboek van verzoeken staan.",
                "The reference names the person. Use a number: this stays in the log of requests.",
            ));
        }
        let hits = self.hits(scope, &wanted, reference).await?;
        let rows = self.store.incidents(scope).await?;
        let mut found = PersonFound::default();
        for row in rows {
            found.incidents_searched += u64::from(row.keeping.erased_at.is_none());
            let Some(Hits { places, erased }) = hits.get(&row.id) else { continue };
            let is_whole = row.keeping.erased_at.is_some();
            found.erased.extend(erased.iter().map(|at| ErasedFor { number: row.number, at: *at, is_whole }));
            if !places.is_empty() {
                let (places, documents) = self.places_of(scope, &row, places).await?;
                found.places.extend(places);
                found.documents.extend(documents);
            }
        }
        let request = PersonRequest {
            id: self.chance.id(now)?,
            asked_at: now,
            kind,
            reference: reference.to_owned(),
            handled_by: scope.actor().name().to_owned(),
            incidents_searched: found.incidents_searched,
            // A file's name says nothing of whom its rows are about.
            places_found: found.places.iter().filter(|one| one.appears != [Appears::FileName]).count() as u64,
        };
        self.store.record_request(scope, &request).await?;
        Ok(found)
    }

    /// Where somebody appears in the journal, entry by entry, and what was erased for them; by incident.
    async fn hits(&self, scope: &Scope, wanted: &Wanted, reference: &str) -> Result<BTreeMap<IncidentId, Hits>, Error> {
        let mut hits: BTreeMap<IncidentId, Hits> = BTreeMap::new();
        let (mut next, mut on_record) = (0, OnRecord::default());
        loop {
            let entries = self.store.entries_from(scope, next, AT_ONCE).await?;
            if entries.is_empty() {
                break;
            }
            for entry in &entries {
                // Nor where one is not there.
                if entry.index != next {
                    return Err(is_damaged(scope.id(), next, MISSING));
                }
                next += 1;
                // One in which nothing is found may be the one whose words were changed: nobody is told that there is nothing.
                if let Err(damaged) = entry.is_as_written(scope.id()) {
                    return Err(self.naming(scope, entry.incident, damaged).await);
                }
                on_record.take_in_stored(entry)?;
                let Some((_, body)) = &entry.salt_and_body else { continue };
                // The law's words and the vocabulary's, which are nobody's: whoever is called Bas or Art stands in none.
                if entry.kind == "incident.assessed" {
                    continue;
                }
                let body: serde_json::Value = serde_json::from_slice(body).map_err(Error::internal)?;
                let places = wanted.places(entry.index, &body);
                let is_erasure = erased_for(&entry.kind, &body, reference);
                if !places.is_empty() || is_erasure {
                    let of_it = hits.entry(entry.incident).or_default();
                    of_it.places.extend(places.into_iter().map(|(index, appears)| (entry.index, index, appears)));
                    of_it.erased.extend(is_erasure.then_some(entry.recorded_at));
                }
            }
        }
        // Nor where the text is gone, and nothing says that it was erased.
        match on_record.untold().next() {
            Some((incident, index)) => {
                Err(self.naming(scope, incident, is_damaged(scope.id(), index, TEXT_GONE)).await)
            }
            None => Ok(hits),
        }
    }

    /// What may become of the entries of one incident in which somebody appears.
    async fn places_of(
        &self,
        scope: &Scope,
        row: &IncidentRow,
        places: &[(u64, u64, Vec<Appears>)],
    ) -> Result<(Vec<Place>, Vec<MadeOf>), Error> {
        let history = self.history_of(scope, row).await?;
        let incident = replay(scope.id(), &history).map_err(|error| self.named(scope, row.number, error))?;
        let place = |(found_in, index, appears): &(u64, u64, Vec<Appears>)| {
            let of_it = history.iter().find(|one| one.index == *index)?;
            let (mut kept, mut needs_words) = may_go(&incident, *index);
            // Told anew, a row of another register still says who took it over.
            if appears == &[Appears::Worker] && incident.imported().is_some() && of_it.kind == "incident.opened" {
                (kept, needs_words) = (kept.or(Some(Refusal::KeptForAccount)), false);
            }
            // What was reported stands in words that once took its place: without other words they stay.
            let is_in_words = index != found_in || appears.contains(&Appears::Words);
            needs_words |= is_in_words && of_it.kind == "incident.opened" && kept.is_none();
            Some(Place {
                number: row.number,
                title: row.title.clone(),
                entries: history.len() as u64,
                index: *index,
                kind: of_it.kind.clone(),
                recorded_at: of_it.recorded_at,
                appears: appears.clone(),
                kept,
                needs_words,
            })
        };
        let is_named = places.iter().any(|(.., appears)| appears != &[Appears::FileName]);
        let made = incident.timeline.iter().filter(|_| is_named).filter_map(|stamped| match &stamped.event {
            Event::DocumentMade { title, .. } => Some(MadeOf {
                number: row.number,
                index: stamped.index?,
                title: title.clone(),
                made_at: stamped.recorded_at,
                may_go: incident.held.is_none(),
            }),
            _ => None,
        });
        Ok((places.iter().filter_map(place).collect(), made.collect()))
    }

    /// The newest requests.
    pub async fn person_requests(&self, scope: &Scope) -> Result<Vec<PersonRequest>, Error> {
        require(scope, Permission::Forget)?;
        Ok(self.store.requests(scope, 200).await?)
    }
}

/// Whether an entry may be erased by itself: why not, and whether other words must take its place.
fn may_go(incident: &Incident, index: u64) -> (Option<Refusal>, bool) {
    if incident.held.is_some() {
        return (Some(Refusal::Held), false);
    }
    match incident.restated(index, None) {
        Ok(_) => (None, false),
        Err(Refusal::KeptForAccount) => (Some(Refusal::KeptForAccount), false),
        Err(_) => (None, true),
    }
}

/// Whether an entry erased others, or the whole, for a request: its reason names the reference, as a word of its own.
fn erased_for(kind: &str, body: &serde_json::Value, reference: &str) -> bool {
    let reason = body.pointer("/event/reason").and_then(serde_json::Value::as_str).unwrap_or_default();
    let is_part = |char: char| char.is_alphanumeric() || char == '-';
    ["incident.entries_erased", "incident.erased"].contains(&kind)
        && reason.match_indices(reference).any(|(at, found)| {
            let (before, after) = (reason.get(..at), reason.get(at + found.len()..));
            !before.is_some_and(|text| text.ends_with(is_part)) && !after.is_some_and(|text| text.starts_with(is_part))
        })
}

/// What is looked for, as texts are compared.
struct Wanted {
    texts: Vec<String>,
    phone: Option<String>,
}

impl Wanted {
    fn of(sought: &PersonSought) -> Result<Self, Error> {
        let texts: Vec<String> =
            [&sought.name, &sought.email].into_iter().map(|text| plain(text)).filter(|text| !text.is_empty()).collect();
        let digits: String = sought.phone.chars().filter(char::is_ascii_digit).collect();
        if texts.iter().any(|text| text.chars().count() < SHORTEST_TEXT) {
            return Err(Error::field(
                "name",
                "Vul ten minste drie tekens in: met minder vindt u iedereen.",
                "Enter at least three characters: with fewer you find everybody.",
            ));
        }
        // A mistyped address is found nowhere, and "we hold nothing of you" would be untrue.
        if !sought.email.trim().is_empty() && !is_email(sought.email.trim()) {
            return Err(Error::field(
                "email",
                "Vul het hele e-mailadres in, zoals naam@voorbeeld.nl.",
                "Enter the whole e-mail address, such as name@example.nl.",
            ));
        }
        if !sought.phone.trim().is_empty() && digits.len() < PHONE_DIGITS {
            return Err(Error::field(
                "phone",
                "Vul het hele telefoonnummer in, met netnummer.",
                "Enter the whole telephone number, area code included.",
            ));
        }
        if texts.is_empty() && digits.is_empty() {
            return Err(Error::field(
                "name",
                "Vul een naam, een e-mailadres of een telefoonnummer in.",
                "Enter a name, an e-mail address or a telephone number.",
            ));
        }
        let phone = digits.len().checked_sub(PHONE_DIGITS).and_then(|from| digits.get(from..)).map(str::to_owned);
        Ok(Self { texts, phone })
    }

    fn are_in(&self, text: &str) -> bool {
        let compared = plain(text);
        self.texts.iter().any(|wanted| compared.contains(wanted))
            || self.phone.as_ref().is_some_and(|phone| numbers(text).iter().any(|number| number.contains(phone)))
    }

    /// As what they appear in a body of the journal.
    fn appears(&self, body: &serde_json::Value) -> Vec<Appears> {
        let mut found = Vec::new();
        let is_reporter = body.pointer("/by/kind").is_some_and(|kind| kind == "reporter");
        let mut look = |value: Option<&serde_json::Value>, appears| {
            if value.is_some_and(|value| self.are_within(value)) {
                found.push(appears);
            }
        };
        look(body.get("by"), if is_reporter { Appears::Reporter } else { Appears::Worker });
        look(body.pointer("/event/opening/contact"), Appears::Contact);
        let file = ["/event/opening/file", "/event/opening/sheet"]
            .into_iter()
            .find(|name| body.pointer(name).is_some_and(|name| self.are_within(name)));
        look(file.and_then(|name| body.pointer(name)), Appears::FileName);
        let mut rest = body.get("event").cloned();
        for name in ["/opening/contact", "/opening/file", "/opening/sheet"] {
            if let Some(found) = rest.as_mut().and_then(|event| event.pointer_mut(name)) {
                found.take();
            }
        }
        look(rest.as_ref(), Appears::Words);
        found
    }

    /// The entries of which a body tells, and as what the person appears in each. Words that took the place of an erased
    /// entry stand in the one that erased it: they are of the entry that they tell anew.
    fn places(&self, index: u64, body: &serde_json::Value) -> Vec<(u64, Vec<Appears>)> {
        let mut own = body.clone();
        let restated = own.pointer_mut("/event/entries").map(serde_json::Value::take).unwrap_or_default();
        let restated = restated.as_array().map(Vec::as_slice).unwrap_or_default();
        let told_anew = restated.iter().filter_map(|one| {
            let at = one.get("index").and_then(serde_json::Value::as_u64)?;
            Some((at, self.appears(one.get("restated")?)))
        });
        let all = std::iter::once((index, self.appears(&own))).chain(told_anew);
        all.filter(|(_, appears)| !appears.is_empty()).collect()
    }

    fn are_within(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => self.are_in(text),
            serde_json::Value::Array(values) => values.iter().any(|value| self.are_within(value)),
            serde_json::Value::Object(values) => values.values().any(|value| self.are_within(value)),
            _ => false,
        }
    }
}

/// Lower case, without accents and signs that nobody sees, with single spaces, and with one where a hyphen stands.
fn plain(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|sign| !is_unseen(*sign))
        .map(|sign| match sign {
            sign if is_hyphen(sign) => ' ',
            '’' | '‘' | 'ʼ' | '`' => '\'',
            sign => sign,
        })
        .collect();
    words::without_accents(&seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What stands in a text for how it is broken or drawn, and is not read.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

fn is_hyphen(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
}

/// The digits of what may be telephone numbers in a text.
fn numbers(text: &str) -> Vec<String> {
    let is_between = |sign: char| {
        let is_space = sign.is_whitespace() && sign != '\n';
        is_space || is_hyphen(sign) || is_unseen(sign) || "+()./\\·".contains(sign)
    };
    let runs = text.split(|sign: char| !(sign.is_ascii_digit() || is_between(sign)));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    digits.filter(|digits| digits.len() >= PHONE_DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(name: &str, email: &str, phone: &str) -> PersonSought {
        PersonSought { name: name.to_owned(), email: email.to_owned(), phone: phone.to_owned() }
    }

    #[test]
    fn somebody_is_found_however_it_was_written() {
        let check = |sought: PersonSought, text: &str, expected: bool| {
            assert_eq!(Wanted::of(&sought).unwrap().are_in(text), expected, "{text}");
        };
        check(sought("Jan de Vries", "", ""), "gebeld met JAN  de\nVries over de laptop", true);
        check(sought("Jan de Vries", "", ""), "gebeld met Jan de Boer", false);
        for written in ["José Núñez", "Jose\u{301} Nun\u{303}ez", "JOSE NUNEZ"] {
            check(sought("José Núñez", "", ""), written, true);
            check(sought(written, "", ""), "gesproken met José  Núñez", true);
        }
        for written in
            ["Anne-Marie Bos", "Anne Marie Bos", "Anne\u{2011}Marie\u{a0}Bos", "An\u{ad}ne-Ma\u{200b}rie Bos"]
        {
            check(sought("Anne-Marie Bos", "", ""), written, true);
            check(sought(written, "", ""), "gebeld met anne marie bos", true);
        }
        check(sought("", "j.vries@example.nl", ""), "Mail: J.Vries@Example.nl.", true);
        for written in [
            "06 12345678",
            "06-12 34 56 78",
            "+31 6 12345678",
            "0031612345678",
            "(06) 1234.5678",
            "06/12345678",
            "06–12345678",
            "06\u{2011}1234\u{202f}5678",
            "06\u{200b}12345678",
        ] {
            check(sought("", "", written), "bereikbaar op 06-12345678, na vijven", true);
            check(sought("", "", "0612345678"), written, true);
        }
        check(sought("", "", "0612345678"), "06 12345679", false);
    }

    #[test]
    fn too_little_to_go_by_is_refused() {
        for (given, field) in [
            (sought("", "", ""), "name"),
            (sought("Jo", "", ""), "name"),
            (sought("", "", "12345"), "phone"),
            (sought("", "geen mail", ""), "email"),
        ] {
            match Wanted::of(&given) {
                Err(Error::Invalid(problems)) => assert_eq!(problems[0].field, field),
                _ => panic!("{field} should have been refused"),
            }
        }
    }

    #[test]
    fn as_what_somebody_appears_is_told() {
        let wanted = Wanted::of(&sought("Jan", "", "")).unwrap();
        let body = serde_json::json!({
            "by": {"kind": "reporter", "name": "Jan"},
            "event": {"type": "opened", "title": "Laptop weg", "opening": {"kind": "reported", "contact": "bel jan"}},
        });
        assert_eq!(wanted.appears(&body), [Appears::Reporter, Appears::Contact]);
        let body = serde_json::json!({"by": {"kind": "person", "name": "Ada"}, "event": {"text": "Jan belde"}});
        assert_eq!(wanted.appears(&body), [Appears::Words]);
        // Of whom a row is about its file's name says nothing.
        let row = |cell: &str| {
            let opening = serde_json::json!({"kind": "imported", "file": "register Jan.csv", "cells": [["Wie", cell]]});
            serde_json::json!({"by": {"kind": "program"}, "event": {"type": "opened", "opening": opening}})
        };
        assert_eq!(wanted.appears(&row("Piet")), [Appears::FileName]);
        assert_eq!(wanted.appears(&row("Jan")), [Appears::FileName, Appears::Words]);
    }
}
