//! How a clock stands at a moment.

use jiff::Timestamp;

use facts::Text;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockState {
    /// It has not begun: what it counts from has not happened.
    Waiting,
    Open,
    /// Little is left of it; what little is, is a parameter.
    DueSoon,
    /// Past the target, and not yet past the outer limit.
    PastTarget,
    PastLimit,
    /// Done by the target; or done, where the law gives no number.
    DoneInTime,
    /// After the target and by the outer limit: say why (AVG art. 33(1)).
    DoneAfterTarget,
    DoneLate,
}

/// The moments that a state is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub starts_at: Option<Timestamp>,
    /// Absent where the law gives no number: then nothing counts down.
    pub target: Option<Timestamp>,
    /// Absent where there is no other limit than the target.
    pub limit: Option<Timestamp>,
    /// From when on little is left.
    pub due_soon_from: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
}

impl ClockState {
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Open,
        Self::DueSoon,
        Self::PastTarget,
        Self::PastLimit,
        Self::DoneInTime,
        Self::DoneAfterTarget,
        Self::DoneLate,
    ];

    /// How these moments stand at `now`. The target itself is in time; so is the whole second it stands in, since an end of
    /// day is written as its last second.
    #[must_use]
    pub fn of(marks: Marks, now: Timestamp) -> Self {
        let is_after = |at: Timestamp, end: Timestamp| at.as_second() > end.as_second();
        let limit = marks.limit.or(marks.target);
        if let Some(done) = marks.done_at {
            return match (marks.target, limit) {
                (Some(_), Some(limit)) if is_after(done, limit) => Self::DoneLate,
                (Some(target), _) if is_after(done, target) => Self::DoneAfterTarget,
                _ => Self::DoneInTime,
            };
        }
        if marks.starts_at.is_none() {
            return Self::Waiting;
        }
        match (marks.target, limit) {
            (Some(_), Some(limit)) if is_after(now, limit) => Self::PastLimit,
            (Some(target), _) if is_after(now, target) => Self::PastTarget,
            _ if marks.due_soon_from.is_some_and(|from| from <= now) => Self::DueSoon,
            _ => Self::Open,
        }
    }

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::DueSoon => "due_soon",
            Self::PastTarget => "past_target",
            Self::PastLimit => "past_limit",
            Self::DoneInTime => "submitted_in_time",
            Self::DoneAfterTarget => "submitted_after_target",
            Self::DoneLate => "submitted_late",
        }
    }

    /// What people read. The outer limit has no word of its own on a screen: late is late.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Waiting => Text::new("loopt nog niet", "not running yet"),
            Self::Open => Text::new("te doen", "to do"),
            Self::DueSoon => Text::new("bijna te laat", "nearly too late"),
            Self::PastTarget | Self::PastLimit => {
                Text::new("te laat: doe het nu en leg uit waarom", "too late: do it now and say why")
            }
            Self::DoneInTime => Text::new("gedaan, op tijd", "done, in time"),
            Self::DoneAfterTarget | Self::DoneLate => Text::new("gedaan, te laat", "done, too late"),
        }
    }

    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::DoneInTime | Self::DoneAfterTarget | Self::DoneLate)
    }

    /// Whether a reason for the delay has to go with it (AVG art. 33(1)).
    #[must_use]
    pub fn needs_late_reason(self) -> bool {
        matches!(self, Self::PastTarget | Self::PastLimit | Self::DoneAfterTarget | Self::DoneLate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Aware on Friday 27 March 2026 at 15:20; the clock goes forward that weekend.
    fn authority() -> Marks {
        Marks {
            starts_at: Some(at("2026-03-27T14:20:00Z")),
            target: Some(at("2026-03-30T14:20:00Z")),
            limit: Some(at("2026-03-30T15:00:00Z")),
            due_soon_from: Some(at("2026-03-29T14:20:00Z")),
            done_at: None,
        }
    }

    #[test]
    fn each_boundary_counts_to_the_second() {
        let steps = [
            ("2026-03-27T14:20:00Z", ClockState::Open, ClockState::DoneInTime),
            ("2026-03-29T14:19:59Z", ClockState::Open, ClockState::DoneInTime),
            ("2026-03-29T14:20:00Z", ClockState::DueSoon, ClockState::DoneInTime),
            ("2026-03-30T14:19:59Z", ClockState::DueSoon, ClockState::DoneInTime),
            ("2026-03-30T14:20:00Z", ClockState::DueSoon, ClockState::DoneInTime),
            ("2026-03-30T14:20:01Z", ClockState::PastTarget, ClockState::DoneAfterTarget),
            ("2026-03-30T14:59:59Z", ClockState::PastTarget, ClockState::DoneAfterTarget),
            ("2026-03-30T15:00:00Z", ClockState::PastTarget, ClockState::DoneAfterTarget),
            ("2026-03-30T15:00:01Z", ClockState::PastLimit, ClockState::DoneLate),
        ];
        let much_later = at("2027-01-01T00:00:00Z");
        for (moment, running, done) in steps {
            assert_eq!(ClockState::of(authority(), at(moment)), running, "{moment}");
            let submitted = Marks { done_at: Some(at(moment)), ..authority() };
            assert_eq!(ClockState::of(submitted, much_later), done, "{moment}");
        }
    }

    #[test]
    fn without_another_limit_the_target_is_the_limit() {
        let cbw = Marks { limit: None, ..authority() };
        assert_eq!(ClockState::of(cbw, at("2026-03-30T14:20:00Z")), ClockState::DueSoon);
        assert_eq!(ClockState::of(cbw, at("2026-03-30T14:20:01Z")), ClockState::PastLimit);
        let late = Marks { done_at: Some(at("2026-03-30T14:20:01Z")), ..cbw };
        assert_eq!(ClockState::of(late, at("2026-04-01T00:00:00Z")), ClockState::DoneLate);
    }

    #[test]
    fn nothing_counts_down_without_a_number() {
        let aware = Some(at("2026-03-27T14:20:00Z"));
        let open = Marks { starts_at: aware, ..Marks::default() };
        assert_eq!(ClockState::of(open, at("2036-01-01T00:00:00Z")), ClockState::Open);
        let done = Marks { done_at: Some(at("2036-01-01T00:00:00Z")), ..open };
        assert_eq!(ClockState::of(done, at("2036-01-02T00:00:00Z")), ClockState::DoneInTime);
        assert_eq!(ClockState::of(Marks::default(), at("2036-01-01T00:00:00Z")), ClockState::Waiting);
    }
}
