//! What was done with a file of evidence, in words.

use incident::{Access, Custody};

use super::{Teller, Told};
use crate::file_words::{media_type, shown_name, size};

impl Teller<'_> {
    pub(super) fn custody(&self, custody: &Custody) -> Told {
        let named = |nl: &str, en: &str, name: &str| Told {
            what: self.fill(format!("{nl}: {name}"), format!("{en}: {name}")),
            ..Told::default()
        };
        match custody {
            Custody::Added(file) => {
                let mut pairs = vec![
                    (self.put("Grootte", "Size"), size(file.size_bytes, self.language)),
                    (self.put("Soort", "Kind"), media_type(&file.media_type, self.language)),
                    ("SHA-256".to_owned(), file.sha256.clone()),
                ];
                if !file.origin.is_empty() {
                    pairs.push((self.put("Waar komt het vandaan?", "Where does it come from?"), file.origin.clone()));
                }
                let told = named("Bewijs toegevoegd", "Evidence added", &shown_name(&file.name));
                Told { pairs, words: file.description.clone(), ..told }
            }
            Custody::Opened { sha256, access: Access::Shown } => {
                named("Bewijs bekeken", "Evidence looked at", &self.name(sha256))
            }
            Custody::Opened { sha256, access: Access::Downloaded } => {
                named("Bewijs gedownload", "Evidence downloaded", &self.name(sha256))
            }
            Custody::HandedOver { sha256, to, reason } => {
                let (nl, en) = (format!("Bewijs overgedragen aan {to}"), format!("Evidence handed over to {to}"));
                Told { words: reason.clone(), ..named(&nl, &en, &self.name(sha256)) }
            }
            Custody::Checked { intact, damaged, missing } => {
                let lists = [
                    (self.put("Onveranderd", "Unchanged"), intact),
                    (self.put("Beschadigd", "Damaged"), damaged),
                    (self.put("Weg", "Gone"), missing),
                ];
                let names = |list: &[String]| list.iter().map(|one| self.name(one)).collect::<Vec<_>>().join(", ");
                let pairs = lists.into_iter().filter(|(_, list)| !list.is_empty());
                let pairs = pairs.map(|(label, list)| (label, names(list))).collect();
                Told { pairs, ..self.told("Bewijs gecontroleerd", "Evidence checked") }
            }
            Custody::PutRight { sha256 } => Told {
                words: self.put(
                    "De bewaarde kopie was beschadigd of weg; precies hetzelfde bestand staat weer in de plaats ervan.",
                    "The stored copy was damaged or gone; exactly the same file stands in its place again.",
                ),
                ..named("Bewijs hersteld", "Evidence put right", &self.name(sha256))
            },
            Custody::Withdrawn { sha256, reason } => {
                Told { words: reason.clone(), ..named("Bewijs ingetrokken", "Evidence withdrawn", &self.name(sha256)) }
            }
        }
    }

    fn name(&self, sha256: &str) -> String {
        self.incident.evidence_of(sha256).map_or_else(|| sha256.to_owned(), |one| shown_name(&one.file.name))
    }
}
