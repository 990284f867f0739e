//! Whether every register of a store is as it was signed: read once, in order, in little memory, which what was erased takes
//! most of.
//!
//! For backups, restores and moves, on the machine where the store is. It checks what an export cannot show (the stored
//! leaves, heads and checkpoints) and asks nobody else's word; the proof for third parties is `verify`, on an export.

use std::collections::{BTreeMap, BTreeSet};

use register::{Checkpoint, Entry, Frontier, SigningKey};

use facts::{IncidentId, OrganisationId};

use crate::copying::scopes;
use crate::journal::is_astray;
use crate::on_record::OnRecord;
use crate::open::hex;
use crate::{App, Cell, Error, Row, Shape, Snapshot};

/// What becomes of registers that are not as they were written, where a copy or an export is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing is copied, and nothing that was copied is taken into use.
    Refused,
    /// Everything is copied as it is, and what is wrong with it is named.
    Copied,
}

impl Changed {
    /// As somebody chose.
    #[must_use]
    pub fn of(is_copied: bool) -> Self {
        if is_copied { Self::Copied } else { Self::Refused }
    }
}

/// What was found of one register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soundness {
    pub organisation: OrganisationId,
    /// Its name in addresses.
    pub slug: String,
    pub entries: u64,
    pub erased: u64,
    /// The root of its tree, in hexadecimal.
    pub root: String,
    /// What is wrong, in the order of the entries, and then with the register as a whole. Nothing: it is sound. No more than
    /// `MOST_FAULTS`.
    pub faults: Vec<RegisterFault>,
    /// How many more there are.
    pub further: u64,
}

/// Something in a register that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFault {
    /// With which entry; nothing: with the register as a whole.
    pub entry: Option<u64>,
    /// English, for operators.
    pub what: String,
}

impl std::fmt::Display for RegisterFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// How many faults of one register are kept: where an entry is missing, every one behind it is in the wrong place.
const MOST_FAULTS: usize = 100;

impl Soundness {
    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// Of an entry only what was found first: the rest follows from it.
    fn complain(&mut self, entry: Option<u64>, what: &str) {
        if entry.is_some() && self.faults.last().is_some_and(|last| last.entry == entry) {
            return;
        }
        match self.faults.len() {
            MOST_FAULTS => self.further += 1,
            _ => self.faults.push(RegisterFault { entry, what: what.to_owned() }),
        }
    }
}

impl App {
    /// Checks every register: that its entries follow each other and are the bytes that were hashed, that each body is the
    /// one committed to and of the incident that it stands under, or was erased by an entry of that incident, when that says;
    /// that every checkpoint and the head are those of the tree, and that the newest checkpoint is signed by this register's
    /// key.
    pub async fn soundness(&self) -> Result<Vec<Soundness>, Error> {
        let mut snapshot = self.store.snapshot().await?;
        let shapes = snapshot.shapes();
        let mut cursors = Cursors {
            journal: Cursor::of("journal", &shapes)?,
            bodies: Cursor::of("journal_bodies", &shapes)?,
            erasures: Cursor::of("erasures", &shapes)?,
            heads: Cursor::of("heads", &shapes)?,
            checkpoints: Cursor::of("checkpoints", &shapes)?,
        };
        let mut found = Vec::new();
        for scope in scopes(self.store.as_ref()).await? {
            let (id, slug) = (scope.id(), scope.organisation().slug.clone());
            let key = self.signer.key(id);
            let mut one = Soundness {
                organisation: id,
                slug,
                entries: 0,
                erased: 0,
                root: String::new(),
                faults: Vec::new(),
                further: 0,
            };
            check(snapshot.as_mut(), &mut cursors, &key, &mut one).await?;
            // What is found of an erasure is found once the whole was read; of an entry the first is told.
            one.faults.sort_by_key(|fault| (fault.entry.is_none(), fault.entry));
            one.faults.dedup_by(|next, last| next.entry.is_some() && next.entry == last.entry);
            found.push(one);
        }
        Ok(found)
    }
}

/// What is said of an entry that is gone altogether.
const NOT_THERE: &str = "it is not there";

/// Whether an entry of this kind erases others.
fn is_erasing(kind: &str) -> bool {
    kind == "incident.erased" || kind == "incident.entries_erased"
}

struct Cursors {
    journal: Cursor,
    bodies: Cursor,
    erasures: Cursor,
    heads: Cursor,
    checkpoints: Cursor,
}

