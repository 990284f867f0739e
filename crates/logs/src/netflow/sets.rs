//! The sets of an export packet, walked by the lengths that templates give.
//!
//! The parser refuses an empty field of variable length (RFC 7011 §7), which exporters send for a name that they do not
//! know: it would leave out that record and all after it. So an empty field is given a blank byte before it is parsed. What
//! the parser leaves out all the same it does not say; that is found here by what each set must hold.

use std::borrow::Cow;
use std::collections::BTreeMap;

use netflow_parser::NetflowPacket;
use netflow_parser::variable_versions::{ipfix, v9};

use super::exporters::{FIELDS, TEMPLATES};

/// Bytes of an IPFIX message before its first set, of a packet of NetFlow v9, and of a set before its content.
const HEADER: usize = 16;
const HEADER_V9: usize = 20;
const SET_HEADER: usize = 4;
/// Fewer behind the last record fill up a word.
const WORD: usize = 4;
/// As a field's length in a template: each record says it before the field.
const VARIABLE: u16 = u16::MAX;

/// The lengths of each template's fields, in the order of a record.
#[derive(Debug, Default)]
pub(super) struct Layouts(BTreeMap<u16, Vec<u16>>);

/// A template's number, the lengths of its fields, and what comes after it.
type Template<'a> = (u16, Vec<u16>, &'a [u8]);

/// A message as it can be parsed, and what each of its sets must hold.
#[derive(Debug)]
pub(super) struct Sets<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    holds: Vec<Holds>,
}

/// What a set must hold; nothing where its template is not known.
#[derive(Clone, Copy, Debug, Default)]
struct Holds {
    records: usize,
    /// Its last record has no end.
    is_cut_short: bool,
}

impl Layouts {
    /// Walks the sets of an IPFIX message, and learns the templates among them.
    pub(super) fn walk<'a>(&mut self, message: &'a [u8]) -> Sets<'a> {
        let mut sets = Sets::whole(message);
        let Some(mut rest) = word(message, 2).and_then(|length| message.get(HEADER..usize::from(length))) else {
            return sets;
        };
        let after = message.get(HEADER + rest.len()..).unwrap_or_default();
        let mut body = Vec::with_capacity(rest.len());
        let mut is_filled = false;
        while let Some((id, content, next)) = set(rest) {
            match id {
                2 => self.learn(content, |bytes| template(bytes, 4)),
                3 => self.learn(content, |bytes| template(bytes, 6)),
                _ => {}
            }
            let filled = self.filled(id, content);
            sets.holds.push(filled.holds);
            is_filled |= filled.content.is_some();
            let content = filled.content.as_deref().unwrap_or(content);
            body.extend(id.to_be_bytes());
            body.extend(u16::try_from(SET_HEADER + content.len()).unwrap_or(u16::MAX).to_be_bytes());
            body.extend_from_slice(content);
            rest = next;
        }
        // What is no set by its length.
        if rest.len() >= SET_HEADER {
            sets.holds.push(Holds { records: 0, is_cut_short: true });
        }
        body.extend_from_slice(rest);
        // One that grows beyond what a message can be is parsed as it came.
        if let (true, Ok(length)) = (is_filled, u16::try_from(HEADER + body.len())) {
            let (version, header) = (message.get(..2).unwrap_or_default(), message.get(4..HEADER).unwrap_or_default());
            let length = length.to_be_bytes();
            sets.bytes = Cow::Owned([version, length.as_slice(), header, body.as_slice(), after].concat());
        }
        sets
    }

    /// As [`Layouts::walk`], of a packet of NetFlow v9. Its fields are as long as templates say, so it is parsed as it came.
    pub(super) fn walk_v9<'a>(&mut self, packet: &'a [u8]) -> Sets<'a> {
        let mut sets = Sets::whole(packet);
        let mut rest = packet.get(HEADER_V9..).unwrap_or_default();
        while let Some((id, content, next)) = set(rest) {
            match id {
                0 => self.learn(content, template_v9),
                1 => self.learn(content, options_v9),
                _ => {}
            }
            sets.holds.push(self.filled(id, content).holds);
            rest = next;
        }
        sets
    }

    fn filled(&self, id: u16, content: &[u8]) -> Filled {
        self.0.get(&id).map(|layout| fill(layout, content)).unwrap_or_default()
    }

    /// Takes in a set's templates; one without fields is withdrawn (RFC 7011 §8.1).
    fn learn<'a>(&mut self, mut content: &'a [u8], first: impl Fn(&'a [u8]) -> Option<Template<'a>>) {
        while let Some((id, layout, next)) = first(content) {
            content = next;
            match (id, layout.len()) {
                (2 | 3, 0) => self.0.clear(),
                (256.., 1..=FIELDS) => {
                    // Of data and of options; numbers are given in order.
                    if self.0.len() >= 2 * TEMPLATES {
                        self.0.pop_first();
                    }
                    self.0.insert(id, layout);
                }
                _ => {
                    self.0.remove(&id);
                }
            }
        }
    }
}

impl<'a> Sets<'a> {
    /// One that is parsed as it came.
    pub(super) fn whole(bytes: &'a [u8]) -> Self {
        Self { bytes: Cow::Borrowed(bytes), holds: Vec::new() }
    }

    /// How many of its sets were not parsed to their end.
    pub(super) fn unparsed(&self, parsed: Option<&NetflowPacket>) -> u64 {
        let read: Vec<_> = match parsed {
            Some(NetflowPacket::V9(packet)) => packet.flowsets.iter().map(|set| records_v9(&set.body)).collect(),
            Some(NetflowPacket::IPFix(message)) => message.flowsets.iter().map(|set| records(&set.body)).collect(),
            _ => return 0,
        };
        // The parser stops at a set that it cannot read.
        let is_lost = |at: usize, holds: &Holds| {
            holds.is_cut_short || read.get(at).is_none_or(|read| read.is_some_and(|read| read < holds.records))
        };
        self.holds.iter().enumerate().filter(|(at, holds)| is_lost(*at, holds)).count() as u64
    }
}

