//! The backup file: a copy of a whole store as lines of JSON, compressed (gzip) and encrypted (age).
//!
//! ```text
//! {"dijkwacht_backup":1,"program":"0.1.0","made_at":"2026-11-28T20:00:00Z","schema":11}
//! {"secret":{"name":"register.key","base64":"…"}}
//! {"table":{"name":"providers","columns":["id","name"],"key":[0]}}
//! ["0197a3c0-…","Voorbeeld BV"]
//! {"file":{"organisation":"0197a3c0-…","sha256":"5d1b…","size_bytes":1234}}
//! {"piece":"…base64…"}
//! {"end":{"schema":11,"tables":{"providers":{"count":1,"sha256":"…"}},"files":{…},"file_bytes":1234}}
//! ```
//!
//! Promises: memory is bounded by one line; any bytes give a [`Fault`] that says what is wrong and never a panic; a file that
//! was cut short, changed, or has something behind its end is never taken for whole, encrypted or not.
//!
//! Deliberately not here: where the rows come from and go to (`app`), files and terminals (the binary).

mod keys;
mod lines;
mod read;
mod write;

pub use keys::{Identity, Lock, Opener, Recipient, is_secret_key};
pub use lines::{Header, Record, Secret, VERSION};
pub use read::{Fault, Reader};
pub use write::Writer;
