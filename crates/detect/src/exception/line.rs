//! An exception as a line of text, and files of them.

use std::{fmt, net::IpAddr, str::FromStr};

use facts::{Text, typed_day};

use super::{Conditions, Exception};
use crate::{Cidr, Kind};

/// A line longer than this, in bytes, is none that a person wrote.
const MAX_LINE: usize = 2_000;
/// The most exceptions that one file holds.
const MAX_EXCEPTIONS: usize = 10_000;

const KEYS: &str = "kind, host, domain, network, until, author";

/// Why something is no exception.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExceptionFault {
    #[error("it names nothing that it holds for; give at least one of kind=, host=, domain=, network=")]
    NoCondition,
    #[error("`{0}` is no word of an exception; write key=value with a key of {KEYS}, and a reason after #")]
    NoKey(String),
    #[error("`{0}` stands in it twice; write one line for each")]
    Twice(&'static str),
    #[error("`{0}` is no kind of finding; the kinds are {kinds}", kinds = kinds())]
    NoKind(String),
    #[error("`{0}` is no IP address of a host; write host=192.168.1.20")]
    NoHost(String),
    #[error("`{0}` is no domain; write example.nl, or *.example.nl for every name under it")]
    NoDomain(String),
    #[error("`{0}` would hold for names of everybody; name the domain that is meant, such as *.example.nl")]
    Everybody(String),
    #[error("{0}")]
    NoNetwork(#[from] crate::InvalidCidr),
    #[error("{network} is too wide for an exception; write /{widest} or narrower")]
    TooWide { network: Cidr, widest: u8 },
    #[error("`{0}` is no date; write until=2027-01-31, the first day on which it no longer holds")]
    NoDate(String),
    #[error("it is longer than {MAX_LINE} bytes")]
    TooLong,
    #[error("there are more than {MAX_EXCEPTIONS} exceptions; take networks or wildcards together")]
    TooMany,
}

/// A line of a file that is no exception.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct InvalidException {
    /// From 1.
    pub line: usize,
    pub fault: ExceptionFault,
}

impl ExceptionFault {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::NoCondition => {
                "het noemt niets waarvoor het geldt; geef ten minste één van kind=, host=, domain=, network=".to_owned()
            }
            Self::NoKey(word) => format!(
                "`{word}` is geen woord van een uitzondering; schrijf sleutel=waarde met een sleutel uit {KEYS}, en een reden achter #"
            ),
            Self::Twice(key) => format!("`{key}` staat er twee keer in; schrijf voor elk een regel"),
            Self::NoKind(word) => format!("`{word}` is geen soort bevinding; de soorten zijn {}", kinds()),
            Self::NoHost(word) => format!("`{word}` is geen IP-adres van een apparaat; schrijf host=192.168.1.20"),
            Self::NoDomain(word) => {
                format!("`{word}` is geen domein; schrijf voorbeeld.nl, of *.voorbeeld.nl voor elke naam eronder")
            }
            Self::Everybody(word) => format!(
                "`{word}` zou voor namen van iedereen gelden; noem het domein dat u bedoelt, zoals *.voorbeeld.nl"
            ),
            Self::NoNetwork(_) => "het netwerk is er geen; schrijf network=192.0.2.0/24".to_owned(),
            Self::TooWide { network, widest } => {
                format!("{network} is te ruim voor een uitzondering; schrijf /{widest} of smaller")
            }
            Self::NoDate(word) => format!(
                "`{word}` is geen datum; schrijf until=2027-01-31, de eerste dag waarop de uitzondering niet meer geldt"
            ),
            Self::TooLong => format!("het is langer dan {MAX_LINE} bytes"),
            Self::TooMany => {
                format!("het zijn meer dan {MAX_EXCEPTIONS} uitzonderingen; neem netwerken of namen samen")
            }
        };
        Text::made(nl, self.to_string())
    }
}

impl InvalidException {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let why = self.fault.text();
        Text::made(format!("regel {}: {}", self.line, why.nl), format!("line {}: {}", self.line, why.en))
    }
}

fn kinds() -> String {
    Kind::ALL.iter().map(|kind| kind.key()).collect::<Vec<_>>().join(", ")
}

impl Exception {
    /// Reads exceptions, one a line; empty lines and lines of comment alone are passed over.
    pub fn read_lines(text: &str) -> Result<Vec<Self>, InvalidException> {
        let mut all = Vec::new();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            let refused = |fault| InvalidException { line: number + 1, fault };
            if all.len() >= MAX_EXCEPTIONS {
                return Err(refused(ExceptionFault::TooMany));
            }
            all.push(line.parse().map_err(refused)?);
        }
        Ok(all)
    }
}

/// `kind=beacon host=192.168.1.20 domain=*.example.nl network=192.0.2.0/24 until=2027-01-01 author=jan # reason`; in any
/// order, each at most once.
impl FromStr for Exception {
    type Err = ExceptionFault;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        if line.len() > MAX_LINE {
            return Err(ExceptionFault::TooLong);
        }
        let (words, reason) = line.split_once('#').unwrap_or((line, ""));
        let mut conditions = Conditions::default();
        let (mut until, mut author) = (None, None);
        for word in words.split_whitespace() {
            let no_key = || ExceptionFault::NoKey(word.into());
            let (key, value) = word.split_once('=').filter(|(_, value)| !value.is_empty()).ok_or_else(no_key)?;
            match key {
                "kind" => once(&mut conditions.kind, kind(value)?, "kind")?,
                "host" => {
                    let host: IpAddr = value.parse().map_err(|_| ExceptionFault::NoHost(value.into()))?;
                    once(&mut conditions.host, host, "host")?;
                }
                "domain" => once(&mut conditions.domain, value.to_owned(), "domain")?,
                "network" => once(&mut conditions.network, value.parse::<Cidr>()?, "network")?,
                "until" => {
                    let date = typed_day(value).ok_or_else(|| ExceptionFault::NoDate(value.into()))?;
                    once(&mut until, date, "until")?;
                }
                "author" => once(&mut author, value.to_owned(), "author")?,
                _ => return Err(no_key()),
            }
        }
        Self::new(conditions, until, author.unwrap_or_default(), reason.trim().to_owned())
    }
}

fn once<T>(place: &mut Option<T>, value: T, key: &'static str) -> Result<(), ExceptionFault> {
    if place.replace(value).is_some() { Err(ExceptionFault::Twice(key)) } else { Ok(()) }
}

fn kind(value: &str) -> Result<Kind, ExceptionFault> {
    let named = Kind::ALL.iter().find(|kind| kind.key() == value);
    named.copied().ok_or_else(|| ExceptionFault::NoKind(value.into()))
}

/// The line that reads back as the same exception; white space in the author's name becomes `_`.
impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Conditions { kind, host, domain, network } = self.conditions();
        let mut words: Vec<String> = Vec::new();
        words.extend(kind.map(|kind| format!("kind={}", kind.key())));
        words.extend(host.map(|host| format!("host={host}")));
        words.extend(domain.as_ref().map(|domain| format!("domain={domain}")));
        words.extend(network.map(|network| format!("network={network}")));
        words.extend(self.until.map(|until| format!("until={until}")));
        let author: Vec<&str> = self.author.split(|c: char| c.is_whitespace() || c == '#').collect();
        words.extend((!self.author.is_empty()).then(|| format!("author={}", author.join("_"))));
        if !self.reason.is_empty() {
            words.push(format!("# {}", self.reason.lines().collect::<Vec<_>>().join(" ")));
        }
        f.write_str(&words.join(" "))
    }
}
