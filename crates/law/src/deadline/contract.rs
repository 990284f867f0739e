//! Terms that a contract sets: a processor's with its customers, an insured's with its insurer.
//!
//! Promises: a contract counts as agreed: hours are elapsed hours, working days end with the last of them; Regulation 1182/71
//! and the Algemene termijnenwet change neither. Deliberately not here: what else a contract may agree (another calendar,
//! office hours): such a term is entered as the hours or days that it comes to.

use std::fmt;
use std::str::FromStr;

use jiff::Zoned;

use facts::Text;

use super::terms::end_of_day;
use super::{hours_target, working_days_after};

/// A term that the organisation agreed with somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractTerm {
    /// Stable within the organisation; names the clock.
    pub id: String,
    pub kind: TermKind,
    /// Whom to tell: a customer, an insurer.
    pub with: String,
    pub length: TermLength,
}

/// Whose contract it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// A verwerkersovereenkomst (AVG art. 28(3)): as a processor we warn this controller in time.
    ProcessorContract,
    /// A policy: the insurer is told as soon as reasonably possible (BW art. 7:941), or within the policy's term.
    Insurer,
    Other,
}

/// How long it is, from the moment of awareness on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermLength {
    /// Elapsed hours.
    Hours(u32),
    /// Days that are no Saturday, Sunday or holiday; the day of awareness is not counted, the last one counts to its end.
    WorkingDays(u32),
}

/// A text that is no length of a term.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no term; write hours like 24h or working days like 2wd, at most {MOST_HOURS}h or {MOST_DAYS}wd")]
pub struct InvalidTerm {
    text: String,
}

/// A year: nobody agrees on more, and arithmetic stays far inside the calendar.
const MOST_HOURS: u32 = 8784;
const MOST_DAYS: u32 = 260;

impl TermKind {
    pub const ALL: [Self; 3] = [Self::ProcessorContract, Self::Insurer, Self::Other];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ProcessorContract => "processor_contract",
            Self::Insurer => "insurer",
            Self::Other => "other",
        }
    }

    /// The kind of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::ProcessorContract => {
                Text::new("Verwerkersovereenkomst (u bent verwerker)", "Processing agreement (you are the processor)")
            }
            Self::Insurer => Text::new("Verzekeraar", "Insurer"),
            Self::Other => Text::new("Andere afspraak", "Another agreement"),
        }
    }
}

impl TermLength {
    /// When it ends, counted from this moment in that moment's zone.
    #[must_use]
    pub fn after(self, start: &Zoned) -> Zoned {
        match self {
            Self::Hours(hours) => hours_target(start, hours),
            Self::WorkingDays(days) => end_of_day(working_days_after(start.date(), days), start),
        }
    }

    /// In words: *24 uur*, *2 werkdagen*.
    #[must_use]
    pub fn in_words(self) -> Text {
        match self {
            Self::Hours(1) => Text::new("1 uur", "1 hour"),
            Self::Hours(hours) => Text::made(format!("{hours} uur"), format!("{hours} hours")),
            Self::WorkingDays(1) => Text::new("1 werkdag", "1 working day"),
            Self::WorkingDays(days) => Text::made(format!("{days} werkdagen"), format!("{days} working days")),
        }
    }
}

/// As it is written and read back: `24h`, `2wd`.
impl fmt::Display for TermLength {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => write!(out, "{hours}h"),
            Self::WorkingDays(days) => write!(out, "{days}wd"),
        }
    }
}

impl FromStr for TermLength {
    type Err = InvalidTerm;

    fn from_str(text: &str) -> Result<Self, InvalidTerm> {
        let invalid = || InvalidTerm { text: text.into() };
        let text = text.trim();
        let number = |digits: &str, most: u32| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse::<u32>().ok().filter(|number| is_number && (1..=most).contains(number));
            number.ok_or_else(invalid)
        };
        if let Some(digits) = text.strip_suffix("wd") {
            return number(digits, MOST_DAYS).map(Self::WorkingDays);
        }
        let digits = text.strip_suffix('h').ok_or_else(invalid)?;
        number(digits, MOST_HOURS).map(Self::Hours)
    }
}

impl ContractTerm {
    /// What is to be done, for a clock or a calendar.
    #[must_use]
    pub fn what(&self) -> Text {
        let (with, length) = (&self.with, self.length.in_words());
        let (nl, en) = (&length.nl, &length.en);
        match self.kind {
            TermKind::ProcessorContract => Text::made(
                format!("{with} waarschuwen, binnen {nl} volgens uw verwerkersovereenkomst"),
                format!("Warn {with}, within {en} by your processing agreement"),
            ),
            TermKind::Insurer => Text::made(
                format!("Melden bij {with}, binnen {nl} volgens uw polis"),
                format!("Notify {with}, within {en} by your policy"),
            ),
            TermKind::Other => Text::made(
                format!("{with} inlichten, binnen {nl} zoals afgesproken"),
                format!("Tell {with}, within {en} as agreed"),
            ),
        }
    }

    /// What it rests on; a policy is a contract too.
    #[must_use]
    pub fn basis(&self) -> Vec<String> {
        let beside: &[&str] = match self.kind {
            TermKind::ProcessorContract => &["AVG art. 28(3)", "AVG art. 33(2)"],
            TermKind::Insurer => &["BW art. 7:941"],
            TermKind::Other => &[],
        };
        ["contract"].iter().chain(beside).map(|cite| (*cite).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_reads_back_as_written() {
        for length in [TermLength::Hours(1), TermLength::Hours(48), TermLength::WorkingDays(2)] {
            assert_eq!(length.to_string().parse(), Ok(length));
        }
        assert_eq!(" 24h ".parse(), Ok(TermLength::Hours(24)));
        for wrong in ["", "h", "wd", "24", "0h", "-1h", "+1h", "1.5h", "2 wd", "24u", "8785h", "261wd", "99999999999h"]
        {
            assert!(wrong.parse::<TermLength>().is_err(), "{wrong}");
        }
    }
}