/// How many records of a set were parsed. Absent: it holds none, or none that is known.
fn records(set: &ipfix::FlowSetBody) -> Option<usize> {
    match set {
        ipfix::FlowSetBody::Data(data) => Some(data.fields.len()),
        ipfix::FlowSetBody::OptionsData(data) => Some(data.fields.len()),
        _ => None,
    }
}

fn records_v9(set: &v9::FlowSetBody) -> Option<usize> {
    match set {
        v9::FlowSetBody::Data(data) => Some(data.fields.len()),
        v9::FlowSetBody::OptionsData(data) => Some(data.fields.len()),
        _ => None,
    }
}

/// The numbers of the sets that follow upon a packet's header, in NetFlow v9 and IPFIX alike.
pub(super) fn ids(mut rest: &[u8]) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        let (id, _, next) = set(rest)?;
        rest = next;
        Some(id)
    })
}

/// The first set: its number, its content, and what comes after it.
fn set(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (id, length) = (word(bytes, 0)?, usize::from(word(bytes, 2)?));
    Some((id, bytes.get(SET_HEADER..length)?, bytes.get(length..)?))
}

/// The first template of NetFlow v9 (RFC 3954 §5.2). Its fields' numbers go up to 65,535, so no bit of them says more.
fn template_v9(bytes: &[u8]) -> Option<Template<'_>> {
    let (id, fields) = (word(bytes, 0)?, word(bytes, 2)?);
    fixed(id, bytes.get(4..)?, usize::from(fields))
}

/// The first of its options templates (§6.1), which says of its fields how many bytes they take.
fn options_v9(bytes: &[u8]) -> Option<Template<'_>> {
    let (id, scope, options) = (word(bytes, 0)?, word(bytes, 2)?, word(bytes, 4)?);
    fixed(id, bytes.get(6..)?, usize::from(scope / 4) + usize::from(options / 4))
}

/// So many fields, each of a number and a length.
fn fixed(id: u16, bytes: &[u8], fields: usize) -> Option<Template<'_>> {
    let (layout, next) = bytes.split_at_checked(4 * fields)?;
    Some((id, layout.chunks_exact(4).filter_map(|field| word(field, 2)).collect(), next))
}

/// The first template of IPFIX, its fields behind so many bytes.
fn template(bytes: &[u8], header: usize) -> Option<Template<'_>> {
    let (id, fields) = (word(bytes, 0)?, word(bytes, 2)?);
    let mut layout = Vec::new();
    // One that is withdrawn has no fields, and nothing else (RFC 7011 §8.1).
    let mut at = if fields == 0 { 4 } else { header };
    for _ in 0..fields {
        let (field, length) = (word(bytes, at)?, word(bytes, at + 2)?);
        layout.push(length);
        // One of an enterprise has its number as well.
        at += if field & 0x8000 == 0 { 4 } else { 8 };
    }
    Some((id, layout, bytes.get(at..)?))
}

/// What a set's content holds, and the content itself where empty fields were given a byte.
#[derive(Default)]
struct Filled {
    holds: Holds,
    content: Option<Vec<u8>>,
}

fn fill(layout: &[u16], content: &[u8]) -> Filled {
    let shortest: usize = layout.iter().map(|length| if *length == VARIABLE { 1 } else { usize::from(*length) }).sum();
    if shortest == 0 {
        return Filled::default();
    }
    if !layout.contains(&VARIABLE) {
        let rest = content.chunks_exact(shortest).remainder();
        return Filled {
            holds: Holds { records: content.len() / shortest, is_cut_short: is_begun(rest) },
            content: None,
        };
    }
    let mut filled = Vec::with_capacity(content.len());
    let mut records = 0;
    let mut rest = content;
    // What is shorter is padding.
    while rest.len() >= shortest {
        let whole = filled.len();
        let Some(next) = record(layout, rest, &mut filled) else {
            filled.truncate(whole);
            break;
        };
        records += 1;
        rest = next;
    }
    filled.extend_from_slice(rest);
    let holds = Holds { records, is_cut_short: rest.len() >= shortest || is_begun(rest) };
    Filled { holds, content: (filled != content).then_some(filled) }
}

/// Whether what follows upon the last whole record is the beginning of one. Padding is shorter than any record, of zeros, and
/// made to end on a word (RFC 7011 §3.3.1, RFC 3954 §5.3).
fn is_begun(rest: &[u8]) -> bool {
    rest.len() >= WORD && rest.iter().any(|byte| *byte != 0)
}

/// Copies the first record, and gives what comes after it.
fn record<'a>(layout: &[u16], mut rest: &'a [u8], filled: &mut Vec<u8>) -> Option<&'a [u8]> {
    for length in layout {
        let (before, length) = match *length {
            VARIABLE => own_length(rest)?,
            fixed => (0, usize::from(fixed)),
        };
        let (field, next) = rest.split_at_checked(before + length)?;
        if before > 0 && length == 0 {
            filled.extend([1, 0]);
        } else {
            filled.extend_from_slice(field);
        }
        rest = next;
    }
    Some(rest)
}

/// How many bytes say a field's length, and the length.
fn own_length(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.first()? {
        255 => Some((3, usize::from(word(bytes, 1)?))),
        length => Some((1, usize::from(length))),
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}
