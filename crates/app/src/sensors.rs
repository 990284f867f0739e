//! Sensors: enrolling them, taking in what they report, and what people do with it.
//!
//! Promises: a sensor writes in its own organisation and reads nothing but its settings; the same line sent twice counts
//! once; what people settled not to be told of is kept and hidden, never lost; the program opens an incident by itself only
//! where somebody settled that. Deliberately not here: detecting (`detect`), the lines' shape (`contract`).

mod all;
mod compare;
mod digest;
mod enrol;
mod exceptions;
mod growth;
mod health;
mod learning;
mod model;
mod one_of_many;
mod open;
mod privacy;
mod progress;
mod read;
mod seen;
mod settings;
mod sight;
mod silence;
mod stories;
mod take;
mod telling;
mod threat_lists;
mod trouble_words;
mod urgent;
mod withheld;

use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};

use crate::StoreError;

pub use all::SensorsOfAll;
pub use compare::{LEAST_HAVING, LEAST_TAKING_PART, MOST_ASKED, SHARED_FOR};
pub(crate) use digest::DigestData;
pub use digest::QuietWeeks;
pub use enrol::{EnrolRefusal, Enrolled, NewSensorToken};
pub use exceptions::{NewException, StandingException, proposed_last_day};
pub use health::{Health, NamedSource, SensorTrouble, Wrong};
pub use learning::{Decided, Proposed};
pub use model::{
    CaseRow, ClockOff, Comparison, DetectionRow, ExceptionRow, ListChoice, Opens, Sensor, SensorReport, SensorSettings,
    SensorToken, StaffNotice, TrafficRow,
};
pub use one_of_many::is_one_of_many;
pub(crate) use open::proposed;
pub use open::{CaseStanding, SaidDetection};
pub use privacy::source_in_words;
pub use read::{MOST_LINES, ReadLine, ReadReport, WrongLine, read_report};
pub use seen::{MOST_SEEN, Seen, SeenCase, SeenDetection, SensorStanding};
pub use settings::{DETECTION_DAYS, METADATA_DAYS, SILENT_MINUTES, TRAFFIC_DAYS};
pub use sight::{BlindSpot, BlindSpots, blind_spots};
pub(crate) use silence::{SilenceData, TroubleData};
pub use take::{CLOCK_MAY_BE_AHEAD, MOST_OPENED, ReportRefusal, STATE_MAY_BE_AHEAD};
pub(crate) use telling::{CaseData, MoreData};
pub use telling::{CaseTold, MOST_MAILS};
pub use threat_lists::ListStanding;
pub use urgent::MOST_URGENT;

/// Without the signs that nobody types, and that change how the text around them is shown: controls, and marks of direction
/// (Unicode UAX #9).
fn without_signs(text: &str) -> String {
    let is_direction =
        |sign| matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_kept = |sign: &char| matches!(sign, '\n' | '\r' | '\t') || !(sign.is_control() || is_direction(*sign));
    text.chars().filter(is_kept).collect()
}

/// What a store makes of an entry.
type Written<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Two entries of one list stand at two moments: where somebody recorded something in the same microsecond, what comes second
/// is written a microsecond later.
async fn at_a_free_moment<'a>(
    now: Timestamp,
    write: impl Fn(Timestamp) -> Written<'a> + Send,
) -> Result<(), StoreError> {
    /// More at once than people can do.
    const MOST_TRIES: i64 = 16;
    for later in 0..MOST_TRIES {
        match write(now + SignedDuration::from_micros(later)).await {
            Err(StoreError::Conflict) => {}
            done => return done,
        }
    }
    Err(StoreError::Conflict)
}
