//! What the server does by itself, beside its pages: a list of jobs that come back, each by name. Of all servers that share a
//! database one does it each time, of those that can; what is about a server's own folders each does for itself.
//!
//! Promises: a job that fails, or panics, or takes long, stops neither the others nor the server; its trouble is told once,
//! and once more when it is over; it is tried again. A server that stops gives what runs a moment, brings the list of erasures
//! up to date, and leaves the rest to whoever comes next. Deliberately not here: what the jobs do (those are `app`'s use cases). To add one: a line in [`JOBS`].

use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinSet;

use app::ports::{Post, TimeAuthority};
use app::{App, Round, StoreError};

use crate::outcome::chain;
use crate::safekeeping::scheduled::Scheduled;
use crate::{edge, erasure_list, handover};

/// How long a job that failed waits before it is tried again: as long as between two times, or this, or a part of a day's.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// How often at least a server looks whether a job is due.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// For how long a job is held; of a server that dies another takes it over so much later. While it runs the hold is
/// renewed.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(5);
const RENEWED_EVERY: Duration = Duration::from_secs(60);
/// How long a server that stops waits for what runs.
const GRACE: Duration = Duration::from_secs(10);

/// The ways out of the program, as configured.
#[derive(Clone, Default)]
pub(crate) struct Ways {
    /// Absent where no way to send mail is configured: letters wait.
    pub(crate) post: Option<Arc<dyn Post>>,
    /// The folder to which checkpoints are handed over, beside mail.
    pub(crate) checkpoints: Option<PathBuf>,
    /// Who stamps checkpoints with the time (RFC 3161); absent: nobody.
    pub(crate) stamps: Option<Arc<dyn TimeAuthority>>,
    /// The list of erasures that is kept outside the database.
    pub(crate) erasures: Option<PathBuf>,
    /// Backups by themselves; absent: none.
    pub(crate) backups: Option<Scheduled>,
}

/// What jobs work with.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) app: App,
    pub(crate) ways: Ways,
    pub(crate) base_url: String,
}

type Done = Pin<Box<dyn Future<Output = Result<(), anyhow::Error>> + Send>>;

/// Whose work it is, of several servers on one database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Of one of them each time, which claims it.
    One,
    /// Of each, since it is about folders that are its own.
    Each,
}

/// Work that comes back.
#[derive(Clone, Copy)]
struct Job {
    /// In the database, where it is claimed there; never changes, or the job would be done twice.
    name: &'static str,
    whose: Whose,
    every: SignedDuration,
    /// Whether this server can do it at all. One that cannot does not claim it: another may.
    has_means: fn(&Ways) -> bool,
    run: fn(Means) -> Done,
}

impl Job {
    const fn of_one(name: &'static str, every: SignedDuration, run: fn(Means) -> Done) -> Self {
        Self { name, whose: Whose::One, every, has_means: |_| true, run }
    }

    const fn of_each(name: &'static str, every: SignedDuration, run: fn(Means) -> Done) -> Self {
        Self { name, whose: Whose::Each, every, has_means: |_| true, run }
    }

    const fn with(self, has_means: fn(&Ways) -> bool) -> Self {
        Self { has_means, ..self }
    }

    /// How long after it failed it is tried again. What comes seldom is heavy, and not tried over and over.
    fn again(&self) -> SignedDuration {
        self.every.min(LONGEST_WAIT).max(self.every / 24)
    }

    /// How long a server waits before it looks again. What is claimed, another may have failed at meanwhile.
    fn pause(&self, has_failed: bool) -> Duration {
        let pause = match (self.whose, has_failed) {
            (Whose::One, _) => self.every.min(LONGEST_PAUSE),
            (Whose::Each, false) => self.every,
            (Whose::Each, true) => self.again(),
        };
        pause.unsigned_abs()
    }
}

