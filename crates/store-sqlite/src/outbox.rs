//! The outbox: queued with an event or by itself, given to one worker at a time.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};
use uuid::Uuid;

use app::ports::DueAlarm;
use app::{Letter, LetterKind, LetterState, NewLetter, Outbox, Scope, StoreError};
use facts::{IncidentId, OrganisationId};

use crate::convert::{kept, moment, unsigned};
use crate::engine::{Arguments, Db, Store};
use crate::error::{Fault, failed};
use crate::sql::outbox as sql;

#[async_trait]
impl Outbox for Store {
    async fn queue(&self, scope: &Scope, letter: &NewLetter) -> Result<bool, StoreError> {
        kept(&[&letter.key, &letter.recipient, &letter.data])?;
        let query = insert(scope.id(), letter);
        Ok(query.execute(&self.writer).await.map_err(failed)?.rows_affected() > 0)
    }

    async fn take_letters(&self, now: Timestamp, until: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let query = sqlx::query_scalar::<_, String>(sql::DUE).bind(now.as_microsecond()).bind(i64::from(limit));
        let due = query.fetch_all(&self.readers).await.map_err(failed)?;
        let mut taken = Vec::new();
        for id in due {
            // Of several workers that saw it, the one whose statement finds it still due has it.
            let query = sqlx::query_as::<_, LetterColumns>(sql::TAKE);
            let query = query.bind(now.as_microsecond()).bind(until.as_microsecond()).bind(id);
            let letter = query.fetch_optional(&self.writer).await.map_err(failed)?;
            taken.extend(letter.map(Letter::try_from).transpose()?);
        }
        Ok(taken)
    }

    async fn letter_sent(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SENT).bind(Text(id)).bind(at.as_microsecond());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn letter_failed(
        &self,
        id: Uuid,
        at: Timestamp,
        why: &str,
        again_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let given_up_at = again_at.is_none().then(|| at.as_microsecond());
        let query = sqlx::query(sql::FAILED).bind(Text(id)).bind(why.replace('\0', " "));
        let query = query.bind(again_at.map(|at| at.as_microsecond())).bind(given_up_at);
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn letters_after(&self, scope: &Scope, after: u64, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let query = sqlx::query_as::<_, LetterColumns>(sql::LETTERS).bind(Text(scope.id())).bind(i64::from(limit));
        let query = query.bind(i64::try_from(after).unwrap_or(i64::MAX));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Letter::try_from).collect()
    }

    async fn letters_of_key(&self, scope: &Scope, words: &str) -> Result<Vec<Letter>, StoreError> {
        // A space follows the words, and `!` comes after a space.
        let query = sqlx::query_as::<_, LetterColumns>(sql::LETTERS_OF_KEY).bind(Text(scope.id()));
        let query = query.bind(format!("{words} ")).bind(format!("{words}!"));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Letter::try_from).collect()
    }

    async fn letters_since(
        &self,
        scope: &Scope,
        kind: LetterKind,
        recipient: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let query = sqlx::query_scalar::<_, i64>(sql::COUNT_LETTERS).bind(Text(scope.id()));
        let query = query.bind(since.as_microsecond()).bind(kind.key()).bind(recipient);
        unsigned(query.fetch_one(&self.readers).await.map_err(failed)?, "a count of letters")
    }

    async fn send_again(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SEND_AGAIN).bind(Text(id)).bind(Text(scope.id())).bind(now.as_microsecond());
        let changed = query.execute(&self.writer).await.map_err(failed)?.rows_affected();
        if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }

    async fn due_alarms(&self, now: Timestamp, limit: u32) -> Result<Vec<DueAlarm>, StoreError> {
        let query = sqlx::query_as(sql::DUE_ALARMS).bind(now.as_microsecond()).bind(i64::from(limit));
        let rows: Vec<(Text<OrganisationId>, Text<IncidentId>, i64)> =
            query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter()
            .map(|(organisation, incident, due_at)| {
                let (organisation, incident) = (organisation.into_inner(), incident.into_inner());
                Ok(DueAlarm { organisation, incident, due_at: moment(due_at)? })
            })
            .collect()
    }

    async fn plan_alarm(&self, seen: &DueAlarm, next: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sqlx::query(if next.is_some() { sql::PLAN_ALARM } else { sql::DROP_ALARM });
        let query = query.bind(Text(seen.organisation)).bind(Text(seen.incident)).bind(seen.due_at.as_microsecond());
        let query = match next {
            Some(next) => query.bind(next.as_microsecond()),
            None => query,
        };
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }
}

/// Has the clocks of an open incident looked at from now on; those of a closed one no more.
pub(crate) async fn plan(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    open_since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let query = sqlx::query(if open_since.is_some() { sql::ALARM_NOW } else { sql::NO_ALARM });
    let query = query.bind(Text(organisation)).bind(Text(incident));
    let query = match open_since {
        Some(at) => query.bind(at.as_microsecond()),
        None => query,
    };
    query.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

/// Queues a letter within the transaction of what causes it.
pub(crate) async fn queue(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    letter: &NewLetter,
) -> Result<(), StoreError> {
    kept(&[&letter.key, &letter.recipient, &letter.data])?;
    insert(organisation, letter).execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

fn insert(organisation: OrganisationId, letter: &NewLetter) -> sqlx::query::Query<'_, Db, Arguments> {
    sqlx::query(sql::QUEUE)
        .bind(Text(letter.id))
        .bind(Text(organisation))
        .bind(letter.key.as_str())
        .bind(letter.kind.key())
        .bind(letter.incident.map(Text))
        .bind(letter.recipient.as_str())
        .bind(letter.data.as_str())
        .bind(letter.created_at.as_microsecond())
}

#[derive(FromRow)]
struct LetterColumns {
    id: Text<Uuid>,
    organisation: Text<OrganisationId>,
    key: String,
    kind: String,
    incident: Option<Text<IncidentId>>,
    recipient: String,
    data: String,
    tree_size: i64,
    created_at: i64,
    due_at: i64,
    attempts: i64,
    last_error: String,
    sent_at: Option<i64>,
    given_up_at: Option<i64>,
}

impl TryFrom<LetterColumns> for Letter {
    type Error = StoreError;

    fn try_from(row: LetterColumns) -> Result<Self, StoreError> {
        let state = match (row.sent_at, row.given_up_at) {
            (Some(at), _) => LetterState::Sent { at: moment(at)? },
            (None, Some(at)) => LetterState::GivenUp { at: moment(at)? },
            (None, None) => LetterState::Waiting { due_at: moment(row.due_at)? },
        };
        Ok(Self {
            id: row.id.into_inner(),
            organisation: row.organisation.into_inner(),
            key: row.key,
            kind: LetterKind::from_key(&row.kind).ok_or(Fault::Unreadable("a kind of letter"))?,
            incident: row.incident.map(Text::into_inner),
            recipient: row.recipient,
            data: row.data,
            tree_size: unsigned(row.tree_size, "the size of a journal")?,
            created_at: moment(row.created_at)?,
            state,
            attempts: u32::try_from(row.attempts).map_err(|_| Fault::Unreadable("a count of attempts"))?,
            last_error: row.last_error,
        })
    }
}