/// Checks one register, and notes what it holds and what is wrong. The cursors stand behind it afterwards.
async fn check(
    snapshot: &mut dyn Snapshot,
    cursors: &mut Cursors,
    key: &SigningKey,
    found: &mut Soundness,
) -> Result<(), Error> {
    let id = found.organisation;
    let name = id.to_string();
    let mut tree = Frontier::default();
    let (mut on_record, mut erased, mut erasing) = (OnRecord::default(), BTreeMap::new(), BTreeMap::new());
    let mut signed = None;
    let (mut is_other_tree, mut next) = (false, 0);
    while let Some(row) = cursors.journal.take(snapshot, &name, None).await? {
        // By its own number: the others stand where they stood, whichever of them is not there.
        let own = whole(&cursors.journal.shape, &row, "idx").and_then(|own| u64::try_from(own).ok());
        let index = own.filter(|own| *own >= next).unwrap_or(next);
        if index > next {
            let last = index - 1;
            let others = if last > next { format!(", nor those up to entry {last}") } else { String::new() };
            found.complain(Some(next), &format!("{NOT_THERE}{others}"));
            cursors.bodies.skip_to(snapshot, &name, index).await?;
            cursors.erasures.skip_to(snapshot, &name, index).await?;
            cursors.checkpoints.skip_to(snapshot, &name, index + 1).await?;
            // What follows cannot be that of the tree any more.
            is_other_tree = true;
        }
        next = index + 1;
        let mut complain = |what: &str| found.complain(Some(index), what);
        let shape = &cursors.journal.shape;
        let commitment = bytes(shape, &row, "commitment").and_then(|bytes| bytes.try_into().ok());
        let commitment: [u8; 32] = commitment.unwrap_or_default();
        let at = whole(shape, &row, "recorded_at").and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
        let kind = text(shape, &row, "kind").unwrap_or_default();
        let leaf = bytes(shape, &row, "leaf").unwrap_or_default();
        let rebuilt = at.and_then(|at| Entry::new(id.0, index, at, kind, commitment).ok());
        if rebuilt.as_ref().map(|entry| entry.leaf().into_bytes()).as_deref() != Some(leaf) {
            complain("its leaf is not what its columns say");
        }
        let leaf_hash = rebuilt.map(|entry| entry.leaf_hash()).unwrap_or_default();
        if bytes(shape, &row, "leaf_hash") != Some(leaf_hash.as_slice()) {
            complain("its hash is not that of its leaf");
        }
        tree.append(leaf_hash);
        let stands_under = text(shape, &row, "incident").unwrap_or_default();
        let incident = stands_under.parse().unwrap_or(IncidentId(uuid::Uuid::nil()));
        if incident.to_string() != stands_under {
            complain("the incident that it stands under is none");
        }
        let place = Some(index);
        let erasure = cursors.erasures.take(snapshot, &name, place).await?;
        let erased_at = erasure.and_then(|row| whole(&cursors.erasures.shape, &row, "erased_at"));
        let is_erased = erased_at.is_some();
        let body = cursors.bodies.take(snapshot, &name, place).await?;
        match &body {
            Some(body) => {
                let shape = &cursors.bodies.shape;
                let salt = bytes(shape, body, "salt").and_then(|salt| salt.try_into().ok());
                let is_committed = salt.zip(bytes(shape, body, "body"));
                if is_committed.is_none_or(|(salt, body)| register::commit(&salt, body) != commitment) {
                    complain("its body is not the one it was written with");
                }
                if is_erased {
                    complain("its body was erased on record, and is there");
                }
                if bytes(shape, body, "body").is_some_and(|body| is_astray(incident, body)) {
                    complain("its body is of another incident than the one that it stands under");
                }
            }
            None if is_erased => {}
            None => complain("its body is gone without a record of its erasure"),
        }
        let body = body.as_ref().and_then(|body| bytes(&cursors.bodies.shape, body, "body"));
        if is_erased || body.is_some() {
            // One that cannot be read names none.
            let _ = on_record.take_in(incident, index, kind, body);
        }
        if let (None, Some(at)) = (body, erased_at) {
            erased.insert(index, (incident, at));
        }
        if let (true, Some(at)) = (is_erasing(kind), whole(&cursors.journal.shape, &row, "recorded_at")) {
            erasing.entry(incident).or_insert_with(BTreeSet::new).insert(at);
        }
        if let Some(row) = cursors.checkpoints.take(snapshot, &name, Some(next)).await? {
            let note = text(&cursors.checkpoints.shape, &row, "note").unwrap_or_default().to_owned();
            let said = note.split_once("\n\n").map(|(said, _)| format!("{said}\n"));
            // Once the tree is another one, it stays that.
            if said.as_deref() != Some(Checkpoint::of(id.0, &tree).text().as_str()) && !is_other_tree {
                is_other_tree = true;
                complain("the checkpoint behind it is of another tree");
            }
            signed = Some((next, note));
        }
    }
    while let Some(row) = cursors.bodies.take(snapshot, &name, None).await? {
        let own = whole(&cursors.bodies.shape, &row, "idx").and_then(|own| u64::try_from(own).ok());
        found.complain(own, NOT_THERE);
    }
    let untold: BTreeSet<u64> = on_record.untold().map(|(_, index)| index).collect();
    for (index, (incident, at)) in &erased {
        if untold.contains(index) {
            found.complain(Some(*index), "its body is gone, and no entry of its incident says that it was erased");
        } else if !erasing.get(incident).is_some_and(|moments| moments.contains(at)) {
            found.complain(Some(*index), "it was erased at another moment than is on record");
        }
    }
    let mut complain = |what: &str| found.complain(None, what);
    for (cursor, what) in [
        (&mut cursors.erasures, "an erasure of an entry that is not there"),
        (&mut cursors.checkpoints, "a checkpoint of a larger tree: entries are missing"),
    ] {
        while cursor.take(snapshot, &name, None).await?.is_some() {
            complain(what);
        }
    }
    let newest = signed.map(|(size, note)| (size, Checkpoint::open(&note, &key.verifier()).is_ok()));
    match newest {
        None if tree.size() == 0 => {}
        None => complain("no checkpoint covers it"),
        Some((size, _)) if size != next => complain(&format!("the newest checkpoint covers {size} entries")),
        Some((_, false)) => complain("the newest checkpoint is not signed by the register's key"),
        Some((_, true)) => {}
    }
    let head = cursors.heads.take(snapshot, &name, None).await?;
    let frontier = head.as_ref().and_then(|row| bytes(&cursors.heads.shape, row, "frontier"));
    let size = head.as_ref().and_then(|row| whole(&cursors.heads.shape, row, "size"));
    let is_head = |kept: Option<&[u8]>| kept == (tree.size() > 0).then(|| tree.to_bytes()).as_deref();
    let is_whole = next == tree.size();
    if size != i64::try_from(next).ok().filter(|size| *size > 0) || is_whole && !is_head(frontier) {
        complain("the head that is kept is not that of the tree");
    }
    (found.entries, found.erased, found.root) = (tree.size(), erased.len() as u64, hex(&tree.root()));
    Ok(())
}

