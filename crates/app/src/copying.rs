//! A store copied as a whole: read out row by row and file by file, and taken in the same way.
//!
//! Promises: memory is bounded by a page of rows and a piece of a file; what is taken in is whole and equal or the store
//! stays marked as unfinished; taking in can be stopped at any moment and goes on where it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use facts::OrganisationId;

use crate::digest::{FileHead, Manifest, Tallying, row_line};
use crate::evidence::{Found, read_through};
use crate::ports::BlobWriter;
use crate::{Cell, Error, Organisation, Row, Scope, Shape, Store, StoreError};

/// Who is given a copy.
#[async_trait]
pub trait Receiver: Send {
    /// A table begins. The answer: up to which key its rows are there already and need not come again.
    async fn table(&mut self, table: &Shape) -> Result<Option<Row>, Error>;
    /// The next rows of the table that began.
    async fn rows(&mut self, rows: Vec<Row>) -> Result<(), Error>;
    /// A file begins; whether its pieces are wanted.
    async fn file(&mut self, file: &FileHead) -> Result<bool, Error>;
    /// The next piece of the file that began.
    async fn piece(&mut self, piece: Vec<u8>) -> Result<(), Error>;
    /// The file that began is whole.
    async fn file_end(&mut self) -> Result<(), Error>;
}

/// What becomes of stored files that are not what was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damaged {
    /// Nothing is copied where there is one ([`Trouble::Damaged`](crate::Trouble::Damaged)).
    Refused,
    /// They are left out, and everything else is copied. Each file is read twice.
    LeftOut,
}

impl Damaged {
    /// As somebody chose.
    #[must_use]
    pub fn of(is_left_out: bool) -> Self {
        if is_left_out { Self::LeftOut } else { Self::Refused }
    }
}

/// Told what is being copied, and how much of it so far.
pub type Watching<'a> = &'a (dyn Fn(&str, u64) + Send + Sync);

