//! The store as a whole: read from one snapshot, taken in page by page.
//!
//! Which tables are copied is the one list below; a table that is in neither list fails a test. Their columns are asked of
//! the database, so that a new column needs no line here.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, QueryBuilder, Row as _, Transaction};

use app::{Cell, Copies, MovedTo, Row, Shape, Snapshot, StoreError};

use crate::convert::{kept, moment};
use crate::engine::{self, Arguments, Db, DbRow, Pool, Store};
use crate::error::{Fault, failed};
use crate::sql::copies as sql;

/// The tables that are copied, each with the columns that order its rows. What refers to another table comes after it;
/// bodies come before erasures, since the database refuses the body of an erased entry.
const COPIED: &[(&str, &[&str])] = &[
    ("providers", &["id"]),
    ("organisations", &["id"]),
    ("users", &["id"]),
    ("memberships", &["person", "organisation", "role"]),
    ("provider_memberships", &["person", "provider", "role"]),
    ("invitations", &["token_sha256"]),
    ("journal", &["organisation", "idx"]),
    ("journal_bodies", &["organisation", "idx"]),
    ("erasures", &["organisation", "idx"]),
    ("heads", &["organisation"]),
    ("checkpoints", &["organisation", "size"]),
    ("stamps", &["organisation", "size"]),
    ("incidents", &["organisation", "id"]),
    ("incident_words", &["organisation", "word", "number"]),
    ("incident_counts", &["organisation", "phase"]),
    ("detections", &["organisation", "incident", "id"]),
    ("file_uses", &["organisation", "sha256", "incident"]),
    ("outbox", &["id"]),
    ("alarms", &["organisation", "incident"]),
    ("jobs", &["name"]),
    ("master_key", &["one"]),
    ("safety", &["id"]),
    ("retention_terms", &["organisation", "kind", "set_at"]),
    ("person_requests", &["organisation", "id"]),
    ("sensors", &["organisation", "id"]),
    ("sensor_tokens", &["token_sha256"]),
    ("sensor_detections", &["organisation", "sensor", "id"]),
    ("sensor_cases", &["organisation", "sensor", "id"]),
    ("sensor_withheld", &["organisation", "sensor", "id"]),
    ("sensor_forgotten", &["organisation", "sensor", "id"]),
    ("sensor_traffic", &["organisation", "sensor", "hour", "host", "remote", "remote_port", "remote_domain"]),
    ("sensor_exceptions", &["organisation", "id"]),
    ("sensor_settings", &["organisation", "set_at"]),
    ("staff_notices", &["organisation", "recorded_at"]),
    ("sensor_refusals", &["organisation", "proposal"]),
    ("list_choices", &["organisation", "list"]),
    ("comparisons", &["organisation", "decided_at"]),
    ("shared_indicators", &["organisation", "indicator"]),
];

/// The tables that are not.
#[cfg(test)]
const LEFT_OUT: &[(&str, &str)] = &[
    ("_sqlx_migrations", "the schema makes it"),
    ("intake", "tells of copying itself"),
    ("moved", "is about this place, not about what is in it"),
    ("sessions", "people sign in again"),
];

/// How many rows are read at once.
const PAGE: i64 = 256;
/// How many values one statement binds: SQLite takes 32766, PostgreSQL 65535.
const MOST_VALUES: usize = 30_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Truth,
    Whole,
    Text,
    Bytes,
}

impl Kind {
    /// From the database's own word for the column's type.
    fn of(word: &str) -> Result<Self, StoreError> {
        match word.to_ascii_lowercase().as_str() {
            "boolean" => Ok(Self::Truth),
            "bigint" | "integer" => Ok(Self::Whole),
            "text" => Ok(Self::Text),
            "blob" | "bytea" => Ok(Self::Bytes),
            _ => Err(Fault::Unreadable("a column of a type that is not copied").into()),
        }
    }
}

/// A table as the database has it.
struct Table {
    shape: Shape,
    kinds: Vec<Kind>,
}

