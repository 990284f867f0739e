//! The packs that are built in, and which of them judges when.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use facts::Situation;

use crate::assess::{assess_at, judged_at};
use crate::pack::{InvalidPack, Pack};
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
    ("cbw.toml", include_str!("../packs/avg/cbw.toml")),
];

/// The day before the AVG applied; the Wbp then did.
const BEFORE_AVG: Date = date(2018, 5, 24);

/// Law packs, to choose from by date or by name.
#[derive(Debug)]
pub struct Packs {
    packs: Vec<Pack>,
}

/// No pack can judge what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPack {
    #[error(
        "no law pack is in force on {on}: before 2018-05-25 the Wet bescherming persoonsgegevens (Wbp) applied, which this version does not judge; a pack can be chosen by name ({known})"
    )]
    BeforeTheFirst { on: Date, known: String },
    #[error("no law pack is in force on {on}; a pack can be chosen by name ({known})")]
    NoneInForce { on: Date, known: String },
    #[error("there is no law pack `{id}`; this version has: {known}")]
    Unknown { id: String, known: String },
}

impl Packs {
    /// The packs that come with the program.
    pub fn builtin() -> Result<Self, InvalidPack> {
        Ok(Self { packs: vec![Pack::parse(AVG)?] })
    }

    /// These packs, in order of preference where several are in force.
    #[must_use]
    pub fn of(packs: Vec<Pack>) -> Self {
        Self { packs }
    }

    /// The pack in force at a moment, by the calendar of the pack's own zone.
    pub fn in_force(&self, at: Timestamp) -> Result<&Pack, NoPack> {
        let day = |zone: &TimeZone| at.to_zoned(zone.clone()).date();
        let found = self.packs.iter().find(|pack| pack.is_in_force(day(pack.zone())));
        found.ok_or_else(|| {
            let on = self.packs.first().map_or_else(|| day(&TimeZone::UTC), |pack| day(pack.zone()));
            let known = self.known();
            if on <= BEFORE_AVG { NoPack::BeforeTheFirst { on, known } } else { NoPack::NoneInForce { on, known } }
        })
    }

    /// The pack of a name, in force or not.
    pub fn by_id(&self, id: &str) -> Result<&Pack, NoPack> {
        let found = self.packs.iter().find(|pack| pack.id() == id);
        found.ok_or_else(|| NoPack::Unknown { id: id.into(), known: self.known() })
    }

    /// The verdict on a situation for a call at `now`: under the pack of this name, else the one in force at the moment of
    /// awareness.
    pub fn assess(&self, situation: &Situation, now: Timestamp, chosen: Option<&str>) -> Result<Verdict, NoPack> {
        let pack = match chosen {
            Some(id) => self.by_id(id)?,
            None => self.in_force(judged_at(situation, now))?,
        };
        Ok(assess_at(pack, situation, now))
    }

    /// The packs themselves, to put others beside them.
    #[must_use]
    pub fn into_packs(self) -> Vec<Pack> {
        self.packs
    }

    pub fn iter(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter()
    }

    fn known(&self) -> String {
        self.packs.iter().map(Pack::id).collect::<Vec<_>>().join(", ")
    }
}
