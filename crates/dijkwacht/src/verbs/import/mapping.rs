//! A mapping as a file: TOML, or JSON for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use app::import::{Field, LEFT_OUT, Mapping, SameNumber, Slashes, Table, Unsaid, column_letters};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::edge;
use crate::outcome::Failure;

const LARGEST: u64 = 1_000_000;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
    /// The row with the headings; without it our guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heading_row: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slashes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unsaid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_number: Option<String>,
    /// Heading, or the letters of a column → field, or that it is left out.
    #[serde(default, deserialize_with = "each_once")]
    columns: BTreeMap<String, String>,
}

/// Columns and what they are. JSON may name one twice in the same words, where TOML refuses that itself.
fn each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct EachOnce;

    impl<'de> Visitor<'de> for EachOnce {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("columns and what they are")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut columns = BTreeMap::new();
            while let Some((named, key)) = map.next_entry::<String, String>()? {
                if columns.contains_key(&named) {
                    return Err(A::Error::custom(format!("it names column `{named}` twice")));
                }
                columns.insert(named, key);
            }
            Ok(columns)
        }
    }

    deserializer.deserialize_map(EachOnce)
}

/// The mapping of a file; JSON where it begins as JSON does.
pub(super) fn read(path: &Path) -> Result<MappingFile, Failure> {
    let text = edge::read_text(path, LARGEST)?;
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        toml::from_str(&text).map_err(|error| error.to_string())
    };
    read.map_err(|error| Failure::Input(format!("{} is no mapping: {error}", path.display())))
}

impl MappingFile {
    /// The mapping that it means for this table. What it names and the table does not have is refused.
    pub(super) fn of(&self, table: &Table) -> Result<Mapping, Failure> {
        let mut mapping = Mapping::guess(table);
        mapping.heading_row = self.heading_row.unwrap_or(mapping.heading_row);
        mapping.slashes = word("slashes", self.slashes.as_deref(), &Slashes::ALL.map(|one| (one.key(), one)))?;
        mapping.unsaid = word("unsaid", self.unsaid.as_deref(), &Unsaid::ALL.map(|one| (one.key(), one)))?;
        mapping.same_number =
            word("same_number", self.same_number.as_deref(), &SameNumber::ALL.map(|one| (one.key(), one)))?;
        let headings = mapping.headings(table);
        if headings.iter().all(|heading| heading.trim().is_empty()) {
            return Err(no_headings(mapping.heading_row, table));
        }
        mapping.columns.clear();
        let mut named_as: BTreeMap<usize, &str> = BTreeMap::new();
        for (named, key) in &self.columns {
            let field = Field::from_key(key);
            if field.is_none() && key != LEFT_OUT {
                return Err(Failure::Input(format!(
                    "the mapping says `{key}` for column `{named}`; choose from: {}",
                    keys().join(", ")
                )));
            }
            let so_named = headings.iter().enumerate().filter(|(_, heading)| heading.trim() == named.trim());
            let mut places: Vec<_> = so_named.map(|(place, _)| place).collect();
            let by_letters = || (0..headings.len()).find(|place| column_letters(*place) == *named);
            if places.is_empty() {
                let place = by_letters().ok_or_else(|| {
                    Failure::Input(format!(
                        "the mapping names column `{named}`, which the file does not have; it has: {}",
                        told(&headings)
                    ))
                })?;
                places.push(place);
            }
            for place in &places {
                if let Some(before) = named_as.insert(*place, named) {
                    return Err(Failure::Input(format!(
                        "the mapping names column {} twice, as `{before}` and as `{named}`; keep one of the two",
                        column_letters(*place)
                    )));
                }
            }
            match field {
                Some(field) => mapping.columns.extend(places.into_iter().map(|place| (place, field))),
                None => mapping.left_out.extend(places),
            }
        }
        Ok(mapping)
    }
}

/// The columns of a table by their headings; those without one by their letters.
fn told(headings: &[String]) -> String {
    let each = headings.iter().enumerate().map(|(place, heading)| match heading.trim() {
        "" => column_letters(place),
        heading => heading.replace(char::is_control, " "),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// A row of headings that is not there, or holds none.
fn no_headings(row: u64, table: &Table) -> Failure {
    let last = table.rows.last().map_or(0, |(row, _)| *row);
    Failure::Input(format!(
        "the mapping says that the headings are in row {row}, which is empty or does not exist; rows count from 1, and the \
         last that holds anything is {last}"
    ))
}

/// What a column can be said to be.
fn keys() -> Vec<&'static str> {
    Field::ALL.iter().map(|field| field.key()).chain([LEFT_OUT]).collect()
}

fn word<T: Copy + Default>(name: &str, said: Option<&str>, known: &[(&str, T)]) -> Result<T, Failure> {
    let Some(said) = said else { return Ok(T::default()) };
    known.iter().find(|(key, _)| *key == said).map(|(_, one)| *one).ok_or_else(|| {
        let all: Vec<_> = known.iter().map(|(key, _)| *key).collect();
        Failure::Input(format!("the mapping says `{said}` for {name}; choose from: {}", all.join(", ")))
    })
}

/// A mapping as a file to change, with what it leaves out as comments.
pub(super) fn print(mapping: &Mapping, table: &Table) -> Result<String, Failure> {
    let columns = mapping.columns_of(table);
    let named = |place: usize, heading: &str| {
        let is_own =
            !heading.trim().is_empty() && columns.iter().filter(|column| column.heading == heading).count() == 1;
        if is_own { heading.trim().to_owned() } else { column_letters(place) }
    };
    let file = MappingFile {
        sheet: table.sheet.clone(),
        heading_row: Some(mapping.heading_row),
        slashes: Some(mapping.slashes.key().into()),
        unsaid: Some(mapping.unsaid.key().into()),
        same_number: Some(mapping.same_number.key().into()),
        columns: columns
            .iter()
            .filter_map(|column| {
                let is_out = mapping.left_out.contains(&column.place);
                let key = mapping.columns.get(&column.place).map(|field| field.key()).or(is_out.then_some(LEFT_OUT))?;
                Some((named(column.place, &column.heading), key.to_owned()))
            })
            .collect(),
    };
    let mut text = toml::to_string(&file).map_err(|error| Failure::Fault(error.into()))?;
    text.push_str(&format!("\n# Fields to choose from: {}\n", keys().join(", ")));
    text.push_str(&format!(
        "# {LEFT_OUT}: nothing of that column is taken over, such as names that nobody needs here\n"
    ));
    let is_kept = |place| !mapping.columns.contains_key(&place) && !mapping.left_out.contains(&place);
    for column in columns.iter().filter(|column| is_kept(column.place)) {
        let heading = column.heading.replace(char::is_control, " ");
        text.push_str(&format!("# Kept in its own words alone: {} ({})\n", column.letters, heading));
    }
    Ok(text)
}
