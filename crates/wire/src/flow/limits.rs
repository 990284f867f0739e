//! How much is remembered, and for how long.

/// The bounds of a [`super::Tracker`]. Times are in microseconds of packet time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Flows followed at the same time; the one that was silent longest makes room.
    pub flows: usize,
    /// DNS questions that wait for their answer, over all flows.
    pub questions: usize,
    /// Fragmented IP packets of which later parts are recognised.
    pub fragments: usize,
    /// Bytes of one direction of a TCP connection that wait for earlier ones.
    pub reorder_bytes: usize,
    /// Bytes held for all flows together.
    pub buffered_bytes: usize,
    /// When a TCP connection that was never answered is over.
    pub attempt_idle: u64,
    /// When a silent TCP connection is over.
    pub tcp_idle: u64,
    /// When a silent conversation over UDP, ICMP or another protocol is over.
    pub other_idle: u64,
    /// How long the last packets after a goodbye are still counted with the connection.
    pub closing_idle: u64,
    /// Whether what people send may be looked into for personal data. Off, only who speaks to whom is read, and log-ins.
    pub looks_into_content: bool,
}

const SECOND: u64 = 1_000_000;

impl Default for Limits {
    /// For an office network: some 100 MB at the very most, in practice a few.
    fn default() -> Self {
        Self {
            flows: 65_536,
            questions: 16_384,
            fragments: 4_096,
            reorder_bytes: 128 * 1024,
            buffered_bytes: 64 * 1024 * 1024,
            // Longer than the longest pause between two repeated SYNs (RFC 6298: they double, up to 64 s).
            attempt_idle: 75 * SECOND,
            tcp_idle: 3_600 * SECOND,
            other_idle: 120 * SECOND,
            closing_idle: 30 * SECOND,
            looks_into_content: true,
        }
    }
}
