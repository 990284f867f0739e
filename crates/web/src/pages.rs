//! The pages, a file each: what came in, one use case, what is shown.

pub(crate) mod about;
pub(crate) mod board;
pub(crate) mod home;
pub(crate) mod import;
pub(crate) mod incident;
pub(crate) mod incidents;
mod line;
mod listed;
pub(crate) mod outgoing;
pub(crate) mod person;
pub(crate) mod planned;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod sensors;
pub(crate) mod set_up;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod terms;
