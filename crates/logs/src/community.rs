//! Community ID: the same short name for the same conversation in every tool (version 1 of its specification, seed 0).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use wire::event::{Conversation, Endpoint, Transport};

/// None: of ICMP that is no ping the type is not kept, which the name is made of.
pub(crate) fn id(conversation: &Conversation, is_ping: bool) -> Option<String> {
    let Conversation { transport, client, server } = *conversation;
    let is_v4 = client.ip.is_ipv4();
    let (protocol, client, server) = match transport {
        Transport::Tcp => (6, client, server),
        Transport::Udp => (17, client, server),
        // A ping's ports are the types of its two messages.
        Transport::Icmp if is_ping => {
            let (ask, answer, protocol) = if is_v4 { (8, 0, 1) } else { (128, 129, 58) };
            (protocol, Endpoint { port: ask, ..client }, Endpoint { port: answer, ..server })
        }
        Transport::Icmp => return None,
        Transport::Other(protocol) => (protocol, client, server),
    };
    let (low, high) =
        if (client.ip, client.port) <= (server.ip, server.port) { (client, server) } else { (server, client) };
    let mut bytes = vec![0, 0];
    for end in [low, high] {
        match end.ip {
            std::net::IpAddr::V4(ip) => bytes.extend(ip.octets()),
            std::net::IpAddr::V6(ip) => bytes.extend(ip.octets()),
        }
    }
    bytes.extend([protocol, 0]);
    if !matches!(transport, Transport::Other(_)) {
        bytes.extend(low.port.to_be_bytes());
        bytes.extend(high.port.to_be_bytes());
    }
    Some(format!("1:{}", STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples that the specification's own repository checks implementations with.
    #[test]
    fn names_are_those_of_the_specification() {
        let table = [
            (Transport::Tcp, ("128.232.110.120", 34_855), ("66.35.250.204", 80), "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
            (Transport::Udp, ("192.168.1.52", 54_585), ("8.8.8.8", 53), "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        ];
        for (transport, client, server, id_of_it) in table {
            let end = |(ip, port): (&str, u16)| Endpoint { ip: ip.parse().unwrap(), port };
            for (client, server) in [(client, server), (server, client)] {
                let conversation = Conversation { transport, client: end(client), server: end(server) };
                assert_eq!(id(&conversation, false).as_deref(), Some(id_of_it));
            }
        }
    }
}
