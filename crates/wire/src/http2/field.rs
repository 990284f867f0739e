//! The header fields that are read, and what is kept of them: no query (its hash), no cookie, no secret, not even in a table.

use std::borrow::Cow;

use crate::event::{HttpRequest, HttpResponse, QueryHash, Referer};
use crate::http::content::Codings;
use crate::http::head::{MAX_PATH, MAX_VALUE, host_name, referer, split_target};
use crate::http::login::{Offer, of_field, of_pairs};
use crate::text;

/// A field's name, where it is one that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Method,
    Authority,
    Path,
    Scheme,
    Status,
    Host,
    UserAgent,
    ContentType,
    ContentLength,
    ContentEncoding,
    Accept,
    Referer,
    Authorization,
    ProxyAuthorization,
    Server,
    Other,
}

impl Name {
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b":method" => Self::Method,
            b":authority" => Self::Authority,
            b":path" => Self::Path,
            b":scheme" => Self::Scheme,
            b":status" => Self::Status,
            b"host" => Self::Host,
            b"user-agent" => Self::UserAgent,
            b"content-type" => Self::ContentType,
            b"content-length" => Self::ContentLength,
            b"content-encoding" => Self::ContentEncoding,
            b"accept" => Self::Accept,
            b"referer" => Self::Referer,
            b"authorization" => Self::Authorization,
            b"proxy-authorization" => Self::ProxyAuthorization,
            b"server" => Self::Server,
            _ => Self::Other,
        }
    }
}

/// A field with what is kept of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Text that is told as it is.
    Text(Name, String),
    /// With the hash of its query.
    Path(String, Option<QueryHash>, Option<Offer>),
    Status(u16),
    ContentLength(u64),
    /// A page's address without its query.
    Referer(Vec<u8>),
    Login(Name, Offer),
    Codings(Codings),
    /// Nothing is kept: only that it was there.
    Present(Name),
}

impl Field {
    pub(super) fn of(name: Name, value: &[u8]) -> Self {
        let kept = |max: usize| Self::Text(name, text::line(value, max));
        let field = match name {
            Name::Method => return kept(32),
            Name::UserAgent | Name::ContentType | Name::Server => return kept(MAX_VALUE),
            Name::Authority | Name::Host => host_name(value).map(|host| Self::Text(name, host)),
            Name::Path => {
                let target = String::from_utf8_lossy(value);
                let (_, path) = split_target("", &target);
                let login = target.split_once('?').and_then(|(_, query)| of_pairs(query.as_bytes()));
                Some(Self::Path(text::line(path, MAX_PATH), QueryHash::of_target(&target), login))
            }
            Name::Status => number(value).map(Self::Status),
            Name::ContentLength => number(value).map(Self::ContentLength),
            Name::ContentEncoding => Some(Self::Codings(Codings::of(value))),
            Name::Referer => {
                let page = value.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default();
                Some(Self::Referer(page.get(..MAX_PATH).unwrap_or(page).to_vec()))
            }
            Name::Authorization => of_field(value, false).map(|offer| Self::Login(name, offer)),
            Name::ProxyAuthorization => of_field(value, true).map(|offer| Self::Login(name, offer)),
            Name::Accept | Name::Scheme | Name::Other => None,
        };
        field.unwrap_or(Self::Present(name))
    }

    pub(super) fn name(&self) -> Name {
        match self {
            Self::Text(name, _) | Self::Login(name, _) | Self::Present(name) => *name,
            Self::Path(..) => Name::Path,
            Self::Status(_) => Name::Status,
            Self::ContentLength(_) => Name::ContentLength,
            Self::Referer(_) => Name::Referer,
            Self::Codings(_) => Name::ContentEncoding,
        }
    }

    /// Bytes that it holds beside itself.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Text(_, text) | Self::Path(text, ..) => text.len(),
            Self::Referer(page) => page.len(),
            _ => 0,
        }
    }
}

fn number<T: std::str::FromStr>(value: &[u8]) -> Option<T> {
    let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok()
}

/// The fields of one head, of which the first of a name counts.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Vec<Field>,
    /// Whether there were some that could not be read.
    pub(super) has_unknown: bool,
}

/// What a head is.
#[derive(Debug, PartialEq)]
pub(super) enum Head {
    Request(HttpRequest, Option<Offer>),
    /// And how its body is packed.
    Response(HttpResponse, Codings),
    /// Fields after a body, or one of which too little could be read.
    Neither,
}

impl Fields {
    pub(super) fn add(&mut self, field: Option<Cow<'_, Field>>) {
        match field {
            None => self.has_unknown = true,
            Some(field) if field.name() != Name::Other && self.get(field.name()).is_none() => {
                self.fields.push(field.into_owned());
            }
            Some(_) => {}
        }
    }

    fn get(&self, name: Name) -> Option<&Field> {
        self.fields.iter().find(|field| field.name() == name)
    }

    fn text(&self, name: Name) -> Option<String> {
        match self.get(name)? {
            Field::Text(_, text) => Some(text.clone()),
            _ => None,
        }
    }

    fn login(&self, name: Name) -> Option<Offer> {
        match self.get(name)? {
            Field::Login(_, offer) => Some(offer.clone()),
            _ => None,
        }
    }

    fn content_length(&self) -> Option<u64> {
        match self.get(Name::ContentLength)? {
            Field::ContentLength(length) => Some(*length),
            _ => None,
        }
    }

    /// The head that these fields make, on a stream that is told by that number.
    pub(super) fn head(&self, stream: u32) -> Head {
        if let Some(Field::Status(status)) = self.get(Name::Status) {
            let codings = match self.get(Name::ContentEncoding) {
                Some(Field::Codings(codings)) => *codings,
                _ => Codings::default(),
            };
            let response = HttpResponse {
                stream,
                status: *status,
                server: self.text(Name::Server),
                content_type: self.text(Name::ContentType),
                content_length: self.content_length(),
                is_encoded: codings.is_any(),
            };
            return Head::Response(response, codings);
        }
        let method = self.text(Name::Method);
        let host = self.text(Name::Authority).or_else(|| self.text(Name::Host));
        if method.is_none() && (host.is_none() || self.get(Name::Status).is_some()) {
            return Head::Neither;
        }
        let (path, query, of_query) = match self.get(Name::Path) {
            Some(Field::Path(path, query, login)) => (path.clone(), *query, login.clone()),
            _ => (String::new(), None, None),
        };
        let referer = match self.get(Name::Referer) {
            Some(Field::Referer(page)) => referer(page, host.as_deref().map(str::as_bytes), path.as_bytes()),
            _ if self.has_unknown => Referer::Other,
            _ => Referer::Absent,
        };
        let login = self.login(Name::Authorization).or_else(|| self.login(Name::ProxyAuthorization)).or(of_query);
        let request = HttpRequest {
            stream,
            method: method.unwrap_or_default(),
            host,
            path,
            query,
            user_agent: self.text(Name::UserAgent),
            content_type: self.text(Name::ContentType),
            content_length: self.content_length(),
            has_accept: self.has_unknown || self.get(Name::Accept).is_some(),
            referer,
        };
        Head::Request(request, login)
    }
}
