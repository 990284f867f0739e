//! Tables with commas, semicolons or tabs. Which column holds the indicator and which says what it is, the heading tells
//! (also one behind `#`, as abuse.ch writes it), and where there is none, the first rows.

use std::net::IpAddr;

use ::csv::{ReaderBuilder, StringRecord};

use crate::{cidr::Cidr, defang::refanged, line, line::LineFault, list::Gathering};

/// What publishers call the column with the indicator, the most telling first.
const INDICATOR: [&str; 23] = [
    "ioc_value",
    "indicator",
    "ioc",
    "url",
    "dst_ip",
    "dstip",
    "domain",
    "hostname",
    "host",
    "fqdn",
    "ja3_md5",
    "ja3",
    "ja4",
    "ja4_fingerprint",
    "sha1",
    "sha256",
    "ip_address",
    "ipaddress",
    "ip",
    "address",
    "cidr",
    "network",
    "value",
];
/// The same for the port that belongs to an address, and for what the entry is.
const PORT: [&str; 3] = ["dst_port", "dstport", "port"];
/// The same for what kind of indicator it is.
const KIND: [&str; 5] = ["ioc_type", "indicator_type", "type", "attribute_type", "kind"];
const LABEL: [&str; 13] = [
    "malware_printable",
    "malware",
    "malware_family",
    "family",
    "listingreason",
    "threat",
    "threat_type",
    "threat_name",
    "tags",
    "tag",
    "info",
    "description",
    "comment",
];

/// What DShield calls the columns of a range: its first and last address, and how long its prefix is.
const SPAN: [&str; 3] = ["start", "end", "netblock"];

/// How many rows are looked at to find the column of a table without a heading.
const LOOKED_AT: usize = 50;

/// Where what stands, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    indicator: usize,
    port: Option<usize>,
    kind: Option<usize>,
    label: Option<usize>,
    /// Where the indicator is a range's first address: the last, and the prefix' length.
    span: Option<(usize, usize)>,
}

pub(super) fn is_table(lines: &[&str]) -> bool {
    let rows: Vec<&&str> = lines.iter().filter(|line| !line.starts_with('#')).collect();
    let Some(first) = rows.first() else { return false };
    let Some(delimiter) = delimiter(first) else { return false };
    let cells: Vec<String> = first.split(char::from(delimiter)).map(str::to_owned).collect();
    let has_several = |line: &str| line.split(char::from(delimiter)).nth(1).is_some();
    if !has_several(first) || named(&cells).is_some() {
        return has_several(first);
    }
    rows.iter().filter(|line| has_several(line)).count() * 10 >= rows.len() * 9
        // A remark behind an entry may have commas too.
        && !cells.first().is_some_and(|cell| cell.trim().contains(' ') && !cell.contains('"') && !cell.contains(':'))
}

fn delimiter(line: &str) -> Option<u8> {
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| line.bytes().filter(|byte| byte == delimiter).count())
        .filter(|delimiter| line.as_bytes().contains(delimiter))
}

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    let Some((delimiter, heading)) = beginning(bytes) else { return };
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut columns = heading.as_deref().and_then(named);
    let mut waiting: Vec<(u64, StringRecord)> = Vec::new();
    let mut row = ::csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                gathering.fault(reader.position().line(), "", LineFault::NotARow);
                continue;
            }
        }
        let number = row.position().map_or(0, ::csv::Position::line);
        let row = StringRecord::from_byte_record_lossy(row.clone());
        if row.get(0).is_none_or(|cell| cell.starts_with('#')) {
            continue;
        }
        match columns {
            Some(columns) => take(number, &row, columns, gathering),
            None => {
                if waiting.is_empty()
                    && let Some(found) = named(&row.iter().map(str::to_owned).collect::<Vec<_>>())
                {
                    columns = Some(found);
                    continue;
                }
                waiting.push((number, row));
                if waiting.len() >= LOOKED_AT {
                    let found = guessed(&waiting);
                    columns = Some(found);
                    waiting.drain(..).for_each(|(number, row)| take(number, &row, found, gathering));
                }
            }
        }
    }
    let found = columns.unwrap_or_else(|| guessed(&waiting));
    waiting.drain(..).for_each(|(number, row)| take(number, &row, found, gathering));
}

/// The delimiter, and a heading behind `#` if the first row has as many cells.
fn beginning(bytes: &[u8]) -> Option<(u8, Option<Vec<String>>)> {
    let mut remark = None;
    for (_, line) in super::lines(bytes) {
        let line = line.trim();
        if let Some(text) = line.strip_prefix('#') {
            remark = Some(text.trim().to_owned());
        } else if !line.is_empty() {
            let delimiter = delimiter(line).unwrap_or(b',');
            let cells = |text: &str| text.split(char::from(delimiter)).map(cleaned).collect::<Vec<_>>();
            return Some((delimiter, remark.map(|text| cells(&text)).filter(|heading| heading.len() > 1)));
        }
    }
    None
}

