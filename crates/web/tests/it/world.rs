//! A small world to walk through: a provider with two customers, and two organisations that have nothing to do with it.
//! Time stands still unless it is set; chance counts; the press prints what a test can read.

#![allow(dead_code, reason = "each walk uses a part of the world")]

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use app::{App, Chance, Error, NewInvitation, NewPerson, Press, Provider, Report, Signer, Store, Who};
use detect::{Alarm, Case, Detection, Figure, Host, Kind, Remote, Severity};
use facts::{Fact, Facts, OrganisationId, ProviderId, Text, Value};
use incident::{Narrative, Role};
use law::verdict::Duty;
use store_conformance::Throwaway;

/// When the world stands: Friday 27 March 2026, 15:20 in Amsterdam; the clock goes forward that weekend.
pub const NOW: Timestamp = Timestamp::constant(1_774_621_200, 0);
pub const PASSWORD: &str = "drie losse woorden";

/// Read and proved once for all tests.
static PACKS: LazyLock<Arc<law::Packs>> = LazyLock::new(|| Arc::new(law::Packs::builtin().unwrap()));

pub struct World {
    pub app: App,
    pub state: web::State,
    pub router: Router,
    /// Seconds since 1970.
    pub clock: Arc<AtomicI64>,
    /// The first administrator's token; unused.
    pub first_token: String,
    _kept: Box<dyn Any + Send + Sync>,
}

/// A fresh store, and what must live as long as it: SQLite, or PostgreSQL where `DIJKWACHT_TEST_STORE` says `postgres`.
/// The pages are the same over both, so the script runs these tests twice and compares with the same snapshots.
#[expect(clippy::disallowed_methods, reason = "how the test script says over which store")]
async fn fresh() -> (Arc<dyn Store>, Box<dyn Any + Send + Sync>) {
    if std::env::var("DIJKWACHT_TEST_STORE").is_ok_and(|store| store == "postgres") {
        let database = Throwaway::new().await.unwrap();
        let store = store_postgres::PostgresStore::open(database.address()).await.unwrap();
        return (Arc::new(store), Box::new(database));
    }
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(store_sqlite::SqliteStore::open(folder.path()).await.unwrap()), Box::new(folder))
}

struct Counting(AtomicU64);

impl Chance for Counting {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Sha256::digest(count.to_be_bytes()).into())
    }
}

struct Keys;

impl Signer for Keys {
    fn key(&self, organisation: OrganisationId) -> register::SigningKey {
        register::SigningKey::of_register(organisation.0, &Sha256::digest(organisation.0.as_bytes()).into())
    }
}

/// A folder of lists in which one list came an hour before, and another failed for days and is being tried again.
struct OnlyOneList;

#[async_trait::async_trait]
impl app::ports::ThreatLists for OnlyOneList {
    async fn offered(&self) -> Result<Vec<app::ports::OfferedList>, Error> {
        let list = |name: &str, is_commercial_use_allowed| app::ports::OfferedList {
            name: name.into(),
            publisher: "Lijstenmakers".into(),
            source: format!("https://lists.example/{name}.txt"),
            licence: "CC0".into(),
            terms: "https://lists.example/terms".into(),
            is_commercial_use_allowed,
            size: facts::Text::new("tot 10.000 regels", "up to 10,000 entries"),
            every_hours: 6,
            about: facts::Text::new("Bekende aanvallers.", "Known attackers."),
            first: (name == "kwaad").then(|| facts::Text::new("Weinig vals alarm.", "Few false alarms.")),
        };
        Ok(vec![list("kwaad", Some(true)), list("oud", None), list("nooit", Some(false))])
    }

    async fn kept(&self) -> Result<Vec<app::ports::KeptList>, Error> {
        let list = |name: &str, hours: i64, fault: Option<facts::Text>| app::ports::KeptList {
            name: name.into(),
            every_hours: 6,
            entries: 41_234,
            fetched_at: Some(NOW - jiff::SignedDuration::from_hours(hours)),
            checked_at: Some(NOW - jiff::SignedDuration::from_hours(1)),
            fault,
            fetching_since: (name == "oud").then(|| NOW - jiff::SignedDuration::from_mins(2)),
        };
        Ok(vec![
            list("kwaad", 1, None),
            list("oud", 72, Some(facts::Text::new("geen antwoord binnen 20 s", "no answer within 20 s"))),
        ])
    }

