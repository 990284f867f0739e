//! Forgetting: how long incidents are kept, what holds them, and erasing them when their term ends or somebody decides so.
//!
//! Promises: nothing is erased that was not announced for thirty days on the page, nothing within a year of closing, nothing
//! that is held, nothing by a clock that leapt (`clock_leap`); an erasure is an entry that says why, and goes into the journal with the deletion or not at all. The
//! terms' sources stand beside them (`docs/retention.md`).

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use facts::Text;
use incident::{Actor, Command, ErasureGround, Event, Incident, Permission, Refusal, RetentionKind};

use crate::append::{project, take_in};
use crate::handle::{has_news, require};
use crate::lists::PAGE;
use crate::{
    App, ClockLeap, ErasureMark, Error, FieldProblem, IncidentRow, Recorded, RetentionChange, Scope, SeenClock,
    StoreError, Trouble,
};

/// Limitation of the AP's heavier fines is five years (Awb art. 5:45(2)).
pub const DEFAULT_YEARS: u32 = 5;
/// The Wbp's policy rules asked at least a year; the AP must be able to verify (AVG art. 33(5)).
pub const LEAST_YEARS: u32 = 1;
/// No claim waits longer (BW art. 3:306: twenty years); what is kept longer needs no term but a hold.
pub const MOST_YEARS: u32 = 20;
/// For how long an erasure is announced before it happens.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many incidents of a kind one round looks at, so that what it did is told before the next.
const AT_ONCE: u32 = 100;
/// How many erased incidents with files left one round looks at.
const MOST_DROPPED: u32 = 20_000;
/// The longest reason for changing a term, in characters.
const LONGEST_REASON: usize = 500;

/// The term of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionTerm {
    pub kind: RetentionKind,
    pub years: u32,
    /// Nobody set it: it is what the program proposes.
    pub is_default: bool,
    /// Whoever shortened it last, or said that the clock is right, gave thirty days' notice to everything that it ends.
    not_before: Timestamp,
}

/// How long one incident is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptUntil {
    pub kind: RetentionKind,
    pub years: u32,
    /// When it may be erased at the earliest; absent while it is open, and once it was erased.
    pub at: Option<Timestamp>,
}

/// An incident that will be erased, and when at the earliest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedErasure {
    pub row: IncidentRow,
    pub at: Timestamp,
    pub years: u32,
    /// It was taken over as closed and nobody knows when: its term counts from the day on which it was.
    pub is_closing_unsaid: bool,
}

/// Where a round of erasing begins. What was passed over is not looked at again before all else was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// The place of the kind in [`RetentionKind::ALL`].
    kind: usize,
    /// The last one that was looked at: when it was closed, and its number.
    after: Option<(Timestamp, u64)>,
}

/// A page of a list, and how many lines the whole has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub lines: Vec<T>,
    pub all: u64,
}

/// What a round of erasing did.
#[derive(Debug, Default)]
pub struct Forgotten {
    /// The numbers of the incidents that were erased, or would be.
    pub incidents: Vec<u64>,
    /// The numbers of those that could not be erased, and why; they keep none of the others waiting.
    pub failures: Vec<(u64, Error)>,
    /// Where the next round begins; nothing when all was looked at.
    pub next: Option<Round>,
    /// The clock is not believed, and nothing was erased for that reason.
    pub leap: Option<ClockLeap>,
}

/// What erasing again did.
#[derive(Debug, Default)]
pub struct ErasedAgain {
    /// How many entries lost their bodies.
    pub entries: u64,
    /// How many marks are of entries that have no body any more.
    pub already: u64,
    /// How many are of entries behind the last one here: written later than what was restored.
    pub later: u64,
    /// How many fit no entry here: they are of another register, or of another history of it.
    pub unfit: u64,
    /// The incidents that could not be erased again, and why.
    pub failures: Vec<(facts::IncidentId, Error)>,
}

impl App {
    /// The term of each kind.
    pub async fn retention_terms(&self, scope: &Scope) -> Result<Vec<RetentionTerm>, Error> {
        let changes = self.store.retention_changes(scope).await?;
        let announced = self.clock_confirmed().await?.map_or(Timestamp::MIN, |at| at + NOTICE);
        let terms = RetentionKind::ALL.into_iter().map(|kind| term(kind, &changes));
        Ok(terms.map(|term| RetentionTerm { not_before: term.not_before.max(announced), ..term }).collect())
    }

