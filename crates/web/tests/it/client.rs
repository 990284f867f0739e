//! A browser of sorts: keeps its cookies, sends forms as our own pages do, reads pages as text.

#![allow(dead_code, reason = "each walk uses a part of it")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt;

use app::NewInvitation;
use incident::Role;

use crate::world::{NOW, PASSWORD, World};

pub struct Client {
    router: Router,
    cookies: Vec<(String, String)>,
    /// Where they stand on the network.
    pub address: Option<std::net::SocketAddr>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl World {
    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Client {
        Client { router: self.router.clone(), cookies: Vec::new(), address: None }
    }

    async fn signed_in(&self, email: &str) -> Client {
        let mut client = self.visitor();
        let answer = client.post("/aanmelden", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        client
    }

    pub async fn officer(&self) -> Client {
        self.signed_in("directeur@korenaar.example").await
    }

    pub async fn handler(&self) -> Client {
        self.signed_in("kantoor@korenaar.example").await
    }

    pub async fn employee(&self) -> Client {
        self.signed_in("winkel@korenaar.example").await
    }

    pub async fn dpo(&self) -> Client {
        self.signed_in("fg@korenaar.example").await
    }

    /// Somebody new at the baker's, with these roles.
    pub async fn invited(&self, roles: &[Role]) -> Client {
        let scope = self.app.permit_program("bakkerij-de-korenaar").await.unwrap();
        let invitation =
            NewInvitation { organisation: Some(scope.id()), roles: roles.to_vec(), ..NewInvitation::default() };
        self.join(invitation, "Bea Heer", "bea@korenaar.example", NOW).await;
        self.signed_in("bea@korenaar.example").await
    }

    /// An engineer of the provider.
    pub async fn provider(&self) -> Client {
        self.signed_in("karim@noorderlicht.example").await
    }

    /// The officer of an organisation without a provider.
    pub async fn alone(&self) -> Client {
        self.signed_in("ada@zwaluw.example").await
    }

    /// Somebody with a role, but elsewhere.
    pub async fn stranger(&self) -> Client {
        self.signed_in("vera@molen.example").await
    }
}

impl Client {
    /// Asks another router from now on, with the same cookies.
    pub fn goes_to(&mut self, router: &Router) {
        self.router = router.clone();
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form as a browser does from our own page.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[("sec-fetch-site", "same-origin")], Some(form)).await
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        let (kind, body) = match form {
            Some(form) => ("application/x-www-form-urlencoded", Body::from(encoded(form))),
            None => ("", Body::empty()),
        };
        self.send_body(method, path, headers, kind, body).await
    }

    /// Sends a form with one file in it, as a browser does.
    pub async fn upload(&mut self, path: &str, field: &str, name: &str, bytes: &[u8]) -> Answer {
        const EDGE: &str = "----rand";
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{EDGE}--\r\n").as_bytes()].concat();
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send_body(Method::POST, path, &[("sec-fetch-site", "same-origin")], &kind, Body::from(body)).await
    }

    /// Sends a body of a kind (empty: without one).
    pub async fn send_body(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        kind: &str,
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        if let Some(address) = self.address {
            request = request.extension(axum::extract::ConnectInfo(address));
        }
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.retain(|(kept, _)| kept != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str())
    }
}

impl Answer {
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let html = self.html();
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).expect("no such hidden field");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// The page's own part as somebody reads it: one line a block, fields as `[ ]`, what is chosen as `[x]`.
    pub fn text(&self) -> String {
        let html = self.html();
        let main = html.split_once("<main").map_or(html.as_str(), |(_, main)| main);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        readable(main)
    }
}

fn encoded(form: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                b' ' => "+".to_owned(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    form.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

fn readable(html: &str) -> String {
    const INLINE: [&str; 15] = [
        "a", "bdi", "strong", "span", "time", "code", "mark", "small", "use", "svg", "text", "path", "circle", "rect",
        "b",
    ];
    let mut text = String::new();
    let mut is_drawing = false;
    // The rest of the opening `<main …>` comes first.
    for part in html.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let is_on = |what: &str| tag.split_whitespace().any(|word| word.trim_end_matches('/') == what);
        match name.as_str() {
            "svg" => is_drawing = !tag.starts_with('/'),
            "input" if tag.contains("type=\"hidden\"") => {}
            "input" if tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"") => {
                text.push_str(if is_on("checked") { "\n[x] " } else { "\n[ ] " });
            }
            "input" => {
                let value = tag.split_once("value=\"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
                text.push_str(&format!("\n[{}]", value.unwrap_or_default()));
            }
            "option" if !tag.starts_with('/') => text.push_str(if is_on("selected") { "\n(x) " } else { "\n( ) " }),
            "button" if !tag.starts_with('/') => text.push_str("\n> "),
            name if INLINE.contains(&name) || name == "option" || name == "label" => {}
            _ => text.push('\n'),
        }
        if !is_drawing {
            text.push_str(&after.replace('\n', " "));
        }
    }
    let text = text
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
