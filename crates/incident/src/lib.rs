//! The case file: commands in, events out, and who may do what