    async fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok((name == "kwaad").then(|| b"a list".to_vec()))
    }

    async fn fetch_soon(&self, _: &[String]) -> Result<(), Error> {
        Ok(())
    }
}

struct PlainPress;

impl Press for PlainPress {
    fn print(&self, document: &documents::Document, _: &jiff::Zoned) -> Result<Vec<u8>, Error> {
        Ok(format!("%PDF-1.7\n{}", document.to_text()).into_bytes())
    }
}

impl World {
    /// An empty world: nobody can sign in yet.
    pub async fn empty() -> Self {
        let (store, kept) = fresh().await;
        let app = App {
            store,
            signer: Arc::new(Keys),
            chance: Arc::new(Counting(AtomicU64::new(0))),
            press: Arc::new(PlainPress),
            sheets: Arc::new(sheets::Files),
            packs: Arc::clone(&PACKS),
            damage: app::DamageSeen::default(),
            quiet: app::QuietWeeks::default(),
        };
        let first_token = app.first_invitation(NOW).await.unwrap().unwrap();
        let clock = Arc::new(AtomicI64::new(NOW.as_second()));
        let now = Arc::clone(&clock);
        let state = web::State {
            app: app.clone(),
            clock: Arc::new(move || Timestamp::from_second(now.load(Ordering::Relaxed)).unwrap()),
            base_url: "https://dijkwacht.example".into(),
            is_secure: false,
            sends_mail: true,
            notice: None,
            evidence: app::EvidenceLimits::default(),
            backup_days: Some(21),
            lists: Arc::new(OnlyOneList),
        };
        Self { app, router: web::router(state.clone()), state, clock, first_token, _kept: kept }
    }

