//! Where the data are: a folder (SQLite), or a PostgreSQL database with a folder beside it for the key.

use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use crate::outcome::Failure;

/// The folder that is used where none is named.
pub(crate) const DEFAULT_DATA: &str = "dijkwacht-data";
/// What the key is called in the data folder.
const KEY: &str = "register.key";

/// Where a verb finds its data.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct DataFolder {
    /// The folder that holds the database, the documents and the register's key.
    #[arg(long, value_name = "DIR", env = "DIJKWACHT_DATA", default_value = DEFAULT_DATA, global = true)]
    pub(crate) data: PathBuf,
    /// A PostgreSQL database instead of the folder's own: postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full.
    #[arg(long, value_name = "URL", env = "DIJKWACHT_DATABASE", hide_env_values = true, global = true)]
    pub(crate) database: Option<Address>,
    /// The key that signs the registers, the same file for every server on one database [default: register.key in the data folder].
    #[arg(long, value_name = "FILE", env = "DIJKWACHT_KEY_FILE", global = true)]
    pub(crate) key_file: Option<PathBuf>,
}

impl DataFolder {
    /// All in one folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { data: folder.to_owned(), database: None, key_file: None }
    }

    /// How it is emptied, for whoever has to begin anew.
    pub(crate) fn emptying(&self) -> String {
        match &self.database {
            None => format!("empty {self} (move what is in it elsewhere)"),
            Some(address) => {
                let name = address.to_string().rsplit('/').next().unwrap_or_default().to_owned();
                format!(
                    "empty {self} (drop the database and make it again: `dropdb {name}`, `createdb --owner=ROLE {name}`)"
                )
            }
        }
    }

    /// Where the key is.
    pub(crate) fn key(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.join(KEY))
    }
}

/// What people are shown: no user and no password.
impl fmt::Display for DataFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.database {
            Some(address) => fmt::Display::fmt(address, f),
            None => fmt::Display::fmt(&self.data.display(), f),
        }
    }
}

/// The address of a database, which may hold a password: shown without it, wherever it is shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Address(String);

impl Address {
    /// The address whole, for whoever connects.
    pub(crate) fn whole(&self) -> Result<&str, Failure> {
        match self.0.split_once("://") {
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(&self.0),
            _ => Err(Failure::Input(
                "--database takes postgres://USER:PASSWORD@HOST:PORT/DATABASE; for a folder with SQLite use --data"
                    .into(),
            )),
        }
    }
}

/// Anything is taken here: what a parser refuses would be shown whole, with the password.
impl FromStr for Address {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else { return f.write_str("a database") };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        write!(f, "{scheme}://{place}")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let check = |address: &str, shown: &str| {
            let address: Address = address.parse().unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
        };
        check(
            "postgres://anna:geheim@db.example:5432/dijkwacht?sslmode=require",
            "postgres://db.example:5432/dijkwacht",
        );
        check("postgres://anna:ge@he/im@db.example/dijkwacht", "postgres://db.example/dijkwacht");
        check("postgres://db.example/dijkwacht?password=geheim", "postgres://db.example/dijkwacht");
        check("geheim", "a database");
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_it() {
        for wrong in ["/var/lib/geheim", "mysql://a:geheim@b/c", "postgres://", ""] {
            let refused = wrong.parse::<Address>().unwrap().whole().unwrap_err().to_string();
            assert!(refused.contains("--data") && !refused.contains("geheim"), "{refused}");
        }
    }
}
