//! Whether every register of a store is as it was signed: read once, in order, in little memory.
//!
//! For backups, restores and moves, on the machine where the store is. It checks what an export cannot show (the stored
//! leaves, heads and checkpoints) and asks nobody else's word; the proof for third parties is `verify`, on an export.

use register::{Checkpoint, Entry, Frontier, SigningKey};

use facts::OrganisationId;

use crate::copying::scopes;
use crate::open::hex;
use crate::{App, Cell, Error, Row, Shape, Snapshot};

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
    /// one committed to or was erased on record, that every checkpoint and the head are those of the tree, and that the
    /// newest checkpoint is signed by this register's key.
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
            found.push(one);
        }
        Ok(found)
    }
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
    let (mut tree, mut erased) = (Frontier::default(), 0);
    let mut signed = None;
    let mut is_other_tree = false;
    while let Some(row) = cursors.journal.take(snapshot, &name, None).await? {
        let index = tree.size();
        let mut complain = |what: &str| found.complain(Some(index), what);
        let shape = &cursors.journal.shape;
        if whole(shape, &row, "idx") != i64::try_from(index).ok() {
            complain("missing, or another stands in its place");
        }
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
        let place = Some(index);
        let is_erased = cursors.erasures.take(snapshot, &name, place).await?.is_some();
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
            }
            None if is_erased => erased += 1,
            None => complain("its body is gone without a record of its erasure"),
        }
        if let Some(row) = cursors.checkpoints.take(snapshot, &name, Some(tree.size())).await? {
            let note = text(&cursors.checkpoints.shape, &row, "note").unwrap_or_default().to_owned();
            let said = note.split_once("\n\n").map(|(said, _)| format!("{said}\n"));
            // Once the tree is another one, it stays that.
            if said.as_deref() != Some(Checkpoint::of(id.0, &tree).text().as_str()) && !is_other_tree {
                is_other_tree = true;
                complain("the checkpoint behind it is of another tree");
            }
            signed = Some((tree.size(), note));
        }
    }
    let mut complain = |what: &str| found.complain(None, what);
    for (cursor, what) in [
        (&mut cursors.bodies, "a body of an entry that is not there"),
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
        Some((size, _)) if size != tree.size() => complain(&format!("the newest checkpoint covers {size} entries")),
        Some((_, false)) => complain("the newest checkpoint is not signed by the register's key"),
        Some((_, true)) => {}
    }
    let head = cursors.heads.take(snapshot, &name, None).await?;
    let frontier = head.as_ref().and_then(|row| bytes(&cursors.heads.shape, row, "frontier"));
    if frontier != (tree.size() > 0).then(|| tree.to_bytes()).as_deref() {
        complain("the head that is kept is not that of the tree");
    }
    (found.entries, found.erased, found.root) = (tree.size(), erased, hex(&tree.root()));
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
