//! Several people write while the server, and the database's server, are killed at random moments.
//!
//! What a person was told is kept must be there afterwards, once. What was under way when the answer broke off may be there
//! or not, and at most once. After every start the newest of what was acknowledged is looked for; at the end all of it, and
//! the register is exported and verified.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::browser::Answer;
use crate::cluster::Cluster;
use crate::office::Office;
use crate::server::{Place, Program, Server};

/// How many people write at once.
const WRITERS: u64 = 6;
/// How many incidents are reported before the notes begin: as many as one address may report in one go.
const INCIDENTS: u64 = 24;
/// How many of the newest acknowledged are looked for after every start.
const LOOKED_BACK: usize = 25;
/// How long somebody waits who got no answer, so that a server that is starting is not drowned.
const AFTER_NO_ANSWER: Duration = Duration::from_millis(20);

/// What is to be done.
pub struct Plan<'p> {
    pub program: &'p Program,
    pub place: Place,
    /// Where the database's own server is, to be killed too.
    pub cluster: Option<&'p mut Cluster>,
    /// How many writes must be acknowledged before it ends.
    pub writes: u64,
    /// How many kills there must be at least.
    pub kills: u64,
    /// The longest that a server lives.
    pub longest: Duration,
    /// What the moments are drawn from.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub acknowledged: u64,
    pub kills: u64,
    pub database_kills: u64,
    /// Acknowledged and not there.
    pub missing: u64,
    /// There more than once.
    pub doubled: u64,
    /// No answer came; and how many of those were kept.
    pub unanswered: u64,
    pub unanswered_kept: u64,
    /// Answered with a page that says that it was not kept, or may not have been.
    pub refused: u64,
    /// The longest that a start took after a kill, until it served.
    pub longest_start: Duration,
    pub took: Duration,
    /// What `verify` said of the export.
    pub verified: String,
}

/// One thing that somebody wrote, and at which incident.
type Written = (u64, String);

enum Heard {
    Acknowledged(Written),
    Refused(Written),
    Unanswered(Written),
}

/// Kills until enough was acknowledged, and counts.
///
/// # Errors
/// Something did not start or answer, the register does not verify, or what was acknowledged is missing after a start.
pub fn kills(plan: Plan<'_>) -> Result<Tally> {
    let Plan { program, place, mut cluster, writes, kills, longest, mut seed } = plan;
    let began = Instant::now();
    let mut tally = Tally::default();
    let mut server = program.serve(&place, "127.0.0.1:0".parse()?)?;
    let listen = server.address;
    let mut office = Office::set_up(&server)?;
    for number in 1..=INCIDENTS {
        let answer = office.report(&format!("Melding {number}"))?;
        ensure!(answer.status == 303, "report {number}: {} {}", answer.status, answer.html);
    }

    let (stop, hear, count) = (Arc::new(AtomicBool::new(false)), mpsc::channel(), Arc::new(AtomicU64::new(0)));
    let (tell, heard) = hear;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (office, tell, stop, count) = (office.clone(), tell.clone(), Arc::clone(&stop), Arc::clone(&count));
            thread::spawn(move || write(office, writer, &tell, &stop, &count))
        })
        .collect();
    drop(tell);
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let listening = {
        let ledger = Arc::clone(&ledger);
        thread::spawn(move || {
            for one in heard {
                ledger.lock().unwrap_or_else(PoisonError::into_inner).take(one);
            }
        })
    };

    let tortured = loop {
        if count.load(Ordering::Relaxed) >= writes && tally.kills + tally.database_kills >= kills {
            break Ok(());
        }
        thread::sleep(longest.mul_f64(fraction(&mut seed)));
        let killed = match &mut cluster {
            // Every third kill is the database's server, with all of its processes.
            Some(cluster) if (tally.kills + tally.database_kills) % 3 == 2 => {
                tally.database_kills += 1;
                thread::sleep(longest.mul_f64(fraction(&mut seed) / 4.0));
                cluster.obey("crash_postgres").and_then(|()| cluster.obey("resume_postgres"))
            }
            _ => {
                tally.kills += 1;
                again(program, &place, &mut server, &mut tally)
            }
        };
        let newest = ledger.lock().unwrap_or_else(PoisonError::into_inner).newest();
        if let Err(wrong) = killed.and_then(|()| are_there(&mut office, &newest)) {
            break Err(wrong);
        }
    };
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        ensure!(writer.join().is_ok(), "a writer panicked");
    }
    ensure!(listening.join().is_ok(), "who listened panicked");
    tortured?;
    ensure!(server.address == listen, "it listens somewhere else");
    let ledger = Arc::try_unwrap(ledger).ok().context("somebody still writes")?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    ledger.compare(&mut office, &mut tally)?;
    tally.took = began.elapsed();
    tally.verified = verified(program, &place)?;
    let said = server.said();
    ensure!(!said.contains("panicked"), "the server panicked: {said}");
    Ok(tally)
}

