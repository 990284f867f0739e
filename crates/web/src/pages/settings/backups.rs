//! What an administrator should know of the backups that this organisation's register is in: when the last one was made and
//! found good, and when restoring was last practised. Who makes them sees more at the command line.

use app::{Error, SafetyKind};
use jiff::SignedDuration;

use crate::desk::Desk;

/// A backup that is older than this is told as old; they are made every day unless somebody chose otherwise.
const OLD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The lines to show.
pub(super) async fn lines(desk: &Desk) -> Result<Vec<String>, Error> {
    let (w, store) = (desk.visit.w, &desk.visit.app().store);
    let backup = match store.last_safety(SafetyKind::Backup).await? {
        None => w.settings_backup_none().to_owned(),
        Some(last) => {
            let when = desk.when(last.held_at).words;
            if !last.is_sound {
                w.settings_backup_failed(&when)
            } else if desk.visit.now.duration_since(last.held_at) > OLD {
                w.settings_backup_old(&when)
            } else {
                w.settings_backup_last(&when)
            }
        }
    };
    let drill = match store.last_safety(SafetyKind::Drill).await? {
        None => w.settings_drill_none().to_owned(),
        Some(last) if !last.is_sound => w.settings_drill_failed(&desk.when(last.held_at).words),
        Some(last) => w.settings_drill_last(&desk.when(last.held_at).words),
    };
    Ok(vec![backup, drill])
}
