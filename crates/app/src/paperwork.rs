//! Documents made from what the case knows: the AP dossier and the letter to the persons.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use documents::dossier::{self, Dossier, Purpose, dossier_for};
use documents::reasoning_sheet::Options;
use facts::{Language, Text};
use incident::{Command, Document, Incident, Narrative, Permission};

use crate::handle::require;
use crate::open::hex;
use crate::{App, DamagedFile, Error, Organisation, Profile, Recorded, Scope, StoreError, Trouble, User};

/// Which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaperKind {
    /// Every field of the AP's form, in its order.
    Dossier,
    /// The same for the EDPB's common template.
    DossierEdpb,
    /// The letter to the persons concerned (AVG art. 34(2)).
    Letter,
    /// Why it was judged and decided so (AVG art. 33(5)).
    Reasoning,
}

impl PaperKind {
    pub const ALL: [Self; 4] = [Self::Dossier, Self::DossierEdpb, Self::Letter, Self::Reasoning];

    /// The name in the journal and in addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Dossier => documents::dossier::KIND,
            Self::DossierEdpb => documents::dossier::KIND_EDPB,
            Self::Letter => documents::letter::KIND,
            Self::Reasoning => documents::reasoning_sheet::KIND,
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Dossier => Text::new("Dossier voor de melding bij de AP", "Dossier for the notification to the AP"),
            Self::DossierEdpb => {
                Text::new("Dossier volgens het sjabloon van de EDPB", "Dossier by the EDPB’s template")
            }
            Self::Letter => Text::new("Brief aan de betrokken personen", "Letter to the persons concerned"),
            Self::Reasoning => Text::new("Motivering van oordeel en besluit", "Reasoning of assessment and decision"),
        }
    }
}

/// A document that was made and stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    pub kind: PaperKind,
    pub sha256: String,
    pub pdf: Vec<u8>,
    pub recorded: Recorded,
}

impl App {
    /// The dossier as it would be now: every field of that form with what the case knows, and what is missing.
    /// `form`: a form's id, such as [`documents::dossier::AP`]; an unknown one is `NotFound`. `reporter`: who is going to enter
    /// it in the authority's form.
    pub fn dossier(
        &self,
        scope: &Scope,
        incident: &Incident,
        form: &str,
        purpose: Purpose,
        reporter: Option<&User>,
        now: Timestamp,
    ) -> Result<Dossier<'static>, Error> {
        let form = dossier::form(form).ok_or(Error::NotFound)?;
        let verdict = self.verdict(scope, incident, now)?.verdict;
        let case = documents::Case {
            incident,
            verdict: Some(&verdict),
            organisation: &profile(scope.organisation(), reporter),
            words: &words(incident),
            made_at: &self.zoned(scope, now)?,
        };
        Ok(dossier_for(&case, form, purpose))
    }

    /// The letter as it would be now.
    pub fn letter(
        &self,
        scope: &Scope,
        incident: &Incident,
        language: Language,
        now: Timestamp,
    ) -> Result<documents::letter::Letter, Error> {
        Ok(documents::letter::letter(
            &documents::Case {
                incident,
                verdict: None,
                organisation: &profile(scope.organisation(), None),
                words: &words(incident),
                made_at: &self.zoned(scope, now)?,
            },
            language,
        ))
    }

    /// What a processor tells its controllers, as it would be now (AVG art. 33(2)): plain text.
    pub fn controllers_notice(
        &self,
        scope: &Scope,
        incident: &Incident,
        language: Language,
        now: Timestamp,
    ) -> Result<String, Error> {
        let case = documents::Case {
            incident,
            verdict: None,
            organisation: &profile(scope.organisation(), None),
            words: &words(incident),
            made_at: &self.zoned(scope, now)?,
        };
        Ok(documents::controllers_notice(&case, language))
    }

    /// Why it was judged and decided so, as it stands now (AVG art. 33(5)).
    pub fn reasoning_sheet(
        &self,
        scope: &Scope,
        incident: &Incident,
        language: Language,
        now: Timestamp,
    ) -> Result<documents::Document, Error> {
        let verdict = self.verdict(scope, incident, now)?.verdict;
        let case = documents::Case {
            incident,
            verdict: Some(&verdict),
            organisation: &profile(scope.organisation(), None),
            words: &words(incident),
            made_at: &self.zoned(scope, now)?,
        };
        let uses_enisa = scope.organisation().profile.uses_enisa;
        Ok(documents::reasoning_sheet::reasoning_sheet(&case, &self.packs, Options { language, uses_enisa }))
    }

    /// Prints a document as PDF in Dutch, stores it, and puts its hash in the journal. `purpose`: for which report a dossier
    /// is; of no meaning for the others. Printing takes a noticeable part of a second: call it where that may block.
    pub async fn make_paper(
        &self,
        scope: &Scope,
        number: u64,
        kind: PaperKind,
        purpose: Purpose,
        reporter: Option<&User>,
        now: Timestamp,
    ) -> Result<Paper, Error> {
        require(scope, Permission::HandleIncident)?;
        let mut incident = self.incident(scope, number).await?;
        let on = |form| self.dossier(scope, &incident, form, purpose, reporter, now).map(|dossier| dossier.document());
        let document = match kind {
            PaperKind::Dossier => on(dossier::AP)?,
            PaperKind::DossierEdpb => on(dossier::EDPB)?,
            PaperKind::Letter => self.letter(scope, &incident, Language::Dutch, now)?.document,
            PaperKind::Reasoning => self.reasoning_sheet(scope, &incident, Language::Dutch, now)?,
        };
        let pdf = self.press.print(&document, &self.zoned(scope, now)?)?;
        let sha256 = hex(&Sha256::digest(&pdf));
        self.store.put_blob(scope, &sha256, &pdf).await?;
        let command = Command::RecordDocument {
            kind: kind.key().into(),
            title: kind.title(),
            sha256: sha256.clone(),
            size_bytes: pdf.len() as u64,
        };
        self.carry_out(scope, &mut incident, vec![command], Vec::new(), now).await?;
        Ok(Paper { kind, sha256, pdf, recorded: Recorded { incident } })
    }

    /// A stored document of this incident.
    pub async fn stored_paper(&self, scope: &Scope, incident: &Incident, sha256: &str) -> Result<Vec<u8>, Error> {
        let document = incident.documents.iter().find(|document| document.sha256 == sha256).ok_or(Error::NotFound)?;
        match self.store.blob(scope, sha256).await {
            Err(StoreError::Unavailable(Trouble::Damaged, _)) => Err(damaged_document(incident, document).into()),
            read => Ok(read?),
        }
    }

    /// A moment in the organisation's zone.
    pub fn zoned(&self, scope: &Scope, at: Timestamp) -> Result<jiff::Zoned, Error> {
        at.in_tz(&scope.organisation().zone).map_err(Error::internal)
    }
}

