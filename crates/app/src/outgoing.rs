//! What leaves the program: the checkpoint that is handed over at every decision and closing, and the alarms of clocks.
//!
//! Promises: a letter is queued with what causes it or not at all; nothing is called sent before whoever carries it said so;
//! an alarm rings once, however many servers look. Deliberately not here: carrying mail (a [`Post`]), the wording.

use jiff::{SignedDuration, Timestamp};

use facts::OrganisationId;
use incident::{Event, Incident, Permission, Role};
use law::deadline::PlannedClock;

use crate::append::replay;
use crate::handle::require;
use crate::mail::{AlarmData, Because, CheckpointData, checkpoint_file, mail};
use crate::ports::{DueAlarm, Post, PostError};
use crate::{App, Error, Letter, LetterKind, LetterState, NewLetter, Scope, StoreError};

/// How long a worker has for the letters that it took.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How many letters a worker takes at once: what it can send within its lease, slow servers included.
const LETTERS_AT_ONCE: u32 = 10;
const ALARMS_AT_ONCE: u32 = 200;
/// An alarm that was missed for longer than this is not rung any more; the next one is.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How many letters back we look for one that did not leave.
const LOOKED_BACK: u32 = 200;
/// When an incident that could not be read is looked at again.
const LOOK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// After each failed try, how many minutes until the next; after the last a person has to look.
const AGAIN_AFTER_MINUTES: [i64; 8] = [1, 5, 15, 60, 240, 720, 1440, 1440];

/// What a round of sending came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    pub sent: usize,
    /// Tried again later.
    pub postponed: usize,
    pub given_up: usize,
}

/// What a round of ringing came to.
#[derive(Debug, Default)]
pub struct Ringing {
    /// How many incidents.
    pub looked_at: usize,
    pub failures: Vec<Error>,
}

impl App {
    /// The letters of the organisation, newest first.
    pub async fn letters(&self, scope: &Scope, limit: u32) -> Result<Vec<Letter>, Error> {
        require(scope, Permission::ReadIncident)?;
        Ok(self.store.letters(scope, limit).await?)
    }

    /// The letters of the organisation after so many, newest first.
    pub async fn letters_after(&self, scope: &Scope, after: u64, limit: u32) -> Result<Vec<Letter>, Error> {
        require(scope, Permission::ReadIncident)?;
        Ok(self.store.letters_after(scope, after, limit).await?)
    }

    /// How many of the newest letters were given up: somebody has to look.
    pub async fn unsent_letters(&self, scope: &Scope) -> Result<usize, Error> {
        let letters = self.letters(scope, LOOKED_BACK).await?;
        Ok(letters.iter().filter(|letter| matches!(letter.state, LetterState::GivenUp { .. })).count())
    }

    /// The newest letter that hands over the register's state because of this incident, among the newest letters.
    pub async fn newest_handover(&self, scope: &Scope, incident: &Incident) -> Result<Option<Letter>, Error> {
        let letters = self.letters(scope, LOOKED_BACK).await?;
        let is_wanted = |letter: &Letter| letter.kind == LetterKind::Checkpoint && letter.incident == Some(incident.id);
        Ok(letters.into_iter().find(is_wanted))
    }