/// Writes notes, each once, until told to stop.
fn write(mut office: Office, writer: u64, tell: &mpsc::Sender<Heard>, stop: &AtomicBool, count: &AtomicU64) {
    for number in 0_u64.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let incident = (number * WRITERS + writer) % INCIDENTS + 1;
        let written = (incident, format!("notitie-{writer}-{number}."));
        let heard = match office.note(incident, &written.1) {
            Ok(answer) if is_kept(&answer) => {
                count.fetch_add(1, Ordering::Relaxed);
                Heard::Acknowledged(written)
            }
            Ok(_) => Heard::Refused(written),
            Err(_) => Heard::Unanswered(written),
        };
        let is_told = matches!(heard, Heard::Acknowledged(_));
        if tell.send(heard).is_err() {
            return;
        }
        if !is_told {
            thread::sleep(AFTER_NO_ANSWER);
        }
    }
}

/// Whether an answer says that it was kept, and does not send us away to sign in.
pub(crate) fn is_kept(answer: &Answer) -> bool {
    answer.status == 303 && !answer.location.starts_with("/aanmelden")
}

/// Kills the server and starts it again in its place.
fn again(program: &Program, place: &Place, server: &mut Server, tally: &mut Tally) -> Result<()> {
    let at = server.address;
    server.kill()?;
    let began = Instant::now();
    *server = program.serve(place, at)?;
    tally.longest_start = tally.longest_start.max(began.elapsed());
    Ok(())
}

/// That these are there, each once.
fn are_there(office: &mut Office, written: &[Written]) -> Result<()> {
    let mut pages = BTreeMap::new();
    for (incident, note) in written {
        if !pages.contains_key(incident) {
            pages.insert(*incident, timeline(office, *incident)?);
        }
        let found = pages.get(incident).map_or(0, |page: &String| page.matches(note.as_str()).count());
        ensure!(found == 1, "{note} was acknowledged, and stands {found} times in incident {incident}");
    }
    Ok(())
}

/// A timeline; tried again while the database's server comes back.
fn timeline(office: &mut Office, incident: u64) -> Result<String> {
    let mut last = None;
    for _ in 0..40 {
        match office.timeline(incident) {
            Ok(answer) if answer.status == 200 => return Ok(answer.html),
            other => last = Some(other),
        }
        thread::sleep(Duration::from_millis(250));
    }
    bail!("incident {incident} cannot be read: {last:?}")
}

/// Exports the register and verifies it without the server; what `verify` says in one line.
///
/// # Errors
/// It does not verify.
pub(crate) fn verified(program: &Program, place: &Place) -> Result<String> {
    let folder = TempDir::new()?;
    let zip = folder.path().join("register.zip");
    let mut export = vec!["export".into(), "--out".into(), zip.clone().into()];
    export.extend(Office::organisation());
    export.extend(place.options());
    let exported = program.run(&export)?;
    ensure!(exported.code == Some(0), "export: {}", exported.said);
    let verified = Program::at(&program.path).run(&["verify".into(), zip.into(), "--language".into(), "en".into()])?;
    ensure!(verified.code == Some(0), "verify: {} {}", verified.stdout, verified.said);
    Ok(verified.stdout.lines().next().unwrap_or_default().to_owned())
}

/// Everything that was written, as its writer heard of it.
#[derive(Default)]
struct Ledger {
    acknowledged: Vec<Written>,
    refused: Vec<Written>,
    unanswered: Vec<Written>,
}

impl Ledger {
    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Acknowledged(one) => self.acknowledged.push(one),
            Heard::Refused(one) => self.refused.push(one),
            Heard::Unanswered(one) => self.unanswered.push(one),
        }
    }

    fn newest(&self) -> Vec<Written> {
        self.acknowledged.iter().rev().take(LOOKED_BACK).cloned().collect()
    }

    /// Compares all of it with what the pages show.
    fn compare(&self, office: &mut Office, tally: &mut Tally) -> Result<()> {
        let mut pages = BTreeMap::new();
        for incident in 1..=INCIDENTS {
            pages.insert(incident, timeline(office, incident)?);
        }
        let times = |(incident, note): &Written| {
            pages.get(incident).map_or(0, |page: &String| page.matches(note.as_str()).count())
        };
        tally.acknowledged = self.acknowledged.len() as u64;
        tally.refused = self.refused.len() as u64;
        tally.unanswered = self.unanswered.len() as u64;
        tally.missing = self.acknowledged.iter().filter(|one| times(one) == 0).count() as u64;
        let all = self.acknowledged.iter().chain(&self.refused).chain(&self.unanswered);
        tally.doubled = all.filter(|one| times(one) > 1).count() as u64;
        tally.unanswered_kept = self.unanswered.iter().filter(|one| times(one) == 1).count() as u64;
        Ok(())
    }
}

/// The next number between 0 and 1 (xorshift64*): what is drawn need not be secret, only spread.
fn fraction(seed: &mut u64) -> f64 {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    let drawn = seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40;
    f64::from(u32::try_from(drawn).unwrap_or_default()) / f64::from(1_u32 << 24)
}
