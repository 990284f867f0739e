//! Writes the office's day, its threat list and its truth: `cargo run -p office --example write -- DIR [SEED]`.

use std::{fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("say in which folder to write")?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let plan = office::Plan { seed, ..office::Plan::default() };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("office.pcap"), office::capture(&plan))?;
    fs::write(folder.join("office.intel.txt"), office::threat_list(&plan))?;
    fs::write(folder.join("office.truth.txt"), format!("{:#?}\n", office::truth(&plan)))?;
    Ok(())
}
