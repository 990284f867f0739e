//! The interview in the browser: where it stands, one question a page, and its end.
//!
//! Promises: a page asks one thing and says why; *I don't know yet* is an answer; what somebody else answered in the
//! meantime is never replaced unseen; which question comes next depends on what is on file, so that several people can work
//! at it and any answer can be asked again. Deliberately not here: which question comes when, and its words (crate `law`).

mod answer;
mod asked;
mod control;
mod question;
mod read;
mod standing;
mod walk;

pub(crate) use answer::take as answer;
pub(crate) use question::show as ask;
pub(crate) use standing::show;
