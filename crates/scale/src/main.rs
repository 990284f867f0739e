//! `scale`: fills stores and measures the program on them. `scripts/bench.sh` runs it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use scale::fill::fill;
use scale::measure::{Figures, PAGES, measure};
use scale::place::{Place, copy, new_database};
use scale::timed::{Times, now};
use scale::{ENTRIES_EACH, Size};

#[derive(Parser)]
#[command(about = "Fills stores with a made-up provider and measures the program on them")]
struct Arguments {
    /// Where the folders of the stores are made.
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// How large the provider is: `small`, `one` (its largest customer alone) or `full`.
    #[arg(long, default_value = "small", value_parser = size)]
    size: Size,
    /// A PostgreSQL server on which databases may be made; without it only SQLite is measured.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make the stores.
    Fill,
    /// Measure the program on the stores that were made; prints tables in Markdown.
    Measure {
        /// The program.
        #[arg(long, value_name = "FILE")]
        program: PathBuf,
        /// Leave SQLite out.
        #[arg(long, requires = "postgres")]
        postgres_alone: bool,
    },
}

fn size(name: &str) -> Result<Size, String> {
    Size::named(name).ok_or_else(|| format!("`{name}` is no size: small, one or full"))
}

/// One store of each kind, with history and without.
struct Made {
    name: String,
    place: Place,
    size: Size,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    #[expect(clippy::disallowed_methods, reason = "a program's edge")]
    let at = Timestamp::now();
    match &arguments.verb {
        Verb::Fill => fill_all(&arguments, at).await,
        Verb::Measure { program, postgres_alone } => {
            let mut measured = Vec::new();
            let mut places = places(&arguments)?;
            places.retain(|made| !postgres_alone || made.place.address.is_some());
            // Of one kind of store, the one without history and the one with it are measured in turn.
            for made in places.chunks(2) {
                let names: Vec<_> = made.iter().map(|made| made.name.as_str()).collect();
                let names = names.join(" in turn with ");
                say(&format!("measuring {names}"));
                let stores: Vec<_> = made.iter().map(|made| (made.place.clone(), made.size)).collect();
                let figures = measure(program, &stores, at).await.context(names)?;
                measured
                    .extend(made.iter().zip(figures).map(|(made, figures)| (made.name.clone(), made.size, figures)));
            }
            print(&tables(&measured));
            Ok(())
        }
    }
}

fn places(arguments: &Arguments) -> anyhow::Result<Vec<Made>> {
    let mut made = Vec::new();
    for (name, size) in [("fresh", arguments.size.fresh()), ("grown", arguments.size)] {
        let place = Place { folder: arguments.folder.join(name), address: None };
        made.push(Made { name: format!("SQLite, {name}"), place, size });
    }
    if let Some(server) = &arguments.postgres {
        let (before, _) = server.rsplit_once('/').context("the address of a database ends in /NAME")?;
        for (name, size) in [("fresh", arguments.size.fresh()), ("grown", arguments.size)] {
            let folder = arguments.folder.join(format!("{name}-postgres"));
            let place = Place { folder, address: Some(format!("{before}/scale_{name}")) };
            made.push(Made { name: format!("PostgreSQL, {name}"), place, size });
        }
    }
    Ok(made)
}

async fn fill_all(arguments: &Arguments, at: Timestamp) -> anyhow::Result<()> {
    for Made { name, place, size } in places(arguments)? {
        let began = now();
        match &place.address {
            None => {
                if place.folder.join("dijkwacht.db").exists() {
                    bail!("{} holds a store already; empty the folder first", place.folder.display());
                }
                let filled = fill(&place.open().await?, size, at).await?;
                say(&format!("{name}: {} incidents, {} entries", filled.incidents, filled.entries));
            }
            Some(address) => {
                let database = address.rsplit('/').next().unwrap_or_default();
                new_database(arguments.postgres.as_deref().unwrap_or_default(), database).await?;
                let from = if size == arguments.size { "grown" } else { "fresh" };
                copy(&arguments.folder.join(from), address, at).await?;
            }
        }
        say(&format!("{name}: made in {:.0} s", began.elapsed().as_secs_f64()));
    }
    Ok(())
}

fn tables(measured: &[(String, Size, Figures)]) -> String {
    let mut table = Table::new(measured.iter().map(|(name, ..)| name.as_str()));
    let size = |_: &Figures, size: Size| format!("{} / {} / {}", size.customers, size.incidents, size.entries());
    table.row("customers / incidents / entries", measured, size);
    table.row("bare insert, p50", measured, |figures, _| shown(figures.bare.at(50)));
    table.row("append (a note, by its use case), p50 / p99", measured, |figures, _| {
        format!("{} / {}", shown(figures.append.at(50)), shown(figures.append.at(99)))
    });
    table.row("append beside the bare insert, p50", measured, |figures, _| {
        format!("{:.1} ×", figures.append.at(50).as_secs_f64() / figures.bare.at(50).as_secs_f64())
    });
    for (place, page) in PAGES.iter().enumerate() {
        let cell = |figures: &Figures, _| figures.pages.get(place).map(page_cell).unwrap_or_default();
        table.row(&format!("{page}, p50 / p95 / p99 at 32 clients; its size"), measured, cell);
    }
    table.row("server, most memory", measured, |figures, _| megabytes(figures.server_peak));
    table.row("rebuild of all projections", measured, |figures, size| {
        let entries = size.entries() as f64 / figures.rebuild.took.as_secs_f64();
        format!("{:.1} s, {entries:.0} entries/s", figures.rebuild.took.as_secs_f64())
    });
    table.row("rebuild, most memory", measured, |figures, _| megabytes(figures.rebuild.peak));
    table.row("export of the largest register", measured, |figures, size| {
        let (closed, open) = size.of_customer(0);
        let (entries, bytes) = (u64::from(closed + open) * ENTRIES_EACH, figures.export_bytes as u64);
        format!("{entries} entries, {}, {:.1} s", megabytes(bytes), figures.export.took.as_secs_f64())
    });
    table.row("export, most memory", measured, |figures, _| megabytes(figures.export.peak));
    table.row("verify of that register", measured, |figures, _| {
        let (entries, verifying, hashing) = figures.verified;
        let ratio = verifying.as_secs_f64() / hashing.as_secs_f64();
        format!("{:.0} entries/s, {ratio:.1} × bare SHA-256", entries as f64 / verifying.as_secs_f64())
    });
    table.0
}

/// A table in Markdown, one column a store.
struct Table(String);

impl Table {
    fn new<'a>(stores: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<_> = stores.collect();
        Self(format!("| what | {} |\n| --- |{}\n", names.join(" | "), " --- |".repeat(names.len())))
    }

    fn row(&mut self, what: &str, measured: &[(String, Size, Figures)], cell: impl Fn(&Figures, Size) -> String) {
        let cells: Vec<_> = measured.iter().map(|(_, size, figures)| cell(figures, *size)).collect();
        self.0.push_str(&format!("| {what} | {} |\n", cells.join(" | ")));
    }
}

/// A page that shows more takes longer, so its size stands beside its times.
fn page_cell((times, bytes): &(Times, usize)) -> String {
    let percentiles = [50, 95, 99].map(|percent| shown(times.at(percent))).join(" / ");
    format!("{percentiles}; {:.0} kB", *bytes as f64 / 1e3)
}

fn shown(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 10.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}

#[expect(clippy::print_stdout, reason = "the tables are what it is for")]
fn print(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "a program's edge: how far it is")]
fn say(text: &str) {
    eprintln!("{text}");
}
