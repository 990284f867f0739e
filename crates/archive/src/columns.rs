//! The columns of both kinds of files: their names, their types, and what stands in them. One table for writing, reading
//! and showing.

use std::borrow::Cow;
use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;
use parquet::data_type::ByteArray;
use wire::event::Volume;

use crate::name::Kind;
use crate::read::Unreadable;
use crate::row::{DnsRow, FlowRow, Row};

/// A column, and what a row has in it.
pub(crate) enum Column<R> {
    /// Microseconds since 1970, UTC.
    Time(&'static str, fn(&R) -> Timestamp),
    Number(&'static str, fn(&R) -> Option<i64>),
    Text(&'static str, fn(&R) -> Option<Cow<'_, str>>),
    Texts(&'static str, fn(&R) -> &[String]),
}

/// What a row has in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Unknown,
    Time(Timestamp),
    Number(i64),
    Text(Cow<'a, str>),
    Texts(&'a [String]),
}

/// A column's name, and what a row has in it.
pub type Field<'a> = (&'static str, Value<'a>);

impl<R> Column<R> {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Time(name, _) | Self::Number(name, _) | Self::Text(name, _) | Self::Texts(name, _) => name,
        }
    }

    fn value<'a>(&self, row: &'a R) -> Value<'a> {
        match self {
            Self::Time(_, of) => Value::Time(of(row)),
            Self::Number(_, of) => of(row).map_or(Value::Unknown, Value::Number),
            Self::Text(_, of) => of(row).map_or(Value::Unknown, Value::Text),
            Self::Texts(_, of) => Value::Texts(of(row)),
        }
    }
}

/// What is kept as rows of a file.
pub(crate) trait Record: Sized + 'static {
    const KIND: Kind;
    /// In Parquet's own words, in the order of [`Self::COLUMNS`].
    const SCHEMA: &'static str;
    const COLUMNS: &'static [Column<Self>];
    /// The column whose smallest value is the earliest moment in a file, and the one whose largest is the latest.
    const SPAN: (usize, usize);

    /// The row that stands there.
    fn from_cells(cells: &mut Cells<'_>) -> Result<Self, Unreadable>;

    /// What rows of a file are put in order by.
    fn at(&self) -> Timestamp;
}

fn text(value: &Option<String>) -> Option<Cow<'_, str>> {
    value.as_deref().map(Cow::Borrowed)
}

fn number(value: u64) -> Option<i64> {
    Some(i64::try_from(value).unwrap_or(i64::MAX))
}

impl Record for FlowRow {
    const KIND: Kind = Kind::Flows;
    const SCHEMA: &'static str = "message flows {
        required int64 first_at (TIMESTAMP(MICROS,true));
        required int64 last_at (TIMESTAMP(MICROS,true));
        optional binary transport (STRING);
        optional binary client_ip (STRING);
        optional int64 client_port;
        optional binary server_ip (STRING);
        optional int64 server_port;
        optional binary application (STRING);
        optional binary handshake (STRING);
        optional int64 sent_packets;
        optional int64 sent_bytes;
        optional int64 received_packets;
        optional int64 received_bytes;
        optional binary tls_name (STRING);
        optional binary http_host (STRING);
        optional binary dns_name (STRING);
        optional binary ja3 (STRING);
        optional binary ja4 (STRING);
        optional binary certificate_sha1 (STRING);
        optional binary certificate_sha256 (STRING);
    }";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::Time("first_at", |row| row.first_at),
        Column::Time("last_at", |row| row.last_at),
        Column::Text("transport", |row| Some(Cow::Borrowed(&row.transport))),
        Column::Text("client_ip", |row| Some(row.client_ip.to_string().into())),
        Column::Number("client_port", |row| row.client_port.map(i64::from)),
        Column::Text("server_ip", |row| Some(row.server_ip.to_string().into())),
        Column::Number("server_port", |row| row.server_port.map(i64::from)),
        Column::Text("application", |row| row.application.as_deref().map(Cow::Borrowed)),
        Column::Text("handshake", |row| row.handshake.as_deref().map(Cow::Borrowed)),
        Column::Number("sent_packets", |row| number(row.sent.packets)),
        Column::Number("sent_bytes", |row| number(row.sent.bytes)),
        Column::Number("received_packets", |row| number(row.received.packets)),
        Column::Number("received_bytes", |row| number(row.received.bytes)),
        Column::Text("tls_name", |row| text(&row.tls_name)),
        Column::Text("http_host", |row| text(&row.http_host)),
        Column::Text("dns_name", |row| text(&row.dns_name)),
        Column::Text("ja3", |row| text(&row.ja3)),
        Column::Text("ja4", |row| text(&row.ja4)),
        Column::Text("certificate_sha1", |row| text(&row.certificate_sha1)),
        Column::Text("certificate_sha256", |row| text(&row.certificate_sha256)),
    ];
    const SPAN: (usize, usize) = (0, 1);

    fn from_cells(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            first_at: cells.time()?,
            last_at: cells.time()?,
            transport: Cow::Owned(cells.required_text()?),
            client_ip: cells.parsed()?,
            client_port: cells.port()?,
            server_ip: cells.parsed()?,
            server_port: cells.port()?,
            application: cells.text()?.map(Cow::Owned),
            handshake: cells.text()?.map(Cow::Owned),
            sent: Volume { packets: cells.count()?, bytes: cells.count()? },
            received: Volume { packets: cells.count()?, bytes: cells.count()? },
            tls_name: cells.text()?,
            http_host: cells.text()?,
            dns_name: cells.text()?,
            ja3: cells.text()?,
            ja4: cells.text()?,
            certificate_sha1: cells.text()?,
            certificate_sha256: cells.text()?,
        })
    }

    fn at(&self) -> Timestamp {
        self.last_at
    }
}

