//! The packs that are built in or come from files, which of them judges when, and which run beside it.
//!
//! Promises: no two packs judge on the same day, and one pack answers for a duty; anything else is refused with file and
//! line. Deliberately not here: reading files.

mod together;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use facts::{Situation, Text};

use crate::assess::{Bench, judged_at};
use crate::pack::{InvalidPack, Pack, PackFiles, PackProblem};
use crate::verdict::Verdict;

/// The files of the pack `avg`: the Algemene verordening gegevensbescherming with the UAVG.
const AVG: &[(&str, &str)] = &[
    ("pack.toml", include_str!("../packs/avg/pack.toml")),
    ("breach.toml", include_str!("../packs/avg/breach.toml")),
    ("scope.toml", include_str!("../packs/avg/scope.toml")),
    ("data.toml", include_str!("../packs/avg/data.toml")),
    ("disclosure.toml", include_str!("../packs/avg/disclosure.toml")),
    ("loss.toml", include_str!("../packs/avg/loss.toml")),
    ("risk.toml", include_str!("../packs/avg/risk.toml")),
    ("art-33-1.toml", include_str!("../packs/avg/art-33-1.toml")),
    ("art-33-2.toml", include_str!("../packs/avg/art-33-2.toml")),
    ("art-33-5.toml", include_str!("../packs/avg/art-33-5.toml")),
    ("art-34.toml", include_str!("../packs/avg/art-34.toml")),
    ("uavg-43.toml", include_str!("../packs/avg/uavg-43.toml")),
    ("uavg-41.toml", include_str!("../packs/avg/uavg-41.toml")),
    ("uavg-42.toml", include_str!("../packs/avg/uavg-42.toml")),
    ("aids.toml", include_str!("../packs/avg/aids.toml")),
];

/// The files of the pack `cbw`: the Cyberbeveiligingswet, which runs beside the AVG.
const CBW: &[(&str, &str)] = &[
    ("pack.toml", include_str!("../packs/cbw/pack.toml")),
    ("art-25.toml", include_str!("../packs/cbw/art-25.toml")),
    ("report.toml", include_str!("../packs/cbw/report.toml")),
    ("aids.toml", include_str!("../packs/cbw/aids.toml")),
];

/// The files of the pack `wbp`: the Wet bescherming persoonsgegevens from 2016 until the AVG.
const WBP: &[(&str, &str)] = &[
    ("pack.toml", include_str!("../packs/wbp/pack.toml")),
    ("scope.toml", include_str!("../packs/wbp/scope.toml")),
    ("breach.toml", include_str!("../packs/wbp/breach.toml")),
    ("authority.toml", include_str!("../packs/wbp/authority.toml")),
    ("persons.toml", include_str!("../packs/wbp/persons.toml")),
];

/// The files of the pack `omnibus`: the proposal of 2025 to change the AVG, which it extends.
const OMNIBUS: &[(&str, &str)] = &[
    ("pack.toml", include_str!("../packs/omnibus/pack.toml")),
    ("art-33-1.toml", include_str!("../packs/omnibus/art-33-1.toml")),
    ("proposal.toml", include_str!("../packs/omnibus/proposal.toml")),
];

/// Law packs, to choose from by date or by name.
#[derive(Debug)]
pub struct Packs {
    packs: Vec<Pack>,
}

/// No pack can judge what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPack {
    #[error(
        "no law pack is in force on {on}: the first, `{first}`, begins on {from}, and before 2016-01-01 no general law asked to report a data breach; a pack can be chosen by name ({known})"
    )]
    BeforeTheFirst { on: Date, first: String, from: Date, known: String },
    #[error("no law pack is in force on {on}; a pack can be chosen by name ({known})")]
    NoneInForce { on: Date, known: String },
    #[error("there is no law pack `{id}`; this version has: {known}")]
    Unknown { id: String, known: String },
    #[error(
        "the law pack `{id}` runs beside the one that judges, and answers for its own duties only; it does so by date, and a pack to judge is one of: {known}"
    )]
    RunsBeside { id: String, known: String },
}

impl NoPack {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::BeforeTheFirst { on, first, from, known } => format!(
                "op {on} gold geen wetspakket: het eerste, `{first}`, begint op {from}, en vóór 2016-01-01 vroeg geen algemene wet een datalek te melden; u kunt een pakket bij naam kiezen ({known})"
            ),
            Self::NoneInForce { on, known } => {
                format!("op {on} geldt geen wetspakket; u kunt een pakket bij naam kiezen ({known})")
            }
            Self::Unknown { id, known } => format!("er is geen wetspakket `{id}`; deze versie heeft: {known}"),
            Self::RunsBeside { id, known } => format!(
                "het wetspakket `{id}` geldt naast het pakket dat oordeelt, en gaat alleen over zijn eigen plichten, vanaf zijn eigen datum; oordelen kan een van: {known}"
            ),
        };
        Text::made(nl, self.to_string())
    }
}

