//! `dijkwacht demo`: a throw-away provider with customers; the sensor reads a bundled capture, the incident follows.
//! With `--once`: no server; walks that incident to its end and leaves its papers and its verified register in a folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{App, Opened};
use documents::dossier::{self, Purpose};
use facts::Text;

use crate::demo::{People, people, sensor, stories};
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::threat_lists::Served;
use crate::verbs::{serve, verify};
use crate::wiring::{self, DataFolder};
use crate::work::Ways;

/// The customer whose network the sensor watches.
const WATCHED: &str = "de-vries";
const DEFAULT_LISTEN: &str = "127.0.0.1:8480";

/// Try it: a made-up provider, its customers, and a leak that the sensor sees.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht demo\n  dijkwacht demo --once --out demo-out   # no server: the road from packets to a verified register"
)]
pub(crate) struct Args {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_LISTEN, value_parser = serve::address)]
    listen: SocketAddr,
    /// No server: walk the incident to its end and leave the results in a folder.
    #[arg(long, requires = "out")]
    once: bool,
    /// Where `--once` leaves its results.
    #[arg(long, value_name = "DIR", requires = "once")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: Args) -> Result<Outcome, Failure> {
    crate::log::start();
    let folder = edge::throw_away("dijkwacht-demo-")?;
    wiring::runtime()?.block_on(async {
        match args.out {
            Some(out) => once(folder.path(), &out).await,
            None => serving(folder.path(), args.listen).await,
        }
    })
}

/// The scene: people, incidents at every stage, and the one that the sensor's case opened.
struct Scene {
    app: App,
    people: People,
    opened: Opened,
    seen: sensor::Seen,
}

async fn set_scene(folder: &Path, with_stories: bool) -> Result<Scene, Failure> {
    let now = edge::now();
    let app = wiring::open(&DataFolder::at(folder)).await?;
    let people = people::settle(&app, now).await?;
    if with_stories {
        stories::tell(&app, &people, now).await?;
    }
    let seen = sensor::watch(now)?;
    let case = seen
        .first_case()
        .ok_or_else(|| anyhow::anyhow!("the sensor found no case in the bundled capture, which has one"))?;
    let sensor = sensor::report(&app, &people, WATCHED, &seen, now).await?;
    let scope = people.engineer(&app, WATCHED).await?;
    let opened = app.open_sensor_case(&scope, sensor.id, case, now).await?;
    Ok(Scene { app, people, opened, seen })
}

async fn serving(folder: &Path, listen: SocketAddr) -> Result<Outcome, Failure> {
    // First of all, so that an address in use is known before anything is made.
    let listener = serve::bind(listen).await?;
    let address = listener.local_addr().map_err(anyhow::Error::new)?;
    let scene = set_scene(folder, true).await?;
    let base_url = serve::reachable(address);
    edge::say(&announcement(&scene, &base_url));
    let notice = web::Notice {
        text: Text::new(
            "Dit is een demo met verzonnen gegevens. Alles verdwijnt als het programma stopt.",
            "This is a demo with made-up data. Everything is gone when the program stops.",
        ),
        logins: scene.people.log_ins.iter().map(people::LogIn::shown).collect(),
    };
    let (ways, lists) = (Ways::default(), Arc::new(Served::beside(folder)));
    serve::serve(listener, scene.app, ways, lists, &base_url, Some(notice), app::EvidenceLimits::default()).await
}

fn announcement(scene: &Scene, base_url: &str) -> String {
    let mut text = format!("\nDijkwacht demo\n\n  {base_url}\n\nlog-ins (password for all: {}):\n", people::PASSWORD);
    for log_in in &scene.people.log_ins {
        text.push_str(&format!("  {:<28} {} – {}\n", log_in.user.email, log_in.user.name, log_in.part.en));
    }
    text.push_str(&format!(
        "\nthe sensor read {} packets of a made-up office and reported it: {base_url}/o/{WATCHED}/sensoren\n\
         incident {} was opened from its case: {base_url}/o/{WATCHED}\n\
         report something without an account: {base_url}/melden/demo-{WATCHED}\n\
         stop with Ctrl-C\n",
        scene.seen.stats.packets, scene.opened.number
    ));
    text
}

async fn once(folder: &Path, out: &Path) -> Result<Outcome, Failure> {
    std::fs::create_dir_all(out).map_err(|error| Failure::unwritable(out, &error))?;
    let scene = set_scene(folder, false).await?;
    let now = edge::now();
    edge::write(&out.join("detections.jsonl"), scene.seen.lines()?.as_bytes())?;
    stories::finish(&scene.app, &scene.people, WATCHED, scene.opened.number, now).await?;
    let scope = scene.people.deciding(&scene.app, WATCHED).await?;
    let incident = scene.app.incident(&scope, scene.opened.number).await?;
    let situation = incident.situation(scope.organisation().jurisdiction);
    let verdict = scene.app.verdict(&scope, &incident, now)?.verdict;
    edge::write(&out.join("facts.json"), contract::facts::to_json(&situation).as_bytes())?;
    edge::write(&out.join("verdict.json"), contract::verdict::to_json(&verdict).as_bytes())?;
    for (kind, file) in [(app::PaperKind::Dossier, "ap-melding.pdf"), (app::PaperKind::Letter, "letter.pdf")] {
        let paper = incident
            .documents
            .iter()
            .find(|document| document.kind == kind.key())
            .ok_or_else(|| anyhow::anyhow!("the walk made no {file}"))?;
        let pdf = scene.app.stored_paper(&scope, &incident, &paper.sha256).await?;
        edge::write(&out.join(file), &pdf)?;
    }
    let reporter = &scene.people.officer(WATCHED)?.user;
    let dossier = scene.app.dossier(&scope, &incident, dossier::AP, Purpose::First, Some(reporter), now)?;
    let json = dossier.to_json().map_err(anyhow::Error::new)?;
    edge::write(&out.join("ap-melding.json"), json.as_bytes())?;
    let register = out.join("register.zip");
    edge::write(&register, &scene.app.export(&scope, now).await?.zip)?;
    let key = scene.app.register_key(&scope);
    edge::write(&out.join("register-key.txt"), format!("{key}\n").as_bytes())?;
    let known = verify::Known { key: Some(&key), ..verify::Known::default() };
    let report = verify::check(&register, &known)?;
    edge::print(&verify::text(&report, &known, facts::Language::Dutch))?;
    Ok(if report.is_sound() { Outcome::Done } else { Outcome::No })
}
