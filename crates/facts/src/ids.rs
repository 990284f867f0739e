//! Ids as types of their own, so that a user's id is never taken for an incident's.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// An organisation: a controller or processor with a register of its own.
    OrganisationId
);
id!(
    /// An incident in one organisation's journal.
    IncidentId
);
id!(
    /// A person who can sign in.
    UserId
);
id!(
    /// A provider (MSP) that serves organisations.
    ProviderId
);
id!(
    /// A detection as it was stored (the sensor's own id is its content's hash).
    DetectionId
);
