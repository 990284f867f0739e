//! Carries mail out: to an SMTP server, or as files in a folder for those who have none.
//!
//! Promises: a mail is called sent only when the server took it, or the file is whole on the disk; the same mail has the
//! same Message-ID however often it is sent; a password stands in no error and no log. Deliberately not here: what mails
//! say, when they are tried again.

mod files;
mod message;
mod smtp;

pub use files::MailFolder;
pub use smtp::{Encryption, InvalidServer, MailServer, ServerSettings};