fn cleaned(cell: &str) -> String {
    cell.trim().trim_matches('"').trim().to_owned()
}

/// The columns, if a row is a heading.
fn named(cells: &[String]) -> Option<Columns> {
    let names: Vec<String> =
        cells.iter().map(|cell| cleaned(cell).to_ascii_lowercase().replace([' ', '-'], "_")).collect();
    let find = |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
    if let [Some(indicator), Some(last), Some(prefix)] = SPAN.map(|name| find(&[name])) {
        return Some(Columns { indicator, port: None, kind: None, label: find(&LABEL), span: Some((last, prefix)) });
    }
    let indicator = find(&INDICATOR)?;
    let beside = |known| find(known).filter(|column| *column != indicator);
    Some(Columns { indicator, port: find(&PORT), kind: beside(&KIND), label: beside(&LABEL), span: None })
}

/// The column in which most cells are indicators, and the one behind it for what they are.
fn guessed(rows: &[(u64, StringRecord)]) -> Columns {
    let width = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(1);
    let hits = |column: usize| {
        rows.iter()
            .filter_map(|(_, row)| row.get(column))
            .filter(|cell| line::indicator(&cleaned(cell)).is_ok())
            .count()
    };
    let mut indicator = 0;
    for column in 1..width.min(32) {
        if hits(column) > hits(indicator) {
            indicator = column;
        }
    }
    let (second, third) = (indicator + 1, indicator + 2);
    let is_span = |(_, row): &(u64, StringRecord)| {
        let is_address = |column| row.get(column).is_some_and(|cell| cleaned(cell).parse::<IpAddr>().is_ok());
        is_address(indicator)
            && is_address(second)
            && row.get(third).is_some_and(|cell| cleaned(cell).parse::<u8>().is_ok())
    };
    let span = (!rows.is_empty() && rows.iter().all(is_span)).then_some((second, third));
    let label = (second < width && span.is_none()).then_some(second);
    Columns { indicator, port: None, kind: None, label, span }
}

fn take(number: u64, row: &StringRecord, columns: Columns, gathering: &mut Gathering) {
    let cell = |column: usize| row.get(column).map(cleaned).unwrap_or_default();
    let mut word = cell(columns.indicator);
    if let Some(port) = columns.port.map(cell).filter(|port| port.parse::<u16>().is_ok_and(|port| port != 0))
        && let Ok(ip) = word.parse::<IpAddr>()
    {
        word = match ip {
            IpAddr::V4(_) => format!("{word}:{port}"),
            IpAddr::V6(_) => format!("[{word}]:{port}"),
        };
    }
    if let Some((last, prefix)) = columns.span {
        let range = format!("{word}/{}", cell(prefix));
        // Where both do not say the same, nobody can tell what is meant.
        if !range.parse::<Cidr>().is_ok_and(|range| is_all_of(&range, &word, &cell(last))) {
            return gathering.fault(number, &range, LineFault::NotAnEntry);
        }
        word = range;
    }
    if word.starts_with('/') || columns.kind.is_some_and(|column| is_file(&cell(column))) {
        return gathering.skip();
    }
    match line::indicator(&refanged(&word)) {
        Ok(entry) => {
            let label = columns.label.map_or(0, |column| gathering.label(&cell(column)));
            gathering.add(&entry, label);
        }
        Err(fault) => gathering.fault(number, &word, fault),
    }
}

/// Whether a range begins and ends with these addresses.
fn is_all_of(range: &Cidr, first: &str, last: &str) -> bool {
    let (Ok(first), Ok(last)) = (first.parse::<IpAddr>(), last.parse::<IpAddr>()) else { return false };
    let after = match last {
        IpAddr::V4(last) => last.to_bits().checked_add(1).map(|after| IpAddr::V4(after.into())),
        IpAddr::V6(last) => last.to_bits().checked_add(1).map(|after| IpAddr::V6(after.into())),
    };
    range.first() == first && range.contains(last) && !after.is_some_and(|after| range.contains(after))
}

/// Whether it is the hash of a file, which passes no sensor: it would be taken for a fingerprint, which looks the same.
fn is_file(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    names(&["hash", "md5", "sha1", "sha256", "sha-1", "sha-256", "sha512", "imphash", "ssdeep"])
        && !names(&["ja3", "ja4", "x509", "cert", "ssl", "tls"])
}
