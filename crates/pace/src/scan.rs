//! What `dijkwacht scan` does: captures read, followed, judged, told as lines.

use std::fs::File;
use std::io::{BufReader, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Context;
use capture::Input;
use contract::detection::lines;
use detect::{Settings, ThreatList, Watch};
use intel::About;
use wire::Limits;

/// What is to be read, and with what.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    pub captures: Vec<PathBuf>,
    pub intel: Vec<PathBuf>,
    /// How many trackers follow the frames.
    pub threads: Option<NonZeroUsize>,
}

impl Scan {
    /// The lines that it says.
    pub fn run(&self) -> anyhow::Result<String> {
        let intel = self.intel.iter().map(list).collect::<anyhow::Result<_>>()?;
        let mut watch = Watch::new(Settings { intel, ..Settings::default() });
        let threads = self.threads.unwrap_or(NonZeroUsize::MIN);
        let inputs: Vec<Input> = self.captures.iter().cloned().map(Input::File).collect();
        let outcome =
            capture::run_sharded(&inputs, &Limits::default(), threads, &mut |event| watch.event(event), &mut |_| ());
        if let Some(failure) = outcome.failures.into_iter().next() {
            return Err(failure).context("a capture could not be read");
        }
        let findings = watch.finish_by(|work| capture::do_together(threads, work));
        let mut text = String::new();
        for line in lines(&findings, &outcome.stats) {
            text.push_str(&line.to_json()?);
            text.push('\n');
        }
        Ok(text)
    }
}

/// A threat list in any form in which it is published, or the compact one.
pub fn list(path: &PathBuf) -> anyhow::Result<ThreatList> {
    let open = || File::open(path).with_context(|| path.display().to_string());
    let mut beginning = Vec::new();
    open()?.take(64).read_to_end(&mut beginning)?;
    if intel::is_compact(&beginning) {
        return Ok(ThreatList::from_compact(BufReader::new(open()?))?);
    }
    let bytes = std::fs::read(path)?;
    Ok(intel::read(About::named(&path.to_string_lossy()), &bytes, None).list)
}
