//! What a FortiGate says within CEF, and what it raises itself.

use logs::{Format, Lines, Settings, Unused};

use crate::said;

const IN_CEF: &str = r"
    <189>Oct 19 08:00:00 FGT CEF:0|Fortinet|Fortigate|v7.2.5|00015|traffic:forward start|3|deviceExternalId=FG FTNTFGTlogid=0000000015 cat=traffic:forward FTNTFGTsubtype=forward src=192.168.20.21 spt=50001 dst=203.0.113.9 dpt=443 externalId=77 proto=6 act=start app=HTTPS FTNTFGTduration=0 out=0 in=0
    <189>Oct 19 08:00:01 FGT CEF:0|Fortinet|Fortigate|v7.2.5|13312|utm:webfilter ftgd_allow passthrough|3|deviceExternalId=FG FTNTFGTlogid=0317013312 cat=utm:webfilter FTNTFGTsubtype=webfilter externalId=77 src=192.168.20.21 spt=50001 dst=203.0.113.9 dpt=443 proto=6 app=HTTPS dhost=www.nieuws.example act=passthrough request=/nieuws?a\=1 FTNTFGTcat=26
    <189>Oct 19 08:02:00 FGT CEF: 0|Fortinet|Fortigate|v6.0.3|00020|traffic:forward accept|3|deviceExternalId=FG FTNTFGTlogid=0000000020 cat=traffic:forward FTNTFGTsubtype=forward src=192.168.20.21 spt=50001 dst=203.0.113.9 dpt=443 externalId=77 proto=6 act=accept FTNTFGTduration=120 out=2000 in=1000 FTNTFGTsentpkt=20 FTNTFGTrcvdpkt=10
    <189>Oct 19 08:04:00 FGT CEF:0|Fortinet|Fortigate|v7.2.5|00020|traffic:forward accept|3|deviceExternalId=FG FTNTFGTlogid=0000000020 cat=traffic:forward FTNTFGTsubtype=forward src=192.168.20.21 spt=50001 dst=203.0.113.9 dpt=443 externalId=77 proto=6 act=accept FTNTFGTduration=240 out=4000 in=2000 FTNTFGTsentpkt=40 FTNTFGTrcvdpkt=20
    <189>Oct 19 08:05:00 FGT CEF:0|Fortinet|Fortigate|v7.2.5|00013|traffic:forward close|3|deviceExternalId=FG FTNTFGTlogid=0000000013 cat=traffic:forward FTNTFGTsubtype=forward src=192.168.20.21 spt=50001 dst=203.0.113.9 dhost=203.0.113.9 dpt=443 externalId=77 proto=6 act=close FTNTFGTduration=300 out=5000 in=2500 FTNTFGTsentpkt=50 FTNTFGTrcvdpkt=25
    <189>Oct 19 08:05:01 FGT CEF:0|Fortinet|Fortigate|v7.2.5|54802|utm:dns dns-response pass|3|deviceExternalId=FG FTNTFGTlogid=1501054802 cat=utm:dns FTNTFGTsubtype=dns FTNTFGTeventtype=dns-response src=192.168.20.21 spt=50011 dst=9.9.9.9 dpt=53 proto=17 FTNTFGTqname=www.nieuws.example FTNTFGTqtype=A FTNTFGTipaddr=192.0.2.7, 192.0.2.8 msg=Domain is monitored act=pass
    <189>Oct 19 08:05:02 FGT CEF:0|Fortinet|Fortigate|v7.2.5|16384|utm:ips signature detected|7|deviceExternalId=FG FTNTFGTlogid=0419016384 cat=utm:ips FTNTFGTsubtype=ips FTNTFGTseverity=high src=192.168.20.21 spt=50001 dst=203.0.113.9 dpt=443 proto=6 act=detected FTNTFGTattack=Example.Beacon FTNTFGTattackid=12345
";

