//! PostgreSQL goes away as its machine loses power, and comes back.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::{Scene, Seen, cluster, shown, tells};
use crate::server::Program;

pub(super) fn and_back(program: &Program) -> Result<Seen> {
    let mut cluster = match cluster(None)? {
        Ok(cluster) => cluster,
        Err(skipped) => return Ok(skipped),
    };
    let mut scene = Scene::in_cluster(program, &cluster)?;
    cluster.obey("halt_postgres")?;
    let refused = scene.write_until_refused(1)?;
    tells(&refused, 503, &["De gegevens zijn nu niet te bereiken", "is misschien niet bewaard"])?;

    // Who starts meanwhile waits, and says why.
    let _ = scene.server.kill();
    let (place, at, ours) = (scene.place.clone(), scene.server.address, program.clone());
    let starting = std::thread::spawn(move || ours.serve(&place, at));
    std::thread::sleep(Duration::from_secs(3));
    cluster.obey("resume_postgres")?;
    scene.server = starting.join().map_err(|_| anyhow::anyhow!("who started it panicked"))??;
    let said = scene.server.said();
    ensure!(said.contains("waiting for the database at") && said.contains("refused"), "it says not why: {said}");
    let took = scene.write_again(Duration::from_secs(10))?;
    scene.is_whole(program)?;
    let recovered =
        format!("by itself, {:.1} s after it served; a start meanwhile waits and says why", took.as_secs_f64());
    Ok(Seen::Borne { shown: shown(&refused), recovered })
}
