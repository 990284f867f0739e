//! The emergency road: the answers that make a first report, as a list.

use facts::Fact;

use super::item::{Field, Item, Together};

/// One stop on the emergency road.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub item: Item,
    /// The questions of the AP's form (August 2022) that it fills.
    pub fills: &'static [&'static str],
}

const fn stop(item: Item, fills: &'static [&'static str]) -> Stop {
    Stop { item, fills }
}

/// At most twelve answers to a first report, in the order in which people can give them under pressure: when, whose it is,
/// what happened, to which data of whom, what it can do, what was done. What else the form asks comes from the
/// organisation's profile (3), is derived (9.1, 9.3, 10.1), or may follow in a supplement (AVG art. 33(4)): the start and end
/// of the breach (4.1), and the number of records (6.3.1), for which the form takes 1 with a word of explanation.
pub const EMERGENCY: &[Stop] = &[
    // The clock, and which law judges.
    stop(Item::Field(Field::AwareAt), &["4.4"]),
    // A processor reports to nobody but its controllers: then the road ends here.
    stop(Item::Fact(Fact::Role), &["3.1.1"]),
    stop(Item::Field(Field::DetectedAt), &["4.2"]),
    stop(Item::Field(Field::Description), &["5.3", "4.3"]),
    stop(Item::Fact(Fact::IncidentType), &["5.2"]),
    stop(Item::Together(Together::Nature), &["5.1"]),
    stop(Item::Fact(Fact::Data), &["6.1", "6.2"]),
    stop(Item::Fact(Fact::Groups), &["7.1"]),
    stop(Item::Together(Together::Persons), &["7.3"]),
    stop(Item::Fact(Fact::Protection), &["8.1"]),
    stop(Item::Fact(Fact::Consequences), &["9.2"]),
    stop(Item::Field(Field::MeasuresTaken), &["10.2"]),
];