/// The rows of a table one by one.
struct Cursor {
    shape: Shape,
    page: std::vec::IntoIter<Row>,
    /// The row that is next, and the key of the last that was read.
    next: Option<Row>,
    last: Option<Row>,
    is_done: bool,
}

impl Cursor {
    fn of(name: &str, shapes: &[Shape]) -> Result<Self, Error> {
        let shape = shapes.iter().find(|shape| shape.name == name);
        let shape = shape.ok_or_else(|| Error::internal(format!("no table {name}")))?.clone();
        Ok(Self { shape, page: Vec::new().into_iter(), next: None, last: None, is_done: false })
    }

    /// Passes over what this organisation has before a number.
    async fn skip_to(&mut self, snapshot: &mut dyn Snapshot, organisation: &str, number: u64) -> Result<(), Error> {
        while let Some(row) = self.take(snapshot, organisation, None).await? {
            let own = match self.shape.key_of(&row).get(1) {
                Some(Cell::Whole(own)) => u64::try_from(*own).unwrap_or_default(),
                _ => 0,
            };
            if own >= number {
                self.next = Some(row);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next row, if it is this organisation's and, where a number is given, that one of its key.
    async fn take(
        &mut self,
        snapshot: &mut dyn Snapshot,
        organisation: &str,
        number: Option<u64>,
    ) -> Result<Option<Row>, Error> {
        loop {
            if self.next.is_none() && !self.is_done {
                self.next = self.page.next();
                if self.next.is_none() {
                    self.page = snapshot.page(&self.shape, self.last.as_deref()).await?.into_iter();
                    self.next = self.page.next();
                    self.is_done = self.next.is_none();
                }
                self.last = self.next.as_ref().map(|row| self.shape.key_of(row)).or(self.last.take());
            }
            let Some(next) = &self.next else { return Ok(None) };
            let key = self.shape.key_of(next);
            match key.first() {
                // Of an organisation that is not there any more; the database refuses that, but a file can be made by anyone.
                Some(Cell::Text(owner)) if owner.as_str() < organisation => self.next = None,
                Some(Cell::Text(owner)) if owner == organisation => {
                    let is_it = match (number.and_then(|number| i64::try_from(number).ok()), key.get(1)) {
                        (Some(wanted), Some(Cell::Whole(number))) => wanted == *number,
                        (None, _) => true,
                        _ => false,
                    };
                    return Ok(if is_it { self.next.take() } else { None });
                }
                _ => return Ok(None),
            }
        }
    }
}

fn cell<'r>(shape: &Shape, row: &'r [Cell], column: &str) -> Option<&'r Cell> {
    row.get(shape.place(column)?)
}

fn whole(shape: &Shape, row: &[Cell], column: &str) -> Option<i64> {
    match cell(shape, row, column)? {
        Cell::Whole(whole) => Some(*whole),
        _ => None,
    }
}

fn text<'r>(shape: &Shape, row: &'r [Cell], column: &str) -> Option<&'r str> {
    match cell(shape, row, column)? {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn bytes<'r>(shape: &Shape, row: &'r [Cell], column: &str) -> Option<&'r [u8]> {
    match cell(shape, row, column)? {
        Cell::Bytes(bytes) => Some(bytes),
        _ => None,
    }
}
