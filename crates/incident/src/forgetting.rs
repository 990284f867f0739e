//! Forgetting: how long a kind of incident is kept, what holds it, and what is left of it once it is erased.
//!
//! Promises: an erasure says why in words that name nobody; what is erased keeps its place in the timeline
//! ([`Event::Gone`]); an entry that is erased alone leaves an incident that still says what was decided and why, or is
//! refused. Deliberately not here: the terms themselves and when they end (the application's), deleting (the stores').

use std::collections::BTreeMap;

use facts::{OrganisationId, Text};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::decide::said;
use crate::lengths::LONGEST_LINE;
use crate::{Actor, Custody, DetectionsAdded, Event, EvidenceFile, Incident, Narrative, Opening, Refusal, Stamped};

/// For which term an incident is kept. One kind a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetentionKind {
    /// A breach that was reported to the authority, or by a processor to its controllers.
    Notified,
    /// A breach (or what nobody judged, or no law said it of) that was not reported.
    NotNotified,
    /// No breach: a weakness, a false alarm, an incident that touched no personal data.
    NoBreach,
}

impl RetentionKind {
    pub const ALL: [Self; 3] = [Self::Notified, Self::NotNotified, Self::NoBreach];

    /// The name in the journal and in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Notified => "notified",
            Self::NotNotified => "not_notified",
            Self::NoBreach => "no_breach",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Notified => Text::new("Gemeld datalek", "Reported breach"),
            Self::NotNotified => Text::new("Niet gemeld datalek", "Breach that was not reported"),
            Self::NoBreach => {
                Text::new("Geen datalek (ook: kwetsbaarheid, vals alarm)", "No breach (also: weakness, false alarm)")
            }
        }
    }
}

/// Why something is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErasureGround {
    /// The term of its kind ended.
    TermEnded,
    /// Somebody decided it before that.
    Officer,
    /// A person asked for it (AVG art. 17).
    Request,
    /// It was erased before, and came back with a restored backup.
    Restored,
}

impl ErasureGround {
    pub const ALL: [Self; 4] = [Self::TermEnded, Self::Officer, Self::Request, Self::Restored];

    /// The name in the journal.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::TermEnded => "term_ended",
            Self::Officer => "officer",
            Self::Request => "request",
            Self::Restored => "restored",
        }
    }

    /// The ground of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.key() == key)
    }

    /// In words, to follow "because".
    #[must_use]
    pub fn because(self) -> Text {
        match self {
            Self::TermEnded => Text::new("de bewaartermijn voorbij was", "the retention term had ended"),
            Self::Officer => Text::new("iemand die mag beslissen dat besloot", "somebody who may decide decided so"),
            Self::Request => {
                Text::new("een betrokkene erom vroeg (AVG art. 17)", "a person asked for it (GDPR art. 17)")
            }
            Self::Restored => Text::new(
                "het al gewist was en terugkwam met een reservekopie",
                "it had been erased and came back with a backup",
            ),
        }
    }
}

/// What is left of an incident that was erased. Nothing in it is about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub ground: ErasureGround,
    /// The rule, and its term in years.
    pub kind: RetentionKind,
    pub years: u32,
    /// Why, in the words of who erased; empty where a term ended.
    pub reason: String,
    pub number: u64,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Of its closing only the day is known: it was closed in a register that it was taken over from.
    pub is_closed_day: bool,
    /// How many entries lost their bodies.
    pub entries: u64,
    /// The journal's indices of all entries of the incident that have no body now, those erased one by one before among them.
    pub indices: Vec<u64>,
    /// How many persons had been told.
    pub persons_told: Option<u64>,
    /// When it was held from being erased, and when each hold was released; by whom and why went with the rest.
    pub holds: Vec<HeldFor>,
}

/// For how long something was held: since when, and until when where that hold was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldFor {
    pub placed_at: Timestamp,
    pub released_at: Option<Timestamp>,
}

/// An erasure, with who did it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    pub at: Timestamp,
    pub by: Actor,
    pub erasure: Erasure,
}

/// One entry that is erased by itself, and what may still be said in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct ErasedEntry {
    /// The journal's index.
    pub index: u64,
    /// The same event without what was erased; absent where nothing is left of it.
    pub restated: Option<Box<(Actor, Event)>>,
}

/// What keeps an incident from being erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub since: Timestamp,
    pub by: Actor,
    pub reason: String,
}

/// What stands where a title stood, in no language in particular. Whoever shows it says it in the reader's, and knows by
/// [`Incident::erased`] that it was erased: anybody can give an incident this title.
const ERASED_TITLE: &str = "(gewist / erased)";

