//! What a server writes down of itself: lines on stderr.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

/// Logs to stderr; `RUST_LOG` chooses how much. In colour on a terminal alone, and not where `NO_COLOR` asks for none.
pub(crate) fn start() {
    #[expect(clippy::disallowed_methods, reason = "the edge: what a terminal's user asks of every program")]
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let _ = log.with_ansi(stderr().is_terminal() && !is_plain).try_init();
}