    /// Every change of a term, the newest first.
    pub async fn retention_changes(&self, scope: &Scope) -> Result<Vec<RetentionChange>, Error> {
        require(scope, Permission::Administer)?;
        Ok(self.store.retention_changes(scope).await?)
    }

    /// Sets terms in whole years, with the reason; those that are what they were stay as they are. What a shorter term ends
    /// is announced for thirty days first. All of them are looked at before one is set.
    pub async fn set_retentions(
        &self,
        scope: &Scope,
        wanted: &[(RetentionKind, u32)],
        reason: &str,
        seen: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let before = self.store.retention_changes(scope).await?;
        let newest = before.first().map(|change| change.set_at);
        if newest != seen {
            return Err(Error::Conflict);
        }
        // The newest is in force: one that is set while the clock stands back still comes after the one before.
        let set_at = newest.map_or(now, |newest| now.max(newest + SignedDuration::from_micros(1)));
        let reason = reason.trim();
        let mut problems = Vec::new();
        let mut changes = Vec::new();
        for (kind, years) in wanted.iter().copied() {
            let years_before = term(kind, &before).years;
            if !(LEAST_YEARS..=MOST_YEARS).contains(&years) {
                problems.push(FieldProblem { field: kind.key().to_owned(), text: out_of_range(kind) });
            } else if years != years_before {
                let (set_by, reason) = (scope.actor().name().to_owned(), reason.to_owned());
                changes.push(RetentionChange { kind, years, years_before, set_at, set_by, reason });
            }
        }
        if !changes.is_empty() && (reason.is_empty() || reason.chars().count() > LONGEST_REASON) {
            let text = Text::new(
                "Schrijf in één zin waarom u een bewaartermijn wijzigt (ten hoogste 500 tekens).",
                "Say in one sentence why you change a retention term (at most 500 characters).",
            );
            problems.push(FieldProblem { field: "reason".to_owned(), text });
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if changes.is_empty() {
            return Err(Refusal::NothingChanges.into());
        }
        Ok(self.store.set_retentions(scope, &changes, seen).await?)
    }

    /// By which rule an incident is kept, and until when at least.
    pub async fn kept_until(&self, scope: &Scope, incident: &Incident) -> Result<KeptUntil, Error> {
        let line = project(incident);
        let terms = self.retention_terms(scope).await?;
        let term = terms.into_iter().find(|term| term.kind == line.keeping.kind).ok_or(Error::NotFound)?;
        let at = if incident.erased.is_some() { None } else { self.erase_at(scope, &line, &term)? };
        Ok(KeptUntil { kind: term.kind, years: term.years, at })
    }

    /// What will be erased within the coming days of notice, those nearest to their end first: a page of it, `from` on.
    pub async fn planned_erasures(
        &self,
        scope: &Scope,
        from: u64,
        now: Timestamp,
    ) -> Result<Listed<PlannedErasure>, Error> {
        let terms = self.retention_terms(scope).await?;
        let zone = self.zone(scope)?;
        let mut closed_by = [Timestamp::MIN; 3];
        for (place, kind) in closed_by.iter_mut().zip(RetentionKind::ALL) {
            let years = terms.iter().find(|term| term.kind == kind).map_or(DEFAULT_YEARS, |term| term.years);
            *place = closed_by_for(now + NOTICE, years, &zone)?;
        }
        let mut lines = Vec::new();
        for row in self.store.ending(scope, closed_by, now, from, PAGE).await? {
            let Some(term) = terms.iter().find(|term| term.kind == row.keeping.kind) else { continue };
            let Some(at) = self.erase_at(scope, &row, term)? else { continue };
            // One that cannot be read is on the list all the same.
            let is_closing_unsaid = row.closed_at == Some(row.opened_at)
                && self.incident(scope, row.number).await.is_ok_and(|incident| incident.is_closing_unsaid());
            lines.push(PlannedErasure { row, at, years: term.years, is_closing_unsaid });
        }
        Ok(Listed { lines, all: self.store.count_ending(scope, closed_by, now).await? })
    }

    /// The incidents that are held from being erased, the longest held first: a page of them, `from` on.
    pub async fn held_incidents(&self, scope: &Scope, from: u64) -> Result<Listed<IncidentRow>, Error> {
        let lines = self.store.held(scope, from, PAGE).await?;
        Ok(Listed { lines, all: self.store.count_held(scope).await? })
    }

    /// Keeps an incident from being erased: a claim, an inquiry.
    pub async fn hold(&self, scope: &Scope, number: u64, reason: String, now: Timestamp) -> Result<Recorded, Error> {
        require(scope, Permission::Forget)?;
        self.carry(scope, number, None, vec![Command::PlaceHold { reason }], now).await
    }

    /// Ends the hold. What was due is announced for thirty days again.
    pub async fn release(&self, scope: &Scope, number: u64, reason: String, now: Timestamp) -> Result<Recorded, Error> {
        require(scope, Permission::Forget)?;
        self.carry(scope, number, None, vec![Command::ReleaseHold { reason }], now).await
    }

    /// Erases a closed incident before its term ends, a year after closing at the earliest, and by no clock that leapt.
    /// `seen_entries`: how many entries it had when it was shown.
    pub async fn erase(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: u64,
        ground: ErasureGround,
        reason: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::Forget)?;
        let incident = self.seen(scope, number, seen_entries).await?;
        let is_a_year = incident.closed_at.is_some_and(|at| now >= incident::erasable_from(at));
        if is_a_year && self.clock_leap(now).await?.is_some() {
            return Err(Refusal::ClockNotBelieved.into());
        }
        let years = term(incident.retention_kind(), &self.store.retention_changes(scope).await?).years;
        let command = Command::Erase { ground, years, reason };
        let incident = self.carry_out_erasing(scope, incident, command, now).await?;
        self.store.settle().await?;
        Ok(Recorded { incident })
    }

