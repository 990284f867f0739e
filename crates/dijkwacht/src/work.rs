//! What the server does by itself, beside its pages: a list of jobs that come back, each by name. Of all servers that share a
//! database one does it each time.
//!
//! Promises: a job that fails, or panics, or takes long, stops neither the others nor the server; its trouble is told once,
//! and once more when it is over; it is tried again. A server that stops gives what runs a moment, and leaves the rest to
//! whoever comes next. Deliberately not here: what the jobs do (those are `app`'s use cases). To add one: a line in [`JOBS`].

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
use crate::{edge, erasure_list};

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

/// Work that comes back.
#[derive(Clone, Copy)]
struct Job {
    /// In the database; never changes, or the job would be done twice.
    name: &'static str,
    every: SignedDuration,
    run: fn(Means) -> Done,
}

impl Job {
    /// How long after it failed it is tried again. What comes seldom is heavy, and not tried over and over.
    fn again(&self) -> SignedDuration {
        self.every.min(LONGEST_WAIT).max(self.every / 24)
    }
}

/// Every job there is.
const JOBS: &[Job] = &[
    Job { name: "alarms", every: SignedDuration::from_secs(30), run: |means| Box::pin(ring_alarms(means)) },
    Job { name: "letters", every: SignedDuration::from_secs(10), run: |means| Box::pin(send_letters(means)) },
    Job { name: "checkpoints", every: SignedDuration::from_mins(1), run: |means| Box::pin(hand_over(means)) },
    Job { name: "stamps", every: SignedDuration::from_mins(10), run: |means| Box::pin(stamp(means)) },
    Job { name: app::FORGETTING, every: SignedDuration::from_hours(24), run: |means| Box::pin(forget(means)) },
    Job { name: "sensors", every: SignedDuration::from_mins(1), run: |means| Box::pin(look_after_sensors(means)) },
    Job { name: "comparing", every: SignedDuration::from_hours(7 * 24), run: |means| Box::pin(compare(means)) },
    Job { name: "erasures", every: SignedDuration::from_mins(10), run: |means| Box::pin(list_erasures(means)) },
];