    /// The folder of its store; nothing over PostgreSQL, which keeps files in the database.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self._kept.downcast_ref::<tempfile::TempDir>().map(tempfile::TempDir::path)
    }

    /// The whole world.
    pub async fn new() -> Self {
        let world = Self::empty().await;
        world.people().await;
        world.incidents().await;
        world
    }

    pub fn let_pass(&self, hours: i64) {
        self.clock.fetch_add(hours * 3600, Ordering::Relaxed);
    }

    pub async fn join(&self, invitation: NewInvitation, name: &str, email: &str, now: Timestamp) -> Who {
        let token = self.app.invite(invitation, now).await.unwrap();
        let person = NewPerson {
            name: name.into(),
            email: email.into(),
            password: PASSWORD.into(),
            organisation: String::new(),
        };
        self.app.accept(&token, person, now).await.unwrap()
    }

    async fn people(&self) {
        let now = NOW - SignedDuration::from_hours(24 * 30);
        let provider = ProviderId(self.app.chance.id(now).unwrap());
        self.app.store.add_provider(&Provider { id: provider, name: "Noorderlicht IT".into() }).await.unwrap();
        let mut organisations = BTreeMap::new();
        for (name, provider) in [
            ("Bakkerij De Korenaar", Some(provider)),
            ("Huisartsenpraktijk De Wilgen", Some(provider)),
            ("Administratiekantoor Zout", Some(provider)),
            ("Stichting De Zwaluw", None),
            ("Molen & Zonen", None),
        ] {
            let made = self.app.new_organisation(name, provider, now).await.unwrap();
            organisations.insert(made.slug.clone(), made.id);
        }
        for (slug, role, name, email) in [
            ("bakkerij-de-korenaar", Role::Officer, "Marieke de Wit", "directeur@korenaar.example"),
            ("bakkerij-de-korenaar", Role::Handler, "Joost Bakker", "kantoor@korenaar.example"),
            ("bakkerij-de-korenaar", Role::Employee, "Sanne Visser", "winkel@korenaar.example"),
            ("bakkerij-de-korenaar", Role::Dpo, "Ferdi Özdemir", "fg@korenaar.example"),
            ("stichting-de-zwaluw", Role::Officer, "Ada Verkerk", "ada@zwaluw.example"),
            ("molen-zonen", Role::Officer, "Vera Vreemd", "vera@molen.example"),
        ] {
            let invitation =
                NewInvitation { organisation: Some(organisations[slug]), roles: vec![role], ..Default::default() };
            self.join(invitation, name, email, now).await;
        }
        let invitation = NewInvitation { provider: Some(provider), roles: vec![Role::Engineer], ..Default::default() };
        self.join(invitation, "Karim Haddad", "karim@noorderlicht.example", now).await;
    }

    /// A sensor's case and a misdirected mail at the baker's, a lost laptop at the doctor's.
    async fn incidents(&self) {
        let (case, detections) = beacon(NOW - SignedDuration::from_hours(20));
        let korenaar = self.app.permit_program("bakkerij-de-korenaar").await.unwrap();
        self.app.open_case(&korenaar, &case, &detections, NOW - SignedDuration::from_hours(1)).await.unwrap();

        let code = korenaar.organisation().report_code.clone();
        let reporter = self.app.permit_reporter(&code, None).await.unwrap();
        let report = Report {
            what: "Ik heb de lijst met bestellingen voor de feestdagen aan de verkeerde klant gemaild.".into(),
            when: "gisteren rond vier uur".into(),
            whose: "namen, adressen en telefoonnummers van zo’n 40 klanten".into(),
            done: "de ontvanger gebeld, die heeft de mail gewist".into(),
            contact: String::new(),
        };
        let opened_at = NOW - SignedDuration::from_hours(50);
        self.app.report(&reporter, report, opened_at).await.unwrap();
        self.misdirected(opened_at).await;

        let wilgen = self.app.permit_program("huisartsenpraktijk-de-wilgen").await.unwrap();
        let code = wilgen.organisation().report_code.clone();
        let reporter = self.app.permit_reporter(&code, None).await.unwrap();
        let report = Report { what: "De laptop van de praktijk is uit de auto gestolen.".into(), ..Default::default() };
        self.app.report(&reporter, report, NOW - SignedDuration::from_hours(66)).await.unwrap();
    }

    async fn misdirected(&self, at: Timestamp) {
        let handler = self.app.sign_in("kantoor@korenaar.example", PASSWORD).await.unwrap();
        let scope =
            self.app.permit(&handler, incident::Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
        let later = at + SignedDuration::from_hours(2);
        let reason = "Toen belde de ontvanger dat hij de lijst had geopend.".to_owned();
        self.app
            .set_awareness(&scope, 2, None, at + SignedDuration::from_hours(1), false, reason, later)
            .await
            .unwrap();
        let known = [
            (Fact::SecurityIncident, "true"),
            (Fact::PersonalData, "true"),
            (Fact::Role, "controller"),
            (Fact::Confidentiality, "confirmed"),
            (Fact::Integrity, "none"),
            (Fact::Availability, "none"),
            (Fact::IncidentType, "sent_by_mistake"),
            (Fact::Cause, "internal_accidental"),
            (Fact::Exfiltration, "not_applicable"),
            (Fact::Recipient, "unknown"),
            (Fact::RecipientCount, "1"),
            (Fact::SubjectsMin, "40"),
            (Fact::SubjectsMax, "45"),
            (Fact::Vulnerable, "false"),
            (Fact::Identification, "maximum"),
            (Fact::Protection, "none"),
        ];
        let mut changes: BTreeMap<Fact, Option<Value>> =
            known.iter().map(|(fact, word)| (*fact, Some(fact.read(&[word]).unwrap()))).collect();
        changes.insert(Fact::Data, Some(Fact::Data.read(&["name", "address", "contact", "financial"]).unwrap()));
        changes.insert(Fact::Groups, Some(Fact::Groups.read(&["customers"]).unwrap()));
        self.app.record_facts(&scope, 2, None, changes, None, later).await.unwrap();
        let narrative = Narrative {
            description: Some("Een lijst met bestellingen ging naar de verkeerde klant.".into()),
            measures_taken: Some("De ontvanger is gebeld en heeft de mail gewist.".into()),
            ..Narrative::default()
        };
        self.app.record_narrative(&scope, 2, None, narrative, later).await.unwrap();
    }

    /// Decides on incident 2 as the officer, in favour of telling everybody.
    pub async fn decided(&self) {
        let officer = self.app.sign_in("directeur@korenaar.example", PASSWORD).await.unwrap();
        let scope = self.app.permit(&officer, incident::Permission::Decide, "bakkerij-de-korenaar").await.unwrap();
        let seen = self.app.incident(&scope, 2).await.unwrap().timeline.len() as u64;
        let duties = BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, true)]);
        let motivation =
            "De ontvanger is onbekend en heeft de lijst geopend. Wij melden, en schrijven onze klanten zelf.";
        let order = incident::Order { duties, motivation: motivation.to_owned(), ..Default::default() };
        self.app.decide(&scope, 2, seen, order, NOW).await.unwrap();
    }

    /// Decides on incident 2 that nobody is told, and closes it.
    pub async fn closed(&self) {
        let officer = self.app.sign_in("directeur@korenaar.example", PASSWORD).await.unwrap();
        let scope = self.app.permit(&officer, incident::Permission::Decide, "bakkerij-de-korenaar").await.unwrap();
        let seen = self.app.incident(&scope, 2).await.unwrap().timeline.len() as u64;
        let duties = BTreeMap::from([(Duty::NotifyAuthority, false), (Duty::InformSubjects, false)]);
        let order = incident::Order { duties, motivation: "Alles is gewist.".into(), ..Default::default() };
        self.app.decide(&scope, 2, seen, order, NOW).await.unwrap();
        self.app.close(&scope, 2, "Voortaan als link.".into(), NOW).await.unwrap();
    }
}

