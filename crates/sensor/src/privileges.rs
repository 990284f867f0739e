//! Giving up rights, once the interfaces are open (Linux).
//!
//! What is left afterwards: an unprivileged user without groups, no way to get rights back by running a program, and one
//! capability, CAP_NET_RAW, which lies ready and is taken up only for the moment in which an interface that was made anew is
//! opened. It gives nothing that the open packet sockets do not give already. Threads begun later may give up that too.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::{Path, PathBuf};

use facts::Text;
use nix::unistd::{Uid, User, geteuid, setgroups, setresgid, setresuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set, remove_capability_from_bounding_set,
    set_capabilities, set_keep_capabilities, set_no_new_privs,
};

/// Who the sensor becomes where nobody says otherwise: the first that exists.
const USERS: [&str; 2] = ["dijkwacht", "nobody"];

/// What is said of rights that stay.
const KEPT: (&str, &str) = ("rechten zijn niet op te geven", "capabilities cannot be given up");

/// Why rights could not be given up. The sensor does not go on then.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    #[error("there is no user `{0}` on this machine; make it (`adduser --system`), or name another with --user")]
    NoUser(String),
    #[error("only root can become another user; leave --user away, or start as root")]
    NotRoot,
    #[error("--user root would give nothing up; name an ordinary user")]
    Root,
    #[error("{} is of the user with number {uid}, whom this machine does not know; give the folder to an ordinary user (`chown -R`), or name another with --state", folder.display())]
    Stranger { folder: PathBuf, uid: u32 },
    #[error("{}: {error}", what.en)]
    System { what: Text, error: io::Error },
}

impl PrivilegeError {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::NoUser(name) => format!(
                "er is geen gebruiker `{name}` op deze machine; maak die (`adduser --system`), of noem een andere met --user"
            ),
            Self::NotRoot => {
                "alleen root kan een andere gebruiker worden; laat --user weg, of start als root".to_owned()
            }
            Self::Root => "--user root zou niets opgeven; noem een gewone gebruiker".to_owned(),
            Self::Stranger { folder, uid } => format!(
                "{} is van de gebruiker met nummer {uid}, die deze machine niet kent; geef de map aan een gewone gebruiker (`chown -R`), of noem een andere met --state",
                folder.display()
            ),
            Self::System { what, error } => format!("{}: {error}", what.nl),
        };
        Text::made(nl, self.to_string())
    }
}

/// Who the sensor will be.
#[derive(Clone, Debug)]
pub struct Account {
    user: User,
}

impl Account {
    /// Who to become: `name`, or the usual one where we are root. Absent: we stay who we are, which is not root.
    ///
    /// # Errors
    /// There is no such user, or we may not become another.
    pub fn choose(name: Option<&str>) -> Result<Option<Self>, PrivilegeError> {
        if !geteuid().is_root() {
            let own = |user: &User| user.uid == geteuid();
            return match name {
                Some(name) if !find(name)?.as_ref().is_some_and(own) => Err(PrivilegeError::NotRoot),
                _ => Ok(None),
            };
        }
        let user = match name {
            Some(name) => find(name)?.ok_or_else(|| PrivilegeError::NoUser(name.to_owned()))?,
            None => {
                let [first, second] = USERS;
                let usual = find(first)?.map_or_else(|| find(second), |user| Ok(Some(user)))?;
                usual.ok_or_else(|| PrivilegeError::NoUser(first.to_owned()))?
            }
        };
        if user.uid.is_root() {
            return Err(PrivilegeError::Root);
        }
        Ok(Some(Self { user }))
    }

