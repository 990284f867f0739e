//! A day and a time as people enter them, in the organisation's zone. An hour that does not exist is refused; one that
//! exists twice is asked about.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use facts::typed_day;
use law::deadline::{InvalidMoment, read_instant, read_moment};

use crate::forms::{Problems, Sent};
use crate::view::time::for_fields;
use crate::words::Words;

/// The fields of one moment, for showing.
#[derive(Clone, Debug, Default)]
pub(crate) struct MomentFields {
    pub(crate) day_name: String,
    pub(crate) time_name: String,
    pub(crate) which_name: String,
    pub(crate) day: String,
    pub(crate) time: String,
    pub(crate) day_wrong: Option<String>,
    pub(crate) time_wrong: Option<String>,
    pub(crate) which_wrong: Option<String>,
}

impl MomentFields {
    /// Empty fields.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            day_name: format!("{name}-dag"),
            time_name: format!("{name}-tijd"),
            which_name: format!("{name}-welke"),
            ..Self::default()
        }
    }

    /// Fields with a moment in them.
    pub(crate) fn at(name: &str, at: Timestamp, zone: &TimeZone) -> Self {
        let (day, time) = for_fields(at, zone);
        Self { day, time, ..Self::new(name) }
    }

    /// Reads what was sent; what is wrong with it stands at its field and in the summary, and nothing typed is lost.
    pub(crate) fn read(
        name: &str,
        sent: &Sent,
        zone: &TimeZone,
        w: Words,
        problems: &mut Problems,
    ) -> (Self, Option<Timestamp>) {
        let mut fields = Self::new(name);
        fields.day = sent.text(&fields.day_name).to_owned();
        fields.time = sent.text(&fields.time_name).to_owned();
        let which = sent.text(&fields.which_name);
        let day = typed_day(&fields.day);
        if let Some(day) = day {
            fields.day = day.to_string();
        }
        let time = jiff::civil::Time::strptime("%H:%M", &fields.time).or_else(|_| fields.time.parse());
        if day.is_none() {
            fields.day_wrong = Some(w.day_wrong().to_owned());
            problems.add(&fields.day_name, w.day_wrong());
        }
        if time.is_err() {
            fields.time_wrong = Some(w.time_wrong().to_owned());
            problems.add(&fields.time_name, w.time_wrong());
        }
        let (Some(day), Ok(time)) = (day, time) else { return (fields, None) };
        let text = format!("{day}T{time}");
        let instant = match read_moment(&text, zone) {
            Ok(moment) => return (fields, Some(moment.at.timestamp())),
            Err(InvalidMoment::DoesNotExist { .. }) => {
                fields.time_wrong = Some(w.hour_missing().to_owned());
                problems.add(&fields.time_name, w.hour_missing());
                return (fields, None);
            }
            Err(InvalidMoment::ExistsTwice { earlier, later, .. }) => match which {
                "eerste" => read_instant(&earlier),
                "tweede" => read_instant(&later),
                _ => {
                    fields.which_wrong = Some(w.hour_twice().to_owned());
                    problems.add(&fields.which_name, w.hour_twice());
                    return (fields, None);
                }
            },
            Err(invalid) => Err(invalid),
        };
        if instant.is_err() {
            fields.day_wrong = Some(w.day_wrong().to_owned());
            problems.add(&fields.day_name, w.day_wrong());
        }
        (fields, instant.ok())
    }

    /// Something else is wrong with this moment: it lies in the future, say.
    pub(crate) fn blame(&mut self, problem: Option<&str>) {
        if self.time_wrong.is_none() {
            self.time_wrong = problem.map(str::to_owned);
        }
    }
}
