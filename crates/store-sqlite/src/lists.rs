//! Pages of lists, and the words and counts that go with an incident's line.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};

use app::lists::{Asked, Found, Notified, Order, Place, Start, State, Summary};
use app::{CLOSED, EDITION, IncidentRow, Listing, Lists, NOT_RUNNING, Scope, Sought, StoreError};
use facts::{IncidentId, OrganisationId};
use incident::Phase;

use crate::convert::{self, phase, signed, unsigned};
use crate::engine::{Db, Store, lock_journal};
use crate::error::failed;
use crate::incidents::{self, IncidentColumns};
use crate::sql::journal as journal_sql;
use crate::sql::lists as sql;

/// How many entries are looked through for incidents at a time.
const STEP: i64 = 5_000;
/// A word that fewer incidents have is rare: they are read one by one. One that more have is met often enough on the way
/// through the list.
const FEW: i64 = 500;

#[async_trait]
impl Lists for Store {
    async fn page(&self, scope: &Scope, asked: &Asked) -> Result<Vec<IncidentRow>, StoreError> {
        let lines = page(self, scope, asked, false).await?;
        Ok(lines.into_iter().map(|(row, _)| row).collect())
    }

    async fn register_page(&self, scope: &Scope, asked: &Asked) -> Result<Vec<(IncidentRow, String)>, StoreError> {
        page(self, scope, asked, true).await
    }

    async fn counts(&self, scope: &Scope) -> Result<BTreeMap<Phase, u64>, StoreError> {
        let query = sqlx::query_as(sql::COUNTS).bind(Text(scope.id()));
        let rows: Vec<(String, i64)> = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(|(word, count)| Ok((phase(&word)?, unsigned(count, "a count")?))).collect()
    }

    async fn found(&self, scope: &Scope, asked: &Asked) -> Result<Found, StoreError> {
        let rare = rare(self, scope, &asked.words).await?;
        let (phase, least, most) = state(asked.state);
        let statement = if rare.is_some() { sql::COUNT_FEW } else { sql::COUNT_FOUND };
        let mut query = sqlx::query_as::<Db, (i64, i64)>(statement)
            .bind(Text(scope.id()))
            .bind(i64::from(asked.limit))
            .bind(phase)
            .bind(least)
            .bind(most)
            .bind(asked.opened_from.map_or(i64::MIN, |at| at.as_microsecond()))
            .bind(asked.opened_before.map_or(i64::MAX, |at| at.as_microsecond()))
            .bind(asked.notified.map(Notified::key));
        for place in 0..WORDS {
            query = query.bind(asked.words.get(place).map(within).unwrap_or_default());
        }
        if let Some((from, to)) = rare {
            query = query.bind(from).bind(to);
        }
        let (count, looked_at) = query.fetch_one(&self.readers).await.map_err(failed)?;
        Ok(Found { count: unsigned(count, "a count")?, is_all: looked_at < i64::from(asked.limit) })
    }

    async fn summaries(&self, scopes: &[Scope]) -> Result<BTreeMap<OrganisationId, Summary>, StoreError> {
        let organisations: serde_json::Value = scopes.iter().map(|scope| scope.id().to_string()).collect();
        let query = sqlx::query_as::<_, SummaryColumns>(sql::SUMMARIES).bind(organisations.to_string());
        let rows = query.bind(NOT_RUNNING).bind(CLOSED).fetch_all(&self.readers).await.map_err(failed)?;
        let mut summaries = BTreeMap::new();
        for row in rows {
            let (open, running) = (unsigned(row.open, "a count")?, unsigned(row.running, "a count")?);
            let summary = Summary { first: row.line.try_into()?, open, running };
            summaries.entry(row.organisation.into_inner()).or_insert(summary);
        }
        Ok(summaries)
    }

    async fn numbers_there(
        &self,
        scope: &Scope,
        numbers: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        // A text that no column can hold is nobody's number.
        let asked: serde_json::Value =
            numbers.iter().filter(|number| convert::kept(&[number.as_str()]).is_ok()).cloned().collect();
        let query = sqlx::query_as(sql::NUMBERS_THERE).bind(Text(scope.id())).bind(asked.to_string());
        let rows: Vec<(String, i64)> = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(|(there, number)| Ok((there, unsigned(number, "an incident's number")?))).collect()
    }

    async fn incidents_from(&self, scope: &Scope, index: u64) -> Result<Option<(Vec<IncidentId>, u64)>, StoreError> {
        let query = sqlx::query_as(sql::INCIDENTS_FROM).bind(Text(scope.id())).bind(signed(index, "an index")?);
        let rows: Vec<(Text<IncidentId>, i64)> = query.bind(STEP).fetch_all(&self.readers).await.map_err(failed)?;
        let Some((_, last)) = rows.last() else { return Ok(None) };
        let next = unsigned(*last, "an index")? + 1;
        let incidents: BTreeSet<_> = rows.into_iter().map(|(incident, _)| incident.into_inner()).collect();
        Ok(Some((incidents.into_iter().collect(), next)))
    }