    /// Whose folder that is, for root, who without rights could write nothing in it. Absent: it is root's, or not there,
    /// or we are not root.
    ///
    /// # Errors
    /// Nobody here is its owner.
    pub fn owner_of(folder: &Path) -> Result<Option<Self>, PrivilegeError> {
        let owner = fs::metadata(folder).ok().map(|metadata| metadata.uid()).filter(|uid| *uid != 0);
        let Some(uid) = owner.filter(|_| geteuid().is_root()) else { return Ok(None) };
        let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        let user = user.ok_or_else(|| PrivilegeError::Stranger { folder: folder.to_owned(), uid })?;
        Ok(Some(Self { user }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.user.name
    }

    /// Makes a folder, and what is in it, this user's, where it is root's until now: made a moment ago, or by an earlier
    /// version. What is another's already is left alone, so that nobody can point root at a file of his choice.
    ///
    /// # Errors
    /// The system refuses.
    pub fn take_over(&self, folder: &Path) -> Result<(), PrivilegeError> {
        let failed = |error| {
            let folder = folder.display();
            let nl = format!("{folder} is niet over te dragen");
            PrivilegeError::System { what: Text::made(nl, format!("{folder} cannot be handed over")), error }
        };
        let metadata = fs::symlink_metadata(folder).map_err(failed)?;
        if metadata.uid() != 0 {
            return Ok(());
        }
        if metadata.is_dir() {
            for inside in fs::read_dir(folder).map_err(failed)? {
                self.take_over(&inside.map_err(failed)?.path())?;
            }
        }
        lchown(folder, Some(self.user.uid.as_raw()), Some(self.user.gid.as_raw())).map_err(failed)
    }
}

/// Who we are now, by name, or by number where there is none.
#[must_use]
pub fn who_we_are() -> String {
    let uid = geteuid();
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

fn find(name: &str) -> Result<Option<User>, PrivilegeError> {
    User::from_name(name).map_err(|error| {
        system("de gebruikers van deze machine zijn niet te lezen", "the users of this machine cannot be read", error)
    })
}

/// Gives up all rights but the one to open an interface again. To be called while there is one thread.
///
/// # Errors
/// Something could not be given up: who is called must not go on.
pub fn give_up(account: Option<&Account>) -> Result<(), PrivilegeError> {
    // Root alone may; who is not root never had more than it was given.
    let bounding = CapabilitySet::all();
    for capability in bounding.iter().filter(|capability| *capability != CapabilitySet::NET_RAW) {
        let _ = remove_capability_from_bounding_set(capability);
    }
    if let Some(Account { user }) = account {
        set_keep_capabilities(true)
            .map_err(|error| system("rechten zijn niet te behouden", "capabilities cannot be kept", error))?;
        setgroups(&[]).map_err(|error| system("groepen zijn niet op te geven", "groups cannot be given up", error))?;
        let refused = |error: nix::errno::Errno| {
            let (nl, en) = (
                format!("gebruiker `{}` worden lukt niet", user.name),
                format!("user `{}` cannot be taken on", user.name),
            );
            PrivilegeError::System { what: Text::made(nl, en), error: error.into() }
        };
        setresgid(user.gid, user.gid, user.gid).map_err(refused)?;
        setresuid(user.uid, user.uid, user.uid).map_err(refused)?;
        set_keep_capabilities(false).map_err(|error| system(KEPT.0, KEPT.1, error))?;
        // The proof of it: there is no way back.
        if setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0)).is_ok() {
            return Err(PrivilegeError::Root);
        }
    }
    let _ = clear_ambient_capability_set();
    set_no_new_privs(true)
        .map_err(|error| system("nieuwe rechten zijn niet uit te sluiten", "new rights cannot be ruled out", error))?;
    let had = held()?.permitted;
    hold(had & CapabilitySet::NET_RAW, CapabilitySet::empty())
}

/// Gives up the last right in this thread, for those that open no interface.
///
/// # Errors
/// The system refuses.
pub fn give_up_all() -> Result<(), PrivilegeError> {
    hold(CapabilitySet::empty(), CapabilitySet::empty())
}

/// Does something with the right to open an interface, where it lies ready.
pub fn with_net_raw<T>(act: impl FnOnce() -> T) -> T {
    let ready = held().map_or(CapabilitySet::empty(), |held| held.permitted & CapabilitySet::NET_RAW);
    let is_ready = !ready.is_empty() && hold(ready, ready).is_ok();
    let done = act();
    if is_ready {
        let _ = hold(ready, CapabilitySet::empty());
    }
    done
}

fn held() -> Result<CapabilitySets, PrivilegeError> {
    capabilities(None).map_err(|error| system("rechten zijn niet te lezen", "capabilities cannot be read", error))
}

fn hold(permitted: CapabilitySet, effective: CapabilitySet) -> Result<(), PrivilegeError> {
    let sets = CapabilitySets { permitted, effective, inheritable: CapabilitySet::empty() };
    set_capabilities(None, sets).map_err(|error| system(KEPT.0, KEPT.1, error))
}

fn system(nl: &'static str, en: &'static str, error: impl Into<io::Error>) -> PrivilegeError {
    PrivilegeError::System { what: Text::new(nl, en), error: error.into() }
}
