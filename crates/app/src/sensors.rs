//! Sensors: enrolling them, taking in what they report, and what people do with it.
//!
//! Promises: a sensor writes in its own organisation and reads nothing but its settings; the same line sent twice counts
//! once; what people settled not to be told of is kept and hidden, never lost; the program opens an incident by itself only
//! where somebody settled that. Deliberately not here: detecting (`detect`), the lines' shape (`contract`).

mod all;
mod digest;
mod enrol;
mod exceptions;
mod model;
mod open;
mod privacy;
mod read;
mod seen;
mod settings;
mod sight;
mod silence;
mod take;

pub use all::SensorsOfAll;
pub(crate) use digest::DigestData;
pub use enrol::{EnrolRefusal, Enrolled, NewSensorToken};
pub use exceptions::{NewException, StandingException};
pub use model::{
    CaseRow, DetectionRow, ExceptionRow, Opens, Sensor, SensorReport, SensorSettings, SensorToken, StaffNotice,
    TrafficRow,
};
pub use open::SaidDetection;
pub(crate) use open::proposed;
pub use privacy::source_in_words;
pub use read::{MOST_LINES, ReadReport, WrongLine, read_report};
pub use seen::{Seen, SeenCase, SeenDetection, SensorStanding};
pub use settings::{DETECTION_DAYS, METADATA_DAYS, SILENT_MINUTES, TRAFFIC_DAYS};
pub use sight::{BlindSpot, BlindSpots, blind_spots};
pub(crate) use silence::SilenceData;
pub(crate) use take::CaseData;
