//! The command line as programs meet it: exit codes, what goes to which stream, and the JSON, whole.

mod captures;
mod clock;
mod demo;
mod facts;
mod program;