/// A year, where the calendar ends before the next.
const LONGEST_YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

/// No earlier than a year after closing is an incident erased, whatever its term or whoever asks: the authority must be able
/// to verify (AVG art. 33(5)), and the Wbp's policy asked at least one year.
#[must_use]
pub fn erasable_from(closed_at: Timestamp) -> Timestamp {
    let year = closed_at.to_zoned(TimeZone::UTC).checked_add(Span::new().years(1));
    year.map_or_else(|_| closed_at.saturating_add(LONGEST_YEAR).unwrap_or(Timestamp::MAX), |at| at.timestamp())
}

/// What stands where the name of a file was erased: a name that every disk takes.
const ERASED_NAME: &str = "gewist-erased";

impl Incident {
    /// By which rule it is kept.
    #[must_use]
    pub fn retention_kind(&self) -> RetentionKind {
        let is_no_breach = self.assessment.as_ref().is_some_and(|(_, assessment)| assessment.breach.is_false());
        let is_no_alarm = self.detection_checked.as_ref().is_some_and(|checked| !checked.is_real);
        // What another register said of it counts: it was reported, whoever wrote that down.
        let was_told = self.imported().is_some_and(|imported| imported.authority.was_told == Some(true));
        if !self.reports.is_empty() || was_told || self.controllers_warned.is_some() {
            RetentionKind::Notified
        } else if is_no_breach || is_no_alarm {
            RetentionKind::NoBreach
        } else {
            RetentionKind::NotNotified
        }
    }

    /// When its last entry was recorded.
    #[must_use]
    pub fn changed_at(&self) -> Timestamp {
        self.timeline.last().map_or(self.opened_at, |stamped| stamped.recorded_at)
    }

    /// The indices of the entries that still have their bodies. One that is told anew has none: its words stand in the
    /// entry that erased it.
    #[must_use]
    pub fn kept_entries(&self) -> Vec<u64> {
        let kept = self.timeline.iter().filter(|stamped| !matches!(stamped.event, Event::Gone { .. }));
        kept.filter_map(|stamped| stamped.index).filter(|index| self.erased_in(*index).is_none()).collect()
    }

    /// Whether this entry was erased by itself, and what is said in its place stands there.
    #[must_use]
    pub fn is_told_anew(&self, index: Option<u64>) -> bool {
        index.is_some_and(|index| self.erased_in(index).is_some())
    }

    /// Where an entry was erased by itself: the last entry that says what may be said in its place, and what it erased.
    fn erased_in(&self, index: u64) -> Option<(&Stamped, &[ErasedEntry])> {
        self.timeline.iter().rev().find_map(|stamped| match &stamped.event {
            Event::EntriesErased { entries, .. } if entries.iter().any(|one| one.index == index) => {
                Some((stamped, entries.as_slice()))
            }
            _ => None,
        })
    }

    /// Of an entry that erased others: those that it tells anew. Erasing those again erases it, and nothing else does.
    #[must_use]
    pub fn told_anew_in(&self, index: u64) -> Option<Vec<u64>> {
        let one = self.timeline.iter().find(|stamped| stamped.index == Some(index))?;
        let Event::EntriesErased { entries, .. } = &one.event else { return None };
        Some(entries.iter().filter(|one| one.restated.is_some()).map(|one| one.index).collect())
    }