/// Those of [`JOBS`], and the one that comes as often as the configuration says.
fn jobs(means: &Means) -> Vec<Job> {
    let mut jobs = JOBS.to_vec();
    jobs.extend(means.ways.backups.as_ref().map(|backups| Job {
        name: "backup",
        every: backups.every(),
        run: |means| Box::pin(back_up(means)),
    }));
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

/// The newest checkpoint of every register as a file, once.
async fn hand_over(means: Means) -> Result<(), anyhow::Error> {
    let Some(folder) = &means.ways.checkpoints else { return Ok(()) };
    for (slug, name, note) in means.app.newest_checkpoints().await? {
        let own = folder.join(slug);
        let place = own.join(name);
        if !place.exists() {
            // The folder itself is made by whoever configured it: one that is not mounted now is no folder to fill.
            if !own.exists() {
                std::fs::create_dir(&own)?;
            }
            edge::write(&place, note.as_bytes()).map_err(|failure| anyhow::anyhow!("{failure}"))?;
        }
    }
    Ok(())
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
    if let Some(leap) = means.app.clock_leap(edge::now()).await? {
        anyhow::bail!("{leap}");
    }
    for organisation in means.app.store.organisations().await? {
        let scope = means.app.permit_program(&organisation.slug).await?;
        means.app.forget_sensor_data(&scope, edge::now()).await?;
        let mut next = Some(Round::default());
        while let Some(round) = next {
            let forgotten = means.app.forget_ended(&scope, round, false, edge::now()).await?;
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

/// Works until told to stop.
pub(crate) async fn work(means: Means, stop: watch::Receiver<bool>) {
    start(&jobs(&means), &means, &stop, GRACE).join_all().await;
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
    let pause = job.every.min(LONGEST_PAUSE).unsigned_abs();
    let mut trouble: Option<String> = None;
    loop {
        match turn(&job, &means, &stop, grace).await {
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

/// Does the job where it is due and nobody else has it; whether it was done.
async fn turn(job: &Job, means: &Means, stop: &watch::Receiver<bool>, grace: Duration) -> Result<bool, anyhow::Error> {
    let store = &means.app.store;
    let began = edge::now();
    let holder = means.app.chance.id(began)?;
    if !store.claim_job(job.name, holder, began, began + HELD_FOR, job.every).await? {
        return Ok(false);
    }
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
                if let Err(StoreError::Conflict) = store.hold_job(job.name, holder, edge::now() + HELD_FOR).await {
                    running.abort();
                    anyhow::bail!("another server took it over");
                }
            }
            () = &mut left => {
                running.abort();
                // Due at once, for whoever comes next.
                let now = edge::now();
                store.job_failed(job.name, holder, now, now).await?;
                return Ok(false);
            }
        }
    };
    let now = edge::now();
    match &ended {
        Ok(()) => store.job_done(job.name, holder, now, now + job.every).await?,
        Err(_) => store.job_failed(job.name, holder, now, now + job.again()).await?,
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
            Job {
                name: "fails",
                every: SOON,
                run: |_| {
                    Box::pin(async {
                        count(&FAILED);
                        anyhow::bail!("no")
                    })
                },
            },
            Job {
                name: "panics",
                every: SOON,
                run: |_| {
                    Box::pin(async {
                        count(&PANICKED);
                        assert!(counted(&PANICKED) == 0, "on purpose");
                        Ok(())
                    })
                },
            },
            Job {
                name: "does well",
                every: SOON,
                run: |_| {
                    Box::pin(async {
                        count(&WELL);
                        Ok(())
                    })
                },
            },
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
    async fn the_newest_checkpoint_is_handed_over_as_a_file_once() {
        let (folder, handed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ways = Ways { checkpoints: Some(handed.path().to_owned()), ..Ways::default() };
        let means = Means { ways, ..means(&folder).await };
        let made = means.app.new_organisation("Bakkerij Jansen", None, edge::now()).await.unwrap();
        hand_over(means.clone()).await.unwrap();
        assert_eq!(std::fs::read_dir(&handed).unwrap().count(), 0, "an empty register has no checkpoint");

        let scope = means.app.permit_program(&made.slug).await.unwrap();
        let report = || app::Report {
            what: "Een lijst is weg".into(),
            when: String::new(),
            whose: String::new(),
            done: String::new(),
            contact: String::new(),
        };
        let own = handed.path().join(&made.slug);
        for files in 1..=2 {
            means.app.report(&scope, report(), edge::now()).await.unwrap();
            for _ in 0..2 {
                hand_over(means.clone()).await.unwrap();
            }
            assert_eq!(std::fs::read_dir(&own).unwrap().count(), files);
        }
        let note = means.app.store.checkpoint(&scope).await.unwrap().unwrap();
        let size = note.lines().nth(1).unwrap();
        let file = own.join(format!("checkpoint-{}-{size}.txt", made.slug));
        assert_eq!(std::fs::read_to_string(file).unwrap(), note, "as it was signed");
    }

    #[tokio::test]
    async fn of_several_servers_one_does_it() {
        static DONE: AtomicU32 = AtomicU32::new(0);
        static ALL: [Job; 1] = [Job {
            name: "once",
            every: LONG,
            run: |_| {
                Box::pin(async {
                    count(&DONE);
                    Ok(())
                })
            },
        }];
        let folder = tempfile::tempdir().unwrap();
        let means = means(&folder).await;
        let (stop, stopping) = watch::channel(false);
        let servers: Vec<_> = (0..3).map(|_| start(&ALL, &means, &stopping, Duration::ZERO)).collect();
        until(|| counted(&DONE) > 0).await;
        stop.send(true).unwrap();
        for server in servers {
            server.join_all().await;
        }
        assert_eq!(counted(&DONE), 1);
    }

    #[tokio::test]
    async fn a_server_that_stops_leaves_what_runs_to_the_next() {
        static BEGAN: AtomicU32 = AtomicU32::new(0);
        static ALL: [Job; 1] = [Job {
            name: "endless",
            every: LONG,
            run: |_| {
                Box::pin(async {
                    count(&BEGAN);
                    std::future::pending::<Result<(), anyhow::Error>>().await
                })
            },
        }];
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
