//! Each kind of line as it is printed.

use wire::event::{
    Conversation, Dns, DnsAnswer, DnsData, Endpoint, Flow, FlowEnd, FlowId, Handshake, HttpResponse, RawContent,
    RawStream, TlsClient, TlsServer, Transport, Volume,
};

use super::*;

fn event(transport: Transport, kind: Kind) -> Event {
    let conversation = Conversation {
        transport,
        client: Endpoint { ip: [10, 0, 0, 5].into(), port: 40_000 },
        server: Endpoint { ip: "2001:db8::9".parse().unwrap(), port: 443 },
    };
    Event { at: Timestamp::from_millisecond(1_760_000_000_250).unwrap(), flow: FlowId(3), conversation, kind }
}

fn shown(transport: Transport, kind: Kind) -> String {
    line(&event(transport, kind)).unwrap().to_string()
}

#[test]
fn a_flow_is_one_line() {
    let Event { at, flow: id, conversation, .. } = event(Transport::Tcp, Kind::FlowStarted);
    let flow = Flow {
        id,
        conversation,
        client_mac: Some([2, 0, 10, 0, 0, 5]),
        server_mac: None,
        vlan: Some(7),
        first_at: at,
        last_at: at,
        is_timed: true,
        sent: Volume { packets: 2, bytes: 90 },
        received: Volume { packets: 1, bytes: 40 },
        sent_payload: 10,
        received_payload: 0,
        handshake: Handshake::Established,
        end: FlowEnd::EndOfInput,
        application: Some("tls"),
        name: Some("example.nl".into()),
    };
    insta::assert_snapshot!(shown(Transport::Tcp, Kind::FlowEnded(Box::new(flow))), @r#"{"type":"flow","flow":3,"first_at":"2025-10-09T08:53:20.250000Z","last_at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000,"mac":"02:00:0a:00:00:05"},"server":{"ip":"2001:db8::9","port":443,"mac":null},"vlan":7,"sent":{"packets":2,"bytes":90,"payload_bytes":10},"received":{"packets":1,"bytes":40,"payload_bytes":0},"handshake":"established","end":"end_of_input","application":"tls","name":"example.nl"}"#);
    assert!(line(&event(Transport::Tcp, Kind::FlowStarted)).is_none());
}

#[test]
fn dns_is_one_line_with_what_its_records_hold() {
    let record = |kind: &str, data| DnsAnswer { name: "a.nl".into(), kind: kind.into(), ttl: 60, data };
    let dns = Dns {
        name: "a.nl".into(),
        kind: "A".into(),
        transaction: 7,
        answered_at: Some(Timestamp::from_microsecond(1_760_000_000_260_001).unwrap()),
        code: Some("NOERROR".into()),
        answers: vec![
            record("CNAME", DnsData::Name("b.nl".into())),
            record("A", DnsData::Address([192, 0, 2, 7].into())),
            record("TXT", DnsData::Other(9)),
        ],
    };
    insta::assert_snapshot!(shown(Transport::Udp, Kind::Dns(dns)), @r#"{"type":"dns","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"udp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"name":"a.nl","kind":"A","transaction":7,"answered_at":"2025-10-09T08:53:20.260001Z","code":"NOERROR","answers":[{"name":"a.nl","kind":"CNAME","ttl":60,"target":"b.nl"},{"name":"a.nl","kind":"A","ttl":60,"address":"192.0.2.7"},{"name":"a.nl","kind":"TXT","ttl":60,"data_bytes":9}]}"#);
}

#[test]
fn tls_and_http_say_which_side_spoke() {
    let client = TlsClient {
        sni: Some("a.nl".into()),
        alpn: vec!["h2".into()],
        version: "1.3".into(),
        ja3: "0".repeat(32),
        ja3_text: "771,,,,".into(),
        ja4: "t13d000000_000000000000_000000000000".into(),
    };
    let response = HttpResponse {
        stream: 0,
        status: 404,
        server: None,
        content_type: None,
        content_length: Some(3),
        is_encoded: false,
    };
    insta::assert_snapshot!(shown(Transport::Tcp, Kind::TlsClient(client)), @r#"{"type":"tls","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"side":"client","sni":"a.nl","alpn":["h2"],"version":"1.3","ja3":"00000000000000000000000000000000","ja3_text":"771,,,,","ja4":"t13d000000_000000000000_000000000000"}"#);
    insta::assert_snapshot!(shown(Transport::Tcp, Kind::HttpResponse(response)), @r#"{"type":"http","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"side":"response","status":404,"server":null,"content_type":null,"content_length":3}"#);
}

#[test]
fn what_a_bare_stream_begins_with_is_one_line() {
    let raw = RawStream { content: RawContent::Shell, is_from_client: true };
    insta::assert_snapshot!(shown(Transport::Tcp, Kind::RawStream(raw)), @r#"{"type":"raw_stream","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"side":"client","content":"shell"}"#);
}

#[test]
fn what_has_no_ports_says_null() {
    let flow = shown(
        Transport::Other(47),
        Kind::TlsServer(TlsServer { version: "1.2".into(), cipher: "0x1234".into(), alpn: None }),
    );
    insta::assert_snapshot!(flow, @r#"{"type":"tls","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"protocol_47","client":{"ip":"10.0.0.5","port":null},"server":{"ip":"2001:db8::9","port":null},"side":"server","version":"1.2","cipher":"0x1234","alpn":null}"#);
}
