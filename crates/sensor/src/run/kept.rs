//! From where followed logs are read on by whoever comes after a sensor that ended, however it did.
//!
//! Promises: what was read before that place was judged and told, and is in the archive (or was let go there, and counted).
//! So the place moves only when findings were just asked for, and not before the archive says that it wrote: what a sensor
//! that is killed read since is read again. Nothing is told twice for that, and nothing counts twice: findings have lasting
//! ids, which are remembered before they are sent; where this network was is kept by its hour; and all else that detectors
//! count begins at nothing with each run, so that bytes and tries that are read again are counted once there.
//! What a kill may still cost or double: what a log's reader held back for a moment where there is never a quiet one, and
//! rows that the archive wrote by itself, in their time or because there were many, since the place last moved.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::Due;
use crate::state::LeftOff;

/// How often the place moves at least: sooner than the archive writes by itself.
const MOVES_EVERY: SignedDuration = SignedDuration::from_mins(4);

/// How often at most, where it is asked for sooner.
const RESTS: SignedDuration = SignedDuration::from_secs(10);

/// How often what was learnt is kept where no log is followed: it is all there is to keep.
const LEARNT_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// The place, and the next one.
pub(super) struct Kept {
    safe: LeftOff,
    /// Judged and told up to here, once the archive has written that flush.
    coming: Option<(u64, LeftOff)>,
    is_begun: bool,
    follows: bool,
    /// Something was told of what lies behind the place.
    has_told: bool,
    due: Due,
}

impl Kept {
    /// `left_off`: where an earlier run did, if that can be read on from.
    pub(super) fn new(left_off: Option<LeftOff>, now: Timestamp) -> Self {
        let left_off = left_off.filter(|one| one.is_recent(now) && !one.places.is_empty());
        let is_begun = left_off.is_some();
        let safe = left_off.unwrap_or(LeftOff { at: now, places: Vec::new() });
        let due = Due { every: LEARNT_EVERY, last: now };
        Self { safe, coming: None, is_begun, follows: false, has_told: false, due }
    }

    /// Files were just opened, and where no earlier run left off nothing was read of them yet: of none, or of those that it did
    /// not follow. True: the place is to be kept now, so that there is one for who comes after a kill before anything moved.
    pub(super) fn begin(&mut self, follows: bool, here: LeftOff) -> bool {
        self.follows = follows;
        if follows {
            self.due.every = MOVES_EVERY;
        }
        if !self.is_begun {
            self.is_begun = true;
            self.safe = here;
            return true;
        }
        let is_known = |path: &Path| self.safe.places.iter().any(|place| place.path == path);
        // What is new in a folder that was followed came there since, and was read from its beginning on.
        let is_new = |path: &Path| !is_known(path) && !path.parent().is_some_and(is_known);
        let new: Vec<_> = here.places.into_iter().filter(|place| is_new(&place.path)).collect();
        let has_new = !new.is_empty();
        self.safe.places.extend(new);
        has_new
    }

    /// Where the next run reads on, as far as is known now.
    pub(super) fn left_off(&self) -> &LeftOff {
        &self.safe
    }

    /// Whether it is worth moving before its time: something was told, or written by the archive (`is_ahead`), that would
    /// be read again, and nothing that was read is held back (`is_waiting`).
    pub(super) fn is_worth_moving(&self, is_ahead: bool, is_waiting: bool, now: Timestamp) -> bool {
        let has_rested = now.duration_since(self.due.last).abs() >= RESTS;
        self.follows && has_rested && !is_waiting && (self.has_told || is_ahead)
    }

    /// All that was read was just judged. Whether the place is to move here, in its time or sooner.
    pub(super) fn is_to_move(&mut self, has_found: bool, is_ahead: bool, is_waiting: bool, now: Timestamp) -> bool {
        self.has_told |= has_found;
        self.is_worth_moving(is_ahead, is_waiting, now) || self.due.is_due(now)
    }

    /// It moves here once that flush is written. Absent: the archive could not be asked, and is after a while.
    pub(super) fn move_to(&mut self, flush: Option<u64>, here: LeftOff) {
        // An archive that could not be asked rests too: judging all that was read each second would slow down who reads.
        self.due.last = here.at;
        if let Some(flush) = flush {
            self.has_told = false;
            self.coming = Some((flush, here));
        }
    }

    /// Whether it moved just now.
    pub(super) fn has_moved(&mut self, is_written: impl FnOnce(u64) -> bool) -> bool {
        let Some((_, here)) = self.coming.take_if(|(flush, _)| is_written(*flush)) else { return false };
        self.safe = here;
        true
    }
}

