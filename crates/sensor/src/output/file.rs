//! EVE alerts in a file. It is opened anew for every batch, so that it may be rotated by renaming it.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use facts::Text;

use super::{Output, detections, eve};
use crate::hold::Told;

/// Lines that wait for a disk that takes nothing; the oldest make room.
const MAX_WAITING: usize = 10_000;

/// The file, to which lines are added.
#[derive(Debug)]
pub struct EveFile {
    path: PathBuf,
    sensor: String,
    waiting: VecDeque<String>,
    /// Lines that had to make room.
    lost: u64,
}

impl EveFile {
    /// `sensor` is what the sensor is called in the lines.
    #[must_use]
    pub fn new(path: PathBuf, sensor: String) -> Self {
        Self { path, sensor, waiting: VecDeque::new(), lost: 0 }
    }

    /// Writes all that waits, or nothing of it.
    fn write(&mut self) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        let before = file.metadata()?.len();
        let lines: String = self.waiting.iter().map(|line| line.clone() + "\n").collect();
        if let Err(error) = file.write_all(lines.as_bytes()) {
            cut_back(&file, before);
            return Err(error);
        }
        self.waiting.clear();
        Ok(())
    }
}

/// Half a line would spoil the next one; what was written of the others is written again.
fn cut_back(file: &File, length: u64) {
    // On a device or a pipe there is nothing to take back.
    let _ = file.set_len(length);
}

impl Output for EveFile {
    fn take(&mut self, told: &[Told]) -> Result<(), Text> {
        self.waiting.extend(detections(told).map(|detection| eve(detection, &self.sensor)));
        while self.waiting.len() > MAX_WAITING {
            self.waiting.pop_front();
            self.lost += 1;
        }
        if self.waiting.is_empty() {
            return Ok(());
        }
        let written = self.write();
        let (path, waiting, lost) = (self.path.display(), self.waiting.len(), self.lost);
        written.map_err(|error| {
            let waiting = match waiting {
                1 => Text::new("1 bevinding wacht", "1 finding waits"),
                _ => Text::made(format!("{waiting} bevindingen wachten"), format!("{waiting} findings wait")),
            };
            let (nl, en) = (waiting.nl, waiting.en);
            Text::made(
                format!(
                    "{path} is niet te schrijven: {error}; zorg daar voor ruimte en rechten ({nl}, verloren: {lost})"
                ),
                format!("{path} cannot be written: {error}; see to room and rights there ({en}, lost: {lost})"),
            )
        })
    }
}