#[async_trait]
impl Copies for Store {
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        let mut tx = engine::snapshot(&self.readers).await?;
        // The first statement is what fixes the moment.
        let schema = sqlx::query_scalar(sql::SCHEMA).fetch_one(&mut *tx).await.map_err(failed)?;
        let mut tables = Vec::new();
        for (name, key) in COPIED {
            tables.extend(table(&mut tx, name, key).await?);
        }
        Ok(Box::new(AtOneMoment { tx, schema, tables }))
    }

    async fn begin_intake(&self, source: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let begun = sqlx::query_scalar::<_, String>(sql::INTAKE).fetch_optional(&mut *tx).await.map_err(failed)?;
        match begun {
            Some(begun) if begun == source => return engine::first_mark_is_taken_over(self).await,
            Some(_) => return Err(StoreError::Conflict),
            None => {}
        }
        if !is_blank(&mut tx).await? {
            return Err(StoreError::Conflict);
        }
        let begin = sqlx::query(sql::BEGIN_INTAKE).bind(source).bind(now.as_microsecond());
        begin.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        engine::first_mark_is_taken_over(self).await
    }

    async fn taken_in(&self, name: &str) -> Result<Option<Row>, StoreError> {
        let mut tx = self.readers.begin().await.map_err(failed)?;
        let table = known(&mut tx, name).await?;
        let key = names(&table, &table.shape.key);
        let text = format!("SELECT {} FROM {name} ORDER BY {} LIMIT 1", key.join(", "), descending(&key));
        let last = sqlx::query(AssertSqlSafe(text)).fetch_optional(&mut *tx).await.map_err(failed)?;
        last.map(|row| cells(&row, table.shape.key.iter().filter_map(|place| table.kinds.get(*place)))).transpose()
    }

    async fn take_in(&self, name: &str, columns: &[String], rows: Vec<Row>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let table = known(&mut tx, name).await?;
        let mut kinds = Vec::with_capacity(columns.len());
        let mut listed = Vec::with_capacity(columns.len());
        for column in columns {
            // Names from a copy become part of a statement only when they are the database's own.
            let place = table.shape.place(column).ok_or(Fault::Unreadable("a column that this schema lacks"))?;
            kinds.extend(table.kinds.get(place).copied());
            listed.push(quoted(column));
        }
        if rows.iter().any(|row| row.len() != kinds.len()) {
            return Err(Fault::Unreadable("a row of another length than its table").into());
        }
        // A journal that lost an entry is taken in as it is, gap and all: whoever looks through it finds that.
        let is_gapped = name == "journal" && has_gap(&mut tx, columns, &rows).await?;
        let guard = if is_gapped { Some(engine::let_gaps_in(&mut tx).await?) } else { None };
        let begin = format!("INSERT INTO {name} ({}) ", listed.join(", "));
        for rows in rows.chunks(MOST_VALUES / kinds.len().max(1)) {
            let mut insert = QueryBuilder::<Db>::new(begin.as_str());
            let mut wrong = false;
            insert.push_values(rows, |mut values, row| {
                for (cell, kind) in row.iter().zip(&kinds) {
                    match (cell, kind) {
                        (Cell::Null, Kind::Truth) => values.push_bind(None::<bool>),
                        (Cell::Null, Kind::Whole) => values.push_bind(None::<i64>),
                        (Cell::Null, Kind::Text) => values.push_bind(None::<String>),
                        (Cell::Null, Kind::Bytes) => values.push_bind(None::<Vec<u8>>),
                        (Cell::Truth(truth), Kind::Truth) => values.push_bind(*truth),
                        (Cell::Whole(whole), Kind::Whole) => values.push_bind(*whole),
                        (Cell::Text(text), Kind::Text) => values.push_bind(text.clone()),
                        (Cell::Bytes(bytes), Kind::Bytes) => values.push_bind(bytes.clone()),
                        _ => {
                            wrong = true;
                            values.push_bind(None::<i64>)
                        }
                    };
                }
            });
            if wrong {
                return Err(Fault::Unreadable("a value of another kind than its column").into());
            }
            insert.build().execute(&mut *tx).await.map_err(failed)?;
        }
        if let Some(guard) = guard {
            engine::let_no_gaps_in(&mut tx, guard).await?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn rename_intake(&self, source: &str) -> Result<(), StoreError> {
        sqlx::query(sql::RENAME_INTAKE).bind(source).execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn end_intake(&self) -> Result<(), StoreError> {
        sqlx::query(sql::END_INTAKE).execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn moved(&self) -> Result<Option<MovedTo>, StoreError> {
        moved(&self.readers).await
    }

    async fn mark_moved(&self, to: Option<&MovedTo>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        match to {
            None => sqlx::query(sql::NOT_MOVED).execute(&mut *tx).await.map_err(failed)?,
            Some(MovedTo { place, at }) => {
                kept(&[place])?;
                let mark = sqlx::query(sql::MARK_MOVED).bind(place.as_str()).bind(at.as_microsecond());
                mark.execute(&mut *tx).await.map_err(failed)?
            }
        };
        tx.commit().await.map_err(failed)?;
        // Of two moves at the same time one was first.
        match (to, self.moved().await?) {
            (Some(to), Some(mark)) if mark.place != to.place => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

/// Where everything was moved to, if it was.
pub(crate) async fn moved(pool: &Pool) -> Result<Option<MovedTo>, StoreError> {
    let mark = sqlx::query_as::<_, (String, i64)>(sql::MOVED).fetch_optional(pool).await.map_err(failed)?;
    mark.map(|(place, at)| Ok(MovedTo { place, at: moment(at)? })).transpose()
}

/// Refuses a store that was moved.
pub(crate) async fn refuse_moved(pool: &Pool, place: String) -> Result<(), StoreError> {
    match moved(pool).await? {
        Some(MovedTo { place: to, at }) => Err(Fault::Moved { place, to, at }.into()),
        None => Ok(()),
    }
}

/// Refuses a database that takes in a copy and is not whole yet. Asked before it is brought up to date: whoever goes on with
/// the copy needs the schema of the copy.
pub(crate) async fn refuse_unfinished(pool: &Pool, place: String) -> Result<(), StoreError> {
    let mut tx = pool.begin().await.map_err(failed)?;
    if is_begun(&mut tx).await? { Err(Fault::Unfinished { place }.into()) } else { Ok(()) }
}

/// Whether it takes in a copy that it has named.
async fn is_begun(tx: &mut Transaction<'_, Db>) -> Result<bool, StoreError> {
    if !is_known(tx, "intake").await? {
        return Ok(false);
    }
    let begun = sqlx::query_scalar::<_, String>(sql::INTAKE).fetch_optional(&mut **tx).await.map_err(failed)?;
    Ok(begun.is_some())
}

/// Whether a database, of whatever schema, may take in a copy: it is empty, or has begun to. Asked before anything of it is
/// changed; `Conflict`: it holds something.
pub(crate) async fn refuse_filled(pool: &Pool) -> Result<(), StoreError> {
    let mut tx = pool.begin().await.map_err(failed)?;
    if is_begun(&mut tx).await? {
        return Ok(());
    }
    let is_ours = is_known(&mut tx, "_sqlx_migrations").await?;
    let tables: Vec<String> = sqlx::query_scalar(engine::TABLES).fetch_all(&mut *tx).await.map_err(failed)?;
    let may = (is_ours || tables.is_empty()) && is_blank(&mut tx).await?;
    if may { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Whether the schema has a table.
pub(crate) async fn is_known(tx: &mut Transaction<'_, Db>, name: &str) -> Result<bool, StoreError> {
    Ok(!engine::columns(tx, name).await?.is_empty())
}

/// Whether no table that is copied has a row.
async fn is_blank(tx: &mut Transaction<'_, Db>) -> Result<bool, StoreError> {
    for (name, _) in COPIED {
        if !is_known(tx, name).await? {
            continue;
        }
        let text = format!("SELECT 1 FROM {name} LIMIT 1");
        if sqlx::query(AssertSqlSafe(text)).fetch_optional(&mut **tx).await.map_err(failed)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

struct AtOneMoment {
    tx: Transaction<'static, Db>,
    schema: i64,
    tables: Vec<Table>,
}

#[async_trait]
impl Snapshot for AtOneMoment {
    fn schema(&self) -> i64 {
        self.schema
    }

    fn shapes(&self) -> Vec<Shape> {
        self.tables.iter().map(|table| table.shape.clone()).collect()
    }

    async fn page(&mut self, wanted: &Shape, after: Option<&[Cell]>) -> Result<Vec<Row>, StoreError> {
        let table = self.tables.iter().find(|table| table.shape == *wanted).ok_or(StoreError::NotFound)?;
        let key = names(table, &table.shape.key);
        let columns: Vec<_> = table.shape.columns.iter().map(|name| quoted(name)).collect();
        let bound = |number: usize| format!("${number}");
        let (from, limit) = match after {
            Some(_) => {
                let values: Vec<_> = (1..=key.len()).map(bound).collect();
                (format!(" WHERE ({}) > ({})", key.join(", "), values.join(", ")), key.len() + 1)
            }
            None => (String::new(), 1),
        };
        let text = format!(
            "SELECT {} FROM {}{from} ORDER BY {} LIMIT ${limit}",
            columns.join(", "),
            table.shape.name,
            key.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for cell in after.unwrap_or_default() {
            query = bind(query, cell)?;
        }
        let rows = query.bind(PAGE).fetch_all(&mut *self.tx).await.map_err(failed)?;
        rows.iter().map(|row| cells(row, table.kinds.iter())).collect()
    }
}

/// A table that is copied, as the database has it; nothing where its schema does not have it yet.
async fn table(tx: &mut Transaction<'_, Db>, name: &str, key: &[&str]) -> Result<Option<Table>, StoreError> {
    let mut described = engine::columns(tx, name).await?;
    if described.is_empty() {
        return Ok(None);
    }
    described.sort();
    let mut kinds = Vec::with_capacity(described.len());
    let mut columns = Vec::with_capacity(described.len());
    for (column, word) in described {
        kinds.push(Kind::of(&word)?);
        columns.push(column);
    }
    let place = |name: &&str| columns.iter().position(|column| column == name);
    let key: Option<Vec<_>> = key.iter().map(place).collect();
    let key = key.ok_or(Fault::Unreadable("a table without the columns that order it"))?;
    Ok(Some(Table { shape: Shape { name: name.to_owned(), columns, key }, kinds }))
}

/// A table by a name from a copy: one of the list, and of this schema.
async fn known(tx: &mut Transaction<'_, Db>, name: &str) -> Result<Table, StoreError> {
    let unknown = || Fault::Unreadable("a table that this schema lacks");
    let (name, key) = COPIED.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
    Ok(table(tx, name, key).await?.ok_or_else(unknown)?)
}

/// Whether entries that are taken in do not follow each other and those that are there.
async fn has_gap(tx: &mut Transaction<'_, Db>, columns: &[String], rows: &[Row]) -> Result<bool, StoreError> {
    let place = |wanted: &str| columns.iter().position(|column| column == wanted);
    let (Some(owner), Some(idx)) = (place("organisation"), place("idx")) else { return Ok(false) };
    let mut last: Option<(&str, i64)> = None;
    for row in rows {
        let (Some(Cell::Text(owner)), Some(Cell::Whole(index))) = (row.get(owner), row.get(idx)) else {
            return Ok(false);
        };
        let expected = match last {
            Some((before, last)) if before == owner.as_str() => last.saturating_add(1),
            _ => {
                let next = sqlx::query_scalar::<_, i64>(sql::NEXT_INDEX).bind(owner.as_str());
                next.fetch_one(&mut **tx).await.map_err(failed)?
            }
        };
        if *index != expected {
            return Ok(true);
        }
        last = Some((owner.as_str(), *index));
    }
    Ok(false)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn names(table: &Table, places: &[usize]) -> Vec<String> {
    places.iter().filter_map(|place| table.shape.columns.get(*place)).map(|name| quoted(name)).collect()
}

fn descending(key: &[String]) -> String {
    key.iter().map(|name| format!("{name} DESC")).collect::<Vec<_>>().join(", ")
}

/// Binds a value of a key.
fn bind<'q>(query: Query<'q, Db, Arguments>, cell: &Cell) -> Result<Query<'q, Db, Arguments>, StoreError> {
    match cell {
        Cell::Text(text) => Ok(query.bind(text.clone())),
        Cell::Whole(whole) => Ok(query.bind(*whole)),
        _ => Err(Fault::Unreadable("a key that is neither text nor number").into()),
    }
}

fn cells<'k>(row: &DbRow, kinds: impl Iterator<Item = &'k Kind>) -> Result<Row, StoreError> {
    let read = |(place, kind): (usize, &Kind)| {
        let cell = match kind {
            Kind::Truth => row.try_get::<Option<bool>, _>(place)?.map(Cell::Truth),
            Kind::Whole => row.try_get::<Option<i64>, _>(place)?.map(Cell::Whole),
            Kind::Text => row.try_get::<Option<String>, _>(place)?.map(Cell::Text),
            Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(place)?.map(Cell::Bytes),
        };
        Ok(cell.unwrap_or(Cell::Null))
    };
    kinds.enumerate().map(read).collect::<Result<_, sqlx::Error>>().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ALSO_LEFT_OUT, TABLES, for_a_test};

    #[tokio::test]
    async fn every_table_of_the_schema_is_copied_or_left_out_for_a_reason() {
        let Some((store, _kept)) = for_a_test().await else { return };
        let mut there: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&store.writer).await.unwrap();
        there.sort();
        let mut listed: Vec<_> = COPIED.iter().map(|(name, _)| *name).collect();
        listed.extend(LEFT_OUT.iter().chain(ALSO_LEFT_OUT).map(|(name, _)| *name));
        listed.sort_unstable();
        assert_eq!(there, listed, "a new table needs a line in COPIED or LEFT_OUT");
    }

    #[tokio::test]
    async fn an_empty_store_has_every_table_that_is_copied_and_is_free_to_take_one_in() {
        let Some((store, _kept)) = for_a_test().await else { return };
        let mut snapshot = store.snapshot().await.unwrap();
        let shapes = snapshot.shapes();
        let names: Vec<_> = shapes.iter().map(|shape| shape.name.as_str()).collect();
        let listed: Vec<_> = COPIED.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, listed);
        for shape in &shapes {
            assert_eq!(snapshot.page(shape, None).await.unwrap(), Vec::<Row>::new(), "{}", shape.name);
        }
    }
}