/// Every job there is.
const JOBS: &[Job] = &[
    Job::of_one("alarms", SignedDuration::from_secs(30), |means| Box::pin(ring_alarms(means))),
    Job::of_one("letters", SignedDuration::from_secs(10), |means| Box::pin(send_letters(means)))
        .with(|ways| ways.post.is_some()),
    Job::of_each("checkpoints", SignedDuration::from_mins(1), |means| Box::pin(hand_over(means)))
        .with(|ways| ways.checkpoints.is_some()),
    Job::of_one("stamps", SignedDuration::from_mins(10), |means| Box::pin(stamp(means)))
        .with(|ways| ways.stamps.is_some()),
    Job::of_one(app::FORGETTING, SignedDuration::from_hours(24), |means| Box::pin(forget(means))),
    Job::of_one("sensors", SignedDuration::from_mins(1), |means| Box::pin(look_after_sensors(means))),
    Job::of_one("comparing", SignedDuration::from_hours(7 * 24), |means| Box::pin(compare(means))),
    Job::of_each("erasures", SignedDuration::from_secs(30), |means| Box::pin(list_erasures(means)))
        .with(|ways| ways.erasures.is_some()),
    Job::of_each("old backups", SignedDuration::from_hours(1), |means| Box::pin(age_out(means)))
        .with(|ways| ways.backups.is_some()),
];

/// Those of [`JOBS`] that this server can do, and the one that comes as often as the configuration says.
fn jobs(means: &Means) -> Vec<Job> {
    let mut jobs: Vec<Job> = JOBS.iter().filter(|job| (job.has_means)(&means.ways)).copied().collect();
    let backup = |backups: &Scheduled| Job::of_one("backup", backups.every(), |means| Box::pin(back_up(means)));
    jobs.extend(means.ways.backups.as_ref().map(backup));
    jobs
}

async fn ring_alarms(means: Means) -> Result<(), anyhow::Error> {
    loop {
        let rung = means.app.ring_alarms(edge::now()).await?;
        for failure in &rung.failures {
            tracing::error!(error = %failure, "the clocks of an incident could not be looked at, and are an hour later");
        }
        if rung.looked_at == 0 {
            return Ok(());
        }
    }
}

async fn send_letters(means: Means) -> Result<(), anyhow::Error> {
    let Some(post) = &means.ways.post else { return Ok(()) };
    while means.app.send_letters(post.as_ref(), &means.base_url, edge::now()).await? != app::Sending::default() {}
    Ok(())
}

async fn hand_over(means: Means) -> Result<(), anyhow::Error> {
    let Some(folder) = &means.ways.checkpoints else { return Ok(()) };
    handover::hand_over(&means.app, folder).await
}

/// Has new checkpoints stamped, until there are none or the authority will not.
async fn stamp(means: Means) -> Result<(), anyhow::Error> {
    let Some(authority) = &means.ways.stamps else { return Ok(()) };
    loop {
        let round = means.app.stamp_checkpoints(authority.as_ref(), edge::now()).await?;
        if let Some(refused) = round.refused.into_iter().next() {
            return Err(anyhow::Error::new(refused)
                .context("the time-stamping authority did not stamp, and is asked again in ten minutes"));
        }
        if round.stamped == 0 {
            return Ok(());
        }
    }
}

/// Erases what ended and was announced, in every register, a hundred at a time. What cannot be erased is told each day, and
/// keeps none of the others; and what sensors said and is too old.
async fn forget(means: Means) -> Result<(), anyhow::Error> {
    let now = edge::now();
    let clock = means.app.see_clock(now).await?;
    if let Some(leap) = clock.leap(now) {
        anyhow::bail!("{leap}");
    }
    for organisation in means.app.store.organisations().await? {
        let scope = means.app.permit_program(&organisation.slug).await?;
        means.app.forget_sensor_data(&scope, edge::now()).await?;
        let mut next = Some(Round::default());
        while let Some(round) = next {
            let forgotten = means.app.forget_ended(&scope, round, false, clock, edge::now()).await?;
            if let Some(leap) = forgotten.leap {
                anyhow::bail!("{leap}");
            }
            for (number, failure) in &forgotten.failures {
                let organisation = organisation.slug.as_str();
                let error = chain(failure);
                tracing::error!(organisation, number, error, "an incident whose term ended could not be erased");
            }
            next = forgotten.next;
        }
    }
    Ok(())
}

/// Tells of sensors that fell silent, and on Monday of what they saw that could wait.
async fn look_after_sensors(means: Means) -> Result<(), anyhow::Error> {
    let now = edge::now();
    means.app.tell_of_silence(now).await?;
    means.app.send_sensor_digests(now).await.map_err(Into::into)
}