    /// Tries a letter that was given up again.
    pub async fn send_again(&self, scope: &Scope, id: uuid::Uuid, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::HandleIncident)?;
        Ok(self.store.send_again(scope, id, now).await?)
    }

    /// Sends the letters that are due.
    pub async fn send_letters(&self, post: &dyn Post, base_url: &str, now: Timestamp) -> Result<Sending, Error> {
        let mut sending = Sending::default();
        for letter in self.store.take_letters(now, now + LEASE, LETTERS_AT_ONCE).await? {
            let carried = match self.carry_letter(post, &letter, base_url).await {
                Err(error) if error.is_of_the_whole_store() => return Err(error),
                // What cannot be made into a mail now never can be; the others go on.
                Err(error) => Err(PostError::Refused(format!("no mail could be made of it: {error}"))),
                Ok(carried) => carried,
            };
            match carried {
                Ok(()) => {
                    self.store.letter_sent(letter.id, now).await?;
                    sending.sent += 1;
                }
                Err(error) => {
                    let again_at = again_at(&error, letter.attempts, now);
                    self.store.letter_failed(letter.id, now, &error.to_string(), again_at).await?;
                    if again_at.is_some() { sending.postponed += 1 } else { sending.given_up += 1 }
                }
            }
        }
        Ok(sending)
    }

    async fn carry_letter(
        &self,
        post: &dyn Post,
        letter: &Letter,
        base_url: &str,
    ) -> Result<Result<(), PostError>, Error> {
        let scope = self.permit_program_in(letter.organisation).await?;
        let checkpoint = match letter.kind {
            LetterKind::Checkpoint => Some(self.store.checkpoint_at(&scope, letter.tree_size).await?),
            _ => None,
        };
        let mail = mail(letter, scope.organisation(), checkpoint.as_deref(), base_url)?;
        Ok(post.send(&mail).await)
    }

    /// The letter that hands over the checkpoint of the tree as it stands after these events; none where nothing of
    /// weight happened, or where the organisation gave no address.
    pub(crate) fn handover(
        &self,
        scope: &Scope,
        incident: &Incident,
        events: &[&Event],
        now: Timestamp,
    ) -> Result<Option<NewLetter>, Error> {
        let because = events.iter().rev().find_map(|event| match event {
            Event::Decided(_) => Some(Because::Decided),
            Event::Closed { .. } => Some(Because::Closed),
            Event::Reopened { .. } => Some(Because::Reopened),
            _ => None,
        });
        let (Some(because), Some(recipient)) = (because, scope.organisation().profile.register_address()) else {
            return Ok(None);
        };
        let data = CheckpointData { number: incident.number, because };
        Ok(Some(NewLetter {
            id: self.chance.id(now)?,
            key: format!("checkpoint {} {}", incident.id, incident.timeline.len()),
            kind: LetterKind::Checkpoint,
            incident: Some(incident.id),
            recipient: recipient.to_owned(),
            data: serde_json::to_string(&data).map_err(Error::internal)?,
            created_at: now,
        }))
    }

    /// The newest signed checkpoint of every register that has entries: the organisation's short name, the file's name, and
    /// what stands in it.
    pub async fn newest_checkpoints(&self) -> Result<Vec<(String, String, String)>, Error> {
        let mut newest = Vec::new();
        for organisation in self.store.organisations().await? {
            let scope = self.permit_program(&organisation.slug).await?;
            let Some(note) = self.store.checkpoint(&scope).await? else { continue };
            let key = self.signer.key(organisation.id).verifier();
            let size = register::Checkpoint::open(&note, &key).map_err(Error::internal)?.size;
            let name = checkpoint_file(&organisation.slug, size);
            newest.push((organisation.slug, name, note));
        }
        Ok(newest)
    }

    /// Queues the alarms that are due now, and plans the next of each incident. One that cannot be read keeps none of the
    /// others from ringing.
    pub async fn ring_alarms(&self, now: Timestamp) -> Result<Ringing, Error> {
        let due = self.store.due_alarms(now, ALARMS_AT_ONCE).await?;
        let mut ringing = Ringing { looked_at: due.len(), failures: Vec::new() };
        for alarm in &due {
            match self.ring(alarm, now).await {
                Ok(()) => {}
                Err(error) if error.is_of_the_whole_store() => return Err(error),
                Err(error) => {
                    self.store.plan_alarm(alarm, Some(now + LOOK_AGAIN_AFTER)).await?;
                    ringing.failures.push(error);
                }
            }
        }
        Ok(ringing)
    }

    async fn ring(&self, due: &DueAlarm, now: Timestamp) -> Result<(), Error> {
        let scope = self.permit_program_in(due.organisation).await?;
        let next = match self.store.history(&scope, due.incident).await {
            Ok(entries) => self.ring_for(&scope, &replay(scope.id(), &entries)?, now).await?,
            Err(StoreError::NotFound) => None,
            Err(other) => return Err(other.into()),
        };
        Ok(self.store.plan_alarm(due, next).await?)
    }

    /// Rings for every clock of an incident whose alarm has come; when the next one comes.
    async fn ring_for(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        if incident.closed_at.is_some() {
            return Ok(None);
        }
        let clocks = self.clocks(scope, incident, now)?;
        for clock in &clocks {
            let Some(at) = last_alarm(clock, now) else { continue };
            for recipient in self.who_must_act(scope).await? {
                self.store.queue(scope, &self.alarm(incident, clock, at, recipient, now)?).await?;
            }
        }
        Ok(clocks.iter().filter_map(|clock| clock.next_alarm(now)).min())
    }

    fn alarm(
        &self,
        incident: &Incident,
        clock: &PlannedClock,
        at: Timestamp,
        recipient: String,
        now: Timestamp,
    ) -> Result<NewLetter, Error> {
        let data = AlarmData {
            number: incident.number,
            what_nl: clock.what.nl.to_string(),
            what_en: clock.what.en.to_string(),
            basis: clock.basis.clone(),
            target: clock.target,
            is_late: clock.target.is_some_and(|target| target < now),
        };
        Ok(NewLetter {
            id: self.chance.id(now)?,
            key: format!("alarm {} {} {at} {recipient}", incident.id, clock.id),
            kind: LetterKind::Alarm,
            incident: Some(incident.id),
            recipient,
            data: serde_json::to_string(&data).map_err(Error::internal)?,
            created_at: now,
        })
    }

    /// The addresses of those who handle or decide in this organisation, its provider's engineers included.
    pub(crate) async fn who_must_act(&self, scope: &Scope) -> Result<Vec<String>, Error> {
        let members = self.store.members(scope).await?;
        let acts = |role| matches!(role, Role::Handler | Role::Officer | Role::Engineer);
        let mut addresses: Vec<_> =
            members.into_iter().filter(|(_, role)| acts(*role)).map(|(user, _)| user.email).collect();
        addresses.sort_unstable();
        addresses.dedup();
        Ok(addresses)
    }

    /// The scope of the program itself in the organisation of an id.
    pub(crate) async fn permit_program_in(&self, organisation: OrganisationId) -> Result<Scope, Error> {
        let organisation = self.store.organisation(organisation).await?;
        self.permit_program(&organisation.slug).await
    }
}

