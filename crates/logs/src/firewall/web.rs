//! What a web filter tells of a request: of readable HTTP what was asked for, of HTTPS the name.

use std::net::IpAddr;

use wire::event::{HttpRequest, Kind, QueryHash, Referer};

use super::hello;
use crate::fields::name;
use crate::json::kept;

/// Fields of its line, each where the line has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// Whole, or from the path on.
    pub(super) url: Option<&'a str>,
    pub(super) host: Option<&'a str>,
    /// `HTTP`, `HTTPS`.
    pub(super) service: Option<&'a str>,
    pub(super) port: u16,
    pub(super) method: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
}

/// A whole URL's parts.
#[derive(Clone, Copy, Debug)]
struct Whole<'a> {
    scheme: &'a str,
    host: &'a str,
    /// From the path on; may be empty.
    target: &'a str,
}

impl<'a> Asked<'a> {
    /// The host that was asked for: by itself, or within the whole URL.
    pub(super) fn host(&self) -> Option<String> {
        self.host.and_then(|host| name(host_of(host)?)).or_else(|| name(self.whole()?.host))
    }

    /// What is told of it. None: nothing, for the name that a client asks for in TLS is never an address (RFC 6066 §3).
    pub(super) fn kind(&self, host: String) -> Option<Kind> {
        if !self.is_readable() {
            return host.parse::<IpAddr>().is_err().then(|| hello(host));
        }
        let target = match self.whole() {
            Some(whole) if whole.target.is_empty() => "/",
            Some(whole) => whole.target,
            // What is not said is not made up; what does not begin as a path may begin with who asks and a password.
            None => self.url.filter(|url| url.starts_with('/') && !url.starts_with("//")).unwrap_or_default(),
        };
        Some(Kind::HttpRequest(HttpRequest {
            stream: 0,
            method: self.method.map(kept).unwrap_or_default(),
            path: kept(target.split(['?', '#']).next().unwrap_or_default()),
            query: QueryHash::of_target(target),
            user_agent: self.agent.map(kept),
            content_type: None,
            content_length: None,
            has_accept: true,
            referer: Referer::Other,
            host: Some(host),
        }))
    }

    fn is_readable(&self) -> bool {
        let said = self.whole().map(|whole| whole.scheme).or(self.service).unwrap_or_default();
        match said.to_ascii_lowercase().as_str() {
            "http" => true,
            "https" | "ssl" | "tls" => false,
            _ => matches!(self.port, 80 | 8080),
        }
    }

    fn whole(&self) -> Option<Whole<'a>> {
        let (scheme, rest) = self.url?.split_once("://")?;
        if !scheme.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let (authority, target) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        Some(Whole { scheme, host: host_of(authority)?, target })
    }
}

/// Without who asks, their password, brackets and the port (RFC 3986 §3.2).
fn host_of(authority: &str) -> Option<&str> {
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    match authority.strip_prefix('[') {
        Some(address) => address.split(']').next(),
        // An address of version 6 by itself has several.
        None if authority.matches(':').count() > 1 => Some(authority),
        None => authority.split(':').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_requests_are_told_whole_and_of_https_only_a_name() {
        let table = [
            (Some("http://web.example/bad/x.exe?a=1"), Some("web.example"), None, 80, "web.example /bad/x.exe +"),
            (Some("http://web.example:8081/x"), None, Some("HTTP"), 8081, "web.example /x"),
            (Some("http://u:p@185.244.31.158/mal.exe"), Some("185.244.31.158"), None, 80, "185.244.31.158 /mal.exe"),
            (Some("http://[2001:db8::1]:80"), None, None, 80, "2001:db8::1 /"),
            (Some("/a?u=http://b.example/"), Some("web.example"), Some("HTTP"), 81, "web.example /a +"),
            (Some("/a"), Some("web.example"), None, 80, "web.example /a"),
            (None, Some("web.example"), Some("HTTP"), 80, "web.example "),
            (Some("https://web.example/a"), None, Some("HTTP"), 443, "tls web.example"),
            (Some("/a"), Some("web.example"), Some("HTTPS"), 80, "tls web.example"),
            (None, Some("web.example"), None, 443, "tls web.example"),
            (Some("https://185.244.31.158/a"), Some("185.244.31.158"), None, 443, "-"),
            (Some("/a"), None, Some("HTTP"), 80, "no host"),
            (Some("http://a.example:8081/x"), Some("a.example:8081"), None, 8081, "a.example /x"),
            (Some("/x"), Some("jan:geheim@a.example:8081"), Some("HTTP"), 8081, "a.example /x"),
            (Some("/x"), Some("[2001:db8::9]:80"), Some("HTTP"), 80, "2001:db8::9 /x"),
            (Some("/x"), Some("2001:db8::9"), Some("HTTP"), 80, "2001:db8::9 /x"),
            (Some("//jan:geheim@a.example/x"), Some("a.example"), Some("HTTP"), 80, "a.example "),
            (Some("jan:geheim@a.example/x"), Some("a.example"), Some("HTTP"), 80, "a.example "),
        ];
        for (url, host, service, port, wanted) in table {
            let asked = Asked { url, host, service, port, method: None, agent: None };
            let told = match asked.host().map(|host| asked.kind(host)) {
                Some(Some(Kind::HttpRequest(request))) => {
                    let query = if request.query.is_some() { " +" } else { "" };
                    format!("{} {}{query}", request.host.unwrap_or_default(), request.path)
                }
                Some(Some(Kind::TlsClient(client))) => format!("tls {}", client.sni.unwrap_or_default()),
                Some(_) => "-".to_owned(),
                None => "no host".to_owned(),
            };
            assert_eq!(told, wanted, "{url:?}");
        }
    }
}
