//! The complete file of one case, for the authority that asks for it (AVG art. 33(5), art. 58(1)(e)): everything on record,
//! the documents byte for byte, and the entries of the journal with the proof that they stand under the signed checkpoint.
//!
//! Promises: it can be checked without the rest of the register, of which it tells nothing but hashes; the same case at the
//! same moment gives the same bytes. What names people is said in its README.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use documents::case_bundle::{self, Enclosed};
use documents::register_extract::{self, RegisterRow};
use facts::{Language, Text};
use incident::{Event, Incident, Opening, Permission};
use register::Dossier;

use crate::append::replay_as_it_is;
use crate::handle::require;
use crate::journal::{ASTRAY, NO_CHECKPOINT, is_damaged};
use crate::on_record::are_as_written;
use crate::open::hex;
use crate::paperwork::damaged_document;
use crate::proof::is_not_signed;
use crate::{App, Error, LetterState, Scope, StoreError, StoredEntry, Trouble};

/// How many letters of the outbox are looked through for those of this case.
const LETTERS: u32 = 10_000;

/// A case, ready to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseBundle {
    pub file_name: String,
    pub zip: Vec<u8>,
    /// How many entries of the journal are in it.
    pub entries: usize,
}

/// What is put together.
#[derive(Default)]
struct Parts {
    files: Vec<(String, Vec<u8>)>,
    enclosed: Vec<Enclosed>,
}

impl Parts {
    fn put(&mut self, name: impl Into<String>, bytes: Vec<u8>, what: Text) {
        let name = name.into();
        self.enclosed.push(Enclosed { name: name.clone(), sha256: hex(&Sha256::digest(&bytes)), what });
        self.files.push((name, bytes));
    }
}

impl App {
    /// The complete file of one incident, as a zip. Printing takes a while: call it where that may block.
    pub async fn case_bundle(&self, scope: &Scope, number: u64, now: Timestamp) -> Result<CaseBundle, Error> {
        require(scope, Permission::ReadRegister)?;
        require(scope, Permission::ReadIncident)?;
        let row = self.store.incident_by_number(scope, number).await?;
        let made_at = self.zoned(scope, now)?;
        let note = self.store.checkpoint(scope).await?.ok_or_else(|| is_damaged(scope.id(), None, NO_CHECKPOINT))?;
        // What is written while this goes on stands behind the checkpoint, and is left out.
        let leaves = self.leaves_under(scope, &note).await?;
        // An entry that was moved to another incident would not be in the file, and nothing in it would show that.
        if let Some(index) = self.astray(scope).await?.incidents.get(&row.id) {
            return Err(self.named(scope, number, is_damaged(scope.id(), *index, ASTRAY)));
        }
        let mut history = self.history_of(scope, &row).await?;
        are_as_written(scope.id(), &history).map_err(|error| self.named(scope, number, error))?;
        history.retain(|entry| entry.index < leaves.len() as u64);
        // Something was erased meanwhile, and what says so stands behind the checkpoint.
        are_as_written(scope.id(), &history).map_err(|_| Error::Conflict)?;
        let incident = replay_as_it_is(scope.id(), &history).map_err(|error| self.named(scope, number, error))?;

        let mut parts = Parts::default();
        let extract =
            register_extract::json(&[RegisterRow::of(&incident)], made_at.time_zone()).map_err(Error::internal)?;
        parts.put(
            "register.json",
            extract.into_bytes(),
            Text::new("De regel in het register.", "The line in the register."),
        );
        let situation = incident.situation(scope.organisation().jurisdiction);
        parts.put(
            "feiten.json",
            contract::facts::to_json(&situation).into_bytes(),
            Text::new("De feiten, zoals ze nu op papier staan.", "The facts as they are on record now."),
        );
        if let Some((_, assessment)) = &incident.assessment {
            parts.put(
                "oordeel.json",
                assessment.verdict_json.clone().into_bytes(),
                Text::new(
                    "Het laatste oordeel, met wet, redenen en artikelen.",
                    "The newest assessment, with law, reasons and articles.",
                ),
            );
            let sheet = self.reasoning_sheet(scope, &incident, Language::Dutch, now)?;
            parts.put(
                "motivering.pdf",
                self.press.print(&sheet, &made_at)?,
                Text::new("Waarom er zo is geoordeeld en besloten.", "Why it was assessed and decided so."),
            );
        }
        parts.put(
            "tijdlijn.json",
            pretty(&timeline(&history))?,
            Text::new("Elke gebeurtenis, met wie en wanneer.", "Every event, with who and when."),
        );
        parts.put(
            "meldingen.json",
            pretty(&reports(&incident))?,
            Text::new("De meldingen bij de AP, met elk antwoord.", "The reports to the authority, with each answer."),
        );
        self.letters_of(scope, &incident, &mut parts).await?;
        self.documents_of(scope, &incident, &mut parts).await?;
        if !incident.evidence.is_empty() {
            parts.put(
                "bewijs.json",
                pretty(&evidence(&incident))?,
                Text::new(
                    "De bewijsbestanden, elk met zijn SHA-256. Overdragen gaat op de pagina Bewijs, zodat vastligt aan wie.",
                    "The files of evidence, each with its SHA-256. They are handed over on the page Evidence, so that it is on record to whom.",
                ),
            );
        }
        parts.put("namen/personen.json", pretty(&people(&incident))?, Text::new("Wie in dit dossier voorkomt, en hoe een melder te bereiken is. Laat deze map weg waar dat niet nodig is.", "Who appears in this file, and how a reporter can be reached. Leave this folder out where it is not needed."));
        let readme = readme(&history, &parts.files);
        let records = history.iter().map(|entry| record(scope, entry)).collect::<Result<Vec<_>, _>>()?;
        let key = self.signer.key(scope.id());
        let dossier = Dossier {
            organisation: scope.id().0,
            name: &scope.organisation().name,
            incident: number,
            records: &records,
            leaves: &leaves,
            checkpoint: &note,
            readme: &readme,
            files: &[],
            key: &key,
        };
        let mut enclosed = parts.enclosed;
        for (name, bytes) in dossier.journal().map_err(|error| is_not_signed(scope, error))? {
            enclosed.push(Enclosed {
                name: name.to_owned(),
                sha256: hex(&Sha256::digest(&bytes)),
                what: journal(name),
            });
        }
        let contents =
            case_bundle::document(&incident, &scope.organisation().name, &enclosed, &made_at, Language::Dutch);
        let contents = self.press.print(&contents, &made_at)?;
        let mut files = vec![("dossier.pdf".to_owned(), contents)];
        files.extend(parts.files);
        let zip = Dossier { files: &files, ..dossier }.pack().map_err(|error| is_not_signed(scope, error))?;
        let file_name = format!("dossier-{}-{number}-{}.zip", scope.organisation().slug, made_at.date());
        Ok(CaseBundle { file_name, zip, entries: history.len() })
    }