#[cfg(test)]
mod tests {
    use collect::Place;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn here(second: i64) -> LeftOff {
        let place = format!(r#"[{{"path":"/var/log/{second}.log","left":null,"before":[]}}]"#);
        LeftOff { at: at(second), places: serde_json::from_str(&place).unwrap() }
    }

    #[test]
    fn the_place_moves_once_the_archive_has_written() {
        let mut kept = Kept::new(None, at(0));
        assert!(kept.begin(true, here(0)), "kept at once: there was none");
        assert!(!kept.is_to_move(false, false, false, at(60)), "nothing was told, nothing written");
        assert!(kept.is_to_move(true, false, false, at(120)));
        kept.move_to(Some(7), here(120));
        assert!(!kept.has_moved(|flush| flush <= 6));
        assert_eq!(kept.left_off(), &here(0), "who is killed now reads again");
        // Later findings while that is written: the newest place counts, and it does not move all the time.
        assert!(!kept.is_to_move(true, false, false, at(125)));
        assert!(kept.is_worth_moving(false, false, at(180)) && kept.is_to_move(false, false, false, at(180)));
        kept.move_to(Some(8), here(180));
        assert!(!kept.has_moved(|flush| flush <= 7));
        assert!(kept.has_moved(|flush| flush <= 8));
        assert_eq!(kept.left_off(), &here(180));
        assert!(!kept.has_moved(|_| true), "once");
    }

    #[test]
    fn it_waits_for_what_is_held_back_but_not_for_ever() {
        let mut kept = Kept::new(None, at(0));
        kept.begin(true, here(0));
        for second in [60, 120, 180] {
            assert!(!kept.is_to_move(second == 60, true, true, at(second)), "{second}");
        }
        assert!(kept.is_to_move(false, false, true, at(240)));
        kept.move_to(Some(1), here(240));
        assert!(kept.has_moved(|_| true));
        assert!(!kept.is_to_move(false, false, false, at(300)));
        assert!(kept.is_to_move(false, true, false, at(360)), "the archive wrote what would be read again");
        // It could not be asked.
        kept.move_to(None, here(360));
        assert!(!kept.is_to_move(false, true, false, at(361)), "it rests");
        assert!(kept.is_to_move(false, true, false, at(371)));
        assert_eq!(kept.left_off(), &here(240));
    }

    #[test]
    fn what_an_earlier_run_left_is_kept_unless_nobody_reads_on_from_there() {
        let now = at(200_000);
        for (left_off, is_new) in [
            (Some(LeftOff { at: at(150_000), ..here(200_000) }), false),
            // More than a day ago.
            (Some(here(100_000)), true),
            (Some(LeftOff { at: now, places: Vec::new() }), true),
            (None, true),
        ] {
            let mut kept = Kept::new(left_off.clone(), now);
            assert_eq!(kept.begin(true, here(200_000)), is_new, "{left_off:?}");
            assert_eq!(kept.left_off().at, at(if is_new { 200_000 } else { 150_000 }));
            assert_eq!(kept.left_off().places, here(200_000).places);
        }
    }

    #[test]
    fn a_log_that_is_followed_since_now_has_its_place_at_once() {
        let place = |path: &str, length: u64| -> Place {
            let left =
                format!(r#"{{"identity":[1,2],"at":{length},"beginning":{{"length":0,"crc32":0}},"written":0}}"#);
            serde_json::from_str(&format!(r#"{{"path":"{path}","left":{left},"before":[]}}"#)).unwrap()
        };
        let old = [place("/log/old.log", 10), place("/zeek", 0)];
        for (more, kept_too) in [
            (vec![], vec![]),
            (vec![place("/log/new.log", 70)], vec![place("/log/new.log", 70)]),
            // What came into a folder since was read from its beginning, and would be lost.
            (vec![place("/zeek/dns.log", 5)], vec![]),
            (vec![place("/zeek/dns.log", 5), place("/log/new.log", 7)], vec![place("/log/new.log", 7)]),
        ] {
            let left_off = LeftOff { at: at(0), places: old.to_vec() };
            let mut kept = Kept::new(Some(left_off), at(60));
            let now = [vec![place("/log/old.log", 99), place("/zeek", 0)], more].concat();
            assert_eq!(kept.begin(true, LeftOff { at: at(60), places: now }), !kept_too.is_empty());
            assert_eq!(kept.left_off(), &LeftOff { at: at(0), places: [old.to_vec(), kept_too].concat() });
        }
    }

    #[test]
    fn without_a_log_what_was_learnt_is_kept_hourly() {
        let mut kept = Kept::new(None, at(0));
        kept.begin(false, LeftOff { at: at(0), places: Vec::new() });
        assert!(!kept.is_to_move(true, true, false, at(3_599)));
        assert!(kept.is_to_move(false, false, false, at(3_600)));
    }
}