/// The newest alarm of a clock that has come and is not stale; past the target it rings at each step of its own.
fn last_alarm(clock: &PlannedClock, now: Timestamp) -> Option<Timestamp> {
    if clock.state.is_done() {
        return None;
    }
    let overdue = clock.target.zip(clock.overdue_every).and_then(|(target, every)| {
        let steps = (now.as_second() - target.as_second()).div_euclid(every.as_secs().max(1));
        let steps = i32::try_from(steps).ok().filter(|steps| *steps > 0)?;
        target.checked_add(every.checked_mul(steps)?).ok()
    });
    let planned = clock.alarms.iter().copied().filter(|alarm| *alarm <= now).max();
    overdue.max(planned).filter(|at| now.duration_since(*at) <= STALE_AFTER)
}

/// When a letter is tried again that failed for the `attempts`-th time; nothing where it is given up.
fn again_at(error: &PostError, attempts: u32, now: Timestamp) -> Option<Timestamp> {
    match error {
        PostError::Refused(_) => None,
        PostError::Later(_) => {
            let place = usize::try_from(attempts.max(1) - 1).ok()?;
            AGAIN_AFTER_MINUTES.get(place).map(|minutes| now + SignedDuration::from_mins(*minutes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_for_three_days_and_then_a_person_looks() {
        let now = Timestamp::UNIX_EPOCH;
        let later = PostError::Later("away".into());
        let tries: Vec<_> = (1..=9).map(|attempts| again_at(&later, attempts, now)).collect();
        assert!(tries[..8].iter().all(Option::is_some));
        assert_eq!(tries[8], None);
        let total: i64 = AGAIN_AFTER_MINUTES.iter().sum();
        assert!((2 * 1440..4 * 1440).contains(&total), "{total} minutes");
        assert_eq!(again_at(&PostError::Refused("no such mailbox".into()), 1, now), None);
    }
}
