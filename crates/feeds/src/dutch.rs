//! The same in Dutch: why a list did not come, for the page on which people choose them. What `Display` says in English is
//! what the command line and the log say.

use crate::fetch::FetchError;
use crate::folder::FolderError;
use crate::update::Refusal;

impl Refusal {
    /// What `Display` says, in Dutch. A cause that comes from elsewhere keeps its own words.
    #[must_use]
    pub fn in_dutch(&self) -> String {
        match self {
            Self::Fetch(error) => error.in_dutch(),
            Self::Folder(error) => error.in_dutch(),
            Self::WebPage(place) => format!(
                "{place} is een webpagina en geen lijst; de laatste goede lijst blijft. Kijk naar het adres: misschien moet u er inloggen, of is het verhuisd"
            ),
            Self::Empty { place, .. } => format!(
                "in {place} staat niets waar een sensor naar kan zoeken; de laatste goede lijst blijft, als die er was. Is hij verkeerd gelezen, zeg dan de vorm: `dijkwacht intel add … --as VORM`"
            ),
            Self::Shrunk { place, before, now } => format!(
                "{place} heeft nu {now} regels en had er {before}; de laatste goede lijst blijft. Klopt dat, verwijder de lijst dan en voeg haar opnieuw toe"
            ),
        }
    }
}

impl FetchError {
    /// What `Display` says, in Dutch.
    #[must_use]
    pub fn in_dutch(&self) -> String {
        match self {
            Self::Unreachable(place, why) => {
                format!("{place} is niet te bereiken ({why}); kijk naar het adres en de weg naar buiten")
            }
            Self::Status(place, status) => {
                let hint = match status {
                    401 | 403 => {
                        ": daar willen ze weten wie u bent; geef --secret-file, of lees de voorwaarden van de uitgever"
                    }
                    404 | 410 => ": de lijst staat daar niet (meer); zoek het nieuwe adres",
                    429 => ": te vaak gevraagd; maak --every langer",
                    _ => "; het wordt later opnieuw geprobeerd",
                };
                format!("{place} antwoordt {status}{hint}")
            }
            Self::TooLarge(place) => format!("{place} is groter dan 500 MB; neem een kleinere lijst"),
            Self::Unreadable(place, why) => format!("{place} is niet te lezen: {why}"),
            Self::NoManifest(place) => format!("{place} is geen map van MISP: manifest.json is er niet te lezen"),
            Self::NoTaxii(place) => format!(
                "{place} geeft geen pagina van TAXII 2.1; geef het adres van een verzameling, …/collections/ID/objects/"
            ),
        }
    }
}

impl FolderError {
    /// What `Display` says, in Dutch.
    #[must_use]
    pub fn in_dutch(&self) -> String {
        match self {
            Self::Name(name) => {
                format!("`{name}` kan geen naam van een lijst zijn; neem ten hoogste 40 van a-z, 0-9 en -")
            }
            Self::Missing(name) => format!("er is geen lijst `{name}`; `dijkwacht intel list` toont welke er zijn"),
            Self::Taken(name) => {
                format!("er is al een lijst `{name}`; kies een andere --name, of verwijder haar eerst")
            }
            Self::Unreadable(path, why) => format!("{}: {why}", path.display()),
            Self::Damaged(path, why) => format!(
                "{} is geen beschrijving van een lijst ({why}); herstel haar, of verwijder haar en voeg de lijst opnieuw toe",
                path.display()
            ),
        }
    }
}
