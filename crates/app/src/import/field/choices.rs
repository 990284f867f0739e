//! Columns with words of a list: yes and no, and the vocabulary of the facts.

use facts::{Fact, Text};

use super::{About, Shape};

pub(super) static INCIDENT_TYPE: About = About {
    key: "incident_type",
    name: Text::new("Soort incident", "Kind of incident"),
    shape: Shape::Vocabulary(Fact::IncidentType),
    headings: &[
        "soort incident",
        "type incident",
        "aard van het incident",
        "aard incident",
        "soort datalek",
        "type datalek",
        "categorie",
        "categorie datalek",
        "soort",
        "type",
        "aard",
        "aard van het datalek",
        "aard van de inbreuk",
        "incident type",
        "type of incident",
        "type of breach",
        "kind of incident",
        "category",
        "breach type",
    ],
};

pub(super) static CAUSE: About = About {
    key: "cause",
    name: Text::new("Oorzaak", "Cause"),
    shape: Shape::Vocabulary(Fact::Cause),
    headings: &["oorzaak", "oorzaak incident", "oorzaak datalek", "cause", "root cause"],
};

pub(super) static DATA: About = About {
    key: "data",
    name: Text::new("Soorten gegevens", "Kinds of data"),
    shape: Shape::Vocabulary(Fact::Data),
    headings: &[
        "persoonsgegevens",
        "soort persoonsgegevens",
        "soorten persoonsgegevens",
        "type persoonsgegevens",
        "categorieen persoonsgegevens",
        "categorie persoonsgegevens",
        "welke persoonsgegevens",
        "gegevens",
        "soort gegevens",
        "soorten gegevens",
        "welke gegevens",
        "bijzondere persoonsgegevens",
        "persoonsgegevens in het algemeen",
        "bijzondere categorieen van persoonsgegevens",
        "data",
        "personal data",
        "kinds of data",
        "data categories",
        "categories of data",
        "types of data",
        "special categories",
        "categories of personal data",
    ],
};

pub(super) static GROUPS: About = About {
    key: "groups",
    name: Text::new("Groepen personen", "Groups of persons"),
    shape: Shape::Vocabulary(Fact::Groups),
    headings: &[
        "groepen",
        "groep",
        "betrokkenen",
        "categorie betrokkenen",
        "categorieen betrokkenen",
        "groepen personen",
        "groep mensen",
        "welke groepen betrokkenen",
        "welke groep en betrokkenen",
        "van wie",
        "groups",
        "data subjects",
        "categories of data subjects",
        "soort betrokkenen",
        "type betrokkenen",
    ],
};

pub(super) static SEVERITY: About = About {
    key: "severity",
    name: Text::new("Ernst", "Severity"),
    shape: Shape::Vocabulary(Fact::Severity),
    headings: &["ernst", "inschatting ernst", "inschatting van de ernst", "severity"],
};

pub(super) static AUTHORITY_TOLD: About = About {
    key: "authority_told",
    name: Text::new("Gemeld bij de AP", "Reported to the authority"),
    shape: Shape::YesNo,
    headings: &[
        "gemeld",
        "gemeld aan ap",
        "gemeld bij ap",
        "gemeld bij de ap",
        "melding ap",
        "ap melding",
        "melding aan ap",
        "gemeld autoriteit persoonsgegevens",
        "gemeld bij autoriteit persoonsgegevens",
        "melden ap",
        "ap gemeld",
        "ap",
        "melding bij ap",
        "melding autoriteit persoonsgegevens",
        "meldplichtig",
        "notified",
        "authority notified",
        "reported to authority",
        "notified to authority",
        "reported to ap",
        "reported to dpa",
        "dpa notified",
        "notified to dpa",
        "reported to supervisory authority",
        "ico notified",
    ],
};

pub(super) static SUBJECTS_TOLD: About = About {
    key: "subjects_told",
    name: Text::new("Personen ingelicht", "Persons informed"),
    shape: Shape::YesNo,
    headings: &[
        "betrokkenen ingelicht",
        "betrokkenen geinformeerd",
        "gemeld aan betrokkenen",
        "melding betrokkenen",
        "personen ingelicht",
        "gemeld aan betrokkene",
        "gemeld aan betrokkene n",
        "gemeld bij betrokkenen",
        "melding aan betrokkenen",
        "betrokkene geinformeerd",
        "ingelicht",
        "informed",
        "persons informed",
        "data subjects informed",
        "subjects informed",
        "individuals notified",
        "data subjects notified",
        "heeft u de inbreuk gemeld aan de betrokkene n",
        "betrokkenen gemeld",
    ],
};
