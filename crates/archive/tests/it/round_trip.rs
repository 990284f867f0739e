//! What was written is read, whatever it is.

use std::net::IpAddr;

use archive::{DnsRow, FlowRow, read_dns, read_flows, write_dns, write_flows};
use bytes::Bytes;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use wire::event::Volume;

fn moment() -> impl Strategy<Value = Timestamp> {
    (0..4_102_444_800_000_000_i64).prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

fn ip() -> impl Strategy<Value = IpAddr> {
    any::<IpAddr>().prop_map(|ip| ip.to_canonical())
}

fn volume() -> impl Strategy<Value = Volume> {
    (0..=i64::MAX as u64, 0..=i64::MAX as u64).prop_map(|(packets, bytes)| Volume { packets, bytes })
}

prop_compose! {
    pub(crate) fn flow()(
        first_at in moment(), last_at in moment(), transport in "tcp|udp|icmp|[0-9]{1,3}",
        (client_ip, client_port) in (ip(), any::<Option<u16>>()), (server_ip, server_port) in (ip(), any::<Option<u16>>()),
        application in option::of("[a-z]{1,8}"), handshake in option::of("established|refused|attempted"),
        sent in volume(), received in volume(),
        names in [option::of(".{0,40}"), option::of("[a-z.]{0,60}"), option::of(".{0,9}")],
        marks in [option::of("[0-9a-f]{32}"), option::of("[a-z0-9_]{36}"), option::of("[0-9a-f]{40}"), option::of("[0-9a-f]{64}")],
    ) -> FlowRow {
        let [tls_name, http_host, dns_name] = names;
        let [ja3, ja4, certificate_sha1, certificate_sha256] = marks;
        FlowRow {
            first_at, last_at, transport: transport.into(), client_ip, client_port, server_ip, server_port,
            application: application.map(Into::into), handshake: handshake.map(Into::into), sent, received,
            tls_name, http_host, dns_name, ja3, ja4, certificate_sha1, certificate_sha256,
        }
    }
}

prop_compose! {
    fn question()(
        at in moment(), client_ip in ip(), resolver_ip in ip(), name in ".{0,80}", kind in "[A-Z]{1,9}",
        code in option::of("[A-Z]{1,9}"), answers in vec(".{0,40}", 0..16),
    ) -> DnsRow {
        DnsRow { at, client_ip, resolver_ip, name, kind, code, answers }
    }
}

fn flows_in(file: Vec<u8>) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    read_flows(Bytes::from(file), &mut |row| rows.push(row)).unwrap();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn conversations_are_read_as_they_were_written(rows in vec(flow(), 0..40)) {
        prop_assert_eq!(flows_in(write_flows(Vec::new(), &rows).unwrap()), rows);
    }

    #[test]
    fn questions_are_read_as_they_were_written(rows in vec(question(), 0..40)) {
        let mut read = Vec::new();
        let file = write_dns(Vec::new(), &rows).unwrap();
        read_dns(Bytes::from(file), &mut |row| read.push(row)).unwrap();
        prop_assert_eq!(read, rows);
    }
}

#[test]
fn more_rows_than_one_group_holds() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let some: Vec<_> = (0..50).map(|_| flow().new_tree(&mut runner).unwrap().current()).collect();
    let rows: Vec<_> = some.into_iter().cycle().take(20_000).collect();
    assert_eq!(flows_in(write_flows(Vec::new(), &rows).unwrap()), rows);
}
