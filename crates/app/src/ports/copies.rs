//! The port by which a store is read and written as a whole: for backups, and for moving between databases.
//!
//! What is copied is the same whatever the database: rows of named columns in one order, of values of five kinds. So a
//! backup of one database can be restored into another, and two stores can be compared byte for byte. Files are not part of
//! it: they come and go through [`super::Blobs`].

use async_trait::async_trait;
use jiff::Timestamp;

use crate::StoreError;

/// A value of a column. The order is that of the databases: of bytes, not of a language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Truth(bool),
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of one row, in the order of its table's columns.
pub type Row = Vec<Cell>;

/// A table as it is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    /// In alphabetical order.
    pub columns: Vec<String>,
    /// The columns by which its rows are ordered and told apart, by their places in `columns`.
    pub key: Vec<usize>,
}

impl Shape {
    /// The key of a row; of a row that is too short, what there is of it.
    #[must_use]
    pub fn key_of(&self, row: &[Cell]) -> Row {
        self.key.iter().filter_map(|place| row.get(*place)).cloned().collect()
    }

    /// Where a column stands.
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }
}

/// A whole store, read and written.
#[async_trait]
pub trait Copies: Send + Sync {
    /// Everything as it is at one moment, whatever is written while it is read.
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError>;
    /// Begins, or goes on with, taking in a copy of `source` (a word that tells it from every other). Until it has ended, the
    /// store cannot be opened for anything else. `Conflict`: the store holds something, or takes in another copy.
    async fn begin_intake(&self, source: &str, now: Timestamp) -> Result<(), StoreError>;
    /// Up to where a table was taken in: the key of its last row.
    async fn taken_in(&self, table: &str) -> Result<Option<Row>, StoreError>;
    /// Writes rows of a table, in the order of its key and after what stands there, in one transaction.
    async fn take_in(&self, table: &str, columns: &[String], rows: Vec<Row>) -> Result<(), StoreError>;
    /// What is taken in goes by another word from here on, which is what somebody who goes on has to give.
    async fn rename_intake(&self, source: &str) -> Result<(), StoreError>;
    /// Ends taking in: the store is whole.
    async fn end_intake(&self) -> Result<(), StoreError>;
    /// Where it was moved to, if it was.
    async fn moved(&self) -> Result<Option<MovedTo>, StoreError>;
    /// Marks it as moved, or takes that mark away. While it stands the store is not opened but for reading, and its journals
    /// take no entry more, not even from who has it open. Copies are made without the mark. `Conflict`: it is marked as moved
    /// to another place.
    async fn mark_moved(&self, to: Option<&MovedTo>) -> Result<(), StoreError>;
}

/// That a store was moved, and goes on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTo {
    /// A folder, or the address of a database without user and password.
    pub place: String,
    pub at: Timestamp,
}

/// A store at one moment.
#[async_trait]
pub trait Snapshot: Send {
    /// The number of the last migration.
    fn schema(&self) -> i64;
    /// The tables that are copied; one that refers to another comes after it.
    fn shapes(&self) -> Vec<Shape>;
    /// The next rows of a table after a key, in order of key; none at its end. How many is the store's choice: few enough to
    /// keep in memory.
    async fn page(&mut self, table: &Shape, after: Option<&[Cell]>) -> Result<Vec<Row>, StoreError>;
}
