//! The work bench of the checks: an application over the store, with fixed chance and keys, and values to write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use app::{
    App, Append, Chance, Error, IncidentRow, Keeping, Listing, NewEntry, Organisation, Press, Profile, Scope, Signer,
    Store, StoreError, StoredEntry,
};
use facts::{Country, IncidentId, OrganisationId, ProviderId, UserId};
use incident::{Permission, Phase, RetentionKind, Role};
use register::{Checkpoint, Entry, Hash, SigningKey};
use sha2::{Digest, Sha256};

/// When everything here happens, unless a check says otherwise.
pub const NOW: Timestamp = Timestamp::constant(1_795_249_800, 123_456_000);

/// An application over the store that is checked.
#[derive(Clone)]
pub struct Bench {
    pub app: App,
    pub store: Arc<dyn Store>,
}

impl Bench {
    /// An application that knows no law: what is not judged needs none, and reading it takes a while.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        let app = App {
            store: store.clone(),
            signer: Arc::new(Keys),
            chance: Arc::new(Counting::default()),
            press: Arc::new(NoPress),
            sheets: Arc::new(sheets::Files),
            packs: Arc::new(law::Packs::of(Vec::new())),
            damage: app::DamageSeen::default(),
            quiet: app::QuietWeeks::default(),
        };
        Self { app, store }
    }

    /// The same with the law, for use cases that judge.
    #[must_use]
    pub fn with_law(mut self) -> Self {
        self.app.packs = Arc::new(law::Packs::builtin().unwrap());
        self
    }

    /// Makes an organisation, and gives the program's own scope in it.
    pub async fn organisation(&self, slug: &str) -> Scope {
        self.store.add_organisation(&self.described(slug, None)).await.unwrap();
        self.app.permit_program(slug).await.unwrap()
    }

    /// An organisation, not yet stored.
    #[must_use]
    pub fn described(&self, slug: &str, provider: Option<ProviderId>) -> Organisation {
        Organisation {
            id: OrganisationId(self.app.chance.id(NOW).unwrap()),
            slug: slug.to_owned(),
            name: format!("Stichting {slug}"),
            provider,
            report_code: format!("{slug}-report"),
            zone: "Europe/Amsterdam".to_owned(),
            jurisdiction: Country::NL,
            profile: Profile::default(),
        }
    }

    /// Makes a person of this address.
    pub async fn person(&self, email: &str) -> UserId {
        let id = UserId(self.app.chance.id(NOW).unwrap());
        let user = app::User { id, name: "Ada".to_owned(), email: email.to_owned() };
        self.store.add_user(&user, "$argon2id$…").await.unwrap();
        id
    }

    /// An id that no incident has yet.
    #[must_use]
    pub fn new_incident(&self) -> IncidentId {
        IncidentId(self.app.chance.id(NOW).unwrap())
    }

    /// Appends, signing with this bench's keys.
    pub async fn append(&self, scope: &Scope, append: Append) -> Result<(), StoreError> {
        self.store.append(scope, append, &Keys).await
    }

    /// Opens an incident with this many entries.
    pub async fn open(&self, scope: &Scope, number: u64, entries: u64) -> IncidentId {
        let incident = self.new_incident();
        self.append(scope, opening(incident, number, entries)).await.unwrap();
        incident
    }

    /// Checks the whole register of an organisation as a third party would, and gives its size: no gap in the entries,
    /// each body as it was committed to, and the newest checkpoint signed over just these.
    pub async fn register_holds(&self, scope: &Scope) -> u64 {
        let entries = self.store.entries(scope).await.unwrap();
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(scope, entry)).collect();
        for (place, entry) in entries.iter().enumerate() {
            assert_eq!(entry.index, place as u64, "no gap, no other order");
            if let Some((salt, body)) = &entry.salt_and_body {
                assert_eq!(register::commit(salt, body), entry.commitment);
            }
        }
        match self.store.checkpoint(scope).await.unwrap() {
            None => assert!(entries.is_empty(), "entries without a checkpoint"),
            Some(note) => {
                let checkpoint = Checkpoint::open(&note, &Keys.key(scope.id()).verifier()).unwrap();
                let expected = (scope.id().0, entries.len() as u64, register::root(&leaves));
                assert_eq!((checkpoint.organisation, checkpoint.size, checkpoint.root), expected);
            }
        }
        entries.len() as u64
    }

    /// The scope of a person.
    pub async fn permit(&self, user: UserId, permission: Permission, slug: &str) -> Result<Scope, Error> {
        let who = app::Who { user, name: "Ada".to_owned() };
        self.app.permit(&who, permission, slug).await
    }

    /// Gives a person a role in an organisation.
    pub async fn join(&self, user: UserId, organisation: OrganisationId, role: Role) {
        self.store.add_membership(user, organisation, role).await.unwrap();
    }
}

