//! The journal: entries as bytes, RFC 6962 tree, signed checkpoints, export
