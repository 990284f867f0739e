//! What is measured on one store, and how it is shown.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;
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
use crate::timed::{Times, at_once, now, timed};
use crate::visitor::Visitor;

/// How many appends, and bare inserts.
const APPENDS: u32 = 400;
/// How many times each page is asked.
const ASKED: usize = 960;
/// In how many rounds they are asked, each server having its turn in each; an even number.
const ROUNDS: usize = 6;
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
#[derive(Clone, Debug, Default)]
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

/// A store that is measured, with the application over it.
struct Open<'a> {
    place: &'a Place,
    size: Size,
    app: App,
}

/// Measures everything on stores that were each filled with so much. What people wait for is measured in turn, a little
/// on each and then on the next: so what the machine is doing besides falls on all of them, and what is left between
/// two is theirs.
pub async fn measure(program: &Path, stores: &[(Place, Size)], at: Timestamp) -> anyhow::Result<Vec<Figures>> {
    let mut open = Vec::new();
    for (place, size) in stores {
        open.push(Open { place, size: *size, app: place.open().await? });
    }
    let appended = appends(&open, at).await?;
    let mut servers = Vec::new();
    for store in &open {
        servers.push((Server::start(program, &store.place.arguments())?, store.size));
    }
    for store in &open {
        settle(&store.app, at).await?;
    }
    let pages = tokio::task::block_in_place(|| pages(&servers))?;
    let peaks = servers.iter().map(|(server, _)| server.peak()).collect::<anyhow::Result<Vec<_>>>()?;
    drop(servers);
    drop(open);
    let mut figures = Vec::new();
    for ((((place, size), (append, bare)), pages), peak) in stores.iter().zip(appended).zip(pages).zip(peaks) {
        figures.push(alone(
            program,
            place,
            *size,
            Figures { append, bare, pages, server_peak: peak, ..Figures::default() },
        )?);
    }
    Ok(figures)
}

/// What is run to its end on one store, added to what was measured on it before.
fn alone(program: &Path, place: &Place, size: Size, before: Figures) -> anyhow::Result<Figures> {
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
    Ok(Figures { rebuild, export, export_bytes: bytes.len(), verified, ..before })
}

/// A note on some incident of some customer, by the use case that the pages have; in turn with bare inserts, so that both
/// meet the same disk. One after the other, on each store in turn.
async fn appends(stores: &[Open<'_>], at: Timestamp) -> anyhow::Result<Vec<(Times, Times)>> {
    let mut turns = Vec::new();
    for store in stores {
        let engineer = store.app.store.user_by_email(ENGINEER).await?.0;
        let who = app::Who { user: engineer.id, name: engineer.name };
        turns.push((store, who, Chance::new(1), Bare::beside(store.place).await?, Vec::new(), Vec::new()));
    }
    for id in 0..APPENDS {
        for (store, who, chance, bare, appended, inserted) in &mut turns {
            let (customer, number) = some_open(store.size, chance)?;
            let began = now();
            let scope = store.app.permit(who, Permission::HandleIncident, &slug(customer)).await?;
            store.app.note(&scope, number, "Nagevraagd; niets nieuws.".to_owned(), at).await?;
            appended.push(began.elapsed());
            let began = now();
            bare.insert(id).await?;
            inserted.push(began.elapsed());
        }
    }
    let mut figures = Vec::new();
    for (.., bare, appended, inserted) in turns {
        bare.end().await?;
        figures.push((Times::of(appended), Times::of(inserted)));
    }
    Ok(figures)
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

/// A server whose pages are asked, and what came of it.
struct Turn {
    visitor: Visitor,
    size: Size,
    chance: Chance,
    /// Of the page that is asked now.
    answers: Vec<(Duration, usize)>,
    pages: Vec<(Times, usize)>,
}

impl Turn {
    fn ask(&mut self, page: usize) -> anyhow::Result<Vec<(Duration, usize)>> {
        let paths = (0..ASKED / ROUNDS).map(|_| path(page, self.size, &mut self.chance));
        at_once(&self.visitor, &paths.collect::<anyhow::Result<Vec<_>>>()?)
    }
}

/// Every page on every server, in rounds: one server after the other, the other way round each time.
fn pages(servers: &[(Server, Size)]) -> anyhow::Result<Vec<Vec<(Times, usize)>>> {
    let mut turns = Vec::new();
    for (server, size) in servers {
        let visitor = Visitor::sign_in(server.address, ENGINEER, PASSWORD)?;
        turns.push(Turn { visitor, size: *size, chance: Chance::new(2), answers: Vec::new(), pages: Vec::new() });
    }
    for page in 0..PAGES.len() {
        // Not timed: it warms each up.
        for turn in &mut turns {
            turn.ask(page)?;
        }
        for _ in 0..ROUNDS {
            for turn in &mut turns {
                let answers = turn.ask(page)?;
                turn.answers.extend(answers);
            }
            // As the rounds are even in number, they end in the order in which they began.
            turns.reverse();
        }
        for turn in &mut turns {
            let (times, bytes): (Vec<_>, Vec<_>) = std::mem::take(&mut turn.answers).into_iter().unzip();
            let mean = bytes.iter().sum::<usize>() / bytes.len().max(1);
            turn.pages.push((Times::of(times), mean));
        }
    }
    Ok(turns.into_iter().map(|turn| turn.pages).collect())
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