impl Record for DnsRow {
    const KIND: Kind = Kind::Dns;
    const SCHEMA: &'static str = "message dns {
        required int64 at (TIMESTAMP(MICROS,true));
        optional binary client_ip (STRING);
        optional binary resolver_ip (STRING);
        optional binary name (STRING);
        optional binary kind (STRING);
        optional binary code (STRING);
        required group answers (LIST) {
            repeated group list {
                required binary element (STRING);
            }
        }
    }";
    const COLUMNS: &'static [Column<Self>] = &[
        Column::Time("at", |row| row.at),
        Column::Text("client_ip", |row| Some(row.client_ip.to_string().into())),
        Column::Text("resolver_ip", |row| Some(row.resolver_ip.to_string().into())),
        Column::Text("name", |row| Some(Cow::Borrowed(&row.name))),
        Column::Text("kind", |row| Some(Cow::Borrowed(&row.kind))),
        Column::Text("code", |row| text(&row.code)),
        Column::Texts("answers", |row| &row.answers),
    ];
    const SPAN: (usize, usize) = (0, 0);

    fn from_cells(cells: &mut Cells<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            at: cells.time()?,
            client_ip: cells.parsed()?,
            resolver_ip: cells.parsed()?,
            name: cells.required_text()?,
            kind: cells.required_text()?,
            code: cells.text()?,
            answers: cells.texts()?,
        })
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

impl Row {
    /// Every column of its kind with what it has there, in their order in the files.
    #[must_use]
    pub fn fields(&self) -> Vec<Field<'_>> {
        fn of<'a, R>(columns: &'static [Column<R>], row: &'a R) -> Vec<Field<'a>> {
            columns.iter().map(|column| (column.name(), column.value(row))).collect()
        }
        match self {
            Self::Flow(row) => of(FlowRow::COLUMNS, row),
            Self::Dns(row) => of(DnsRow::COLUMNS, row),
        }
    }

    /// The names of the columns of both kinds, each once, flows' first.
    #[must_use]
    pub fn field_names() -> Vec<&'static str> {
        let mut names: Vec<_> = FlowRow::COLUMNS.iter().map(Column::name).collect();
        for name in DnsRow::COLUMNS.iter().map(Column::name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// What was read of one column, a row each.
#[derive(Debug)]
pub(crate) enum Cell {
    Times(Vec<i64>),
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<ByteArray>>),
    Lists(Vec<Vec<ByteArray>>),
}

/// One row, from its first column to its last.
pub(crate) struct Cells<'a> {
    columns: std::slice::Iter<'a, Cell>,
    row: usize,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(columns: &'a [Cell], row: usize) -> Self {
        Self { columns: columns.iter(), row }
    }

    fn time(&mut self) -> Result<Timestamp, Unreadable> {
        let Some(Cell::Times(times)) = self.columns.next() else { return Err(Unreadable::Foreign) };
        let micros = times.get(self.row).ok_or(Unreadable::Foreign)?;
        Timestamp::from_microsecond(*micros).map_err(|_| Unreadable::Foreign)
    }

    fn number(&mut self) -> Result<Option<i64>, Unreadable> {
        let Some(Cell::Numbers(numbers)) = self.columns.next() else { return Err(Unreadable::Foreign) };
        numbers.get(self.row).copied().ok_or(Unreadable::Foreign)
    }

    fn count(&mut self) -> Result<u64, Unreadable> {
        u64::try_from(self.number()?.unwrap_or_default()).map_err(|_| Unreadable::Foreign)
    }

    fn port(&mut self) -> Result<Option<u16>, Unreadable> {
        self.number()?.map(u16::try_from).transpose().map_err(|_| Unreadable::Foreign)
    }

    fn text(&mut self) -> Result<Option<String>, Unreadable> {
        let Some(Cell::Texts(texts)) = self.columns.next() else { return Err(Unreadable::Foreign) };
        texts.get(self.row).ok_or(Unreadable::Foreign)?.as_ref().map(utf8).transpose()
    }

    fn required_text(&mut self) -> Result<String, Unreadable> {
        self.text()?.ok_or(Unreadable::Foreign)
    }

    fn parsed<T: FromStr>(&mut self) -> Result<T, Unreadable> {
        self.required_text()?.parse().map_err(|_| Unreadable::Foreign)
    }

    fn texts(&mut self) -> Result<Vec<String>, Unreadable> {
        let Some(Cell::Lists(lists)) = self.columns.next() else { return Err(Unreadable::Foreign) };
        lists.get(self.row).ok_or(Unreadable::Foreign)?.iter().map(utf8).collect()
    }
}

/// The longest text of ours, with room to spare, in bytes.
const MAX_TEXT: usize = 4_096;

fn utf8(bytes: &ByteArray) -> Result<String, Unreadable> {
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let text = std::str::from_utf8(bytes.data()).ok().filter(|text| text.len() <= MAX_TEXT);
    text.map(str::to_owned).ok_or(Unreadable::Foreign)
}

/// An answer that is an address.
pub(crate) fn address(answer: &str) -> Option<IpAddr> {
    answer.parse().ok()
}