    async fn rewrite(&self, scope: &Scope, lines: Vec<(IncidentRow, Listing)>) -> Result<(), StoreError> {
        let organisation = scope.id();
        let mut tx = self.begin().await?;
        lock_journal(&mut tx, organisation).await?;
        for (row, listing) in &lines {
            // A line that was made before somebody else's append would take that back out of the lists.
            let query = sqlx::query_scalar::<_, i64>(journal_sql::COUNT_ENTRIES).bind(Text(row.id));
            let entries = query.bind(Text(organisation)).fetch_one(&mut *tx).await.map_err(failed)?;
            if unsigned(entries, "a count")? != row.entries {
                return Err(StoreError::Conflict);
            }
            let number = signed(row.number, "an incident's number")?;
            let query = sqlx::query_scalar::<_, Text<IncidentId>>(sql::IN_THE_WAY).bind(Text(organisation));
            let other = query.bind(number).bind(Text(row.id)).fetch_optional(&mut *tx).await.map_err(failed)?;
            if let Some(other) = other {
                drop_line(&mut tx, organisation, other.into_inner()).await?;
            }
            incidents::save(&mut tx, organisation, row.id, row, listing).await?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn drop_strays(&self, scope: &Scope) -> Result<u64, StoreError> {
        let organisation = scope.id();
        let mut tx = self.begin().await?;
        lock_journal(&mut tx, organisation).await?;
        let query = sqlx::query_scalar::<_, Text<IncidentId>>(sql::STRAYS).bind(Text(organisation));
        let strays = query.fetch_all(&mut *tx).await.map_err(failed)?;
        let count = strays.len() as u64;
        for stray in strays {
            drop_line(&mut tx, organisation, stray.into_inner()).await?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(count)
    }

    async fn outdated(&self) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query_scalar(sql::OUTDATED).bind(i64::from(EDITION));
        query.fetch_all(&self.readers).await.map_err(failed)
    }
}

async fn page(
    store: &Store,
    scope: &Scope,
    asked: &Asked,
    with_register: bool,
) -> Result<Vec<(IncidentRow, String)>, StoreError> {
    let is_above = matches!(asked.start, Start::Above(_));
    let rare = rare(store, scope, &asked.words).await?;
    let statement = match (asked.order, is_above, asked.words.is_empty(), rare.is_some()) {
        (Order::Pressing, false, true, _) => sql::PRESSING_BELOW,
        (Order::Pressing, true, true, _) => sql::PRESSING_ABOVE,
        (Order::Newest, false, true, _) => sql::NEWEST_BELOW,
        (Order::Newest, true, true, _) => sql::NEWEST_ABOVE,
        (Order::Pressing, false, _, false) => sql::FOUND_PRESSING_BELOW,
        (Order::Pressing, true, _, false) => sql::FOUND_PRESSING_ABOVE,
        (Order::Newest, false, _, false) => sql::FOUND_NEWEST_BELOW,
        (Order::Newest, true, _, false) => sql::FOUND_NEWEST_ABOVE,
        (Order::Pressing, false, _, true) => sql::FEW_PRESSING_BELOW,
        (Order::Pressing, true, _, true) => sql::FEW_PRESSING_ABOVE,
        (Order::Newest, false, _, true) => sql::FEW_NEWEST_BELOW,
        (Order::Newest, true, _, true) => sql::FEW_NEWEST_ABOVE,
    };
    let (phase, least, most) = state(asked.state);
    let (key, number) = match (asked.start, asked.order) {
        (Start::Below(Place { key, number }) | Start::Above(Place { key, number }), _) => {
            // A number that no column can hold stands beyond all.
            (key, i64::try_from(number).unwrap_or(i64::MAX))
        }
        (Start::Top, Order::Pressing) => (i64::MIN, i64::MIN),
        (Start::Top, Order::Newest) => (i64::MAX, i64::MAX),
    };
    let mut query = sqlx::query_as::<Db, PageColumns>(statement)
        .bind(Text(scope.id()))
        .bind(with_register)
        .bind(phase)
        .bind(least)
        .bind(most)
        .bind(asked.opened_from.map_or(i64::MIN, |at| at.as_microsecond()))
        .bind(asked.opened_before.map_or(i64::MAX, |at| at.as_microsecond()))
        .bind(asked.notified.map(Notified::key))
        .bind(key)
        .bind(number)
        .bind(i64::from(asked.limit));
    if !asked.words.is_empty() {
        for place in 0..WORDS {
            query = query.bind(asked.words.get(place).map(within).unwrap_or_default());
        }
    }
    if let Some((from, to)) = rare {
        query = query.bind(from).bind(to);
    }
    let rows = query.fetch_all(&store.readers).await.map_err(failed)?;
    let lines = rows.into_iter().map(|row| Ok((row.line.try_into()?, row.register_row)));
    let mut lines = lines.collect::<Result<Vec<_>, StoreError>>()?;
    if is_above {
        lines.reverse();
    }
    Ok(lines)
}

/// The phase, and the bounds of `pressing`.
fn state(state: State) -> (Option<&'static str>, i64, i64) {
    match state {
        State::All => (None, i64::MIN, i64::MAX),
        State::Open => (None, i64::MIN, CLOSED),
        State::One(Phase::Closed) => (None, CLOSED, i64::MAX),
        State::One(phase) => (Some(phase.key()), i64::MIN, CLOSED),
    }
}

/// How many words a statement takes.
const WORDS: usize = 4;

/// The range of the first word that is rare, if one is.
async fn rare(store: &Store, scope: &Scope, words: &[Sought]) -> Result<Option<(String, String)>, StoreError> {
    for word in words {
        let (from, to) = range(word);
        let query = sqlx::query_scalar::<_, i64>(sql::WITH_WORD).bind(Text(scope.id())).bind(&from).bind(&to);
        let count = query.bind(FEW).fetch_one(&store.readers).await.map_err(failed)?;
        if count < FEW {
            return Ok(Some((from, to)));
        }
    }
    Ok(None)
}

/// From which word on, and before which: words hold letters and digits alone.
fn range(sought: &Sought) -> (String, String) {
    let beyond = if sought.is_whole { '\u{1}' } else { char::MAX };
    (sought.word.clone(), format!("{}{beyond}", sought.word))
}

/// As it stands among all words of an incident, which a space parts.
fn within(sought: &Sought) -> String {
    format!(" {}{}", sought.word, if sought.is_whole { " " } else { "" })
}

/// What goes with the line that is about to be written over the one that stands there: its words, and the counts.
pub(crate) async fn save_beside(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    row: &IncidentRow,
    listing: &Listing,
) -> Result<(), StoreError> {
    let kept = kept(tx, organisation, incident).await?;
    let number = signed(row.number, "an incident's number")?;
    let old: BTreeSet<&str> = kept.iter().flat_map(|kept| kept.words.split_whitespace()).collect();
    let new: BTreeSet<&str> = listing.words.iter().map(String::as_str).collect();
    match &kept {
        Some(kept) if kept.number == number => {
            change_words(tx, sql::DROP_WORDS, organisation, number, old.difference(&new)).await?;
            change_words(tx, sql::ADD_WORDS, organisation, number, new.difference(&old)).await?;
        }
        Some(kept) => {
            change_words(tx, sql::DROP_WORDS, organisation, kept.number, old.iter()).await?;
            change_words(tx, sql::ADD_WORDS, organisation, number, new.iter()).await?;
        }
        None => change_words(tx, sql::ADD_WORDS, organisation, number, new.iter()).await?,
    }
    let before = kept.as_ref().map(|kept| kept.phase.as_str());
    if before != Some(row.phase.key()) {
        if let Some(before) = before {
            count(tx, sql::COUNT_ONE_LESS, organisation, before).await?;
        }
        count(tx, sql::COUNT_ONE_MORE, organisation, row.phase.key()).await?;
    }
    Ok(())
}

/// Deletes a line with its words, and counts it no more.
async fn drop_line(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<(), StoreError> {
    if let Some(kept) = kept(tx, organisation, incident).await? {
        change_words(tx, sql::DROP_WORDS, organisation, kept.number, kept.words.split_whitespace()).await?;
        count(tx, sql::COUNT_ONE_LESS, organisation, &kept.phase).await?;
    }
    let query = sqlx::query(sql::DROP_LINE).bind(Text(organisation)).bind(Text(incident));
    query.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

async fn kept(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<Option<Kept>, StoreError> {
    let query = sqlx::query_as(sql::KEPT).bind(Text(organisation)).bind(Text(incident));
    query.fetch_optional(&mut **tx).await.map_err(failed)
}

async fn change_words(
    tx: &mut Transaction<'_, Db>,
    statement: &'static str,
    organisation: OrganisationId,
    number: i64,
    words: impl Iterator<Item = impl AsRef<str>> + Send,
) -> Result<(), StoreError> {
    let words: Vec<serde_json::Value> = words.map(|word| word.as_ref().into()).collect();
    if words.is_empty() {
        return Ok(());
    }
    let words = serde_json::Value::Array(words).to_string();
    let query = sqlx::query::<Db>(statement).bind(Text(organisation)).bind(number).bind(words);
    query.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

async fn count(
    tx: &mut Transaction<'_, Db>,
    statement: &'static str,
    organisation: OrganisationId,
    phase: &str,
) -> Result<(), StoreError> {
    let query = sqlx::query::<Db>(statement).bind(Text(organisation)).bind(phase);
    query.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

#[derive(FromRow)]
struct Kept {
    number: i64,
    phase: String,
    words: String,
}

#[derive(FromRow)]
struct PageColumns {
    #[sqlx(flatten)]
    line: IncidentColumns,
    register_row: String,
}

#[derive(FromRow)]
struct SummaryColumns {
    organisation: Text<OrganisationId>,
    open: i64,
    running: i64,
    #[sqlx(flatten)]
    line: IncidentColumns,
}
