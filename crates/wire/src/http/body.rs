//! A message's body on its way past: what it begins with, a log-in in it, personal data in it. Nothing of it is kept.

use jiff::Timestamp;

use super::content::{Codings, LOOKED_AT, LOOKED_AT_PACKED, content, packed_content};
use super::login::{MAX_FORM, Offer, may_hold_form, of_body};
use crate::content::Content;
use crate::event::{self, HttpBody, Kind};
use crate::findings::Findings;

/// What is looked for in one body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    form: Option<Form>,
    /// A request's body, looked through on its way.
    content: Option<Box<Content>>,
    /// Its beginning, until there is enough of it to tell what it is.
    begun: Option<Begun>,
}

/// The beginning of a body so far.
#[derive(Debug, Default)]
struct Begun {
    bytes: Vec<u8>,
    codings: Codings,
    is_from_client: bool,
}

impl Begun {
    fn room(&self) -> usize {
        let looked_at = if self.codings.is_any() { LOOKED_AT_PACKED } else { LOOKED_AT };
        looked_at.saturating_sub(self.bytes.len())
    }

    fn content(&self, bytes: &[u8], is_all: bool) -> Option<event::Content> {
        if self.codings.is_any() { packed_content(bytes, self.codings, is_all) } else { content(bytes, is_all) }
    }
}

/// The beginning of a body that may hold a log-in.
#[derive(Debug, Default)]
struct Form {
    content_type: String,
    body: Vec<u8>,
}

/// Some bytes of a body, and where they stand in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) at: Timestamp,
    /// On which stream ([`HttpBody::stream`]).
    pub(crate) stream: u32,
    /// Bytes that begin with the body's.
    pub(crate) bytes: &'a [u8],
    /// How many of the body's are to come, with these.
    pub(crate) left: u64,
    /// Whether the body ends after those.
    pub(crate) is_known: bool,
}

impl Body {
    /// A request's; `has_login` where its head carries one already.
    pub(crate) fn of_request(content_type: Option<&str>, has_login: bool, looks_into_content: bool) -> Self {
        let content_type = content_type.unwrap_or_default();
        let form = (!has_login && may_hold_form(content_type))
            .then(|| Form { content_type: content_type.to_owned(), body: Vec::new() });
        let content = looks_into_content.then(|| Content::of_type("http", content_type)).flatten().map(Box::new);
        Self { form, content, begun: Some(Begun { is_from_client: true, ..Begun::default() }) }
    }

    /// An answer's, packed as its head says.
    pub(crate) fn of_answer(codings: Codings) -> Self {
        Self { begun: Some(Begun { codings, ..Begun::default() }), ..Self::default() }
    }

    /// Whether anything is looked for.
    pub(crate) fn is_read(&self) -> bool {
        self.form.is_some() || self.content.is_some() || self.begun.is_some()
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.begun.is_some()
    }

    pub(crate) fn buffered(&self) -> usize {
        let content = self.content.as_ref().map_or(0, |content| content.buffered());
        let form = self.form.as_ref().map_or(0, |form| form.body.len());
        form + content + self.begun.as_ref().map_or(0, |begun| begun.bytes.len())
    }

    /// Bytes of it were not captured: how it begins can no longer be told.
    pub(crate) fn gap(&mut self) {
        self.begun = None;
    }

    /// Takes the next bytes.
    pub(crate) fn data(&mut self, part: Part<'_>, findings: &mut Findings) {
        let length = usize::try_from(part.left).unwrap_or(usize::MAX).min(part.bytes.len());
        let bytes = part.bytes.get(..length).unwrap_or_default();
        self.begin(bytes, part, findings);
        if let Some(content) = &mut self.content {
            content.data(bytes);
        }
        let Some(form) = &mut self.form else { return };
        let room = MAX_FORM.saturating_sub(form.body.len()).min(length);
        form.body.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }

    /// Looks at its beginning.
    fn begin(&mut self, bytes: &[u8], part: Part<'_>, findings: &mut Findings) {
        let Some(begun) = &mut self.begun else { return };
        let room = begun.room();
        let length = bytes.len().min(room);
        let bytes = bytes.get(..length).unwrap_or_default();
        let is_all = part.is_known && length as u64 == part.left;
        let is_enough = length == room || is_all;
        let told = if is_enough && begun.bytes.is_empty() {
            begun.content(bytes, is_all)
        } else {
            begun.bytes.extend_from_slice(bytes);
            is_enough.then(|| begun.content(&begun.bytes, is_all)).flatten()
        };
        let is_from_client = begun.is_from_client;
        // What people send is looked at for one thing.
        if let Some(content) = told.filter(|content| !is_from_client || *content == event::Content::Archive) {
            findings.event(part.at, Kind::HttpBody(HttpBody { stream: part.stream, content, is_from_client }));
        }
        if is_enough {
            self.begun = None;
        }
    }

    /// The log-in in it, once there is enough of it; `is_whole` says that it has ended.
    pub(crate) fn login(&mut self, is_whole: bool) -> Option<Offer> {
        let form = self.form.take_if(|form| is_whole || form.body.len() >= MAX_FORM)?;
        of_body(&form.content_type, &form.body)
    }

    /// It has ended, or the connection has, perhaps in its middle.
    pub(crate) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        if let Some(content) = self.content.take() {
            content.finish(true, at, findings);
        }
    }
}
