//! One message's bytes.

use hickory_proto::op::{Header, MessageType, OpCode};
use hickory_proto::rr::{Name, RecordType};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder};

use crate::Malformed;
use crate::event::{DnsAnswer, DnsData};
use crate::text;

/// Records kept of one answer; a message of 64 KB has room for thousands.
const MAX_ANSWERS: usize = 128;

/// The internet class (RFC 1035 §3.2.4).
const CLASS_IN: u16 = 1;

/// A question or a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub transaction: u16,
    pub is_response: bool,
    /// False for what is no ordinary query: notifications, updates.
    pub is_query: bool,
    /// The first question: more than one does not occur in practice.
    pub question: Option<Question>,
    /// The response code's name, as in `NXDOMAIN`.
    pub code: String,
    pub answers: Vec<DnsAnswer>,
    /// Whether every record of the answer section that the header promises could be read (or was left out by our
    /// own bound).
    pub is_complete: bool,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Lower case, without the final dot; what is no printable ASCII is escaped as `\ddd`.
    pub name: String,
    /// `A`, `AAAA`, `TXT`…; `TYPE65534` for one without a name.
    pub kind: String,
}

/// Reads a message, without the two bytes of length that TCP puts before it.
///
/// # Errors
/// When the header or the question cannot be read.
pub fn parse(bytes: &[u8]) -> Result<Message, Malformed> {
    let mut decoder = BinDecoder::new(bytes);
    let header = Header::read(&mut decoder).map_err(|_| Malformed("dns header"))?;
    let mut question = None;
    for _ in 0..header.counts.queries {
        let asked = read_question(&mut decoder).ok_or(Malformed("dns question"))?;
        question = question.or(Some(asked));
    }
    let wanted = usize::from(header.counts.answers).min(MAX_ANSWERS);
    let answers: Vec<_> = std::iter::from_fn(|| read_answer(&mut decoder)).take(wanted).collect();
    Ok(Message {
        transaction: header.metadata.id,
        is_response: header.metadata.message_type == MessageType::Response,
        is_query: header.metadata.op_code == OpCode::Query,
        question,
        code: code_name(header.metadata.response_code.low()),
        is_complete: answers.len() == wanted,
        answers,
    })
}

/// Whether these bytes can hardly be anything else than a DNS question, for finding DNS on other ports than its own.
pub(crate) fn looks_like_question(bytes: &[u8]) -> bool {
    // Flags: a query with at most "recursion desired", "authentic data" and "checking disabled"; one question, no
    // answer, no authority, at most EDNS.
    let [_, _, flags, more_flags, 0, 1, 0, 0, 0, 0, 0, 0..=1, ..] = bytes else { return false };
    if flags & !0x01 != 0 || more_flags & !0x30 != 0 {
        return false;
    }
    let mut decoder = BinDecoder::new(bytes);
    if Header::read(&mut decoder).is_err() {
        return false;
    }
    let Ok(name) = Name::read(&mut decoder) else { return false };
    let is_plain =
        name.iter().all(|label| label.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)));
    let kind = RecordType::from(u16_of(&mut decoder).unwrap_or_default());
    let is_known = !matches!(kind, RecordType::Unknown(_) | RecordType::ZERO);
    let has_class = u16_of(&mut decoder) == Some(CLASS_IN);
    let ends_well = decoder.is_empty() || bytes.get(11) == Some(&1);
    is_plain && name.iter().count() >= 2 && is_known && has_class && ends_well
}

fn read_question(decoder: &mut BinDecoder<'_>) -> Option<Question> {
    let name = name_text(&Name::read(decoder).ok()?);
    let kind = kind_name(u16_of(decoder)?);
    u16_of(decoder)?; // class
    Some(Question { name, kind })
}

fn read_answer(decoder: &mut BinDecoder<'_>) -> Option<DnsAnswer> {
    let name = name_text(&Name::read(decoder).ok()?);
    let kind = u16_of(decoder)?;
    u16_of(decoder)?; // class
    let ttl = decoder.read_u32().ok()?.unverified(/* any number of seconds is one */);
    let length = usize::from(u16_of(decoder)?);
    let start = decoder.index();
    let content = decoder.read_slice(length).ok()?.unverified(/* read by kind below */);
    Some(DnsAnswer { name, kind: kind_name(kind), ttl, data: data(decoder, kind, start, content) })
}

fn data(decoder: &BinDecoder<'_>, kind: u16, start: usize, content: &[u8]) -> DnsData {
    let other = DnsData::Other(content.len());
    let name_after = |skipped: usize| {
        let at = u16::try_from(start + skipped).ok().filter(|_| content.len() > skipped)?;
        Name::read(&mut decoder.clone(at)).ok().map(|name| DnsData::Name(name_text(&name)))
    };
    let known = match RecordType::from(kind) {
        RecordType::A => <[u8; 4]>::try_from(content).ok().map(|ip| DnsData::Address(ip.into())),
        RecordType::AAAA => <[u8; 16]>::try_from(content).ok().map(|ip| DnsData::Address(ip.into())),
        RecordType::CNAME | RecordType::NS | RecordType::PTR => name_after(0),
        RecordType::MX => name_after(2),
        RecordType::SRV => name_after(6),
        _ => None,
    };
    known.unwrap_or(other)
}

