//! EVE alerts in a file. It is opened anew for every batch, so that it may be rotated by renaming it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use facts::Text;

use super::{Output, detections, eve};
use crate::hold::Told;

/// The file, to which lines are added.
#[derive(Debug)]
pub struct EveFile {
    path: PathBuf,
    sensor: String,
}

impl EveFile {
    /// `sensor` is what the sensor is called in the lines.
    #[must_use]
    pub fn new(path: PathBuf, sensor: String) -> Self {
        Self { path, sensor }
    }
}

impl Output for EveFile {
    fn take(&mut self, told: &[Told]) -> Result<(), Text> {
        let lines: String = detections(told).map(|detection| eve(detection, &self.sensor) + "\n").collect();
        if lines.is_empty() {
            return Ok(());
        }
        let opened = OpenOptions::new().append(true).create(true).open(&self.path);
        let written = opened.and_then(|mut file| file.write_all(lines.as_bytes()));
        let path = self.path.display();
        written.map_err(|error| {
            Text::made(
                format!("{path} is niet te schrijven: {error}; zorg daar voor ruimte en rechten"),
                format!("{path} cannot be written: {error}; see to room and rights there"),
            )
        })
    }
}
