//! Columns of moments: when it began, when it was found, when who was told.

use facts::Text;

use super::{About, Shape};

pub(super) static OCCURRED_FROM: About = About {
    key: "occurred_from",
    name: Text::new("Wanneer het begon", "When it began"),
    shape: Shape::Moment,
    headings: &[
        "datum",
        "datum incident",
        "datum datalek",
        "datum inbreuk",
        "startdatum",
        "begindatum",
        "datum van het incident",
        "startdatum van de inbreuk",
        "mogelijke startdatum van de inbreuk",
        "wanneer",
        "date",
        "date of incident",
        "date of breach",
        "incident date",
        "breach date",
        "start date",
        "occurred",
        "incidentdatum",
        "wanneer vond de inbreuk plaats",
        "begonnen",
        "began",
    ],
};

pub(super) static OCCURRED_TO: About = About {
    key: "occurred_to",
    name: Text::new("Wanneer het eindigde", "When it ended"),
    shape: Shape::Moment,
    headings: &[
        "einddatum",
        "geeindigd",
        "datum einde",
        "einddatum van de inbreuk",
        "mogelijke einddatum",
        "tot",
        "end date",
        "ended",
    ],
};

pub(super) static DETECTED_AT: About = About {
    key: "detected_at",
    name: Text::new("Ontdekt", "Detected"),
    shape: Shape::Moment,
    headings: &[
        "ontdekt",
        "datum ontdekking",
        "ontdekkingsdatum",
        "datum ontdekt",
        "datum geconstateerd",
        "geconstateerd op",
        "wanneer is het incident ontdekt",
        "datum intern gemeld",
        "datum interne melding",
        "detected",
        "discovered",
        "date discovered",
        "date of discovery",
        "detection date",
        "ontdekt op",
    ],
};

pub(super) static AWARE_AT: About = About {
    key: "aware_at",
    name: Text::new("Kennisname", "Awareness"),
    shape: Shape::Moment,
    headings: &[
        "kennisname",
        "datum kennisname",
        "datum van kennisname",
        "bekend",
        "bekend geworden op",
        "aware",
        "awareness",
        "date aware",
        "date of awareness",
        "became aware",
    ],
};

pub(super) static AUTHORITY_AT: About = About {
    key: "authority_at",
    name: Text::new("Wanneer gemeld bij de AP", "When reported to the authority"),
    shape: Shape::Moment,
    headings: &[
        "datum melding",
        "datum gemeld",
        "datum melding ap",
        "datum gemeld aan ap",
        "datum melding bij ap",
        "meldingsdatum",
        "gemeld op",
        "datum ap melding",
        "gemeld ap op",
        "datum melding aan ap",
        "date notified",
        "date reported",
        "reported on",
        "notification date",
        "date reported to authority",
        "date notified to authority",
    ],
};

pub(super) static SUBJECTS_AT: About = About {
    key: "subjects_at",
    name: Text::new("Wanneer ingelicht", "When informed"),
    shape: Shape::Moment,
    headings: &[
        "datum ingelicht",
        "datum geinformeerd",
        "datum betrokkenen geinformeerd",
        "datum melding betrokkenen",
        "betrokkenen ingelicht op",
        "date informed",
        "date persons informed",
        "date individuals notified",
        "ingelicht op",
        "informed on",
    ],
};

pub(super) static CLOSED_AT: About = About {
    key: "closed_at",
    name: Text::new("Afgesloten op", "Closed on"),
    shape: Shape::Moment,
    headings: &[
        "datum afgesloten",
        "datum gesloten",
        "afgesloten op",
        "gesloten op",
        "datum sluiten",
        "datum sluiting",
        "datum afsluiten",
        "datum afsluiting",
        "datum afgerond",
        "afgerond op",
        "sluitdatum",
        "afsluitdatum",
        "datum afhandeling",
        "datum afgehandeld",
        "afgehandeld op",
        "sluitingsdatum",
        "date closed",
        "closed on",
        "closing date",
        "closed at",
    ],
};