/// The hash under which a stored entry stands in the tree.
#[must_use]
pub fn leaf_hash(scope: &Scope, entry: &StoredEntry) -> Hash {
    Entry::new(scope.id().0, entry.index, entry.recorded_at, &entry.kind, entry.commitment).unwrap().leaf_hash()
}

/// What opens an incident: this many entries.
#[must_use]
pub fn opening(incident: IncidentId, number: u64, entries: u64) -> Append {
    further(incident, number, 0, entries)
}

/// What adds this many entries to an incident that has some.
#[must_use]
pub fn further(incident: IncidentId, number: u64, expected: u64, entries: u64) -> Append {
    let new = (expected..expected + entries).map(|place| note(&format!("note {place} of incident {number}")));
    Append {
        incident,
        expected,
        entries: new.collect(),
        row: line(incident, number, expected + entries),
        listing: Listing::default(),
        detections: Vec::new(),
        letters: Vec::new(),
        erase: Vec::new(),
        forget: Vec::new(),
        files: Vec::new(),
    }
}

/// An entry with a body that no JSON parser would give back byte for byte.
#[must_use]
pub fn note(text: &str) -> NewEntry {
    let body = format!("{{ \"text\":  \"{text}\" , \"text\":1e400 }}").into_bytes();
    NewEntry { kind: "incident.noted", recorded_at: NOW, salt: Sha256::digest(&body).into(), body }
}

/// The entry that says that these were erased.
#[must_use]
pub fn erasing(incident: IncidentId, entries: &[u64]) -> NewEntry {
    let entries: Vec<_> = entries.iter().map(|index| format!("{{\"index\":{index}}}")).collect();
    let event = format!("{{\"type\":\"entries_erased\",\"entries\":[{}]}}", entries.join(","));
    let body = format!("{{\"v\":1,\"incident\":\"{incident}\",\"event\":{event}}}").into_bytes();
    NewEntry { kind: "incident.entries_erased", recorded_at: NOW, salt: Sha256::digest(&body).into(), body }
}

/// The line of an incident in lists, with nothing special about it.
#[must_use]
pub fn line(id: IncidentId, number: u64, entries: u64) -> IncidentRow {
    IncidentRow {
        id,
        number,
        title: format!("Laptop {number} kwijt"),
        opened_at: NOW,
        urgency: None,
        phase: Phase::Investigating,
        clock_start: Some(NOW),
        is_provisional: true,
        waits_for: None,
        notify_authority: None,
        inform_subjects: None,
        is_notify_decided: None,
        authority_notified_at: None,
        told_there: None,
        number_there: None,
        closed_at: None,
        entries,
        keeping: Keeping { kind: RetentionKind::NotNotified, changed_at: NOW, held_at: None, erased_at: None },
    }
}

/// One fixed key an organisation.
pub struct Keys;

impl Signer for Keys {
    fn key(&self, organisation: OrganisationId) -> SigningKey {
        SigningKey::of_register(organisation.0, &Sha256::digest(organisation.0.as_bytes()).into())
    }

    fn provider_key(&self, provider: ProviderId) -> Option<SigningKey> {
        Some(SigningKey::of_provider(provider.0, &Sha256::digest(provider.0.as_bytes()).into()))
    }
}

/// Chance that counts: different each time, the same each run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Chance for Counting {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Sha256::digest(count.to_be_bytes()).into())
    }
}

/// A press for those who print nothing.
struct NoPress;

impl Press for NoPress {
    fn print(&self, _: &documents::Document, _: &jiff::Zoned) -> Result<Vec<u8>, Error> {
        Err(Error::internal("no check of a store prints"))
    }
}