/// Reads a whole store out, and says what there was.
pub async fn copy_out(
    store: &dyn Store,
    receiver: &mut dyn Receiver,
    damaged: Damaged,
    watching: Watching<'_>,
) -> Result<Manifest, Error> {
    let mut snapshot = store.snapshot().await?;
    let mut manifest = Manifest { schema: snapshot.schema(), ..Manifest::default() };
    let mut organisations = BTreeSet::new();
    for shape in snapshot.shapes() {
        let has = receiver.table(&shape).await?;
        let mut tallying = Tallying::default();
        let mut count = 0;
        let mut after: Option<Row> = None;
        loop {
            let mut rows = snapshot.page(&shape, after.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            after = Some(shape.key_of(last));
            for row in &rows {
                tallying.line(&row_line(row));
            }
            if shape.name == "organisations" {
                organisations.extend(rows.iter().filter_map(|row| organisation_of(&shape, row)));
            }
            count += rows.len() as u64;
            watching(&shape.name, count);
            if let Some(has) = &has {
                rows.retain(|row| shape.key_of(row) > *has);
            }
            if !rows.is_empty() {
                receiver.rows(rows).await?;
            }
        }
        manifest.tables.insert(shape.name, tallying.done());
    }
    // A file is stored before the entry that names it, so what the snapshot names is there; what was made since comes along.
    drop(snapshot);
    let mut files = Tallying::default();
    for scope in scopes(store).await? {
        if organisations.contains(&scope.id()) {
            for sha256 in store.blobs(&scope).await? {
                if damaged == Damaged::LeftOut && !is_intact(store, &scope, &sha256).await? {
                    continue;
                }
                if let Some(head) = file_out(store, &scope, sha256, receiver).await? {
                    files.file(&head);
                    manifest.file_bytes += head.size_bytes;
                    watching("files", manifest.file_bytes);
                }
            }
        }
    }
    manifest.files = files.done();
    Ok(manifest)
}

/// Pieces of a file are this long, but for the last: the same store content gives the same copy, whichever store it is in.
const PIECE_BYTES: usize = 256 * 1024;

/// Reads one file out; nothing where it was erased since it was listed.
async fn file_out(
    store: &dyn Store,
    scope: &Scope,
    sha256: String,
    receiver: &mut dyn Receiver,
) -> Result<Option<FileHead>, Error> {
    let mut reader = match store.open_blob(scope, &sha256).await {
        Err(StoreError::NotFound) => return Ok(None),
        opened => opened?,
    };
    let head = FileHead { organisation: scope.id(), sha256, size_bytes: reader.size_bytes() };
    let is_wanted = receiver.file(&head).await?;
    let mut held = Vec::new();
    while let Some(piece) = reader.next().await? {
        if !is_wanted {
            continue;
        }
        held.extend_from_slice(&piece);
        while held.len() >= PIECE_BYTES {
            let rest = held.split_off(PIECE_BYTES);
            receiver.piece(std::mem::replace(&mut held, rest)).await?;
        }
    }
    if is_wanted {
        if !held.is_empty() {
            receiver.piece(held).await?;
        }
        receiver.file_end().await?;
    }
    Ok(Some(head))
}

async fn is_intact(store: &dyn Store, scope: &Scope, sha256: &str) -> Result<bool, Error> {
    Ok(matches!(read_through(store, scope, sha256).await?, (Found::Intact, _)))
}

/// What a store holds, counted and hashed; nothing is written.
pub async fn manifest_of(store: &dyn Store, damaged: Damaged, watching: Watching<'_>) -> Result<Manifest, Error> {
    copy_out(store, &mut Nobody, damaged, watching).await
}

/// The program's own scope in every organisation, in order of id.
pub(crate) async fn scopes(store: &dyn Store) -> Result<Vec<Scope>, Error> {
    let mut organisations: Vec<Organisation> = store.organisations().await?;
    organisations.sort_by_key(|organisation| organisation.id);
    Ok(organisations.into_iter().map(Scope::of_program).collect())
}

fn organisation_of(shape: &Shape, row: &[Cell]) -> Option<OrganisationId> {
    match row.get(shape.place("id")?)? {
        Cell::Text(id) => id.parse().ok(),
        _ => None,
    }
}

/// Has no use for a copy; for counting alone.
struct Nobody;

#[async_trait]
impl Receiver for Nobody {
    async fn table(&mut self, _: &Shape) -> Result<Option<Row>, Error> {
        Ok(None)
    }

    async fn rows(&mut self, _: Vec<Row>) -> Result<(), Error> {
        Ok(())
    }

    async fn file(&mut self, _: &FileHead) -> Result<bool, Error> {
        Ok(false)
    }

    async fn piece(&mut self, _: Vec<u8>) -> Result<(), Error> {
        Ok(())
    }

    async fn file_end(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// A store that takes in a copy. What was taken in before stays; only what comes after it is written.
///
/// It ends in two steps where something has to be done to what came before anybody may open it: once all of it is there it is
/// told so ([`Intake::all_is_there`]), and from then on what came may be changed; whoever goes on takes nothing in any more.
pub struct Intake {
    source: String,
    is_all_there: bool,
    store: Arc<dyn Store>,
    table: Option<(Shape, Option<Row>)>,
    scopes: Vec<Scope>,
    file: Option<(FileHead, Box<dyn BlobWriter>)>,
}

impl Intake {
    /// Begins, or goes on where it was stopped. `Conflict`: the store holds something else.
    pub async fn begin(store: Arc<dyn Store>, source: &str, now: Timestamp) -> Result<Self, Error> {
        let is_all_there = match store.begin_intake(source, now).await {
            // A store that holds something without being marked is a conflict under either word.
            Err(StoreError::Conflict) => {
                store.begin_intake(&all_of(source), now).await?;
                true
            }
            begun => {
                begun?;
                false
            }
        };
        Ok(Self { source: source.to_owned(), is_all_there, store, table: None, scopes: Vec::new(), file: None })
    }

    /// Whether it was told before that everything is there: what came may be other by now than what was sent.
    #[must_use]
    pub fn is_all_there(&self) -> bool {
        self.is_all_there
    }

    /// Says that everything is there as it was sent ([`Manifest::difference`]). The store stays marked.
    pub async fn all_is_there(&mut self) -> Result<(), Error> {
        if !self.is_all_there {
            self.store.rename_intake(&all_of(&self.source)).await?;
            self.is_all_there = true;
        }
        Ok(())
    }

    /// Ends it: the store is whole and can be used. To be called once what it holds is what was sent ([`Manifest::difference`]).
    pub async fn end(self) -> Result<(), Error> {
        Ok(self.store.end_intake().await?)
    }

    /// The scope of an organisation, which has been taken in by now.
    async fn scope(&mut self, organisation: OrganisationId) -> Result<&Scope, Error> {
        if self.scopes.is_empty() {
            self.scopes = scopes(self.store.as_ref()).await?;
        }
        self.scopes.iter().find(|scope| scope.id() == organisation).ok_or(Error::NotFound)
    }
}

/// What a copy is called once everything of it is there.
fn all_of(source: &str) -> String {
    format!("all of {source}")
}

#[async_trait]
impl Receiver for Intake {
    async fn table(&mut self, table: &Shape) -> Result<Option<Row>, Error> {
        let has = self.store.taken_in(&table.name).await?;
        self.table = Some((table.clone(), has.clone()));
        Ok(has)
    }

    async fn rows(&mut self, mut rows: Vec<Row>) -> Result<(), Error> {
        let Some((table, has)) = &self.table else { return Err(Error::internal("rows without a table")) };
        if let Some(has) = has {
            rows.retain(|row| table.key_of(row) > *has);
        }
        if !rows.is_empty() {
            self.store.take_in(&table.name, &table.columns, rows).await?;
        }
        Ok(())
    }

    async fn file(&mut self, file: &FileHead) -> Result<bool, Error> {
        let store = self.store.clone();
        let scope = self.scope(file.organisation).await?;
        let is_wanted = match store.open_blob(scope, &file.sha256).await {
            Ok(there) => there.size_bytes() != file.size_bytes,
            Err(StoreError::NotFound) => true,
            Err(error) => return Err(error.into()),
        };
        self.file = if is_wanted { Some((file.clone(), store.new_blob(scope).await?)) } else { None };
        Ok(is_wanted)
    }

    async fn piece(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        match &mut self.file {
            Some((_, writer)) => Ok(writer.write(&piece).await?),
            None => Ok(()),
        }
    }

    async fn file_end(&mut self) -> Result<(), Error> {
        let Some((head, writer)) = self.file.take() else { return Ok(()) };
        let stored = writer.finish().await?;
        if (stored.sha256.as_str(), stored.size_bytes) != (head.sha256.as_str(), head.size_bytes) {
            return Err(Error::internal(format!("file {} came as {}", head.sha256, stored.sha256)));
        }
        Ok(())
    }
}
