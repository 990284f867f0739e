//! What makes an amount suspicious, and what it weighs.

/// What makes an amount suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// A hundred megabytes and more.
    Much,
    /// A gigabyte and more; what is sent once by the web, or to a service for files, two.
    VeryMuch,
    /// In many conversations of a megabyte and more. Not to a service for files, whose programs send so.
    InPieces,
    /// Twenty times what came back.
    OneWay,
    /// Of at least three hosts, this one alone speaks with the place.
    OnlyHost,
    /// Nobody here had spoken with it before. For who has not watched for long: not in the first hour that we saw, and not
    /// by name over the web or mail, as the first backup would.
    FirstContact,
    /// Very much, at the first contact: not to a service for files, nor from storage by the web, as a first backup goes.
    VeryMuchAtFirst,
    /// A readable upload, of a hundred megabytes and more, of what by its name or its first bytes is an archive or a database.
    Archive,
    /// A place to which thieves' programs bring what they took.
    LootPlace,
    /// An address without a name.
    BareAddress,
    /// Neither the web nor mail.
    OddPort,
    /// Storage or a server, to a name by the web: what a backup looks like.
    Storage,
    /// A name, at a port where backup services live.
    Backup,
    /// Over SSH, to a name: how people publish a site, or keep code elsewhere.
    ShellByName,
    /// Over SSH, to where many keep code: a step milder, short of a gigabyte.
    CodeHost,
    /// In few conversations, at a port of live pictures and sound: no alarm.
    LiveStream,
    /// Ten times what any other of our hosts sent to one place in a day.
    FarAboveOthers,
}

impl Sign {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Much => "much",
            Self::VeryMuch => "very_much",
            Self::InPieces => "in_pieces",
            Self::OneWay => "one_way",
            Self::OnlyHost => "only_host",
            Self::FirstContact => "first_contact",
            Self::VeryMuchAtFirst => "very_much_at_first",
            Self::Archive => "archive",
            Self::LootPlace => "loot_place",
            Self::BareAddress => "bare_address",
            Self::OddPort => "odd_port",
            Self::Storage => "storage",
            Self::Backup => "backup_port",
            Self::ShellByName => "ssh_to_a_name",
            Self::CodeHost => "code_host",
            Self::LiveStream => "live_stream",
            Self::FarAboveOthers => "far_above_others",
        }
    }

    /// Chosen so that a large file sent once by a well-known way (5) stays silent, six is worth a look, eight an alarm: the same
    /// in pieces (6), what no such service takes at once (6) where nobody here ever was (9).
    pub(super) fn weight(self) -> i32 {
        match self {
            Self::Much | Self::BareAddress | Self::OddPort | Self::VeryMuchAtFirst | Self::Archive => 2,
            Self::CodeHost | Self::LiveStream => 0,
            Self::Storage | Self::ShellByName => -1,
            Self::Backup => -2,
            Self::VeryMuch
            | Self::InPieces
            | Self::OneWay
            | Self::OnlyHost
            | Self::FirstContact
            | Self::LootPlace
            | Self::FarAboveOthers => 1,
        }
    }
}
