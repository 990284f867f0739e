//! Who the sensor is when it reads, and what it still may (Linux).

#[cfg(target_os = "linux")]
use std::ffi::OsString;
#[cfg(target_os = "linux")]
use std::path::Path;

use facts::Text;

use super::Args;
#[cfg(target_os = "linux")]
use super::writable;
#[cfg(target_os = "linux")]
use crate::edge;
use crate::outcome::Failure;

/// Gives up what rights there are, before a byte of a stranger is read. A replay stays who it is where nobody says
/// otherwise: its files are somebody's.
#[cfg(target_os = "linux")]
pub(super) fn give_up_rights(args: &Args, is_replay: bool) -> Result<(), Failure> {
    use sensor::privileges::{Account, give_up, give_up_all};

    let refused = |error: sensor::privileges::PrivilegeError| Failure::Told(error.text());
    let account = if is_replay && args.user.is_none() {
        // But a folder that a live sensor left is another's: who is root without its rights could write nothing there.
        let folders = [args.server.folder(), args.keep.named()];
        let mut owners = folders.into_iter().flatten().map(Account::owner_of);
        let owner = owners.find_map(Result::transpose).transpose().map_err(refused)?;
        let Some(owner) = owner else { return Ok(()) };
        Some(owner)
    } else {
        Account::choose(args.user.as_deref()).map_err(refused)?
    };
    if let Some(account) = &account {
        if let Some(folder) = args.server.folder() {
            args.server.open_folder(folder)?;
            account.take_over(folder).map_err(refused)?;
        }
        if let Some(folder) = args.keep.named() {
            edge::make_folder(folder).map_err(|error| Failure::unwritable(folder, &error))?;
            account.take_over(folder).map_err(refused)?;
        }
        if let Some(path) = args.eve_out.as_deref().filter(|path| !path.exists()) {
            writable(path)?;
            account.take_over(path).map_err(refused)?;
        }
        let name = account.name();
        args.speech.say(&Text::made(format!("gaat verder als gebruiker {name}"), format!("going on as user {name}")));
    }
    give_up(account.as_ref()).map_err(refused)?;
    if let Some(account) = account.filter(|_| is_replay) {
        args.read.iter().try_for_each(|input| may_read(input, account.name()))?;
    }
    // The last right is for opening an interface that was made anew.
    if args.interface.is_empty() { give_up_all().map_err(refused) } else { Ok(()) }
}

/// A capture that the user whom the sensor became may not read is said before anything is read.
#[cfg(target_os = "linux")]
fn may_read(input: &OsString, user: &str) -> Result<(), Failure> {
    let path = Path::new(input);
    match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let path = path.display();
            Err(Failure::Told(Text::made(
                format!(
                    "gebruiker {user} mag {path} niet lezen, en de map van de sensor is van die gebruiker; maak de opname leesbaar voor {user}, of geef een eigen map met --state"
                ),
                format!(
                    "user {user} may not read {path}, and the sensor's folder is that user's; let {user} read the capture, or give a folder of its own with --state"
                ),
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn give_up_rights(args: &Args, _: bool) -> Result<(), Failure> {
    match &args.user {
        None => Ok(()),
        Some(_) => Err(Failure::Told(Text::new("--user is alleen voor Linux", "--user is for Linux only"))),
    }
}
