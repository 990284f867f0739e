//! Who may do what: one table, snapshotted whole in the tests.

/// A person's part in one organisation, or at the provider that serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reports, sees the organisation's home.
    Employee,
    /// Handles incidents (behandelaar).
    Handler,
    /// Decides: the director or whom they mandated.
    Officer,
    /// The FG: reads all, advises, never decides (AVG art. 38(3), 38(6), 39).
    Dpo,
    /// Prepares what the persons are told.
    Communications,
    /// Reads all, changes nothing.
    Auditor,
    /// People and settings; no cases.
    Administrator,
    /// Provider staff who handle at this customer.
    Engineer,
    /// Provider staff who manage the provider's people and customers.
    ProviderAdministrator,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Employee,
        Self::Handler,
        Self::Officer,
        Self::Dpo,
        Self::Communications,
        Self::Auditor,
        Self::Administrator,
        Self::Engineer,
        Self::ProviderAdministrator,
    ];

    /// The name in the database and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Handler => "handler",
            Self::Officer => "officer",
            Self::Dpo => "dpo",
            Self::Communications => "communications",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::Engineer => "engineer",
            Self::ProviderAdministrator => "provider_administrator",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// Whether one person may have both roles in one organisation: who advises as FG never decides (AVG art. 38(6)).
    #[must_use]
    pub fn goes_with(self, other: Self) -> bool {
        !matches!((self, other), (Self::Dpo, Self::Officer) | (Self::Officer, Self::Dpo))
    }
}

/// What can be permitted. One permission a use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// See the organisation's home: its clocks and how to report.
    SeeOrganisation,
    /// Report something as somebody who signed in.
    Report,
    /// Read incidents.
    ReadIncident,
    /// Record facts, notes, detection and awareness times; have the law assessed; make documents; record what was sent.
    HandleIncident,
    /// Give advice as the FG (AVG art. 39). Who records an outside FG's advice handles the incident.
    Advise,
    /// Decide whether to notify and inform.
    Decide,
    /// Close and reopen an incident.
    Close,
    /// Read the register and export it.
    ReadRegister,
    /// Hold incidents from being erased, erase them, answer persons' requests about their data (AVG arts. 15, 17).
    Forget,
    /// See which sensors there are and how they are; not what they saw.
    SeeSensors,
    /// See what sensors saw: detections, cases, which host sends how much where.
    ReadDetections,
    /// Enrol sensors, name them, remove them.
    ManageSensors,
    /// Manage people and settings.
    Administer,
}

impl Permission {
    pub const ALL: [Self; 13] = [
        Self::SeeOrganisation,
        Self::Report,
        Self::ReadIncident,
        Self::HandleIncident,
        Self::Advise,
        Self::Decide,
        Self::Close,
        Self::ReadRegister,
        Self::Forget,
        Self::SeeSensors,
        Self::ReadDetections,
        Self::ManageSensors,
        Self::Administer,
    ];
}

/// Whether a role permits something. A provider never decides for a customer.
#[must_use]
pub fn may(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Employee => matches!(permission, P::SeeOrganisation | P::Report),
        Role::Handler => {
            matches!(
                permission,
                P::SeeOrganisation
                    | P::Report
                    | P::ReadIncident
                    | P::HandleIncident
                    | P::ReadRegister
                    | P::SeeSensors
                    | P::ReadDetections
            )
        }
        Role::Officer => matches!(
            permission,
            P::SeeOrganisation
                | P::Report
                | P::ReadIncident
                | P::HandleIncident
                | P::Decide
                | P::Close
                | P::ReadRegister
                | P::Forget
                | P::SeeSensors
                | P::ReadDetections
        ),
        Role::Dpo => matches!(
            permission,
            P::SeeOrganisation | P::ReadIncident | P::Advise | P::ReadRegister | P::SeeSensors | P::ReadDetections
        ),
        Role::Auditor => matches!(
            permission,
            P::SeeOrganisation | P::ReadIncident | P::ReadRegister | P::SeeSensors | P::ReadDetections
        ),
        Role::Communications => matches!(permission, P::SeeOrganisation | P::Report | P::ReadIncident),
        Role::Administrator => {
            matches!(permission, P::SeeOrganisation | P::Report | P::Administer | P::SeeSensors | P::ManageSensors)
        }
        Role::Engineer => {
            matches!(
                permission,
                P::SeeOrganisation
                    | P::Report
                    | P::ReadIncident
                    | P::HandleIncident
                    | P::ReadRegister
                    | P::SeeSensors
                    | P::ReadDetections
                    | P::ManageSensors
            )
        }
        Role::ProviderAdministrator => {
            matches!(permission, P::SeeOrganisation | P::Administer | P::SeeSensors | P::ManageSensors)
        }
    }
}
