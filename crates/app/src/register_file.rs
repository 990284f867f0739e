//! The register as a file to take along: PDF to read and print, XLSX to work with, CSV and JSON for programs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use documents::register_extract::{self, RegisterRow};
use documents::register_table::{self, Entry, Selection};
use facts::Language;
use incident::Permission;

use crate::handle::require;
use crate::lists::{Filter, Notified, Order, Start, State};
use crate::{App, Error, Scope};

/// How many incidents are printed at most: some five hundred pages.
const MOST_PRINTED: usize = 1_000;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterForm {
    Pdf,
    Xlsx,
    Csv,
    Json,
}

impl RegisterForm {
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Xlsx, Self::Csv, Self::Json];

    /// The name in addresses, and at the end of the file's name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }

    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// A register, ready to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFile {
    pub file_name: String,
    pub bytes: Vec<u8>,
    /// How many incidents are in it.
    pub rows: usize,
}

impl App {
    /// The register, or the part of it that the filter leaves, as a file, oldest incident first; a part says that it
    /// is one, and which. Printing takes a while: call
    /// it where that may block.
    pub async fn register_file(
        &self,
        scope: &Scope,
        form: RegisterForm,
        filter: &Filter,
        language: Language,
        now: Timestamp,
    ) -> Result<RegisterFile, Error> {
        require(scope, Permission::ReadRegister)?;
        let made_at = self.zoned(scope, now)?;
        let zone = made_at.time_zone();
        let (mut table, mut extract) = (BTreeMap::<u64, Vec<Entry>>::new(), BTreeMap::new());
        let mut start = Start::Top;
        // As on the page: looking for signs alone finds nothing, and is not looking for nothing in particular.
        while !filter.finds_nothing() {
            let asked = filter.asked(Order::Newest, start);
            let lines = self.store.page(scope, &asked).await?;
            if form == RegisterForm::Pdf && table.len() + lines.len() > MOST_PRINTED {
                return Err(Error::field(
                    "van",
                    "Dit zijn meer dan 1.000 incidenten; zoveel drukken wij niet in één keer af. Kies een kortere periode (van en tot), of neem XLSX.",
                    "These are more than 1,000 incidents; so many are not printed at once. Choose a shorter period (from and until), or take XLSX.",
                ));
            }
            for line in &lines {
                let incident = self.replayed(scope, line).await?;
                match form {
                    RegisterForm::Pdf | RegisterForm::Xlsx => {
                        let fields = register_table::fields(&incident).into_iter().map(|(_, entry)| entry);
                        table.insert(line.number, fields.collect());
                    }
                    RegisterForm::Csv | RegisterForm::Json => {
                        extract.insert(line.number, RegisterRow::of(&incident));
                    }
                }
            }
            match lines.last() {
                Some(last) if lines.len() >= asked.limit as usize => start = Start::Below(asked.order.place(last)),
                _ => break,
            }
        }
        let selection = match filter.is_selection() {
            true => Some(self.selection(scope, filter, table.len() + extract.len()).await?),
            false => None,
        };
        let (table, extract): (Vec<_>, Vec<_>) = (table.into_values().collect(), extract.into_values().collect());
        let rows = table.len() + extract.len();
        let name = &scope.organisation().name;
        let bytes = match form {
            RegisterForm::Pdf => {
                let document = register_table::document(&table, selection.as_ref(), name, &made_at, language);
                self.press.print(&document, &made_at)?
            }
            RegisterForm::Xlsx => {
                self.sheets.write(&register_table::workbook(&table, selection.as_ref(), name, zone, language))?
            }
            RegisterForm::Csv => register_extract::csv(&extract, zone, language).into_bytes(),
            RegisterForm::Json => register_extract::json(&extract, zone).map_err(Error::internal)?.into_bytes(),
        };
        // CSV and JSON are tables for programs, and have no other place to say it.
        let part = if selection.is_some() { "-selectie" } else { "" };
        let file_name = format!("register-{}-{}{part}.{}", scope.organisation().slug, made_at.date(), form.key());
        Ok(RegisterFile { file_name, bytes, rows })
    }

    /// What the file says of being a part.
    async fn selection(&self, scope: &Scope, filter: &Filter, shown: usize) -> Result<Selection, Error> {
        let Filter { state, opened_from, opened_before, notified, search } = filter;
        let counts = self.store.counts(scope).await?;
        Ok(Selection {
            shown: shown as u64,
            all: State::All.count_in(&counts),
            search: search.trim().to_owned(),
            from: *opened_from,
            // The last moment that counts, and so the day that was asked.
            until: opened_before.map(|before| before - SignedDuration::from_micros(1)),
            state: (*state != State::All).then(|| state.name()),
            notified: notified.map(Notified::name),
        })
    }
}
