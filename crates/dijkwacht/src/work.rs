//! What the server does by itself, again and again: a list of jobs with their periods, each done by one server at a time
//! however many share a database.
//!
//! Promises: a job that fails, or panics, stops neither the others nor the server; it is logged and tried again at its next
//! turn. Stopping waits for the job at hand. Deliberately not here: what the jobs do (those are `app`'s use cases).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use uuid::Uuid;

use app::App;
use app::ports::Post;

use crate::edge;

/// How often the worker looks whether something is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// For how long a job is held; who dies with one in hand gives it back so much later.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(15);

/// What jobs work with.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) app: App,
    /// Absent where no way to send mail is configured: letters wait.
    pub(crate) post: Option<Arc<dyn Post>>,
    pub(crate) base_url: String,
}

type Done = Pin<Box<dyn Future<Output = Result<(), anyhow::Error>> + Send>>;

/// Work that comes back.
struct Job {
    /// In the database; never changes, or the job would be done twice.
    name: &'static str,
    every: SignedDuration,
    run: fn(Means) -> Done,
}

/// Every job there is.
const JOBS: &[Job] = &[
    Job { name: "alarms", every: SignedDuration::from_secs(30), run: |means| Box::pin(ring_alarms(means)) },
    Job { name: "letters", every: SignedDuration::from_secs(10), run: |means| Box::pin(send_letters(means)) },
];

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
    let Some(post) = &means.post else { return Ok(()) };
    while means.app.send_letters(post.as_ref(), &means.base_url, edge::now()).await? != app::Sending::default() {}
    Ok(())
}

/// Works until told to stop.
pub(crate) async fn work(means: Means, mut stop: watch::Receiver<bool>) {
    let holder = match edge::random() {
        Ok(bytes) => Uuid::from_bytes(bytes.first_chunk::<16>().copied().unwrap_or_default()),
        Err(error) => {
            tracing::error!(%error, "no work is done: the system gives no random numbers");
            return;
        }
    };
    loop {
        for job in JOBS {
            if *stop.borrow() {
                return;
            }
            turn(job, &means, holder).await;
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            // An error is the server gone: nothing is left to work for.
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// One look at one job: done when it is due and nobody else has it.
async fn turn(job: &Job, means: &Means, holder: Uuid) {
    let now = edge::now();
    match means.app.store.claim_job(job.name, holder, now, now + HELD_FOR, job.every).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => {
            tracing::warn!(job = job.name, %error, "whether it is due cannot be told now");
            return;
        }
    }
    // A task of its own, so that a panic ends there.
    match tokio::spawn((job.run)(means.clone())).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(job = job.name, error = format!("{error:#}"), "it failed, and is tried again")
        }
        Err(error) => tracing::error!(job = job.name, %error, "it broke off, and is tried again"),
    }
    let done = edge::now();
    if let Err(error) = means.app.store.job_done(job.name, holder, done, done + job.every).await {
        tracing::warn!(job = job.name, %error, "that it was done could not be kept");
    }
}