    /// Erases single entries of an incident, each with what may still be said in its place.
    #[expect(clippy::too_many_arguments, reason = "one for each thing that is said, as the form asks it")]
    pub async fn erase_entries(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: u64,
        ground: ErasureGround,
        reason: String,
        entries: Vec<(u64, Option<String>)>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::Forget)?;
        let incident = self.seen(scope, number, seen_entries).await?;
        let command = Command::EraseEntries { ground, reason, entries };
        let incident = self.carry_out_erasing(scope, incident, command, now).await?;
        self.store.settle().await?;
        Ok(Recorded { incident })
    }

    /// One round of erasing what ended, at most a hundred incidents, from where the one before left off; the first one from
    /// the default. `is_dry`: says what it would erase, and erases nothing. Nor does it where the clock is not believed, as
    /// it was seen once for all organisations ([`App::see_clock`], [`App::last_seen_clock`]).
    pub async fn forget_ended(
        &self,
        scope: &Scope,
        round: Round,
        is_dry: bool,
        clock: SeenClock,
        now: Timestamp,
    ) -> Result<Forgotten, Error> {
        let mut forgotten = Forgotten { leap: clock.leap(now), ..Forgotten::default() };
        if !is_dry && forgotten.leap.is_some() {
            return Ok(forgotten);
        }
        if !is_dry && round == Round::default() {
            self.drop_files_left(scope, &mut forgotten).await?;
        }
        let terms = self.retention_terms(scope).await?;
        let Some(term) = terms.get(round.kind) else { return Ok(forgotten) };
        let closed = closed_before(now, term.years, &self.zone(scope)?)?;
        let rows = self.store.ended(scope, term.kind, closed, now - NOTICE, round.after, AT_ONCE).await?;
        for row in &rows {
            match self.forget_one(scope, row.number, &terms, is_dry, now).await {
                Ok(true) => forgotten.incidents.push(row.number),
                // Not yet; or somebody wrote on it meanwhile, and it is announced again.
                Ok(false) | Err(Error::Conflict) => {}
                Err(error) if stops_all(&error) => return Err(error),
                Err(error) => forgotten.failures.push((row.number, error)),
            }
        }
        if !is_dry && !forgotten.incidents.is_empty() {
            self.store.settle().await?;
        }
        let last = rows.last().and_then(|row| Some((row.closed_at?, row.number)));
        forgotten.next = match last {
            Some(_) => Some(Round { after: last, ..round }),
            None => terms.get(round.kind + 1).map(|_| Round { kind: round.kind + 1, after: None }),
        };
        Ok(forgotten)
    }

    /// Takes their files from incidents that were erased when something came between. What cannot be taken now is told, and
    /// is tried again a day later.
    async fn drop_files_left(&self, scope: &Scope, forgotten: &mut Forgotten) -> Result<(), Error> {
        for (incident, number) in self.store.with_files_left(scope, MOST_DROPPED).await? {
            match self.drop_files(scope, incident).await {
                Ok(()) => {}
                Err(error) if stops_all(&error) => return Err(error),
                Err(error) => forgotten.failures.push((number, error)),
            }
        }
        Ok(())
    }

    /// Erases one incident if it ended; whether it did (or, `is_dry`, would be).
    async fn forget_one(
        &self,
        scope: &Scope,
        number: u64,
        terms: &[RetentionTerm],
        is_dry: bool,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let incident = self.incident(scope, number).await?;
        // The line says where to look; the journal says whether it is so.
        let line = project(&incident);
        let Some(term) = terms.iter().find(|term| term.kind == line.keeping.kind) else { return Ok(false) };
        if line.keeping.held_at.is_some() || self.erase_at(scope, &line, term)?.is_none_or(|at| at > now) {
            return Ok(false);
        }
        if !is_dry {
            let (ground, years) = (ErasureGround::TermEnded, term.years);
            let command = Command::Erase { ground, years, reason: String::new() };
            self.carry_out_erasing(scope, incident, command, now).await?;
        }
        Ok(true)
    }

    /// Every body that was erased at or after a moment, of any organisation; at most `limit`. For the list that is kept
    /// beside the backups.
    pub async fn erasures(&self, since: Timestamp, limit: u32) -> Result<Vec<ErasureMark>, Error> {
        Ok(self.store.erasures(since, limit).await?)
    }

    /// Erases again what was erased before and stands there once more: after an older backup was restored. Whole incidents
    /// and single entries. One that cannot be erased keeps none of the others.
    pub async fn erase_again(&self, marks: &[ErasureMark], now: Timestamp) -> Result<ErasedAgain, Error> {
        let mut again = ErasedAgain { unfit: marks.len() as u64, ..ErasedAgain::default() };
        for organisation in self.store.organisations().await? {
            let scope = self.permit_program(&organisation.slug).await?;
            let undone = self.store.undone(organisation.id, marks).await?;
            self.tell_apart(&scope, marks, &undone, &mut again).await?;
            let mut incidents: Vec<_> = undone.iter().map(|mark| mark.incident).collect();
            incidents.sort_unstable();
            incidents.dedup();
            for id in incidents {
                let of_it: Vec<_> = undone.iter().filter(|mark| mark.incident == id).collect();
                match self.erase_one_again(&scope, id, &of_it, now).await {
                    Ok(entries) => again.entries += entries,
                    Err(error) if stops_all(&error) => return Err(error),
                    Err(error) => again.failures.push((id, error)),
                }
            }
        }
        // Also where nothing was erased now: whoever did so may have been stopped just before this.
        self.store.settle().await?;
        Ok(again)
    }

    /// Counts the marks of one register that are not to be erased again, by the reason.
    async fn tell_apart(
        &self,
        scope: &Scope,
        marks: &[ErasureMark],
        undone: &[ErasureMark],
        again: &mut ErasedAgain,
    ) -> Result<(), Error> {
        let undone: BTreeSet<&ErasureMark> = undone.iter().collect();
        for mark in marks.iter().filter(|mark| mark.organisation == scope.id()) {
            let entries =
                if undone.contains(mark) { None } else { Some(self.store.entries_from(scope, mark.index, 1).await?) };
            match entries.as_deref() {
                None => {}
                Some([]) => again.later += 1,
                Some([entry, ..])
                    if (entry.index, entry.incident, entry.commitment)
                        == (mark.index, mark.incident, mark.commitment) =>
                {
                    again.already += 1;
                }
                Some(_) => continue,
            }
            again.unfit -= 1;
        }
        Ok(())
    }

    async fn erase_one_again(
        &self,
        scope: &Scope,
        id: facts::IncidentId,
        marks: &[&ErasureMark],
        now: Timestamp,
    ) -> Result<u64, Error> {
        let incident = crate::append::replay(scope.id(), &self.store.history(scope, id).await?)?;
        let ground = ErasureGround::Restored;
        let command = if marks.iter().any(|mark| mark.is_whole) {
            let years = term(incident.retention_kind(), &self.store.retention_changes(scope).await?).years;
            Command::Erase { ground, years, reason: String::new() }
        } else {
            // What was written in their place came after the backup, and is gone with it. Without words an opening keeps what
            // was reported, and that may be the very thing that was erased.
            let words = |index: u64| match incident.restated(index, None) {
                Err(_) | Ok(Some((_, Event::Opened { .. }))) => Some("[gewist / erased]".to_owned()),
                Ok(_) => None,
            };
            let stands_for = |index| incident.told_anew_in(index).unwrap_or_else(|| vec![index]);
            // Each once: an entry that was erased, came back and was erased again stands on the list with both moments.
            let indices: BTreeSet<u64> = marks.iter().flat_map(|mark| stands_for(mark.index)).collect();
            let entries = indices.into_iter().map(|index| (index, words(index))).collect();
            let reason = ground.because();
            Command::EraseEntries { ground, reason: format!("{} ({})", reason.nl, reason.en), entries }
        };
        let before = incident.kept_entries().len();
        let is_whole = matches!(command, Command::Erase { .. });
        let marked: BTreeSet<u64> = marks.iter().map(|mark| mark.index).collect();
        self.carry_out_erasing(scope, incident, command, now).await?;
        Ok(if is_whole { before } else { marked.len() } as u64)
    }

    /// Decides an erasure, and writes it with the deletion in one transaction.
    async fn carry_out_erasing(
        &self,
        scope: &Scope,
        mut incident: Incident,
        command: Command,
        now: Timestamp,
    ) -> Result<Incident, Error> {
        let now = self.not_before(scope, now).await?;
        let expected = incident.timeline.len() as u64;
        let kept = incident.kept_entries();
        let events = incident.decide(command, scope.actor(), now)?;
        let erase = events.iter().flat_map(|event| match event {
            Event::Erased(_) => kept.clone(),
            // One that was erased before lost its body then.
            Event::EntriesErased { entries, .. } => {
                entries.iter().map(|entry| entry.index).filter(|index| kept.contains(index)).collect()
            }
            _ => Vec::new(),
        });
        let erase: Vec<u64> = erase.collect();
        let told_anew = events.iter().flat_map(|event| match event {
            Event::EntriesErased { entries, .. } => entries.iter().map(|entry| entry.index).collect(),
            _ => Vec::new(),
        });
        let forget = incident.detections_of(&told_anew.collect::<Vec<u64>>());
        take_in(&mut incident, scope.actor(), now, &events);
        let events: Vec<(Actor, Event)> = events.into_iter().map(|event| (scope.actor().clone(), event)).collect();
        let append = self.to_append(scope, &incident, expected, &events, Vec::new(), now)?;
        let append = crate::Append { erase, forget, ..append };
        self.store.append(scope, append, self.signer.as_ref()).await?;
        self.drop_unused_files(scope, &incident).await?;
        Ok(incident)
    }

    /// Takes from an incident the files that it no longer speaks of: all of them where it was erased, a document where that
    /// was. One that an earlier erasure could not take goes with the next.
    async fn drop_unused_files(&self, scope: &Scope, incident: &Incident) -> Result<(), Error> {
        if incident.erased.is_some() {
            return self.drop_files(scope, incident.id).await;
        }
        for sha256 in self.store.blobs_of(scope, incident.id).await? {
            let is_document = incident.documents.iter().any(|document| document.sha256 == sha256);
            if !is_document && incident.evidence_of(&sha256).is_none() {
                self.drop_file(scope, incident.id, &sha256).await?;
            }
        }
        Ok(())
    }

    async fn drop_file(&self, scope: &Scope, incident: facts::IncidentId, sha256: &str) -> Result<(), Error> {
        match self.store.delete_blob(scope, incident, sha256).await {
            // Somebody else was first.
            Ok(_) | Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes its files from an incident that was erased; those that no other incident uses are deleted.
    async fn drop_files(&self, scope: &Scope, incident: facts::IncidentId) -> Result<(), Error> {
        for sha256 in self.store.blobs_of(scope, incident).await? {
            self.drop_file(scope, incident, &sha256).await?;
        }
        Ok(())
    }

    async fn seen(&self, scope: &Scope, number: u64, seen_entries: u64) -> Result<Incident, Error> {
        let incident = self.incident(scope, number).await?;
        if has_news(&incident, seen_entries) { Err(Error::Conflict) } else { Ok(incident) }
    }

    /// When an incident with this line will be erased, where that is within the coming days of notice.
    pub(crate) fn soon_erased(
        &self,
        scope: &Scope,
        row: &IncidentRow,
        terms: &[RetentionTerm],
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let Some(term) = terms.iter().find(|term| term.kind == row.keeping.kind) else { return Ok(None) };
        Ok(self.erase_at(scope, row, term)?.filter(|at| *at <= now + NOTICE))
    }

    /// When an incident may be erased at the earliest; nothing while it is open.
    fn erase_at(&self, scope: &Scope, row: &IncidentRow, term: &RetentionTerm) -> Result<Option<Timestamp>, Error> {
        let Some(closed_at) = row.closed_at else { return Ok(None) };
        let closed = self.zoned(scope, closed_at)?;
        let ended = closed.checked_add(Span::new().years(i64::from(term.years))).map_err(Error::internal)?.timestamp();
        let shortest = incident::erasable_from(closed_at);
        let last = [ended, shortest, row.keeping.changed_at + NOTICE, term.not_before].into_iter().max();
        Ok(last)
    }

    fn zone(&self, scope: &Scope) -> Result<TimeZone, Error> {
        TimeZone::get(&scope.organisation().zone).map_err(Error::internal)
    }
}

/// The term of a kind as the changes (newest first) leave it.
fn term(kind: RetentionKind, changes: &[RetentionChange]) -> RetentionTerm {
    let of_kind = || changes.iter().filter(|change| change.kind == kind);
    let newest = of_kind().next();
    let shortened = of_kind().find(|change| change.years < change.years_before);
    RetentionTerm {
        kind,
        years: newest.map_or(DEFAULT_YEARS, |change| change.years),
        is_default: newest.is_none(),
        not_before: shortened.map_or(Timestamp::MIN, |change| change.set_at + NOTICE),
    }
}

/// What was closed by then may have ended at a moment; a day is left for the calendar's differences.
fn closed_before(at: Timestamp, years: u32, zone: &TimeZone) -> Result<Timestamp, Error> {
    // In two steps: a span has one sign, and years with a day the other way would be years the other way.
    let before = at.to_zoned(zone.clone()).checked_sub(Span::new().years(i64::from(years)));
    let before = before.and_then(|before| before.checked_add(Span::new().days(1)));
    Ok(before.map_err(Error::internal)?.timestamp())
}

/// What was closed by then, and nothing later, has ended at a moment. On the last day of February in a year without its 29th
/// what was closed on one ends with what was closed the day before: both are told, rather than one too late.
fn closed_by_for(at: Timestamp, years: u32, zone: &TimeZone) -> Result<Timestamp, Error> {
    let at = at.to_zoned(zone.clone());
    let leap = i32::from((at.month(), at.day()) == (2, 28));
    let by = at.checked_sub(Span::new().years(i64::from(years)));
    let by = by.and_then(|by| by.checked_add(Span::new().days(leap))).map_err(Error::internal)?;
    Ok(by.timestamp())
}

/// Whether no other incident can be erased either. What a store refuses for reasons of its own may be about this one alone.
fn stops_all(error: &Error) -> bool {
    error.is_of_the_whole_store() && !matches!(error, Error::Unavailable(Trouble::Other, _))
}

fn out_of_range(kind: RetentionKind) -> Text {
    let kind = kind.name();
    Text::made(
        format!(
            "{}: kies {LEAST_YEARS} tot en met {MOST_YEARS} jaar. Korter dan een jaar kan niet: de AP moet kunnen controleren \
             wat u besloot (AVG art. 33, lid 5). Moet één zaak langer blijven, leg daar dan een wisverbod op.",
            kind.nl
        ),
        format!(
            "{}: choose {LEAST_YEARS} to {MOST_YEARS} years. Less than a year is not possible: the authority must be able to \
             verify what you decided (GDPR art. 33(5)). If one case must stay longer, hold that one.",
            kind.en
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is looked at for erasing once was everything that was closed, however lately.
    #[test]
    fn what_ends_by_a_moment_was_closed_years_before() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let check = |until: &str, years: u32, by: &str| {
            let by = at(by);
            assert_eq!(closed_by_for(at(until), years, &zone).unwrap(), by, "{until}");
            let looked_at = closed_before(at(until), years, &zone).unwrap();
            assert!(by <= looked_at && looked_at.duration_since(by) <= SignedDuration::from_hours(73), "{looked_at}");
        };
        check("2026-11-21T08:30:00Z", 5, "2021-11-21T08:30:00Z");
        // The clock's hour of the day stays, in summer time too.
        check("2026-03-29T08:30:00Z", 5, "2021-03-29T08:30:00Z");
        check("2026-11-21T08:30:00Z", 1, "2025-11-21T08:30:00Z");
        check("2025-02-28T12:00:00Z", 5, "2020-02-29T12:00:00Z");
    }
}