    async fn documents_of(&self, scope: &Scope, incident: &Incident, parts: &mut Parts) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for (place, document) in (1..).zip(&incident.documents) {
            if !seen.insert(document.sha256.as_str()) {
                continue;
            }
            let kind: String =
                document.kind.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
            match self.store.blob(scope, &document.sha256).await {
                Ok(pdf) => parts.put(format!("documenten/{place:02}-{kind}.pdf"), pdf, document.title.clone()),
                // It was erased, or it is lost: its hash stands in the timeline all the same.
                Err(StoreError::NotFound) => parts.put(
                    format!("documenten/{place:02}-{kind}-ontbreekt.txt"),
                    format!("SHA-256 {}\n", document.sha256).into_bytes(),
                    Text::made(
                        format!("Niet meer aanwezig: {}", document.title.nl),
                        format!("No longer there: {}", document.title.en),
                    ),
                ),
                Err(StoreError::Unavailable(Trouble::Damaged, _)) => {
                    return Err(damaged_document(incident, document).into());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn letters_of(&self, scope: &Scope, incident: &Incident, parts: &mut Parts) -> Result<(), Error> {
        let letters = self.store.letters(scope, LETTERS).await?;
        let sent: Vec<_> = letters
            .iter()
            .filter(|letter| letter.incident == Some(incident.id))
            .map(|letter| {
                json!({
                    "kind": letter.kind.key(),
                    "to": letter.recipient,
                    "queued_at": letter.created_at.to_string(),
                    "state": match letter.state {
                        LetterState::Waiting { .. } => "waiting",
                        LetterState::Sent { .. } => "sent",
                        LetterState::GivenUp { .. } => "given_up",
                    },
                })
            })
            .collect();
        if !sent.is_empty() {
            parts.put(
                "berichten.json",
                pretty(&json!(sent))?,
                Text::new("De berichten die het programma verstuurde.", "The messages that the program sent."),
            );
        }
        Ok(())
    }
}

/// What the members that the register adds are.
fn journal(name: &str) -> Text {
    match name {
        "checkpoint" => Text::new("De ondertekende stand van het register.", "The signed state of the register."),
        "key.txt" => Text::new(
            "De openbare sleutel daarvan. Vraag hem ook langs een andere weg.",
            "Its public key. Ask for it by another way as well.",
        ),
        _ => Text::new(
            "De gebeurtenissen zoals ze in het journaal staan, elk met het bewijs.",
            "The events as they stand in the journal, each with its proof.",
        ),
    }
}

fn record(scope: &Scope, entry: &StoredEntry) -> Result<register::Record, Error> {
    let kept = entry.salt_and_body.clone().map(|(salt, body)| register::Kept { salt, body });
    Ok(register::Record { entry: entry.leaf(scope.id())?, kept })
}

fn pretty(value: &serde_json::Value) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(Error::internal)
}

fn timeline(history: &[StoredEntry]) -> serde_json::Value {
    let events = history.iter().map(|entry| {
        let body =
            entry.salt_and_body.as_ref().and_then(|(_, body)| serde_json::from_slice::<serde_json::Value>(body).ok());
        let mut event = body.as_ref().and_then(|body| body.get("event")).cloned();
        // How to reach a reporter stands in `namen/` alone.
        if let Some(opening) =
            event.as_mut().and_then(|event| event.get_mut("opening")).and_then(|opening| opening.as_object_mut())
        {
            opening.remove("contact");
        }
        let by = body.as_ref().and_then(|body| body.get("by")).cloned();
        let is_reporter = by.as_ref().and_then(|by| by.get("kind")).is_some_and(|kind| kind == "reporter");
        json!({
            "index": entry.index,
            "recorded_at": entry.recorded_at.to_string(),
            "kind": entry.kind,
            "by": if is_reporter { Some(json!({"kind": "reporter"})) } else { by },
            "event": event,
            "erased": entry.salt_and_body.is_none(),
        })
    });
    events.collect()
}

fn reports(incident: &Incident) -> serde_json::Value {
    let reports = incident.reports.iter().map(|report| {
        json!({
            "kind": report.kind.key(),
            "at": report.at.to_string(),
            "receipt": report.receipt,
            "form": report.form,
            "reason": report.reason,
            "answers": report.answers,
            "recorded_at": report.recorded_at.to_string(),
            "recorded_by": report.by.name(),
        })
    });
    reports.collect()
}

/// What evidence there is. The files themselves are handed over one by one, so that it is recorded to whom.
fn evidence(incident: &Incident) -> serde_json::Value {
    let files = incident.evidence.iter().map(|evidence| {
        json!({
            "sha256": evidence.file.sha256,
            "size_bytes": evidence.file.size_bytes,
            "name": evidence.file.name,
            "media_type": evidence.file.media_type,
            "caution": evidence.file.caution.map(|caution| caution.key()),
            "description": evidence.file.description,
            "origin": evidence.file.origin,
            "added_at": evidence.added_at.to_string(),
            "added_by": evidence.added_by.name(),
            "withdrawn": evidence.withdrawn.as_ref().map(|(by, at, why)| {
                json!({"by": by.name(), "at": at.to_string(), "why": why})
            }),
        })
    });
    files.collect()
}

fn people(incident: &Incident) -> serde_json::Value {
    let names: BTreeSet<_> =
        incident.timeline.iter().map(|stamped| stamped.by.name()).filter(|name| !name.is_empty()).collect();
    let advisers: BTreeSet<_> = incident
        .timeline
        .iter()
        .filter_map(|stamped| match &stamped.event {
            Event::DpoAdvised { by_name, .. } => Some(by_name.as_str()),
            _ => None,
        })
        .collect();
    let contact = match &incident.opening {
        Opening::Reported { contact, .. } => contact.clone(),
        Opening::Detected { .. } | Opening::Imported(_) | Opening::Erased => None,
    };
    json!({"recorded_by": names, "dpo": advisers, "reporter_contact": contact})
}

/// What a reader reads first; it points to nothing that is not in the archive.
fn readme(history: &[StoredEntry], files: &[(String, Vec<u8>)]) -> String {
    let (entries, erased) = (history.len(), history.iter().filter(|entry| entry.salt_and_body.is_none()).count());
    let has = |name: &str| files.iter().any(|(file, _)| file.starts_with(name));
    let only = |name: &str, text: &'static str| if has(name) { text } else { "" };
    let documents_nl = only("documenten/", "documenten/ zijn de stukken zoals ze toen zijn gemaakt, byte voor byte.\n");
    let documents_en = only("documenten/", "documenten/ are the documents as they were made then, byte for byte.\n");
    let counts_nl = if has("documenten/") { "journaal/ en documenten/: dat zit" } else { "journaal/: dat zit" };
    let counts_en =
        if has("documenten/") { "journaal/ and documenten/, which are tied" } else { "journaal/, which is tied" };
    let evidence_nl = only(
        "bewijs.json",
        "bewijs.json noemt de bewijsbestanden met hun SHA-256; die bestanden worden apart overgedragen.\n",
    );
    let evidence_en = only(
        "bewijs.json",
        "bewijs.json lists the files of evidence with their SHA-256; the files themselves are handed over apart.\n",
    );
    let naming = ["motivering.pdf", "tijdlijn.json", "meldingen.json", "berichten.json", "bewijs.json", "documenten/"];
    let naming: Vec<_> = std::iter::once("dossier.pdf").chain(naming.into_iter().filter(|name| has(name))).collect();
    let naming = naming.join(", ");
    format!(
        "\
Dossier van één incident / The file of one incident
{entries} inschrijvingen, waarvan {erased} gewist / entries, of which {erased} erased

NEDERLANDS
dossier.pdf leest u eerst: de inhoud met de SHA-256 van elk bestand, de regel in het register, de tijdlijn,
de besluiten en de meldingen bij de AP met elk antwoord. De .json-bestanden houden hetzelfde in voor programma's.
{documents_nl}{evidence_nl}
Deze noemen medewerkers die iets vastlegden of besloten: {naming}. namen/ zegt wie dat zijn en hoe een melder te bereiken is; journaal/ houdt de
gebeurtenissen zoals ze zijn vastgelegd, met die namen. Laat die twee mappen weg waar ze niet nodig zijn.
Betrokkenen staan er alleen in waar iemand hen in een tekst noemde.

Controleren, zonder internet: dijkwacht verify dossier.zip --key SLEUTEL. Vraag SLEUTEL langs een andere weg aan de
organisatie of haar dienstverlener. Het zegt of elk bestand is zoals ondertekend en of elke gebeurtenis op haar plaats in het
register staat; de rest van het register is daar niet voor nodig. Zonder Dijkwacht: zie hieronder.
Wat telt, staat in {counts_nl} vast aan het register. De andere bestanden zijn daaruit gemaakt om te lezen, en alleen
ondertekend door wie het register beheert. Zeggen zij iets anders, dan geldt journaal/.

ENGLISH
Read dossier.pdf first: the contents with each file's SHA-256, the line in the register, the timeline, the
decisions, and the reports to the authority with each answer. The .json files hold the same for programs.
{documents_en}{evidence_en}
These name employees who recorded or decided something: {naming}. namen/ says who they are and how a reporter can be reached; journaal/ holds the events as they
were recorded, with those names. Leave those two folders out where they are not needed. Data subjects stand in it
only where somebody named them in a text.

Checking, without internet: dijkwacht verify dossier.zip --key KEY. Ask the organisation or its provider for KEY by
another road. It says whether every file is as it was signed and every event stands in its place in the register, of
which the rest is not needed. What counts stands in {counts_en} to the register. The other files were
made from those to be read, and are only signed by whoever hosts the register. Where they say something else, journaal/ counts.
Without Dijkwacht:

 1. manifest lists every file with its SHA-256 and length. It is signed, as checkpoint is, by the key in key.txt
    (Ed25519 over the text above the empty line; C2SP signed note).
 2. for each line of journaal/regels.jsonl: the body-commitment in leaf is SHA-256(\"dijkwacht-body/v1\", a newline, salt,
    body), salt from hexadecimal; a line that says erased has neither, and its place is proved all the same
 3. its leaf hash is SHA-256(0x00, leaf); walk proof from there as RFC 9162 section 2.1.3.2 says, with index and the size
    on the second line of checkpoint: the result is the root on its third line (base64).
"
    )
}
