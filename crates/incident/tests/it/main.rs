//! The case file from outside: what may follow what, and who may do what.

mod permissions;
mod road;
