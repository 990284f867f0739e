//! Places to which people send much, and places to which thieves do.

/// What a place is known for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// Files that are sent or kept, backups, films: somebody at work may well send much there for the first time. Thieves may
    /// as well.
    Files,
    /// Where programs that steal bring it, by their own or by others' account (MITRE ATT&CK T1567, T1567.002): stores that take
    /// anything from anybody, and the interface by which programs send files into a chat.
    Loot,
}

const FILES: [&str; 44] = [
    "1drv.com",
    "acronis.com",
    "adobe.com",
    "adobe.io",
    "amazonaws.com",
    "apple.com",
    "azure.com",
    "backblaze.com",
    "backblazeb2.com",
    "box.com",
    "boxcloud.com",
    "carbonite.com",
    "crashplan.com",
    "dropbox.com",
    "dropboxapi.com",
    "dropboxusercontent.com",
    "filemail.com",
    "frame.io",
    "fromsmash.com",
    "google.com",
    "googleapis.com",
    "googleusercontent.com",
    "hidrive.com",
    "icloud-content.com",
    "icloud.com",
    "idrive.com",
    "live.com",
    "microsoft.com",
    "office.com",
    "office365.com",
    "onedrive.com",
    "pcloud.com",
    "sharepoint.com",
    "stackstorage.com",
    "surf.nl",
    "synology.com",
    "transfernow.net",
    "veeam.com",
    "vimeo.com",
    "wasabisys.com",
    "wetransfer.com",
    "wetransfer.net",
    "windows.net",
    "youtube.com",
];

const LOOT: [&str; 12] = [
    "anonfiles.com",
    "api.telegram.org",
    "bashupload.com",
    "catbox.moe",
    "file.io",
    "gofile.io",
    "mega.co.nz",
    "mega.io",
    "mega.nz",
    "temp.sh",
    "transfer.sh",
    "ufile.io",
];

/// Where people keep code, and bring it over SSH (their makers' pages of help).
const CODE: [&str; 6] =
    ["bitbucket.org", "codeberg.org", "github.com", "gitlab.com", "ssh.dev.azure.com", "vs-ssh.visualstudio.com"];

/// Whether code is kept at this very name.
pub(super) fn is_code_host(name: &str) -> bool {
    CODE.contains(&name)
}

/// What the place with this name (lower case), or one above it, is known for.
pub(super) fn of(name: &str) -> Option<Service> {
    let is_in = |list: &[&str]| {
        list.iter().any(|known| name.strip_suffix(*known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    if is_in(&LOOT) {
        return Some(Service::Loot);
    }
    is_in(&FILES).then_some(Service::Files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_its_name_and_those_below_it() {
        for (name, expected) in [
            ("wetransfer.com", Some(Service::Files)),
            ("wetransfer-eu-prod-incoming.s3.eu-west-1.amazonaws.com", Some(Service::Files)),
            ("gfs270n123.userstorage.mega.co.nz", Some(Service::Loot)),
            ("api.telegram.org", Some(Service::Loot)),
            ("web.telegram.org", None),
            ("notdropbox.com", None),
            ("dropbox.com.evil.example", None),
            ("", None),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }
}