    pub(crate) fn place_hold(&self, reason: &str) -> Result<Vec<Event>, Refusal> {
        if self.held.is_some() {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::HoldPlaced { reason: said(reason).ok_or(Refusal::ReasonNeeded)? }])
    }

    pub(crate) fn release_hold(&self, reason: &str) -> Result<Vec<Event>, Refusal> {
        if self.held.is_none() {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::HoldReleased { reason: said(reason).ok_or(Refusal::ReasonNeeded)? }])
    }

    pub(crate) fn erase(
        &self,
        ground: ErasureGround,
        years: u32,
        reason: &str,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        // What was erased before is erased again, however an older backup left it.
        if ground != ErasureGround::Restored {
            let closed_at = self.closed_at.ok_or(Refusal::NotClosed)?;
            if self.held.is_some() {
                return Err(Refusal::Held);
            }
            if now < erasable_from(closed_at) {
                return Err(Refusal::TooEarlyToErase);
            }
        }
        let reason = match (ground, said(reason)) {
            (ErasureGround::Officer | ErasureGround::Request, None) => return Err(Refusal::ReasonNeeded),
            (_, reason) => reason.unwrap_or_default(),
        };
        if self.names_reporter(&reason) {
            return Err(Refusal::ReasonNamesSomebody);
        }
        Ok(vec![Event::Erased(Erasure {
            ground,
            kind: self.retention_kind(),
            years,
            reason,
            number: self.number,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            is_closed_day: self.closed_at.is_some_and(|at| self.is_day_only(at)),
            entries: self.kept_entries().len() as u64,
            indices: self.timeline.iter().filter_map(|stamped| stamped.index).collect(),
            persons_told: self
                .informed_count()
                .or_else(|| self.imported().and_then(|imported| imported.subjects.count)),
            holds: self.holds(),
        })])
    }

    /// `entries`: index, and the words that take the place of those erased. Of one that was erased before the words that
    /// took its place go: the entry in which they stand is erased too, and what else it said is said here again.
    pub(crate) fn erase_entries(
        &self,
        ground: ErasureGround,
        reason: &str,
        entries: &[(u64, Option<String>)],
    ) -> Result<Vec<Event>, Refusal> {
        if self.held.is_some() && ground != ErasureGround::Restored {
            return Err(Refusal::Held);
        }
        let reason = said(reason).ok_or(Refusal::ReasonNeeded)?;
        // It stays for as long as the incident does: what is erased must not stand in it.
        if self.names_reporter(&reason) {
            return Err(Refusal::ReasonNamesSomebody);
        }
        let mut erased: Vec<ErasedEntry> = Vec::new();
        for (index, words) in entries {
            if erased.iter().any(|one| one.index == *index) {
                continue;
            }
            let restated = self.restated(*index, words.as_deref().and_then(said))?;
            // Who erases again and says nothing else has changed nothing, nor has who sends the columns of a row as they stood
            // ready; what came back with a backup goes regardless.
            let is_row = restated
                .as_ref()
                .is_some_and(|(_, event)| matches!(event, Event::Opened { opening: Opening::Imported(_), .. }));
            let is_asked_again = is_row || self.erased_in(*index).is_some();
            if ground != ErasureGround::Restored && is_asked_again && self.says(*index, &restated) {
                return Err(Refusal::NothingChanges);
            }
            erased.push(ErasedEntry { index: *index, restated: restated.map(Box::new) });
        }
        if erased.is_empty() {
            return Err(Refusal::NothingChanges);
        }
        let again: Vec<u64> = erased.iter().map(|one| one.index).collect();
        for (holder, held) in again.into_iter().filter_map(|index| self.erased_in(index)) {
            let bare = holder
                .index
                .zip(without_words(&holder.event))
                .map(|(index, event)| ErasedEntry { index, restated: Some(Box::new((holder.by.clone(), event))) });
            for one in bare.into_iter().chain(held.iter().cloned()) {
                if !erased.iter().any(|known| known.index == one.index) {
                    erased.push(one);
                }
            }
        }
        Ok(vec![Event::EntriesErased { ground, reason, entries: erased }])
    }

    /// Every hold there was, in order.
    fn holds(&self) -> Vec<HeldFor> {
        let mut holds: Vec<HeldFor> = Vec::new();
        for stamped in &self.timeline {
            let at = stamped.recorded_at;
            match &stamped.event {
                Event::HoldPlaced { .. } => holds.push(HeldFor { placed_at: at, released_at: None }),
                Event::HoldReleased { .. } => {
                    holds.iter_mut().rev().take(1).for_each(|hold| hold.released_at = Some(at))
                }
                _ => {}
            }
        }
        holds
    }

    /// Whether a reason holds an e-mail address, or the name or the contact details of whoever reported.
    fn names_reporter(&self, reason: &str) -> bool {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let reason = plain(reason);
        let has_address = reason
            .split(' ')
            .any(|word| word.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.')));
        let name = match &self.opened_by {
            Actor::Reporter { name } => name.as_deref(),
            Actor::Person { .. } | Actor::Program => None,
        };
        let contact = match &self.opening {
            Opening::Reported { contact, .. } => contact.as_deref(),
            Opening::Detected { .. } | Opening::Imported(_) | Opening::Erased => None,
        };
        let known: Vec<_> = name.into_iter().chain(contact).map(plain).collect();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        // A number however it is written; a name whole, or any word of it that is long enough to be one.
        let said = digits(&reason);
        let words: Vec<_> = reason.split(|letter: char| !letter.is_alphanumeric()).collect();
        let names = |text: &String| {
            let mut own = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 4);
            let number = digits(text);
            (text.chars().count() > 2 && reason.contains(text.as_str()))
                || own.any(|word| words.contains(&word))
                || (number.len() > 6 && said.contains(&number))
        };
        has_address || known.iter().any(names)
    }

    fn says(&self, index: u64, restated: &Option<(Actor, Event)>) -> bool {
        let now = self.timeline.iter().find(|stamped| stamped.index == Some(index));
        now.zip(restated.as_ref()).is_some_and(|(now, (by, event))| now.by == *by && now.event == *event)
    }

    /// What an entry comes to without the person in it: nothing, the same without them, or a refusal where the incident
    /// would no longer say what the law asks to be documented.
    pub fn restated(&self, index: u64, words: Option<String>) -> Result<Option<(Actor, Event)>, Refusal> {
        let place = self.timeline.iter().position(|stamped| stamped.index == Some(index));
        let (place, stamped) =
            place.and_then(|place| Some((place, self.timeline.get(place)?))).ok_or(Refusal::NoSuchEntry)?;
        let by = match &stamped.by {
            Actor::Reporter { .. } => Actor::Reporter { name: None },
            other => other.clone(),
        };
        match (&stamped.event, words) {
            (Event::Gone { .. }, _) => Err(Refusal::NoSuchEntry),
            (Event::Opened { number, title, opening: Opening::Imported(row) }, words) => {
                let words = words.ok_or(Refusal::SayWhatHappened)?;
                let (title, row) = row.anew(title, &words)?;
                Ok(Some((by, Event::Opened { number: *number, title, opening: Opening::Imported(Box::new(row)) })))
            }
            (Event::Opened { number, title, opening }, words) => {
                let Opening::Reported { what, when_said, whose_said, done_said, .. } = opening else {
                    return Err(Refusal::KeptForAccount);
                };
                let opening = Opening::Reported {
                    what: words.clone().unwrap_or_else(|| what.clone()),
                    when_said: when_said.clone(),
                    // Who wrote the first words anew leaves out what they do not repeat.
                    whose_said: whose_said.clone().filter(|_| words.is_none()),
                    done_said: done_said.clone().filter(|_| words.is_none()),
                    contact: None,
                };
                let title = words.map_or_else(|| title.clone(), |words| words.chars().take(80).collect());
                // Whoever reported, with or without an account, is no longer named.
                let by = Actor::Reporter { name: None };
                Ok(Some((by, Event::Opened { number: *number, title, opening })))
            }
            (Event::Noted { .. }, words) => Ok(words.map(|text| (by, Event::Noted { text }))),
            (Event::FactsRecorded { changes, .. }, words) => {
                Ok(Some((by, Event::FactsRecorded { changes: changes.clone(), note: words })))
            }
            (Event::AwarenessSet { at, is_estimated, .. }, words) => {
                let reason = words.ok_or(Refusal::WordsNeeded)?;
                Ok(Some((by, Event::AwarenessSet { at: *at, is_estimated: *is_estimated, reason })))
            }
            (Event::SubjectsInformed { at, count, is_correction, .. }, words) => {
                let (at, count, is_correction) = (*at, *count, *is_correction);
                Ok(Some((by, Event::SubjectsInformed { at, count, channel: line(words)?, is_correction })))
            }
            (Event::ControllersWarned { at, count, .. }, words) => {
                Ok(Some((by, Event::ControllersWarned { at: *at, count: *count, channel: line(words)? })))
            }
            (Event::Custody(Custody::Added(file)), words) => {
                let file = EvidenceFile {
                    name: bare_name(&file.name),
                    description: words.ok_or(Refusal::WordsNeeded)?,
                    origin: String::new(),
                    ..file.clone()
                };
                Ok(Some((by, Event::Custody(Custody::Added(file)))))
            }
            // What was seen, how grave it was and when stays; whose device it was seen on goes with the words of it.
            (Event::DetectionsAdded(added), words) => {
                let words = words.ok_or(Refusal::WordsNeeded)?;
                let summary = Text::made(words.clone(), words);
                Ok(Some((by, Event::DetectionsAdded(DetectionsAdded { summary, ..added.clone() }))))
            }
            // What was made of the case can be made again; that it was made stays.
            (Event::DocumentMade { .. }, _) => Ok(None),
            (Event::NarrativeRecorded(_), Some(description)) => Ok(Some((
                by,
                Event::NarrativeRecorded(Narrative { description: Some(description), ..Narrative::default() }),
            ))),
            (Event::NarrativeRecorded(_), None) => {
                let mut later = self.timeline.iter().skip(place + 1);
                if later.any(|stamped| matches!(stamped.event, Event::NarrativeRecorded(_))) {
                    Ok(None)
                } else {
                    Err(Refusal::RewriteFirst)
                }
            }
            _ => Err(Refusal::KeptForAccount),
        }
    }

    /// An incident of which the opening is gone, as its erasure tells it.
    pub(crate) fn forgotten(organisation: OrganisationId, history: &[Stamped]) -> Option<Self> {
        let first = history.first()?;
        let erasure = history.iter().find_map(|stamped| match &stamped.event {
            Event::Erased(erasure) => Some(erasure),
            _ => None,
        })?;
        let opened = Stamped {
            recorded_at: erasure.opened_at,
            event: Event::Opened { number: erasure.number, title: ERASED_TITLE.to_owned(), opening: Opening::Erased },
            ..first.clone()
        };
        let mut incident = Self::open(organisation, &opened)?;
        incident.timeline = vec![first.clone()];
        Some(incident)
    }

    /// Takes in the erasure of the whole: what was in memory goes as well.
    pub(crate) fn take_in_erasure(&mut self, stamped: &Stamped, erasure: &Erasure) {
        let gone = |one: &Stamped| match &one.event {
            Event::Erased(_) => one.clone(),
            event => {
                Stamped { by: Actor::Program, event: Event::Gone { kind: event.kind_said().to_owned() }, ..one.clone() }
            }
        };
        let timeline: Vec<Stamped> = self.timeline.iter().map(gone).collect();
        let opened = Stamped {
            recorded_at: erasure.opened_at,
            event: Event::Opened { number: erasure.number, title: ERASED_TITLE.to_owned(), opening: Opening::Erased },
            by: Actor::Program,
            ..stamped.clone()
        };
        if let Some(bare) = Self::open(self.organisation, &opened) {
            *self = bare;
        }
        self.timeline = timeline;
        self.closed_at = erasure.closed_at.or(Some(stamped.recorded_at));
        self.erased = Some(Erased { at: stamped.recorded_at, by: stamped.by.clone(), erasure: erasure.clone() });
    }

    /// Takes in the erasure of some entries: the incident becomes what the others, and what may still be said, make of it.
    pub(crate) fn take_in_erased_entries(&mut self) {
        let told = substituted(&self.timeline);
        if told != self.timeline
            && let Some(anew) = Self::replay(self.organisation, &told)
        {
            *self = anew;
        }
    }
}

