//! What is measured on one store, and how it is shown.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use app::App;
use incident::Permission;
use jiff::Timestamp;
use office::Chance;
use sha2::{Digest, Sha256};

use crate::bare::Bare;
use crate::place::Place;
use crate::program::{Ran, Server, run};
use crate::provider::{ENGINEER, PASSWORD, slug};
use crate::size::Size;
use crate::timed::{CLIENTS, Times, at_once, now, timed};
use crate::visitor::Visitor;

/// How many appends, and bare inserts.
const APPENDS: u32 = 400;
/// How many times each page is asked.
const ASKED: usize = 960;
/// How long a server has for the clocks of all open incidents, before anything is timed.
const SETTLING: Duration = Duration::from_secs(600);

/// The pages that are asked, by what stands in the table.
pub const PAGES: [&str; 7] = [
    "an open incident",
    "the provider's board",
    "the register's first page",
    "a search for a word that all have",
    "a search for a word that one in eight has",
    "a search for a rare word",
    "the list of incidents",
];

/// What was measured on one store.
#[derive(Clone, Debug)]
pub struct Figures {
    pub append: Times,
    pub bare: Times,
    /// In the order of [`PAGES`], each with how many bytes it had on average.
    pub pages: Vec<(Times, usize)>,
    pub server_peak: u64,
    pub rebuild: Ran,
    pub export: Ran,
    pub export_bytes: usize,
    /// Entries of the register that was exported, how long verifying took, and bare SHA-256 over the same bytes.
    pub verified: (u64, Duration, Duration),
}

/// Measures everything on a store that was filled with so much.
pub async fn measure(program: &Path, place: &Place, size: Size, at: Timestamp) -> anyhow::Result<Figures> {
    let app = place.open().await?;
    let (append, bare) = appends(&app, place, size, at).await?;
    let server = Server::start(program, &place.arguments())?;
    settle(&app, at).await?;
    let pages = tokio::task::block_in_place(|| pages(&server, size))?;
    let server_peak = server.peak()?;
    drop(server);
    drop(app);
    let of = |verb: &str, rest: &[&str]| {
        let mut arguments = vec![verb.to_owned()];
        arguments.extend(rest.iter().map(|part| (*part).to_owned()));
        arguments.extend(place.arguments());
        arguments
    };
    let rebuild = run(program, &of("rebuild", &[]))?;
    let folder = tempfile::tempdir_in(&place.folder)?;
    let zip = folder.path().join("register.zip");
    let name = zip.display().to_string();
    let export = run(program, &of("export", &["--organisation", &slug(0), "--out", &name]))?;
    let bytes = std::fs::read(&zip)?;
    let verified = verified(&bytes, size)?;
    Ok(Figures { append, bare, pages, server_peak, rebuild, export, export_bytes: bytes.len(), verified })
}

/// A note on some incident of some customer, by the use case that the pages have; in turn with bare inserts, so that both
/// meet the same disk. One after the other.
async fn appends(app: &App, place: &Place, size: Size, at: Timestamp) -> anyhow::Result<(Times, Times)> {
    let engineer = app.store.user_by_email(ENGINEER).await?.0;
    let who = app::Who { user: engineer.id, name: engineer.name };
    let mut chance = Chance::new(1);
    let mut bare = Bare::beside(place).await?;
    let (mut appended, mut inserted) = (Vec::new(), Vec::new());
    for id in 0..APPENDS {
        let (customer, number) = some_open(size, &mut chance)?;
        let began = now();
        let scope = app.permit(&who, Permission::HandleIncident, &slug(customer)).await?;
        app.note(&scope, number, "Nagevraagd; niets nieuws.".to_owned(), at).await?;
        appended.push(began.elapsed());
        let began = now();
        bare.insert(id).await?;
        inserted.push(began.elapsed());
    }
    bare.end().await?;
    Ok((Times::of(appended), Times::of(inserted)))
}

/// Some open incident: its customer's place and its number.
fn some_open(size: Size, chance: &mut Chance) -> anyhow::Result<(u32, u64)> {
    let customer = u32::try_from(chance.below(u64::from(size.customers)))?;
    let (closed, open) = size.of_customer(customer);
    Ok((customer, u64::from(closed) + 1 + chance.below(u64::from(open))))
}

/// Waits until the server has looked at the clocks of all that is open: after that only what happens costs anything.
#[expect(clippy::disallowed_methods, reason = "it waits for another program")]
async fn settle(app: &App, at: Timestamp) -> anyhow::Result<()> {
    let began = now();
    while !app.store.due_alarms(at, 1).await?.is_empty() {
        ensure!(began.elapsed() < SETTLING, "the server does not come to rest");
        tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(200)));
    }
    Ok(())
}

fn pages(server: &Server, size: Size) -> anyhow::Result<Vec<(Times, usize)>> {
    let visitor = Visitor::sign_in(server.address, ENGINEER, PASSWORD)?;
    let mut chance = Chance::new(2);
    let mut measured = Vec::new();
    for place in 0..PAGES.len() {
        let paths = (0..ASKED).map(|_| path(place, size, &mut chance)).collect::<anyhow::Result<Vec<_>>>()?;
        let warm = paths.get(..CLIENTS).context("more are asked than there are clients")?;
        at_once(&visitor, warm)?;
        measured.push(at_once(&visitor, &paths)?);
    }
    Ok(measured)
}

/// The address of a page: of the large customer, but for incidents and the board.
fn path(place: usize, size: Size, chance: &mut Chance) -> anyhow::Result<String> {
    let large = slug(0);
    Ok(match place {
        0 => {
            let (customer, number) = some_open(size, chance)?;
            format!("/o/{}/incidenten/{number}", slug(customer))
        }
        1 => "/bord".to_owned(),
        2 => format!("/o/{large}/register"),
        3 => format!("/o/{large}/register?zoek=gegevens"),
        4 => format!("/o/{large}/register?zoek=laptop"),
        5 => format!("/o/{large}/register?zoek=zaak{}", chance.below(20_000)),
        _ => format!("/o/{large}/incidenten"),
    })
}

fn verified(zip: &[u8], size: Size) -> anyhow::Result<(u64, Duration, Duration)> {
    let (report, verifying) = timed(|| verify::verify(zip, verify::Options::default()));
    ensure!(report?.is_sound(), "the register that was exported does not verify");
    let (_, hashing) = timed(|| std::hint::black_box(Sha256::digest(std::hint::black_box(zip))));
    let (closed, open) = size.of_customer(0);
    Ok((u64::from(closed + open) * crate::ENTRIES_EACH, verifying, hashing))
}