fn u16_of(decoder: &mut BinDecoder<'_>) -> Option<u16> {
    Some(decoder.read_u16().ok()?.unverified(/* every value has a meaning or is shown as a number */))
}

fn name_text(name: &Name) -> String {
    let mut written = String::with_capacity(name.len());
    for label in name.iter() {
        if !written.is_empty() {
            written.push('.');
        }
        text::push_label(&mut written, label);
    }
    written
}

fn kind_name(number: u16) -> String {
    match RecordType::from(number) {
        RecordType::Unknown(_) | RecordType::ZERO => match number {
            17 => "RP".to_owned(),
            18 => "AFSDB".to_owned(),
            29 => "LOC".to_owned(),
            99 => "SPF".to_owned(),
            249 => "TKEY".to_owned(),
            256 => "URI".to_owned(),
            _ => format!("TYPE{number}"),
        },
        known => known.to_string(),
    }
}

/// IANA's names for the response codes that fit the header.
fn code_name(number: u8) -> String {
    const NAMES: [&str; 11] = [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
        "NOTZONE",
    ];
    NAMES.get(usize::from(number)).map_or_else(|| format!("RCODE{number}"), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &[u8] =
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03WwW\x07example\x02nl\x00\x00\x01\x00\x01";

    fn response(answers: &[u8], count: u8) -> Vec<u8> {
        let mut bytes = QUESTION.to_vec();
        bytes[2] = 0x81;
        bytes[3] = 0x80;
        bytes[7] = count;
        bytes.extend_from_slice(answers);
        bytes
    }

    #[test]
    fn question_is_read_in_lower_case() {
        let message = parse(QUESTION).unwrap();
        assert!(!message.is_response && message.is_query && message.is_complete);
        assert_eq!(message.transaction, 0x1234);
        assert_eq!(message.question, Some(Question { name: "www.example.nl".into(), kind: "A".into() }));
    }

    #[test]
    fn answers_are_read_by_kind() {
        let records = [
            &b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x07"[..],
            b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x06\x03cdn\xc0\x10",
            b"\xc0\x0c\x00\x0f\x00\x01\x00\x00\x00\x3c\x00\x07\x00\x0a\x02mx\xc0\x10",
            b"\xc0\x0c\x00\x10\x00\x01\x00\x00\x00\x3c\x00\x04\x03abc",
            b"\xc0\x0c\xff\x67\x00\x01\x00\x00\x00\x3c\x00\x00",
        ];
        let message = parse(&response(&records.concat(), 5)).unwrap();
        let read: Vec<_> = message.answers.iter().map(|answer| (answer.kind.as_str(), answer.data.clone())).collect();
        assert_eq!(
            read,
            [
                ("A", DnsData::Address("192.0.2.7".parse().unwrap())),
                ("CNAME", DnsData::Name("cdn.example.nl".into())),
                ("MX", DnsData::Name("mx.example.nl".into())),
                ("TXT", DnsData::Other(4)),
                ("TYPE65383", DnsData::Other(0)),
            ]
        );
        assert_eq!((message.code.as_str(), message.answers[0].ttl, message.is_complete), ("NOERROR", 300, true));
    }

    #[test]
    fn cut_short_is_read_as_far_as_it_goes() {
        let message = parse(&response(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00", 1)).unwrap();
        assert!(message.answers.is_empty() && !message.is_complete);
        assert_eq!(parse(&QUESTION[..20]), Err(Malformed("dns question")));
        assert_eq!(parse(&QUESTION[..11]), Err(Malformed("dns header")));
        assert_eq!(parse(&[]), Err(Malformed("dns header")));
    }

    #[test]
    fn a_pointer_that_goes_in_circles_is_malformed() {
        let mut bytes = QUESTION[..12].to_vec();
        bytes.extend_from_slice(b"\xc0\x0c\x00\x01\x00\x01");
        assert_eq!(parse(&bytes), Err(Malformed("dns question")));
    }

    #[test]
    fn odd_names_and_codes_have_a_written_form() {
        let mut bytes = b"\0\x01\x81\x8f\0\x01\0\0\0\0\0\0".to_vec();
        bytes.extend_from_slice(b"\x04a.\x00\xff\x01x\0\xff\xfe\0\x01");
        let message = parse(&bytes).unwrap();
        assert_eq!(message.question, Some(Question { name: r"a\046\000\255.x".into(), kind: "TYPE65534".into() }));
        assert_eq!(message.code, "RCODE15");
    }

    #[test]
    fn only_a_questions_exact_shape_is_taken_for_dns_elsewhere() {
        assert!(looks_like_question(QUESTION));
        assert!(!looks_like_question(&response(b"", 0)));
        assert!(!looks_like_question(&[QUESTION, b"x"].concat()));
        let netbios =
            b"\x12\x34\x01\x10\x00\x01\x00\x00\x00\x00\x00\x00\x20CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00\x21\x00\x01";
        assert!(!looks_like_question(netbios));
    }
}
