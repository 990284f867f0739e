//! What is no cause for alarm here, because somebody said so.
//!
//! An exception is a line that a person writes or clicks: `kind=beacon domain=*.example.nl until=2027-01-01 # reason`. It
//! takes findings away where all that it names holds, those that are stored as well as those to come; it never changes
//! what is watched. One that would hold for nearly everything is refused.

mod clouds;
mod learning;
mod line;

use std::net::IpAddr;

use facts::Text;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use self::{
    learning::{Proposal, propose, proposed_end},
    line::{ExceptionFault, InvalidException},
};
use crate::{Cidr, Detection, Kind, Remote};

/// What is no cause for alarm. Every condition that is given must hold, and at least one is given; made by
/// [`Exception::new`] or read from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    conditions: Conditions,
    /// The first day (UTC) on which it no longer holds. None: it has no end.
    pub until: Option<Date>,
    /// Who made it.
    pub author: String,
    pub reason: String,
}

/// For what an exception holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    pub kind: Option<Kind>,
    /// Our host.
    pub host: Option<IpAddr>,
    /// The other side's name; `*.example.nl` is every name under it, and not itself.
    pub domain: Option<String>,
    /// Where the other side's address lies.
    pub network: Option<Cidr>,
}

/// The widest network that one exception takes in: a sixteenth of a percent of all addresses, or one provider's block.
const WIDEST_V4: u8 = 8;
const WIDEST_V6: u8 = 16;

impl Exception {
    /// An exception with these conditions; refused where there is none, or one that is no condition.
    pub fn new(
        mut conditions: Conditions,
        until: Option<Date>,
        author: String,
        reason: String,
    ) -> Result<Self, ExceptionFault> {
        if conditions == Conditions::default() {
            return Err(ExceptionFault::NoCondition);
        }
        conditions.host = conditions.host.map(|host| host.to_canonical());
        if let Some(domain) = &mut conditions.domain {
            *domain = pattern(domain)?;
        }
        if let Some(network) = conditions.network {
            let widest = if network.first().is_ipv4() { WIDEST_V4 } else { WIDEST_V6 };
            if network.prefix() < widest {
                return Err(ExceptionFault::TooWide { network, widest });
            }
        }
        Ok(Self { conditions, until, author, reason })
    }

    /// For what it holds.
    #[must_use]
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// What whoever makes it should know: it takes in a place where everybody can rent one, or it takes in much by a single
    /// condition and has no end. Absent: neither.
    #[must_use]
    pub fn caution(&self) -> Option<Text> {
        self.of_a_whole_cloud().or_else(|| self.of_much_for_ever())
    }

    fn of_a_whole_cloud(&self) -> Option<Text> {
        let name = self.conditions.domain.as_deref()?.strip_prefix("*.")?;
        clouds::is_cloud(name).then(|| {
            Text::made(
                format!(
                    "*.{name} is een hele cloud, waar iedereen plaats kan huren, ook wie gegevens wegsluist: alles wat daarheen gaat valt onder deze uitzondering. Noem liever de naam die u gebruikt, of ook het apparaat en de soort"
                ),
                format!(
                    "*.{name} is a whole cloud, where everybody can rent a place, also who carries data off: all that goes there falls under this exception. Better name the name that you use, or the host and the kind as well"
                ),
            )
        })
    }

    fn of_much_for_ever(&self) -> Option<Text> {
        if self.until.is_some() {
            return None;
        }
        match &self.conditions {
            Conditions { kind: Some(_), host: None, domain: None, network: None } => Some(Text::new(
                "Dit geldt voor elk apparaat en elke bestemming, en heeft geen einde: ook een echte besmetting die zich zo toont, blijft verborgen. Noem liever ook het apparaat of de bestemming, of een laatste dag",
                "This holds for every host and every destination, and has no end: a real infection that shows itself so stays hidden too. Better name the host or the destination as well, or a last day",
            )),
            Conditions { kind: None, host: Some(_), domain: None, network: None } => Some(Text::new(
                "Dit verbergt alles van dit apparaat, en heeft geen einde: ook als het later besmet raakt. Noem liever ook de soort of de bestemming, of een laatste dag",
                "This hides everything of this host, and has no end: also when it is infected later. Better name the kind or the destination as well, or a last day",
            )),
            Conditions { kind: None, host: None, domain: None, network: Some(network) } if is_of_many(network) => {
                Some(Text::made(
                    format!(
                        "Dit verbergt alles van elk apparaat naar de vele adressen van {network}, en heeft geen einde. Noem liever het ene adres, of ook het apparaat of de soort, of een laatste dag"
                    ),
                    format!(
                        "This hides everything of every host to the many addresses of {network}, and has no end. Better name the one address, or the host or the kind as well, or a last day"
                    ),
                ))
            }
            _ => None,
        }
    }

    /// Whether it takes away what was seen of this kind, on this host, with that other side, on that day.
    #[must_use]
    pub fn covers(&self, kind: Kind, host: IpAddr, remote: &Remote, day: Date) -> bool {
        let Conditions { kind: of_kind, host: of_host, domain, network } = &self.conditions;
        self.until.is_none_or(|until| day < until)
            && of_kind.is_none_or(|of| of == kind)
            && of_host.is_none_or(|of| of == host.to_canonical())
            && domain.as_ref().is_none_or(|domain| remote.domain.as_ref().is_some_and(|name| fits(domain, name)))
            && network.is_none_or(|network| remote.ip.is_some_and(|ip| network.contains(ip)))
    }
}

/// The detections that no exception covers on the day when they were last seen. Over stored findings as well: what an
/// exception no longer covers is there again.
#[must_use]
pub fn without_exceptions(detections: Vec<Detection>, exceptions: &[Exception]) -> Vec<Detection> {
    let is_covered = |one: &Detection| {
        let day = day_of(one.last_at);
        exceptions.iter().any(|exception| exception.covers(one.kind, one.host.ip, &one.remote, day))
    };
    detections.into_iter().filter(|one| !is_covered(one)).collect()
}

/// Whether strangers may live in it as well: more than sixteen addresses, or more than one network of IPv6.
fn is_of_many(network: &Cidr) -> bool {
    network.prefix() < if network.first().is_ipv4() { 28 } else { 64 }
}

/// The day (UTC) of a moment.
fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(tail) => name.len() > tail.len() && name.ends_with(tail),
        None => name == pattern,
    }
}

/// A name, or `*.` and a name, as it stands on the wire and without the final dot. A wildcard over all that anybody can
/// register is none.
fn pattern(text: &str) -> Result<String, ExceptionFault> {
    let (is_wildcard, name) = match text.strip_prefix("*.") {
        Some(name) => (true, name),
        None => (false, text),
    };
    let name = intel::ascii(name.trim_end_matches('.')).ok_or_else(|| ExceptionFault::NoDomain(text.into()))?;
    let name = name.trim_end_matches('.');
    let is_label = |label: &str| {
        let is_usual = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(is_usual)
    };
    if name.is_empty() || name.len() > 253 || !name.split('.').all(is_label) || name.parse::<IpAddr>().is_ok() {
        return Err(ExceptionFault::NoDomain(text.into()));
    }
    if is_wildcard && public_suffix::domain_str(name).is_none() {
        return Err(ExceptionFault::Everybody(text.into()));
    }
    Ok(if is_wildcard { format!("*.{name}") } else { name.to_owned() })
}