/// A stored document of an incident that is not what was stored.
pub(crate) fn damaged_document(incident: &Incident, document: &Document) -> DamagedFile {
    let (sha256, name) = (document.sha256.clone(), document.title.nl.clone().into_owned());
    DamagedFile { sha256, name, incident: incident.number, is_missing: false }
}

fn profile(organisation: &Organisation, reporter: Option<&User>) -> documents::Organisation {
    let Profile {
        address,
        postcode,
        town,
        kvk,
        sector,
        dpo_number,
        dpo_name,
        contact_name,
        contact_function,
        contact_email,
        contact_phone,
        dpo_email,
        ..
    } = &organisation.profile;
    // Of whoever reports we know a function and a telephone only where they are the contact of the profile.
    let is_contact = reporter.is_some_and(|user| {
        user.name.eq_ignore_ascii_case(contact_name) || user.email.eq_ignore_ascii_case(contact_email)
    });
    // The AP wants to reach whoever reports. Where we cannot tell how to reach the person at the keyboard, that is the
    // contact of the profile, the same for everybody who looks.
    let is_reachable =
        [contact_name, contact_function, contact_email, contact_phone].into_iter().all(|text| filled(text).is_some());
    let by_contact = is_contact || is_reachable;
    let of_contact = |text: &str| filled(text).filter(|_| by_contact);
    let place = format!("{postcode} {town}");
    documents::Organisation {
        name: organisation.name.clone(),
        address: [address.as_str(), place.as_str()].into_iter().filter_map(filled).collect(),
        kvk: filled(kvk),
        vat: None,
        country: Some(organisation.jurisdiction),
        sector_kind: None,
        size: None,
        sector: filled(sector),
        fg: organisation.profile.has_dpo().then(|| documents::DataProtectionOfficer {
            name: filled(dpo_name),
            registration: filled(dpo_number),
            email: filled(dpo_email),
        }),
        reporter: documents::Reporter {
            name: of_contact(contact_name).or_else(|| reporter.and_then(|user| filled(&user.name))),
            function: of_contact(contact_function),
            email: of_contact(contact_email).or_else(|| reporter.and_then(|user| filled(&user.email))),
            phone: of_contact(contact_phone),
        },
        contact: documents::Contact {
            name: filled(contact_name),
            function: filled(contact_function),
            email: filled(contact_email),
            phone: filled(contact_phone),
        },
    }
}

fn words(incident: &Incident) -> documents::Words {
    let Narrative { description, measures_taken, measures_planned, late_reason } = incident.narrative.clone();
    documents::Words { description, measures_taken, measures_planned, late_reason, withdrawal_reason: None }
}

fn filled(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
