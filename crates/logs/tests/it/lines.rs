//! Lines as the devices write them, and the events they become.

use logs::{Format, Lines, Settings};

use crate::said;

#[test]
fn dnsmasq_and_pi_hole() {
    insta::assert_snapshot!(said(r"
        Oct 19 08:00:01 dnsmasq[812]: query[A] www.nieuws.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: query[AAAA] www.nieuws.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: forwarded www.nieuws.example to 9.9.9.9
        Oct 19 08:00:01 dnsmasq[812]: reply www.nieuws.example is <CNAME>
        Oct 19 08:00:01 dnsmasq[812]: reply cdn.bezorgnet.example is 192.0.2.7
        Oct 19 08:00:01 dnsmasq[812]: reply cdn.bezorgnet.example is 192.0.2.8
        Oct 19 08:00:01 dnsmasq[812]: reply www.nieuws.example is NODATA-IPv6
        Oct 19 08:00:02 dnsmasq[812]: query[A] kwaad.example from 192.168.20.22
        Oct 19 08:00:02 dnsmasq[812]: gravity blocked kwaad.example is 0.0.0.0
        Oct 19 08:00:03 dnsmasq[812]: query[A] qwxzjkv.example from 192.168.20.22
        Oct 19 08:00:03 dnsmasq[812]: reply qwxzjkv.example is NXDOMAIN
        Oct 19 08:00:03 dnsmasq[812]: query[type=65] www.nieuws.example from 192.168.20.21
        Oct 19 08:00:04 dnsmasq[812]: query[A] nooit.example from fd00::21
        Oct 19 08:00:05 dnsmasq-dhcp[812]: DHCPACK(br0) 192.168.20.21 02:00:c0:a8:14:15 laptop-jan
        Oct 19 08:00:05 dnsmasq[812]: query[PTR] 1.20.168.192.in-addr.arpa from 192.168.20.21
        Oct 19 08:00:05 dnsmasq[812]: config 192.168.20.1 is router.lan
    "), @r#"
        06:00:01Z 192.168.20.21 asks www.nieuws.example A: NOERROR ["CNAME Name(\"cdn.bezorgnet.example\")", "A Address(192.0.2.7)", "A Address(192.0.2.8)"]
        06:00:01Z 192.168.20.21 asks www.nieuws.example AAAA: NOERROR []
        06:00:02Z 192.168.20.22 asks kwaad.example A: NOERROR ["A Address(0.0.0.0)"]
        06:00:03Z 192.168.20.22 asks qwxzjkv.example A: NXDOMAIN []
        06:00:05Z 192.168.20.21:68 > 192.168.20.21:67 HostName(HostName { source: Dhcp, ip: Some(192.168.20.21), mac: Some([2, 0, 192, 168, 20, 21]), name: Some("laptop-jan"), kind: None, message: Some("ack") })
        06:00:05Z 192.168.20.21 asks 1.20.168.192.in-addr.arpa PTR: NOERROR ["PTR Name(\"router.lan\")"]
        06:00:03Z 192.168.20.21 asks www.nieuws.example TYPE65: - []
        06:00:04Z fd00::21 asks nooit.example A: - []
    "#);
}

#[test]
fn what_waits_for_an_answer_or_for_more_of_it_is_said_to_wait() {
    let mut lines = Lines::new(Settings::default());
    let now: jiff::Timestamp = "2026-10-19T06:00:05Z".parse().unwrap();
    let mut told = 0;
    for (line, is_waiting, events) in [
        ("dnsmasq-dhcp[812]: DHCPACK(br0) 192.168.20.21 02:00:c0:a8:14:15 laptop-jan", false, 1),
        ("dnsmasq[812]: query[A] www.nieuws.example from 192.168.20.21", true, 1),
        ("dnsmasq[812]: reply www.nieuws.example is 192.0.2.7", true, 1),
    ] {
        lines.line(1, format!("Oct 19 08:00:01 {line}").as_bytes(), now, &mut |_| told += 1);
        assert_eq!((lines.is_waiting(), told), (is_waiting, events), "{line}");
    }
    lines.quiet(now, &mut |_| told += 1);
    assert_eq!((lines.is_waiting(), told), (false, 2));
}

/// A relay's stream, or one socket to which several send.
#[test]
fn two_of_dnsmasq_in_one_stream_do_not_answer_for_each_other() {
    insta::assert_snapshot!(said(r"
        Oct 19 08:00:00 pi1 dnsmasq[11]: query[A] www.x.example from 192.168.20.12
        Oct 19 08:00:00 pi1 dnsmasq[11]: reply www.x.example is <CNAME>
        Oct 19 08:00:00 pi2 dnsmasq[22]: query[A] www.x.example from 192.168.20.13
        Oct 19 08:00:00 pi1 dnsmasq[11]: reply cdn.x.example is 192.0.2.3
        Oct 19 08:00:00 pi2 dnsmasq[22]: reply www.x.example is 192.0.2.5
        Oct 19 08:00:00 pi1 dnsmasq[11]: reply cdn.x.example is 192.0.2.4
        Oct 19 08:00:01 pi1 dnsmasq[12]: query[A] other.example from 192.168.20.12
        Oct 19 08:00:01 pi1 dnsmasq[12]: reply other.example is 192.0.2.6
    "), @r#"
        06:00:00Z 192.168.20.12 asks www.x.example A: NOERROR ["CNAME Name(\"cdn.x.example\")", "A Address(192.0.2.3)", "A Address(192.0.2.4)"]
        06:00:01Z 192.168.20.12 asks other.example A: NOERROR ["A Address(192.0.2.6)"]
        06:00:00Z 192.168.20.13 asks www.x.example A: NOERROR ["A Address(192.0.2.5)"]
    "#);
}

#[test]
fn dnsmasq_with_numbers_gives_each_answer_to_who_asked() {
    insta::assert_snapshot!(said(r"
        Oct 19 08:00:01 dnsmasq[812]: 1 192.168.20.21/40132 query[A] a.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: 2 192.168.20.22/40133 query[A] a.example from 192.168.20.22
        Oct 19 08:00:02 dnsmasq[812]: 2 192.168.20.22/40133 reply a.example is 192.0.2.2
        Oct 19 08:00:03 dnsmasq[812]: 1 192.168.20.21/40132 reply a.example is <CNAME>
        Oct 19 08:00:03 dnsmasq[812]: 1 192.168.20.21/40132 reply b.example is 192.0.2.1
    "), @r#"
        06:00:01Z 192.168.20.22 asks a.example A: NOERROR ["A Address(192.0.2.2)"]
        06:00:01Z 192.168.20.21 asks a.example A: NOERROR ["CNAME Name(\"b.example\")", "A Address(192.0.2.1)"]
    "#);
}

#[test]
fn dnsmasqs_errors_types_without_data_and_names_of_addresses_answer_their_questions() {
    insta::assert_snapshot!(said(r"
        Oct 19 08:00:01 dnsmasq[812]: query[A] stuk.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: query[AAAA] stuk.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: forwarded stuk.example to 9.9.9.9
        Oct 19 08:00:02 dnsmasq[812]: reply error is SERVFAIL
        Oct 19 08:00:02 dnsmasq[812]: config error is REFUSED (EDE: not ready)
        Oct 19 08:00:03 dnsmasq[812]: query[HTTPS] www.nieuws.example from 192.168.20.21
        Oct 19 08:00:03 dnsmasq[812]: query[A] www.nieuws.example from 192.168.20.21
        Oct 19 08:00:03 dnsmasq[812]: reply www.nieuws.example is <HTTPS>
        Oct 19 08:00:03 dnsmasq[812]: reply www.nieuws.example is 192.0.2.7
        Oct 19 08:00:04 dnsmasq[812]: query[PTR] 9.113.0.203.in-addr.arpa from 192.168.20.21
        Oct 19 08:00:04 dnsmasq[812]: reply 203.0.113.9 is host.example
        Oct 19 08:00:04 dnsmasq[812]: reply 203.0.113.9 is host2.example
        Oct 19 08:00:05 dnsmasq[812]: query[PTR] 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa from fd00::21
        Oct 19 08:00:05 dnsmasq[812]: reply 2001:db8::1 is NXDOMAIN
        Oct 19 08:00:06 dnsmasq[812]: query[A] 203.0.113.9 from 192.168.20.22
        Oct 19 08:00:06 dnsmasq[812]: config 203.0.113.9 is NXDOMAIN
        Oct 19 08:00:07 dnsmasq[812]: query[A] een.example from 192.168.20.21
        Oct 19 08:00:07 dnsmasq[812]: query[A] twee.example from 192.168.20.22
        Oct 19 08:00:08 dnsmasq[812]: reply error is SERVFAIL
    "), @r#"
        06:00:01Z 192.168.20.21 asks stuk.example A: SERVFAIL []
        06:00:01Z 192.168.20.21 asks stuk.example AAAA: REFUSED []
        06:00:03Z 192.168.20.21 asks www.nieuws.example HTTPS: NOERROR ["HTTPS Other(0)"]
        06:00:03Z 192.168.20.21 asks www.nieuws.example A: NOERROR ["A Address(192.0.2.7)"]
        06:00:04Z 192.168.20.21 asks 9.113.0.203.in-addr.arpa PTR: NOERROR ["PTR Name(\"host.example\")", "PTR Name(\"host2.example\")"]
        06:00:05Z fd00::21 asks 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR: NXDOMAIN []
        06:00:06Z 192.168.20.22 asks 203.0.113.9 A: NXDOMAIN []
        06:00:07Z 192.168.20.21 asks een.example A: - []
        06:00:07Z 192.168.20.22 asks twee.example A: - []
    "#);
    // With numbers it is told whose.
    insta::assert_snapshot!(said(r"
        Oct 19 08:00:01 dnsmasq[812]: 1 192.168.20.21/40132 query[A] een.example from 192.168.20.21
        Oct 19 08:00:01 dnsmasq[812]: 2 192.168.20.22/40133 query[A] twee.example from 192.168.20.22
        Oct 19 08:00:02 dnsmasq[812]: 2 192.168.20.22/40133 reply error is SERVFAIL (EDE: network error)
        Oct 19 08:00:02 dnsmasq[812]: 1 192.168.20.21/40132 cached-stale een.example is 192.0.2.1 (EDE: stale answer)
    "), @r#"
        06:00:01Z 192.168.20.22 asks twee.example A: SERVFAIL []
        06:00:01Z 192.168.20.21 asks een.example A: NOERROR ["A Address(192.0.2.1)"]
    "#);
}

#[test]
fn unbound() {
    insta::assert_snapshot!(said(r"
        [1792389601] unbound[77:0] info: 192.168.20.21 www.nieuws.example. A IN
        [1792389601] unbound[77:0] info: 192.168.20.21 www.nieuws.example. A IN NOERROR 0.250000 0 56
        [1792389602] unbound[77:1] reply: 192.168.20.22 qwxzjkv.example. AAAA IN NXDOMAIN 0.000000 1 101
        <30>1 2026-10-19T08:00:03+02:00 fw unbound 77 - - [77:0] query: 192.168.20.23 stil.example. TXT IN
        Oct 19 08:00:04 unbound[77:0] info: service stopped (unbound 1.19.2).
    "), @r#"
        06:00:01Z 192.168.20.21 asks www.nieuws.example A: NOERROR []
        06:00:02Z 192.168.20.22 asks qwxzjkv.example AAAA: NXDOMAIN []
        06:00:03Z 192.168.20.23 asks stil.example TXT: - []
    "#);
}

#[test]
fn adguard_home() {
    let message = "AAGBgAABAAEAAAAAA3d3dwZuaWV1d3MHZXhhbXBsZQAAAQABwAwAAQABAAAAPAAEwAACBw==";
    insta::assert_snapshot!(said(&format!(
        r#"{{"T":"2026-10-19T08:00:01.5+02:00","QH":"www.nieuws.example","QT":"A","QC":"IN","CP":"","Upstream":"tls://9.9.9.9","Answer":"{message}","IP":"192.168.20.21","Result":{{}},"Elapsed":25000000}}
        {{"T":"2026-10-19T08:00:02+02:00","QH":"kwaad.example","QT":"A","QC":"IN","CP":"doh","IP":"192.168.20.22","Result":{{"IsFiltered":true,"Reason":3}},"Elapsed":1}}"#
    )), @r#"
        06:00:01.5Z 192.168.20.21 asks www.nieuws.example A: NOERROR ["A Address(192.0.2.7)"]
        06:00:02Z 192.168.20.22 asks kwaad.example A: - []
    "#);
}

#[test]
fn fortigate() {
    insta::assert_snapshot!(said(r#"
        <189>date=2026-10-19 time=08:00:01 devname="FG60F" devid="FGT60FTK1" eventtime=1792389601500000000 tz="+0200" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=192.168.20.21 srcport=50001 srcintf="lan" dstip=203.0.113.9 dstport=443 dstintf="wan1" srccountry="Reserved" sessionid=77 proto=6 action="close" policyid=1 service="HTTPS" trandisp="snat" transip=198.51.100.1 duration=61 sentbyte=5200 rcvdbyte=91000 sentpkt=40 rcvdpkt=80 srcmac="02:00:c0:a8:14:15"
        <189>date=2026-10-19 time=08:00:02 devname="FG60F" devid="FGT60FTK1" logid="0000000013" type="traffic" subtype="forward" srcip=192.168.20.22 srcport=50002 dstip=203.0.113.10 dstport=445 sessionid=78 proto=6 action="deny" policyid=0 service="SMB" duration=0 sentbyte=0 rcvdbyte=0 sentpkt=0
        <189>date=2026-10-19 time=08:00:03 devid="FGT60FTK1" logid="0000000013" type="traffic" subtype="local" srcip=198.51.100.77 srcport=40000 dstip=198.51.100.1 dstport=22 sessionid=79 proto=6 action="deny" service="SSH"
        <189>date=2026-10-19 time=09:00:00 devid="FGT60FTK1" logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_allow" srcip=192.168.20.23 srcport=50003 dstip=203.0.113.11 dstport=443 sessionid=80 proto=6 hostname="www.nieuws.example" action="passthrough"
        <189>date=2026-10-19 time=10:00:00 devid="FGT60FTK1" logid="0000000020" type="traffic" subtype="forward" srcip=192.168.20.23 srcport=50003 dstip=203.0.113.11 dstport=443 sessionid=80 proto=6 action="accept" duration=3600 sentbyte=100 rcvdbyte=200 sentpkt=1 rcvdpkt=2 sentdelta=100
        <189>date=2026-10-19 time=12:00:00 devid="FGT60FTK1" logid="0000000013" type="traffic" subtype="forward" srcip=192.168.20.23 srcport=50003 dstip=203.0.113.11 dstport=443 sessionid=80 proto=6 action="client-rst" duration=10800 sentbyte=300 rcvdbyte=600 sentpkt=3 rcvdpkt=6
        <189>date=2026-10-19 time=12:00:01 devid="FGT60FTK1" logid="1501054802" type="utm" subtype="dns" eventtype="dns-response" srcip=192.168.20.21 srcport=50011 dstip=9.9.9.9 dstport=53 proto=17 qname="www.nieuws.example" qtype="A" ipaddr="192.0.2.7, 192.0.2.8"
        <189>date=2026-10-19 time=12:00:02 devid="FGT60FTK1" logid="0100032001" type="event" subtype="system" msg="Administrator admin logged in"
    "#), @r#"
        05:59:00.5Z +61s Tcp 192.168.20.21:50001 > 203.0.113.9:443 out 40/5200 in 80/91000 Established Finished [02, 00, c0, a8, 14, 15]
        06:00:02Z +0s Tcp 192.168.20.22:50002 > 203.0.113.10:445 out 1/0 in 0/0 Attempted Idle
        07:00:00Z 192.168.20.23:50003 > 203.0.113.11:443 TlsClient(TlsClient { sni: Some("www.nieuws.example"), alpn: [], version: "", ja3: "", ja3_text: "", ja4: "" })
        07:00:00Z +10800s Tcp 192.168.20.23:50003 > 203.0.113.11:443 out 3/300 in 6/600 Established Reset www.nieuws.example
        10:00:01Z 192.168.20.21 asks www.nieuws.example A: NOERROR ["A Address(192.0.2.7)", "A Address(192.0.2.8)"]
        1 of 8 lines are not read
    "#);
}

#[test]
fn sophos() {
    insta::assert_snapshot!(said(r#"
        <30>device="SFW" date=2026-10-19 time=08:00:01 timezone="CEST" device_name="XGS107" device_id=C1 log_id=010101600001 log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" status="Allow" priority=Information duration=61 fw_rule_id=5 src_mac=02:00:c0:a8:14:15 src_ip=192.168.20.21 src_country_code=R1 dst_ip=203.0.113.9 dst_country_code=NLD protocol="TCP" src_port=50001 dst_port=443 sent_pkts=40 recv_pkts=80 sent_bytes=5200 recv_bytes=91000 connevent="Stop" connid="1"
        <30>device_name="SFW" timestamp="2026-10-19T08:00:02+0200" device_model="XGS107" device_serial_id="C1" log_id="010102600002" log_type="Firewall" log_component="Firewall Rule" log_subtype="Denied" src_ip="192.168.20.22" dst_ip="203.0.113.10" protocol="TCP" src_port=50002 dst_port=445
        <30>device="SFW" date=2026-10-19 time=08:00:03 log_id=050901616001 log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" url="https://www.nieuws.example/" domain=www.nieuws.example src_ip=192.168.20.23 dst_ip=192.0.2.7 protocol="TCP" src_port=50003 dst_port=443
    "#), @r#"
        05:59:00Z +61s Tcp 192.168.20.21:50001 > 203.0.113.9:443 out 40/5200 in 80/91000 Established Finished [02, 00, c0, a8, 14, 15]
        06:00:02Z +0s Tcp 192.168.20.22:50002 > 203.0.113.10:445 out 1/0 in 0/0 Attempted Idle
        06:00:03Z 192.168.20.23:50003 > 192.0.2.7:443 TlsClient(TlsClient { sni: Some("www.nieuws.example"), alpn: [], version: "", ja3: "", ja3_text: "", ja4: "" })
    "#);
}

#[test]
fn pfsense_and_opnsense() {
    insta::assert_snapshot!(said(r"
        <134>Oct 19 08:00:01 filterlog[2391]: 4,,,1000000103,igb1,match,pass,in,4,0x0,,64,4321,0,DF,6,tcp,60,192.168.20.21,203.0.113.9,50001,443,0,S,1,,64240,,mss
        <134>1 2026-10-19T08:00:01+02:00 fw.lan filterlog 2391 - - 4,,,1000000103,igb0,match,pass,out,4,0x0,,63,4321,0,DF,6,tcp,60,198.51.100.1,203.0.113.9,50001,443,0,S,1,,64240,,mss
        <134>Oct 19 08:00:02 fw filterlog: 5,,,1000000104,igb1,match,block,in,4,0x0,,64,1,0,none,17,udp,72,192.168.20.22,203.0.113.10,50002,53,52
        <134>Oct 19 08:00:03 fw filterlog: 5,,,1000000104,igb0,match,block,in,4,0x0,,244,1,0,none,6,tcp,40,198.51.100.77,198.51.100.1,40000,22,0,S,1,,1024,,
        <134>Oct 19 08:00:04 fw filterlog: 5,,,1000000104,igb1,match,block,in,4,0x0,,64,1,0,none,6,tcp,40,192.168.20.22,203.0.113.10,50002,443,0,FA,1,,1024,,
        <134>Oct 19 08:00:05 fw filterlog: 5,,,1000000105,igb1,match,pass,in,6,0x00,0x0000,64,tcp,6,40,fd00::21,2001:db8::9,50001,443,0,S,1,,64240,,mss
        <134>Oct 19 08:00:06 fw filterlog: 5,,,1000000105,igb1,match,pass,in,4,0x0,,64,1,0,none,1,icmp,84,192.168.20.21,203.0.113.9,request,7,164
    "), @r#"
        06:00:01Z +0s Tcp 192.168.20.21:50001 > 203.0.113.9:443 out 1/60 in 0/0 NotSeen Idle
        06:00:02Z +0s Udp 192.168.20.22:50002 > 203.0.113.10:53 out 1/72 in 0/0 NotSeen Idle
        06:00:05Z +0s Tcp fd00::21:50001 > 2001:db8::9:443 out 1/80 in 0/0 NotSeen Idle
        06:00:06Z +0s Icmp 192.168.20.21:0 > 203.0.113.9:0 out 1/84 in 0/0 NotSeen Idle ping
    "#);
}

#[test]
fn what_left_by_a_pfsense_is_told_once_and_what_is_not_used_is_counted_by_why() {
    let line = |action: &str, from: &str, to: &str, flags: &str| {
        format!(
            "<134>Oct 19 08:00:01 filterlog[9]: 4,,,1,igb0,match,{action},4,0x0,,64,1,0,DF,6,tcp,60,{from},{to},50001,443,0,{flags},1,,64240,,mss"
        )
    };
    let log = [
        // Logged on both sides of the firewall: translated on its way out, and not.
        line("pass,in", "192.168.20.21", "203.0.113.9", "S"),
        line("pass,out", "198.51.100.1", "203.0.113.9", "S"),
        line("pass,in", "192.168.20.21", "203.0.113.10", "S"),
        line("pass,out", "192.168.20.21", "203.0.113.10", "S"),
        // On its way out alone.
        line("pass,out", "192.168.20.22", "203.0.113.11", "S"),
        line("pass,out", "192.168.20.22", "203.0.113.11", "S"),
        line("pass,out", "198.51.100.1", "203.0.113.12", "S"),
        line("block,out", "192.168.20.23", "203.0.113.13", "S"),
        line("block,in", "203.0.113.77", "198.51.100.1", "S"),
        line("pass,in", "192.168.20.24", "203.0.113.14", "FA"),
        line("pass,in", "203.0.113.77", "203.0.113.78", "S"),
    ];
    let mut lines = logs::Lines::new(logs::Settings::default());
    let mut told = Vec::new();
    for line in &log {
        let received = crate::RECEIVED.parse().unwrap();
        assert_eq!(
            lines.line(0, line.as_bytes(), received, &mut |event| told.push(event.conversation)),
            Some(Format::Filterlog)
        );
    }
    let told: Vec<_> = told.iter().map(|one| format!("{} {}", one.client.ip, one.server.ip)).collect();
    assert_eq!(
        told,
        [
            "192.168.20.21 203.0.113.9",
            "192.168.20.21 203.0.113.10",
            "192.168.20.22 203.0.113.11",
            "192.168.20.22 203.0.113.11",
            "192.168.20.23 203.0.113.13",
        ]
    );
    use logs::Unused::*;
    let unused: Vec<_> = lines.counters().unused.all().collect();
    assert_eq!(unused, [(Knocking, 1), (Elsewhere, 1), (Translated, 1), (ToldBefore, 2), (Midway, 1)]);
    // Seconds later it is another connection.
    let later = line("pass,out", "192.168.20.21", "203.0.113.9", "S").replace("08:00:01", "08:00:09");
    let mut events = 0;
    lines.line(0, later.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |_| events += 1);
    assert_eq!(events, 1);
}

#[test]
fn unifi_and_netfilter() {
    insta::assert_snapshot!(said(r#"
        <4>Oct 19 08:00:01 UDM-Pro kernel: [LAN_IN-A-2000]IN=br0 OUT=eth8 MAC=74:ac:b9:00:00:01:02:00:c0:a8:14:15:08:00 SRC=192.168.20.21 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=50001 DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0
        <4>Oct 19 08:00:02 UDM-Pro kernel: [LAN_OUT-D-3001] DESCR="no smb" IN=br0 OUT=eth8 MAC= SRC=192.168.20.22 DST=203.0.113.10 LEN=52 PROTO=TCP SPT=50002 DPT=445 SYN URGP=0
        <4>Oct 19 08:00:03 UDM-Pro kernel: [WAN_LOCAL-D-4000]IN=eth8 OUT= MAC= SRC=198.51.100.77 DST=198.51.100.1 LEN=40 PROTO=TCP SPT=40000 DPT=22 SYN URGP=0
        Oct 19 08:00:04 router kernel: [81.2] DROP wan out: IN=br-lan OUT=wan SRC=192.168.20.23 DST=203.0.113.10 LEN=72 PROTO=UDP SPT=5000 DPT=5000 LEN=52
        <14>Oct 19 08:00:05 UDM CEF:0|Ubiquiti|UniFi Network|9.3.33|201|Threat Detected and Blocked|7|proto=TCP src=192.168.20.22 spt=50005 dst=203.0.113.66 dpt=443 UNIFIcategory=Security UNIFIsubCategory=Intrusion Prevention UNIFIipsSignature=ET MALWARE Example \= CnC UNIFIipsSignatureId=2034631 act=blocked UNIFIutcTime=2026-10-19T06:00:05.250Z msg=A network intrusion attempt
        <14>Oct 19 08:00:06 UDM CEF:0|Ubiquiti|UniFi Network|9.3.33|202|Blocked by Firewall|4|src=192.168.20.22 spt=50006 dst=203.0.113.67 dpt=25 proto=TCP act=blocked
    "#), @r#"
        06:00:01Z +0s Tcp 192.168.20.21:50001 > 203.0.113.9:443 out 1/60 in 0/0 NotSeen Idle [02, 00, c0, a8, 14, 15]
        06:00:02Z +0s Tcp 192.168.20.22:50002 > 203.0.113.10:445 out 1/52 in 0/0 Attempted Idle
        06:00:04Z +0s Udp 192.168.20.23:5000 > 203.0.113.10:5000 out 1/72 in 0/0 NotSeen Idle
        06:00:05.25Z 192.168.20.22:50005 > 203.0.113.66:443 Alert(Alert { source: Cef, signature: "ET MALWARE Example = CnC", id: "2034631", category: None, severity: 2, is_blocked: true })
        06:00:06Z +0s Tcp 192.168.20.22:50006 > 203.0.113.67:25 out 1/0 in 0/0 Attempted Idle
    "#);
}

/// Whose `in` means what is known of two makers only.
#[test]
fn amounts_in_cef_are_believed_where_their_direction_is_known() {
    for (vendor, amounts) in [("Ubiquiti", "out 1/40000 in 1/2000"), ("Palo Alto Networks", "out 1/0 in 0/0")] {
        let said = said(&format!(
            "Oct 19 08:00:00 fw CEF:0|{vendor}|X|1|2|TRAFFIC|1|src=192.168.20.21 dst=203.0.113.9 spt=40000 dpt=443 proto=tcp act=allow in=2000 out=40000"
        ));
        assert!(said.contains(amounts), "{said}");
    }
}

#[test]
fn what_is_fine_and_tells_nothing_is_not_damaged() {
    let eve = |rest: &str| {
        format!(
            r#"{{"timestamp":"2026-10-19T08:00:01.5+0200","flow_id":7,"src_ip":"192.168.20.21","dest_ip":"224.0.0.18",{rest}}}"#
        )
    };
    for line in [
        eve(r#""event_type":"flow","proto":"VRRP","flow":{}"#),
        eve(r#""event_type":"alert","proto":"112x","alert":{"signature":"x"}"#),
        r#"{"timestamp":"2026-10-19T08:00:01.5+0200","event_type":"arp","proto":"ARP","arp":{}}"#.to_owned(),
        "Oct 19 08:00:00 fw filterlog[9]: 5,,,1,igb0,match,rdr,in,4,0x0,,64,1,0,DF,6,tcp,60,192.168.20.21,203.0.113.9,1,2,0,S".to_owned(),
        "Oct 19 08:00:00 fw filterlog[9]: 5,,,1,igb0,match,nat,out,4,0x0,,64,1,0,DF,6,tcp,60,192.168.20.21,203.0.113.9,1,2,0,S".to_owned(),
    ] {
        assert_eq!(said(&line), "", "{line}");
    }
    let damaged = eve(r#""event_type":"flow","proto":"TCP""#).replace("192.168.20.21", "x");
    assert_eq!(said(&damaged), "1 of 1 lines are not read");
    let root = r#"{"T":"2026-10-19T08:00:01+02:00","QH":"","QT":"NS","IP":"192.168.20.21"}"#;
    assert_eq!(said(root), "06:00:01Z 192.168.20.21 asks  NS: - []");
    let quic = eve(
        r#""event_type":"quic","src_port":50001,"dest_port":443,"proto":"UDP","quic":{"version":"1","sni":"a.example"}"#,
    );
    assert!(said(&quic).contains(r#"sni: Some("a.example"), alpn: [], version: "","#), "{}", said(&quic));
}

#[test]
fn what_sophos_raises_itself_is_an_alert_and_a_forwarded_port_is_told_with_its_host() {
    let line = |rest: &str| {
        format!(r#"<30>device="SFW" date=2026-10-19 time=08:00:01 timezone="CEST" device_name="XG" {rest}"#)
    };
    let said = said(&[
        line(r#"log_type="IDP" log_component="Signatures" log_subtype="Detect" signature_id=26022 signature_msg="FILE-PDF x" classification="A Network Trojan was detected" rule_priority=2 src_ip=203.0.113.9 dst_ip=192.168.20.22 protocol="TCP" src_port=80 dst_port=50001"#),
        line(r#"log_type="ATP" log_component="Firewall" log_subtype="Drop" protocol="TCP" src_port=50002 dst_port=80 src_ip=192.168.20.21 dst_ip=203.0.113.66 url=203.0.113.66 threatname="C2/Generic-A""#),
        line(r#"log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" con_event="Stop" src_ip=198.51.100.77 src_port=40000 dst_ip=203.0.113.9 dst_port=8443 protocol="TCP" sent_bytes=900 recv_bytes=90 sent_pkts=9 recv_pkts=1 tran_dst_ip=192.168.20.50 tran_dst_port=443"#),
    ]
    .join("\n"));
    let told: Vec<&str> = said.lines().collect();
    assert!(told.len() == 3, "{said}");
    assert!(
        told[0].contains("192.168.20.22:50001 > 203.0.113.9:80 Alert")
            && told[0].contains("severity: 2, is_blocked: false"),
        "{said}"
    );
    assert!(
        told[1].contains(r#"signature: "C2/Generic-A""#) && told[1].contains("severity: 1, is_blocked: true"),
        "{said}"
    );
    assert!(told[2].contains("198.51.100.77:40000 > 192.168.20.50:443"), "{said}");
}

#[test]
fn what_writes_a_file_is_told_by_its_beginning() {
    for (beginning, format) in [
        ("#separator \\x09\n#set_separator\t,\n", Some(Format::Zeek)),
        ("\n{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\"}", Some(Format::Zeek)),
        ("{\"timestamp\":\"x\",\"event_type\":\"flow\"}", Some(Format::Eve)),
        ("\u{feff}{\"timestamp\":\"x\",\"event_type\":\"flow\"}", Some(Format::Eve)),
        ("\u{feff}#separator \\x09\n", Some(Format::Zeek)),
        ("Mon Oct 19 08:00:00 2026 daemon.info dnsmasq[1]: started", Some(Format::Dnsmasq)),
        ("{\"hello\":1}", None),
        ("a capture is no text \u{0}", None),
    ] {
        assert_eq!(Format::of_file(beginning.as_bytes()), format, "{beginning}");
    }
    for format in Format::ALL {
        assert_eq!(Format::from_key(format.key()), Some(format));
    }
}

#[test]
fn a_flood_of_broken_and_half_lines_is_counted_and_bounded() {
    let shapes = [
        "Oct 19 08:00:01 dnsmasq[1]: query[A] NAME from 10.0.0.1",
        "Oct 19 08:00:01 dnsmasq[1]: reply NAME is <CNAME>",
        "[1792389601] unbound[1:0] info: 10.0.0.1 NAME. A IN",
        "date=2026-10-19 time=08:00:01 devid=\"F\" logid=\"0000000020\" type=\"traffic\" subtype=\"x\" sessionid=NAME srcip=10.0.0.1 dstip=1.1.1.1 proto=6 action=\"accept\"",
        "{\"event_type\":\"dns\",\"timestamp\":\"2026-10-19T08:00:01+0200\",\"flow_id\":NAME,\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"proto\":\"UDP\",\"dns\":{\"type\":\"query\",\"id\":1,\"rrname\":\"aNAME\",\"rrtype\":\"A\"}}",
        "filterlog: ,,,,,,block,in,4,NAME",
        "NAME",
        "{\"event_type\":NAME",
    ];
    let received = crate::RECEIVED.parse().unwrap();
    let mut lines = logs::Lines::new(logs::Settings::default());
    let mut events = 0u64;
    for number in 0..200_000u64 {
        let line = shapes[number as usize % shapes.len()].replace("NAME", &number.to_string());
        lines.line(0, line.as_bytes(), received, &mut |_| events += 1);
    }
    lines.finish(&mut |_| events += 1);
    let counters = lines.counters();
    assert_eq!((counters.lines, counters.read + counters.unknown), (200_000, 200_000));
    assert!(counters.dropped > 0 && events > 90_000, "{counters:?} {events}");
}
