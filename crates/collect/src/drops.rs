//! What the system let go at our UDP sockets because nobody read them in time, as it counts it itself (Linux:
//! `/proc/net/udp`). Elsewhere nothing is known of it.

use std::net::UdpSocket;

/// Which socket it is, in the system's own table. Asked while there is every right to.
#[cfg(target_os = "linux")]
pub(crate) fn number(socket: &UdpSocket) -> Option<u64> {
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt;
    let handle = std::fs::File::from(OwnedFd::from(socket.try_clone().ok()?));
    Some(handle.metadata().ok()?.ino())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn number(_: &UdpSocket) -> Option<u64> {
    None
}

/// The sockets of the table that let packets go, each with how many since it was opened.
pub(crate) fn all() -> Vec<(u64, u64)> {
    let tables = ["/proc/self/net/udp", "/proc/self/net/udp6"].map(|path| std::fs::read_to_string(path).ok());
    tables.into_iter().flatten().flat_map(|table| table.lines().filter_map(row).collect::<Vec<_>>()).collect()
}

/// `sl local remote st queues timer retransmits uid timeout inode ref pointer drops`.
fn row(line: &str) -> Option<(u64, u64)> {
    let mut columns = line.split_ascii_whitespace().skip(9);
    let number = columns.next()?.parse().ok()?;
    let drops = columns.nth(2)?.parse().ok()?;
    (drops > 0).then_some((number, drops))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_systems_table_says_which_socket_let_go_how_much() {
        let head = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops";
        let full = "  421: 00000000:0807 00000000:0000 07 00000000:00034200 00:00000000 00000000   998        0 52810 2 0000000000000000 8123";
        let none = "  422: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 52811 2 0000000000000000 0";
        assert_eq!([head, full, none, ""].map(row), [None, Some((52_810, 8_123)), None, None]);
    }
}