/// The packs that come with the program, as files.
#[must_use]
pub fn builtin_files() -> Vec<PackFiles> {
    [("avg", AVG), ("cbw", CBW), ("wbp", WBP), ("omnibus", OMNIBUS)]
        .into_iter()
        .map(|(at, files)| PackFiles::new(at, files))
        .collect()
}

impl Packs {
    /// The packs that come with the program.
    pub fn builtin() -> Result<Self, InvalidPack> {
        Self::with(Vec::new())
    }

    /// Those, with others beside them, which may extend them. Everything wrong is told at once.
    pub fn with(more: Vec<PackFiles>) -> Result<Self, InvalidPack> {
        let mut library = builtin_files();
        library.extend(more);
        Self::load(&library)
    }

    /// Only these packs. What is wrong with each comes first, then what is wrong between them.
    pub fn load(library: &[PackFiles]) -> Result<Self, InvalidPack> {
        let mut problems = Vec::new();
        let mut packs = Vec::new();
        for files in library {
            match Pack::parse_beside(files, library) {
                Ok(pack) => packs.push(pack),
                Err(invalid) => problems.extend(invalid.problems),
            }
        }
        problems.extend(together::problems(&packs));
        if problems.is_empty() { Ok(Self { packs }) } else { Err(InvalidPack { problems }) }
    }

    /// Everything that is wrong with packs put beside the built-in ones; empty where they are sound.
    #[must_use]
    pub fn check(more: Vec<PackFiles>) -> Vec<PackProblem> {
        Self::with(more).err().map(|invalid| invalid.problems).unwrap_or_default()
    }

    /// These packs as they are, in order of preference where several judge on a day.
    #[must_use]
    pub fn of(packs: Vec<Pack>) -> Self {
        Self { packs }
    }

    /// The pack that judges at a moment, by the calendar of the pack's own zone.
    pub fn in_force(&self, at: Timestamp) -> Result<&Pack, NoPack> {
        self.judging().find(|pack| pack.is_in_force(day(at, pack.zone()))).ok_or_else(|| {
            let first =
                self.judging().filter(|pack| pack.in_force_from().is_some()).min_by_key(|pack| pack.in_force_from());
            let on = day(at, first.map_or(&TimeZone::UTC, Pack::zone));
            let known = self.known_to_judge();
            match first.and_then(|pack| pack.in_force_from().map(|from| (pack, from))) {
                Some((pack, from)) if on < from => NoPack::BeforeTheFirst { on, first: pack.id().into(), from, known },
                _ => NoPack::NoneInForce { on, known },
            }
        })
    }

    /// The packs that run beside the judging one at a moment.
    pub fn beside(&self, at: Timestamp) -> impl Iterator<Item = &Pack> {
        self.packs.iter().filter(move |pack| pack.is_beside() && pack.is_in_force(day(at, pack.zone())))
    }

    /// The pack of a name, in force or not, whether it judges or runs beside.
    pub fn by_id(&self, id: &str) -> Result<&Pack, NoPack> {
        let found = self.packs.iter().find(|pack| pack.id() == id);
        found.ok_or_else(|| NoPack::Unknown { id: id.into(), known: self.known() })
    }

    /// The verdict on a situation for a call at `now`: under the pack of this name, else the one in force at the moment of
    /// awareness (else of the first signal, else now), with those that run beside it then.
    pub fn assess(&self, situation: &Situation, now: Timestamp, chosen: Option<&str>) -> Result<Verdict, NoPack> {
        self.assess_as_of(situation, judged_at(situation, now), now, chosen)
    }

    /// The same by the law of a moment that the caller names.
    pub fn assess_as_of(
        &self,
        situation: &Situation,
        at: Timestamp,
        now: Timestamp,
        chosen: Option<&str>,
    ) -> Result<Verdict, NoPack> {
        let judging = self.judge(at, chosen)?;
        let is_early =
            |pack: &&Pack| pack.is_beside() && pack.in_force_from().is_some_and(|from| day(at, pack.zone()) < from);
        let bench =
            Bench { judging, beside: self.beside(at).collect(), not_yet: self.packs.iter().filter(is_early).collect() };
        Ok(bench.verdict(situation, Some(at), Some(now)))
    }

    /// The pack of this name if it can judge, else the one in force at that moment.
    pub fn judge(&self, at: Timestamp, chosen: Option<&str>) -> Result<&Pack, NoPack> {
        let Some(id) = chosen else { return self.in_force(at) };
        let pack = self.by_id(id)?;
        if pack.is_beside() {
            return Err(NoPack::RunsBeside { id: id.into(), known: self.known_to_judge() });
        }
        Ok(pack)
    }

    /// The packs themselves, to put others beside them.
    #[must_use]
    pub fn into_packs(self) -> Vec<Pack> {
        self.packs
    }

    pub fn iter(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    fn judging(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter().filter(|pack| !pack.is_beside())
    }

    fn known_to_judge(&self) -> String {
        self.judging().map(Pack::id).collect::<Vec<_>>().join(", ")
    }

    fn known(&self) -> String {
        self.packs.iter().map(Pack::id).collect::<Vec<_>>().join(", ")
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}