/// Tells customers that compare what others found too.
async fn compare(means: Means) -> Result<(), anyhow::Error> {
    means.app.compare(edge::now()).await.map_err(Into::into)
}

/// Keeps the list that makes a restored backup forget again.
async fn list_erasures(means: Means) -> Result<(), anyhow::Error> {
    let Some(list) = &means.ways.erasures else { return Ok(()) };
    let added = erasure_list::bring_up_to_date(&means.app, list).await;
    added.map(drop).map_err(|failure| anyhow::anyhow!("{failure}"))
}

async fn back_up(means: Means) -> Result<(), anyhow::Error> {
    let Some(backups) = &means.ways.backups else { return Ok(()) };
    let made = backups.make(&means.app, edge::now()).await.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    edge::say(&made);
    Ok(())
}

/// Has old backups in this server's folder age out, whichever server makes the new ones.
async fn age_out(means: Means) -> Result<(), anyhow::Error> {
    let Some(backups) = &means.ways.backups else { return Ok(()) };
    let gone = backups.age_out(&means.app, edge::now()).await.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    if gone > 0 {
        edge::say(&format!("old backups deleted: {gone}"));
    }
    Ok(())
}

/// Works until told to stop.
pub(crate) async fn work(means: Means, stop: watch::Receiver<bool>) {
    start(&jobs(&means), &means, &stop, GRACE).join_all().await;
    // What was erased until the last moment is on the list too: whoever restores a backup has nothing else to go by.
    match tokio::time::timeout(GRACE, list_erasures(means)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(error = chain(error.as_ref()), "the list of erasures lacks the last of them"),
        Err(_) => tracing::error!("the list of erasures took too long, and may lack the last of them"),
    }
}

/// Every job has a loop of its own, so that a long one keeps no other waiting.
fn start(jobs: &[Job], means: &Means, stop: &watch::Receiver<bool>, grace: Duration) -> JoinSet<()> {
    let mut working = JoinSet::new();
    for job in jobs {
        working.spawn(come_back(*job, means.clone(), stop.clone(), grace));
    }
    working
}

async fn come_back(job: Job, means: Means, mut stop: watch::Receiver<bool>, grace: Duration) {
    let mut trouble: Option<String> = None;
    loop {
        let turned = turn(&job, &means, &stop, grace).await;
        let pause = job.pause(turned.is_err());
        match turned {
            Ok(false) => {}
            Ok(true) => {
                if trouble.take().is_some() {
                    tracing::warn!(job = job.name, "it works again");
                }
            }
            Err(error) => {
                let why = chain(error.as_ref());
                if trouble.as_ref() != Some(&why) {
                    tracing::error!(job = job.name, error = why, "it failed, and is tried again");
                    trouble = Some(why);
                }
            }
        }
        if tokio::time::timeout(pause, told_to_stop(&mut stop)).await.is_ok() {
            return;
        }
    }
}

/// Does the job, where it is claimed when it is due and nobody else has it; whether it was done.
async fn turn(job: &Job, means: &Means, stop: &watch::Receiver<bool>, grace: Duration) -> Result<bool, anyhow::Error> {
    let store = &means.app.store;
    let holder = match job.whose {
        Whose::One => {
            let began = edge::now();
            let holder = means.app.chance.id(began)?;
            if !store.claim_job(job.name, holder, began, began + HELD_FOR, job.every).await? {
                return Ok(false);
            }
            Some(holder)
        }
        Whose::Each => None,
    };
    // A task of its own, so that a panic ends there.
    let mut running = tokio::spawn((job.run)(means.clone()));
    let mut stop = stop.clone();
    let mut left = pin!(async {
        told_to_stop(&mut stop).await;
        tokio::time::sleep(grace).await;
    });
    let ended = loop {
        tokio::select! {
            ended = &mut running => break ended.unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked"))),
            () = tokio::time::sleep(RENEWED_EVERY) => {
                // Where the store cannot be reached now, the job meets that itself.
                if let Some(holder) = holder
                    && let Err(StoreError::Conflict) = store.hold_job(job.name, holder, edge::now() + HELD_FOR).await
                {
                    running.abort();
                    anyhow::bail!("another server took it over");
                }
            }
            () = &mut left => {
                running.abort();
                // Due at once, for whoever comes next.
                if let Some(holder) = holder {
                    let now = edge::now();
                    store.job_failed(job.name, holder, now, now).await?;
                }
                return Ok(false);
            }
        }
    };
    let now = edge::now();
    match (holder, &ended) {
        (Some(holder), Ok(())) => store.job_done(job.name, holder, now, now + job.every).await?,
        (Some(holder), Err(_)) => store.job_failed(job.name, holder, now, now + job.again()).await?,
        (None, _) => {}
    }
    ended.map(|()| true)
}