/// The words that take the place of a line.
fn line(words: Option<String>) -> Result<String, Refusal> {
    let words = words.ok_or(Refusal::WordsNeeded)?;
    if words.chars().count() > LONGEST_LINE {
        return Err(Refusal::TooLong { most: LONGEST_LINE });
    }
    Ok(words)
}

/// The name of a file without what whoever named it put in it: what kind of file it is stays.
fn bare_name(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let is_kind =
        |ending: &&str| (1..=5).contains(&ending.len()) && ending.chars().all(|sign| sign.is_ascii_alphanumeric());
    match ending.filter(is_kind) {
        Some(ending) => format!("{ERASED_NAME}.{ending}"),
        None => ERASED_NAME.to_owned(),
    }
}

/// An erasure of entries without the words that took their place: those are said elsewhere.
fn without_words(event: &Event) -> Option<Event> {
    let Event::EntriesErased { ground, reason, entries } = event else { return None };
    let entries = entries.iter().map(|one| ErasedEntry { index: one.index, restated: None }).collect();
    Some(Event::EntriesErased { ground: *ground, reason: reason.clone(), entries })
}

/// A history in which what was erased is what may still be said of it. The last word on an entry stands; it is looked for
/// from the end, since an erasure may itself be erased and told anew.
pub(crate) fn substituted(history: &[Stamped]) -> Vec<Stamped> {
    let mut erased: BTreeMap<u64, Option<Box<(Actor, Event)>>> = BTreeMap::new();
    let mut told: Vec<Stamped> = Vec::with_capacity(history.len());
    for stamped in history.iter().rev() {
        let one = match stamped.index.and_then(|index| erased.get(&index)) {
            None => stamped.clone(),
            Some(Some(restated)) => {
                let (by, event) = restated.as_ref().clone();
                Stamped { by, event, ..stamped.clone() }
            }
            Some(None) => Stamped {
                by: Actor::Program,
                event: Event::Gone { kind: stamped.event.kind_said().to_owned() },
                ..stamped.clone()
            },
        };
        if let Event::EntriesErased { entries, .. } = &one.event {
            for entry in entries {
                erased.entry(entry.index).or_insert_with(|| entry.restated.clone());
            }
        }
        told.push(one);
    }
    told.reverse();
    told
}
