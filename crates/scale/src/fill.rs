//! Fills a store with a provider and its history.
//!
//! Promises: the same size and moment give the same history; what is written went through the domain and the port as any
//! other entry does, only more of it at a time. Deliberately not here: what happens in one incident (`story`).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use app::{App, Scope, Store};
use incident::Permission;
use jiff::{SignedDuration, Timestamp};
use office::Chance;
use register::MasterKey;
use tokio::sync::mpsc;

use crate::chance::{Keys, NoPress, Seeded};
use crate::provider::{Customer, settle};
use crate::size::Size;
use crate::story::{Cast, Plot, Step, tell};

/// How far back the history goes, in days: less than anything is kept, so that nothing of it is erased yet.
const DAYS: i64 = 4 * 365;
/// What is open was opened in the last so many days.
const OPEN_DAYS: i64 = 9;
/// What is closed was opened at least so many days ago.
const CLOSED_DAYS: i64 = 30;
/// How many appends go into one transaction, under one checkpoint.
const AT_ONCE: usize = 100;
/// How many customers' histories are told at the same time, while others are written.
const TELLERS: usize = 2;

/// The secret of every store that is made here.
pub const KEY: [u8; 32] = *b"not a secret: a benchmark's key.";

/// The application over a store, as far as filling and measuring need it.
pub fn application(store: Arc<dyn Store>) -> anyhow::Result<App> {
    Ok(App {
        store,
        signer: Arc::new(Keys(MasterKey::new(KEY))),
        chance: Arc::new(Seeded::new(0)),
        press: Arc::new(NoPress),
        sheets: Arc::new(sheets::Files),
        packs: Arc::new(law::Packs::builtin()?),
        damage: app::DamageSeen::default(),
        quiet: app::QuietWeeks::default(),
    })
}

/// Puts the key where the program looks for it.
pub fn leave_key(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("register.key"), KEY).with_context(|| format!("writing into {}", folder.display()))
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    pub incidents: u64,
    pub entries: u64,
}

/// Makes the provider, its customers and everything that happened there until `now`, in an empty store.
pub async fn fill(app: &App, size: Size, now: Timestamp) -> anyhow::Result<Filled> {
    app.store.agree_on_key(&MasterKey::new(KEY).fingerprint()).await?;
    let customers = settle(app, size.customers, now - SignedDuration::from_hours(24 * (DAYS + 1))).await?;
    let mut casts = Vec::new();
    for customer in &customers {
        casts.push(cast(app, customer).await?);
    }
    let casts = Arc::new(casts);
    let next = Arc::new(AtomicUsize::new(0));
    let (give, mut given) = mpsc::channel(1);
    for _ in 0..TELLERS {
        let (app, casts, next, give) = (app.clone(), Arc::clone(&casts), Arc::clone(&next), give.clone());
        tokio::task::spawn_blocking(move || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(cast) = casts.get(place) else { return };
                let told = history(&app, cast, place, size, now).map(|steps| (cast.engineer.clone(), steps));
                if give.blocking_send(told).is_err() {
                    return;
                }
            }
        });
    }
    drop(give);
    let mut filled = Filled::default();
    while let Some(told) = given.recv().await {
        let (scope, steps) = told?;
        write(app, &scope, steps, &mut filled).await?;
    }
    Ok(filled)
}

async fn cast(app: &App, customer: &Customer) -> anyhow::Result<Cast> {
    Ok(Cast {
        reporter: app.permit_reporter(&customer.report_code, Some("Magazijn".to_owned())).await?,
        engineer: app.permit(&customer.engineer, Permission::HandleIncident, &customer.slug).await?,
        officer: app.permit(&customer.officer, Permission::Decide, &customer.slug).await?,
    })
}

/// All that happened at one customer, in order of time.
fn history(app: &App, cast: &Cast, place: usize, size: Size, now: Timestamp) -> anyhow::Result<Vec<Step>> {
    let seed = place as u64 + 1;
    let app = App { chance: Arc::new(Seeded::new(seed)), ..app.clone() };
    let mut chance = Chance::new(seed);
    let (closed, open) = size.of_customer(u32::try_from(place)?);
    let ago = |days: i64| SignedDuration::from_hours(24 * days);
    let mut steps = Vec::new();
    for number in 1..=closed + open {
        let is_closed = number <= closed;
        let (from, span, part, of) = if is_closed {
            (now - ago(DAYS), ago(DAYS - CLOSED_DAYS), number - 1, closed)
        } else {
            (now - ago(OPEN_DAYS), ago(OPEN_DAYS - 1), number - closed - 1, open)
        };
        let into = span.as_secs() * i64::from(part) / i64::from(of);
        let plot =
            Plot { number: u64::from(number), opened_at: from + SignedDuration::from_secs(into), now, is_closed };
        steps.extend(tell(&app, cast, plot, &mut chance).with_context(|| format!("incident {number}"))?);
    }
    // Stable: what happened in one incident at the same moment stays in its order.
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

async fn write(app: &App, scope: &Scope, steps: Vec<Step>, filled: &mut Filled) -> anyhow::Result<()> {
    let mut appends: Vec<_> = steps.into_iter().map(|step| step.append).collect();
    filled.incidents += appends.iter().filter(|append| append.expected == 0).count() as u64;
    filled.entries += appends.iter().map(|append| append.entries.len() as u64).sum::<u64>();
    while !appends.is_empty() {
        let rest = appends.split_off(appends.len().min(AT_ONCE));
        app.store.append_all(scope, appends, app.signer.as_ref()).await?;
        appends = rest;
    }
    Ok(())
}