/// One host that calls home, as the sensor tells it.
pub fn beacon(at: Timestamp) -> (Case, Vec<Detection>) {
    let host =
        Host { ip: "10.0.0.23".parse().unwrap(), mac: None, name: Some("kassa-2".into()), maker: None, kind: None };
    let summary = Text::new(
        "kassa-2 zoekt ongeveer elke 5 minuten contact met sync.update-node.example: 212 keer in 18 uur. Zo'n vast ritme komt van een programma, niet van een mens.",
        "kassa-2 contacts sync.update-node.example about every 5 minutes: 212 times in 18 hours. Such a steady rhythm comes from a program, not from a person.",
    );
    let detection = Detection {
        id: "5f0c2f2a9d3e4b61a7c8d9e0f1a2b3c4".into(),
        first_at: at,
        last_at: at + SignedDuration::from_hours(18),
        host: host.clone(),
        kind: Kind::Beacon,
        severity: Severity::High,
        confidence: 0.93,
        technique: vec!["T1071.001"],
        remote: Remote {
            ip: Some("203.0.113.9".parse().unwrap()),
            port: Some(443),
            domain: Some("sync.update-node.example".into()),
        },
        evidence: BTreeMap::from([
            ("connections", Figure::Whole(212)),
            ("period_seconds", Figure::Number(301.4)),
            ("jitter", Figure::Number(0.04)),
            ("share_in_rhythm", Figure::Number(0.97)),
        ]),
        summary: summary.clone(),
    };
    let mut proposed_facts = Facts::new();
    for (fact, word) in
        [(Fact::SecurityIncident, "true"), (Fact::Cause, "external_malicious"), (Fact::IncidentType, "hacking")]
    {
        proposed_facts.set(fact, fact.read(&[word]).unwrap()).unwrap();
    }
    let case = Case {
        id: "c1a2b3".into(),
        host,
        severity: Severity::High,
        alarm: Alarm::Now,
        others: vec![],
        detections: vec![detection.id.clone()],
        summary,
        proposed_facts,
    };
    (case, vec![detection])
}
