//! The storage ports in SQLite