#[test]
fn in_cef_a_session_is_told_once_with_its_name_and_questions_are_read() {
    insta::assert_snapshot!(said(IN_CEF), @r#"
        06:00:01Z 192.168.20.21:50001 > 203.0.113.9:443 TlsClient(TlsClient { sni: Some("www.nieuws.example"), alpn: [], version: "", ja3: "", ja3_text: "", ja4: "" })
        06:00:00Z +300s Tcp 192.168.20.21:50001 > 203.0.113.9:443 out 50/5000 in 25/2500 Established Finished www.nieuws.example
        06:05:01Z 192.168.20.21 asks www.nieuws.example A: NOERROR ["A Address(192.0.2.7)", "A Address(192.0.2.8)"]
        06:05:02Z 192.168.20.21:50001 > 203.0.113.9:443 Alert(Alert { source: Cef, signature: "Example.Beacon", id: "12345", category: Some("ips"), severity: 2, is_blocked: false })
    "#);
    for line in IN_CEF.trim().lines() {
        assert_eq!(Format::of(line), Some(Format::Fortigate), "{line}");
    }
}

/// As Fortinet's reference has them, and as the raw log is downloaded from its pages.
#[test]
fn a_line_that_names_no_device_is_a_fortigates_all_the_same() {
    let line = r#"date=2026-10-19 time=08:00:00 logid="0000000013" type="traffic" subtype="forward" level="notice" vd="vdom1" srcip=192.168.20.21 srcport=54190 dstip=203.0.113.9 dstport=443 sessionid=402 proto=6 action="close" duration=2 sentbyte=3652 rcvdbyte=146668 sentpkt=53 rcvdpkt=113"#;
    assert_eq!(Format::of(line), Some(Format::Fortigate));
    assert!(said(line).contains("192.168.20.21:54190 > 203.0.113.9:443 out 53/3652 in 113/146668"), "{}", said(line));
}

/// A port that is forwarded: the address that was called is the firewall's own, and nobody's at home.
#[test]
fn a_forwarded_port_is_told_with_the_host_behind_it() {
    let line = |rest: &str| {
        format!(
            "<189>date=2026-10-19 time=08:00:00 devid=\"FG\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=198.51.100.77 srcport=40000 dstip=203.0.113.9 dstport=8443 proto=6 action=\"close\" duration=2 sentbyte=900 rcvdbyte=90000 sentpkt=9 rcvdpkt=90 {rest}"
        )
    };
    for how in ["dnat", "snat+dnat"] {
        let said = said(&line(&format!("trandisp=\"{how}\" tranip=192.168.20.50 tranport=443")));
        assert!(said.contains("198.51.100.77:40000 > 192.168.20.50:443 out 9/900 in 90/90000"), "{said}");
    }
    assert_eq!(said(&line("trandisp=\"noop\"")), "", "neither end is at home");
    let cef = "<189>Oct 19 08:05:00 FGT CEF:0|Fortinet|Fortigate|v7.2.5|00013|traffic:forward close|3|deviceExternalId=FG FTNTFGTlogid=0000000013 cat=traffic:forward src=198.51.100.77 spt=40000 dst=203.0.113.9 dpt=8443 proto=6 act=close FTNTFGTtrandisp=dnat destinationTranslatedAddress=192.168.20.50 destinationTranslatedPort=443 out=900 in=90000";
    assert!(said(cef).contains("198.51.100.77:40000 > 192.168.20.50:443"), "{}", said(cef));
}

/// A request for such a path must not become a conversation that never was.
#[test]
fn cef_within_a_url_is_no_line_of_cef() {
    let line = r#"<189>date=2026-10-19 time=08:00:01 devid="FG" logid="0317013312" type="utm" subtype="webfilter" srcip=192.168.20.21 srcport=50001 dstip=203.0.113.9 dstport=80 sessionid=7 proto=6 hostname="www.nieuws.example" url="/CEF:0|Fortinet|a|b|c|d|e|FTNTFGTlogid=1 cat=traffic:forward src=192.168.20.99 dst=192.0.2.1 proto=6 act=close out=9""#;
    let said = said(line);
    assert!(said.contains("Z 192.168.20.21:50001 > 203.0.113.9:80 HttpRequest"), "{said}");
    assert!(said.contains("www.nieuws.example") && said.lines().count() == 1, "{said}");
}

#[test]
fn what_it_raises_itself_is_an_alert() {
    insta::assert_snapshot!(said(r#"
        <189>date=2026-10-19 time=08:00:01 devid="FG" logid="0419016384" type="utm" subtype="ips" eventtype="signature" severity="critical" srcip=192.168.20.21 srcport=50001 dstip=203.0.113.9 dstport=443 proto=6 action="detected" attack="Backdoor.Cobalt.Strike.Beacon" attackid=12345
        <189>date=2026-10-19 time=08:00:02 devid="FG" logid="0419016384" type="utm" subtype="ips" eventtype="signature" severity="info" srcip=203.0.113.9 srcport=80 dstip=192.168.20.22 dstport=50002 proto=6 action="reset" attack="Eicar.Virus.Test.File" attackid=29844
        <189>date=2026-10-19 time=08:00:03 devid="FG" logid="0211008192" type="utm" subtype="virus" eventtype="infected" action="blocked" srcip=192.168.20.21 srcport=50003 dstip=203.0.113.9 dstport=80 proto=6 filename="eicar.com" virus="EICAR_TEST_FILE"
        <189>date=2026-10-19 time=08:00:04 devid="FG" logid="1501054601" type="utm" subtype="dns" eventtype="dns-response" srcip=192.168.20.21 srcport=50004 dstip=192.168.20.1 dstport=53 proto=17 qname="botnet.example" qtype="A" action="redirect" botnetdomain="botnet.example" ipaddr="203.0.113.55"
        <189>date=2026-10-19 time=08:00:05 devid="FG" logid="0720018433" type="utm" subtype="anomaly" eventtype="anomaly" severity="critical" srcip=192.168.20.23 dstip=203.0.113.9 proto=1 action="detected" attack="icmp_flood" attackid=16777316
    "#), @r#"
        06:00:01Z 192.168.20.21:50001 > 203.0.113.9:443 Alert(Alert { source: Cef, signature: "Backdoor.Cobalt.Strike.Beacon", id: "12345", category: Some("ips"), severity: 1, is_blocked: false })
        06:00:02Z 192.168.20.22:50002 > 203.0.113.9:80 Alert(Alert { source: Cef, signature: "Eicar.Virus.Test.File", id: "29844", category: Some("ips"), severity: 3, is_blocked: true })
        06:00:03Z 192.168.20.21:50003 > 203.0.113.9:80 Alert(Alert { source: Cef, signature: "EICAR_TEST_FILE", id: "EICAR_TEST_FILE", category: Some("virus"), severity: 1, is_blocked: true })
        06:00:04Z 192.168.20.21:50004 > 192.168.20.1:53 Alert(Alert { source: Cef, signature: "botnet: botnet.example", id: "botnet: botnet.example", category: Some("dns"), severity: 1, is_blocked: true })
        06:00:04Z 192.168.20.21 asks botnet.example A: NOERROR ["A Address(203.0.113.55)"]
        06:00:05Z 192.168.20.23:0 > 203.0.113.9:0 Alert(Alert { source: Cef, signature: "icmp_flood", id: "16777316", category: Some("anomaly"), severity: 3, is_blocked: false })
    "#);
}

#[test]
fn a_name_stands_in_a_url_too_and_what_has_none_is_counted_by_why() {
    let line = |rest: &str| {
        format!(
            "<189>date=2026-10-19 time=08:00:01 devid=\"FG\" logid=\"1059028704\" type=\"utm\" dstip=203.0.113.9 dstport=9001 proto=6 {rest}"
        )
    };
    let home = "srcip=192.168.20.21 srcport=50003";
    let log = [
        line(&format!("subtype=\"webfilter\" {home} url=\"https://www.nieuws.example:8443/pad\"")),
        line(&format!("subtype=\"webfilter\" {home} url=\"/pad\"")),
        line(&format!("subtype=\"app-ctrl\" {home} app=\"Tor\" apprisk=\"critical\" action=\"pass\"")),
        line(&format!("subtype=\"file-filter\" {home} filename=\"a.exe\" action=\"blocked\"")),
        line("subtype=\"ips\" srcip=198.51.100.77 srcport=50003 attack=\"Example.Overflow\" action=\"dropped\""),
    ];
    let mut lines = Lines::new(Settings::default());
    let mut told = Vec::new();
    for line in &log {
        let read = lines.line(1, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| told.push(event.kind));
        assert_eq!(read, Some(Format::Fortigate), "{line}");
    }
    assert!(told.len() == 1 && format!("{told:?}").contains("Some(\"www.nieuws.example\")"), "{told:?}");
    let unused: Vec<_> = lines.counters().unused.all().collect();
    assert_eq!(unused, [(Unused::Knocking, 1), (Unused::Midway, 3)]);
}
