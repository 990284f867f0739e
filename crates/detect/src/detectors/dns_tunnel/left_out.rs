//! Names that say nothing of a tunnel, and parts of names that carry nothing: numbers, policies, keys, senders' addresses.

use std::net::{IpAddr, Ipv4Addr};

use wire::event::{Dns, DnsAnswer, DnsData};

use super::answer_bytes;
use crate::names;

/// From here on labels are more like a draw than like words.
const DRAWN_BITS: f64 = 8.0;

/// Numbers and what joins them, as providers name their customers' lines (`c-192-0-2-7`) and blocklists are asked (`7`).
pub(super) fn is_numbers(label: &str) -> bool {
    let letters = label.bytes().filter(u8::is_ascii_alphabetic).count();
    let numbers = label.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let joined = numbers.clone().count() >= 3 && label.contains('-') && numbers.clone().all(|number| number.len() <= 3);
    letters == 0 || joined && letters <= 8
}

/// A zone or a label that says who may send mail for whom.
pub(super) fn is_policy(label: &str) -> bool {
    label.starts_with('_') || label == "spf" || label.starts_with("spf-")
}

/// Under what mail domains keep their keys (RFC 6376 §3.6.2.1), and what their providers make of it where an alias leads.
const MAIL_KEYS: [&str; 3] = ["_domainkey", "domainkey", "dkim"];
/// So long is such a name at most, and so much a key with the aliases before it.
const KEY_NAME: usize = 80;
const KEY_BYTES: usize = 512;
/// A certificate's token, as acme-dns keeps it under an account's number.
const TOKEN_BYTES: usize = 64;

/// Whether text is asked that is drawn by its nature: what signs a mail, or proves that a domain is one's own.
pub(super) fn is_key(dns: &Dns, data: &str) -> bool {
    let bytes = answer_bytes(dns);
    let is_text = dns.kind == "TXT";
    let is_of_mail = || data.split('.').any(|label| MAIL_KEYS.contains(&label));
    dns.name.len() < KEY_NAME
        && ((is_text || dns.kind == "CNAME") && bytes < KEY_BYTES && is_of_mail()
            || is_text && bytes < TOKEN_BYTES && data.split('.').any(is_uuid))
}

fn is_uuid(label: &str) -> bool {
    label.split('-').map(str::len).eq([8usize, 4, 4, 4, 12])
        && label.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Labels of an address of the fourth version, and of the sixth.
const NUMBERS: usize = 4;
const NIBBLES: usize = 32;

/// Whether so many labels in a row are numbers, or short enough for nibbles: of hardly any name, so that the rest costs
/// nothing where there is nothing to leave out.
fn may_hold_address(data: &str) -> bool {
    let (mut numbers, mut nibbles) = (0, 0);
    data.split('.').any(|label| {
        numbers = if label.parse::<u8>().is_ok() { numbers + 1 } else { 0 };
        nibbles = if label.len() == 1 { nibbles + 1 } else { 0 };
        numbers >= NUMBERS || nibbles >= NIBBLES
    })
}

/// What is left of a name without an address in it, and whether that looks chosen. The address is where a mail or a visitor
/// came from: who asks hides nothing in it. Mail servers ask so for senders whose domain's policy wants it (macros of SPF,
/// RFC 7208 §7): `4.3.2.1.in-addr.firm.nl.spf` is `in-addr.firm.nl.spf`; and of a blocklist by address with the key of its
/// customer, which is drawn by lot but stays the same. None: there is no address, or what is left is neither.
pub(super) fn without_address(data: &str, is_by_address: bool) -> Option<(String, bool)> {
    if !may_hold_address(data) {
        return None;
    }
    let labels: Vec<&str> = data.split('.').collect();
    let is_nibble = |label: &&str| label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_v4 = |part: &[&str]| part.iter().all(|label| label.parse::<u8>().is_ok());
    let is_v6 = |part: &[&str]| part.iter().all(is_nibble);
    let v6 = labels.windows(NIBBLES).position(is_v6).map(|at| at..at + NIBBLES);
    let at = v6.or_else(|| labels.windows(NUMBERS).position(is_v4).map(|at| at..at + NUMBERS))?;
    let rest: Vec<&str> = [labels.get(..at.start)?, labels.get(at.end..)?].concat();
    let is_domain =
        |two: &[&str]| public_suffix::domain(two.join(".").as_bytes()).is_some_and(|it| it.suffix().is_known());
    let is_question = || rest.iter().any(|label| is_policy(label)) || rest.windows(2).any(is_domain);
    let is_chosen = drawn_bits(&rest) < DRAWN_BITS;
    let is_left_out = if is_chosen { is_question() } else { is_by_address };
    is_left_out.then(|| (rest.join("."), is_chosen))
}

/// What is left of a name that holds its own answer in hexadecimal, as providers name their customers' lines
/// (`c0000207.cm-7-1a.dynamic`): mail servers look up whether the name that an address has leads back to it.
pub(super) fn without_answer(data: &str, answers: &[DnsAnswer]) -> Option<String> {
    if !data.split('.').any(|label| is_answer(label, answers)) {
        return None;
    }
    let rest: Vec<&str> = data.split('.').filter(|label| !is_answer(label, answers)).collect();
    // Beside it stands where the line is, in marks of a few characters (`cm-7-1a`), which no model of names expects.
    (drawn_bits(&rest) < 3.0 * DRAWN_BITS).then(|| rest.join("."))
}

fn is_answer(label: &str, answers: &[DnsAnswer]) -> bool {
    label.len() == 8
        && u32::from_str_radix(label, 16).is_ok_and(|bits| {
            let address = DnsData::Address(IpAddr::V4(Ipv4Addr::from(bits)));
            answers.iter().any(|answer| answer.data == address)
        })
}

fn drawn_bits(labels: &[&str]) -> f64 {
    labels.iter().filter(|label| label.len() >= 4).map(|label| names::drawn_bits(label)).sum()
}