/// Until the server is to stop; where nobody can say so any more, it is.
async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|is_to_stop| *is_to_stop).await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const SOON: SignedDuration = SignedDuration::from_millis(20);
    const LONG: SignedDuration = SignedDuration::from_hours(1);

    /// How often each kind of job ran; every test counts with its own.
    fn count(counter: &'static AtomicU32) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    fn counted(counter: &AtomicU32) -> u32 {
        counter.load(Ordering::SeqCst)
    }

    async fn means(folder: &tempfile::TempDir) -> Means {
        Means {
            app: crate::wiring::open(&crate::wiring::DataFolder::at(folder.path())).await.unwrap(),
            ways: Ways::default(),
            base_url: "http://127.0.0.1".into(),
        }
    }

    /// Waits until it holds, for ten seconds at most.
    async fn until(holds: impl Fn() -> bool) {
        for _ in 0..2000 {
            if holds() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it never came to hold");
    }

    #[tokio::test]
    async fn a_job_that_fails_stops_no_other_and_is_tried_again() {
        static FAILED: AtomicU32 = AtomicU32::new(0);
        static PANICKED: AtomicU32 = AtomicU32::new(0);
        static WELL: AtomicU32 = AtomicU32::new(0);
        static ALL: [Job; 3] = [
            Job::of_one("fails", SOON, |_| {
                Box::pin(async {
                    count(&FAILED);
                    anyhow::bail!("no")
                })
            }),
            Job::of_one("panics", SOON, |_| {
                Box::pin(async {
                    count(&PANICKED);
                    assert!(counted(&PANICKED) == 0, "on purpose");
                    Ok(())
                })
            }),
            Job::of_one("does well", SOON, |_| {
                Box::pin(async {
                    count(&WELL);
                    Ok(())
                })
            }),
        ];
        let folder = tempfile::tempdir().unwrap();
        let means = means(&folder).await;
        let (stop, stopping) = watch::channel(false);
        let working = start(&ALL, &means, &stopping, Duration::ZERO);
        until(|| [&FAILED, &PANICKED, &WELL].into_iter().all(|counter| counted(counter) >= 3)).await;
        stop.send(true).unwrap();
        working.join_all().await;
        let store = &means.app.store;
        assert!(store.job_last_done("does well").await.unwrap().is_some());
        for name in ["fails", "panics"] {
            assert_eq!(store.job_last_done(name).await.unwrap(), None, "{name}");
        }
    }

    #[tokio::test]
    async fn of_several_servers_one_does_it_and_each_what_is_its_own() {
        static DONE: AtomicU32 = AtomicU32::new(0);
        static OWN: AtomicU32 = AtomicU32::new(0);
        static ALL: [Job; 2] = [
            Job::of_one("once", LONG, |_| {
                Box::pin(async {
                    count(&DONE);
                    Ok(())
                })
            }),
            Job::of_each("own", LONG, |_| {
                Box::pin(async {
                    count(&OWN);
                    Ok(())
                })
            }),
        ];
        let folder = tempfile::tempdir().unwrap();
        let means = means(&folder).await;
        let (stop, stopping) = watch::channel(false);
        let servers: Vec<_> = (0..3).map(|_| start(&ALL, &means, &stopping, Duration::ZERO)).collect();
        until(|| counted(&DONE) > 0 && counted(&OWN) >= 3).await;
        stop.send(true).unwrap();
        for server in servers {
            server.join_all().await;
        }
        assert_eq!((counted(&DONE), counted(&OWN)), (1, 3));
        assert_eq!(means.app.store.job_last_done("own").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_server_without_the_means_leaves_the_work_to_one_that_has_them() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let bare = means(&folder).await;
        let made = bare.app.new_organisation("Bakkerij Jansen", None, edge::now()).await.unwrap();
        let scope = bare.app.permit_program(&made.slug).await.unwrap();
        bare.app
            .report(&scope, app::Report { what: "Weg".into(), ..app::Report::default() }, edge::now())
            .await
            .unwrap();
        let names = |means: &Means| jobs(means).iter().map(|job| job.name).collect::<Vec<_>>();
        assert_eq!(names(&bare), ["alarms", app::FORGETTING, "sensors", "comparing"]);

        let post = outbound::MailFolder::new(outside.path().to_owned(), "register@example.nl").unwrap();
        let ways = Ways {
            post: Some(Arc::new(post)),
            checkpoints: Some(outside.path().to_owned()),
            erasures: Some(erasure_list::of(outside.path())),
            ..Ways::default()
        };
        let able = Means { ways, ..means(&folder).await };
        let more = ["alarms", "letters", "checkpoints", app::FORGETTING, "sensors", "comparing", "erasures"];
        assert_eq!(names(&able), more);

        // It has done what it can before the other begins, and took nothing from it.
        let (stop, stopping) = watch::channel(false);
        let first = start(&jobs(&bare), &bare, &stopping, GRACE);
        done(&bare, "sensors").await;
        let store = &bare.app.store;
        for name in ["letters", "checkpoints", "stamps"] {
            assert_eq!(store.job_last_done(name).await.unwrap(), None, "{name}");
        }
        let second = start(&jobs(&able), &able, &stopping, GRACE);
        done(&able, "letters").await;
        let handed = outside.path().join(&made.slug);
        until(|| handed.read_dir().is_ok_and(|mut entries| entries.next().is_some())).await;
        stop.send(true).unwrap();
        first.join_all().await;
        second.join_all().await;
    }

    /// Waits until a job was done, for ten seconds at most.
    async fn done(means: &Means, job: &str) {
        for _ in 0..2000 {
            if means.app.store.job_last_done(job).await.unwrap().is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{job} was never done");
    }

    /// A stop once left the list without the last erasures, and a restore by it brought them back.
    #[tokio::test]
    async fn what_was_erased_until_the_stop_is_on_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let list = erasure_list::of(folder.path());
        let means = Means { ways: Ways { erasures: Some(list.clone()), ..Ways::default() }, ..means(&folder).await };
        let (app, now) = (means.app.clone(), edge::now());
        let made = app.new_organisation("Bakkerij Jansen", None, now).await.unwrap();
        let scope = app.permit_program(&made.slug).await.unwrap();
        let report = app::Report { what: "Een lijst is weg".into(), ..app::Report::default() };
        let number = app.report(&scope, report, now).await.unwrap().number;
        let (stop, stopping) = watch::channel(false);
        let working = tokio::spawn(work(means.clone(), stopping));
        done(&means, "sensors").await;
        let incident = app.incident(&scope, number).await.unwrap();
        let (seen, opened) = (incident.timeline.len() as u64, incident.timeline[0].index.unwrap());
        let (ground, words) = (incident::ErasureGround::Request, Some("Iets is weg".to_owned()));
        app.erase_entries(&scope, number, seen, ground, "Verzoek".into(), vec![(opened, words)], edge::now())
            .await
            .unwrap();
        stop.send(true).unwrap();
        working.await.unwrap();
        assert_eq!(std::fs::read_to_string(list).unwrap().lines().count(), 1);
        let job = jobs(&means).into_iter().find(|job| job.name == "erasures").unwrap();
        assert!(job.pause(false) <= Duration::from_secs(60), "and within a minute while it runs");
    }

    #[tokio::test]
    async fn a_server_that_stops_leaves_what_runs_to_the_next() {
        static BEGAN: AtomicU32 = AtomicU32::new(0);
        static ALL: [Job; 1] = [Job::of_one("endless", LONG, |_| {
            Box::pin(async {
                count(&BEGAN);
                std::future::pending::<Result<(), anyhow::Error>>().await
            })
        })];
        let folder = tempfile::tempdir().unwrap();
        let means = means(&folder).await;
        for server in 1..=2 {
            let (stop, stopping) = watch::channel(false);
            let working = start(&ALL, &means, &stopping, Duration::from_millis(10));
            until(|| counted(&BEGAN) == server).await;
            stop.send(true).unwrap();
            working.join_all().await;
        }
    }
}
