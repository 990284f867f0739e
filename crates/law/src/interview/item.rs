//! What one question asks for: a fact, a few facts in one answer, or a field of the case.

use facts::{Class, Fact, Kind, Value};

/// One question of an interview.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Fact(Fact),
    /// Facts that belong in one answer.
    Together(Together),
    /// Exceptions that can each still lift a duty: shown together, because mostly none applies.
    Exceptions(Vec<Fact>),
    /// What is no fact, and yet stands in a report.
    Field(Field),
}

/// Facts that belong in one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Together {
    /// Seen, altered, lost (AVG art. 4(12)).
    Nature,
    /// A number of persons, or a lowest and a highest.
    Persons,
}

/// Fields of a case that no fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// When the organisation became aware (kennisname).
    AwareAt,
    /// The first signal (ontdekking).
    DetectedAt,
    /// What happened, in a summary that names no data subject.
    Description,
    /// What was done already.
    MeasuresTaken,
}

/// The exceptions that one answer can deny together, in the contract's order.
pub const EXCEPTIONS: [Fact; 8] = [
    Fact::HouseholdUse,
    Fact::JournalisticUse,
    Fact::Regime,
    Fact::RemoteWipe,
    Fact::RiskRemoved,
    Fact::DisproportionateEffort,
    Fact::FinancialUndertaking,
    Fact::WithholdingGround,
];

/// What a fact says when none of the exceptions applies; nothing for a fact that is no such exception.
#[must_use]
pub fn denied(fact: Fact) -> Option<Value> {
    match (fact.class(), fact.kind()) {
        (Class::Gate, Kind::Truth) => Some(Value::Truth(false)),
        (Class::Gate, Kind::One(choices)) => {
            choices.first().filter(|first| matches!(first.key, "none" | "avg")).map(|first| Value::One(first.key))
        }
        _ => None,
    }
}

impl Together {
    pub const ALL: [Self; 2] = [Self::Nature, Self::Persons];

    /// The facts that the answer gives.
    #[must_use]
    pub fn facts(self) -> &'static [Fact] {
        match self {
            Self::Nature => &[Fact::Confidentiality, Fact::Integrity, Fact::Availability],
            Self::Persons => &[Fact::SubjectsMin, Fact::SubjectsMax],
        }
    }

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Nature => "nature",
            Self::Persons => "persons",
        }
    }
}

impl Field {
    pub const ALL: [Self; 4] = [Self::AwareAt, Self::DetectedAt, Self::Description, Self::MeasuresTaken];

    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AwareAt => "aware_at",
            Self::DetectedAt => "detected_at",
            Self::Description => "description",
            Self::MeasuresTaken => "measures_taken",
        }
    }
}

impl Item {
    /// What all exceptions together are called.
    pub(crate) const EXCEPTIONS_KEY: &'static str = "exceptions";

    /// The question that asks for a fact on the whole road: by itself, but for the bounds of a number of persons.
    #[must_use]
    pub fn of(fact: Fact) -> Self {
        if Together::Persons.facts().contains(&fact) { Self::Together(Together::Persons) } else { Self::Fact(fact) }
    }

    /// The facts that an answer gives.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        match self {
            Self::Fact(fact) => std::slice::from_ref(fact),
            Self::Together(together) => together.facts(),
            Self::Exceptions(facts) => facts,
            Self::Field(_) => &[],
        }
    }

    /// A name for addresses and forms; for a fact its public name.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Fact(fact) => fact.key(),
            Self::Together(together) => together.key(),
            Self::Exceptions(_) => Self::EXCEPTIONS_KEY,
            Self::Field(field) => field.key(),
        }
    }

    /// The question of a name; of the exceptions, all of them.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        if key == Self::EXCEPTIONS_KEY {
            return Some(Self::Exceptions(EXCEPTIONS.to_vec()));
        }
        let field = Field::ALL.into_iter().find(|field| field.key() == key).map(Self::Field);
        let together = || Together::ALL.into_iter().find(|together| together.key() == key).map(Self::Together);
        field.or_else(together).or_else(|| Fact::from_key(key).ok().map(Self::Fact))
    }

    /// What "none of these" records.
    #[must_use]
    pub fn none_of_these(&self) -> Vec<(Fact, Value)> {
        match self {
            Self::Exceptions(facts) => facts.iter().filter_map(|fact| Some((*fact, denied(*fact)?))).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exceptions_are_the_gates_that_can_be_denied() {
        let deniable: Vec<Fact> = Fact::ALL.iter().copied().filter(|fact| denied(*fact).is_some()).collect();
        assert_eq!(deniable, EXCEPTIONS);
    }

    #[test]
    fn every_name_reads_back_as_its_question() {
        let fields = Field::ALL.map(Item::Field);
        let together = Together::ALL.map(Item::Together);
        let facts = Fact::ALL.iter().copied().map(Item::Fact);
        let exceptions = [Item::Exceptions(EXCEPTIONS.to_vec())];
        for item in fields.into_iter().chain(together).chain(facts).chain(exceptions) {
            assert_eq!(Item::from_key(item.key()), Some(item.clone()), "{}", item.key());
        }
        assert_eq!(Item::from_key("weather"), None);
    }
}
