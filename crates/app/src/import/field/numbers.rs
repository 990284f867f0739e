//! Columns of numbers: how many persons and records.

use facts::Text;

use super::{About, Shape};

pub(super) static SUBJECTS: About = About {
    key: "subjects",
    name: Text::new("Aantal personen", "Number of persons"),
    shape: Shape::Count,
    headings: &[
        "aantal",
        "aantal betrokkenen",
        "aantal personen",
        "aantal mensen",
        "aantal getroffen personen",
        "number of persons",
        "number of data subjects",
        "persons",
        "data subjects affected",
        "number affected",
        "number of people",
        "aantal getroffenen",
    ],
};

pub(super) static SUBJECTS_MIN: About = About {
    key: "subjects_min",
    name: Text::new("Personen, ten minste", "Persons, at least"),
    shape: Shape::Count,
    headings: &[
        "minimum aantal",
        "aantal minimaal",
        "minimaal aantal betrokkenen",
        "minimaal",
        "minimum",
        "aantal min",
        "minimum aantal betrokkenen",
        "min persons",
        "minimum number of persons",
        "persons at least",
        "personen ten minste",
    ],
};

pub(super) static SUBJECTS_MAX: About = About {
    key: "subjects_max",
    name: Text::new("Personen, ten hoogste", "Persons, at most"),
    shape: Shape::Count,
    headings: &[
        "maximum aantal",
        "aantal maximaal",
        "maximaal aantal betrokkenen",
        "maximaal",
        "maximum",
        "aantal max",
        "maximum aantal betrokkenen",
        "max persons",
        "maximum number of persons",
        "persons at most",
        "personen ten hoogste",
    ],
};

pub(super) static RECORDS: About = About {
    key: "records",
    name: Text::new("Aantal gegevensrecords", "Number of records"),
    shape: Shape::Count,
    headings: &[
        "records",
        "aantal records",
        "aantal gegevensrecords",
        "hoeveel gegevensrecords zijn getroffen",
        "number of records",
        "gegevensrecords",
    ],
};

pub(super) static SUBJECTS_COUNT: About = About {
    key: "subjects_count",
    name: Text::new("Hoeveel ingelicht", "How many informed"),
    shape: Shape::Count,
    headings: &[
        "aantal ingelicht",
        "aantal geinformeerd",
        "aantal ingelichte personen",
        "number informed",
        "aan hoeveel personen heeft u de inbreuk gemeld",
    ],
};
