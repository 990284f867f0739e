//! Reports on their way from who sees to who writes, in memory and bounded.
//!
//! Reading packets never waits for a disk or a server: it puts its reports here and goes on. When there is no room,
//! measurements are let go before findings, the least grave and the oldest first, a case with its detections, and counted.

use std::collections::VecDeque;

use contract::detection::Severity;
use contract::sensor::Report;

use crate::spool::{Class, Lost};
use crate::unit::units;

/// The most that waits in memory, in bytes of JSON.
pub const MAX_BYTES: usize = 16 << 20;

/// A report, and its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub report: Report,
    /// As JSON, without its end.
    pub line: String,
}

impl Told {
    /// Absent where it cannot be written as JSON, which no report of ours is.
    #[must_use]
    pub fn new(report: Report) -> Option<Self> {
        let line = report.to_json().ok()?;
        Some(Self { report, line })
    }

    /// A state was made before what was found was written: what that cost is known by now.
    pub(crate) fn count_lost(&mut self, lost: Lost) {
        if let Report::State(state) = &mut self.report
            && state.let_go < lost.lines()
        {
            state.let_go = lost.lines();
            if let Ok(line) = self.report.to_json() {
                self.line = line;
            }
        }
    }

    pub(crate) fn class(&self) -> Class {
        let severity = match &self.report {
            Report::Detection(found) => found.severity,
            Report::Case(case) => case.severity,
            Report::State(_) | Report::Traffic(_) => return Class::Measurements,
        };
        if severity >= Severity::High { Class::Grave } else { Class::Findings }
    }
}

/// Reports that wait, each kind in its order.
#[derive(Debug)]
pub(crate) struct Hold {
    findings: VecDeque<Told>,
    measurements: VecDeque<Told>,
    bytes: usize,
    limit_bytes: usize,
    lost: Lost,
}

impl Default for Hold {
    fn default() -> Self {
        Self::new(MAX_BYTES)
    }
}

impl Hold {
    pub(crate) fn new(limit_bytes: usize) -> Self {
        let (findings, measurements) = Default::default();
        Self { findings, measurements, bytes: 0, limit_bytes, lost: Lost::default() }
    }

    pub(crate) fn extend(&mut self, all: impl IntoIterator<Item = Told>) {
        for told in all {
            self.bytes += told.line.len();
            match told.class() {
                Class::Findings | Class::Grave => self.findings.push_back(told),
                Class::Measurements => self.measurements.push_back(told),
            }
        }
        self.make_room();
    }

    fn make_room(&mut self) {
        while self.bytes > self.limit_bytes {
            let Some(oldest) = self.measurements.pop_front() else { break };
            self.bytes -= oldest.line.len();
            self.lost.count(oldest.class(), 1);
        }
        if self.bytes <= self.limit_bytes {
            return;
        }
        let mut units = units(self.findings.drain(..).collect());
        for class in [Class::Findings, Class::Grave] {
            units.retain(|unit| {
                let stays = self.bytes <= self.limit_bytes || unit.class != class;
                if !stays {
                    self.bytes -= unit.bytes();
                    self.lost.count(class, unit.told.len() as u64);
                }
                stays
            });
        }
        self.findings = units.into_iter().flat_map(|unit| unit.told).collect();
    }

    /// All that waits: findings, then measurements.
    pub(crate) fn take(&mut self) -> Vec<Told> {
        self.bytes = 0;
        self.findings.drain(..).chain(self.measurements.drain(..)).collect()
    }

    /// What waited longest, as far as it fits in so many bytes with their ends, and at least one: findings, then
    /// measurements.
    pub(crate) fn take_some(&mut self, most: usize) -> Vec<Told> {
        let (mut taken, mut bytes) = (Vec::new(), 0);
        for queue in [&mut self.findings, &mut self.measurements] {
            while let Some(told) = queue.pop_front() {
                bytes += told.line.len() + 1;
                if bytes > most && !taken.is_empty() {
                    queue.push_front(told);
                    self.bytes -= taken.iter().map(|told: &Told| told.line.len()).sum::<usize>();
                    return taken;
                }
                taken.push(told);
            }
        }
        self.bytes = 0;
        taken
    }

    /// What was taken waits on, before the others.
    pub(crate) fn put_back(&mut self, taken: Vec<Told>) {
        for told in taken.into_iter().rev() {
            self.bytes += told.line.len();
            match told.class() {
                Class::Findings | Class::Grave => self.findings.push_front(told),
                Class::Measurements => self.measurements.push_front(told),
            }
        }
        self.make_room();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.measurements.is_empty()
    }

    pub(crate) fn lines(&self) -> u64 {
        (self.findings.len() + self.measurements.len()) as u64
    }

    pub(crate) fn lost(&self) -> Lost {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use contract::detection::{Host, Remote};
    use contract::sensor::TrafficLine;

    use super::*;

    fn traffic(bytes_out: u64) -> Told {
        let host = Host { ip: [10, 0, 0, 5].into(), mac: None, name: None, maker: None, kind: None };
        let hour = "2026-11-29T10:00:00Z".parse().unwrap();
        let (remote, other_places) = (Remote::default(), None);
        let line = TrafficLine { hour, host, remote, bytes_out, bytes_in: 0, connections: 1, other_places };
        Told::new(Report::Traffic(line)).unwrap()
    }

    fn case(id: &str) -> Told {
        let json = format!(
            r#"{{"type":"case","id":"{id}","host":{{"ip":"10.0.0.5"}},"severity":"high","detections":[],"summary":{{"nl":"","en":""}},"proposed_facts":{{}}}}"#
        );
        Told::new(Report::from_json(&json).unwrap()).unwrap()
    }

    #[test]
    fn without_room_measurements_go_before_findings_and_the_oldest_first() {
        let room = case("1").line.len() * 2 + 10;
        let mut hold = Hold::new(room);
        hold.extend([traffic(1)]);
        hold.extend([case("1")]);
        assert_eq!((hold.lost(), hold.lines()), (Lost { measurements: 1, findings: 0 }, 1));
        hold.extend([case("2")]);
        hold.extend([traffic(2)]);
        assert_eq!((hold.lost(), hold.lines()), (Lost { measurements: 2, findings: 0 }, 2));
        hold.extend([case("3")]);
        assert_eq!(hold.lost(), Lost { measurements: 2, findings: 1 });
        assert_eq!(hold.take(), [case("2"), case("3")]);
        assert!(hold.is_empty());
        hold.extend([traffic(4)]);
        assert_eq!(hold.take(), [traffic(4)]);
    }

    #[test]
    fn what_is_taken_in_part_and_put_back_stands_where_it_stood() {
        let mut hold = Hold::default();
        hold.extend([case("1"), traffic(1), case("2")]);
        let first = hold.take_some(1);
        assert_eq!((first.clone(), hold.lines()), (vec![case("1")], 2));
        hold.put_back(first);
        assert_eq!(hold.take_some(usize::MAX), [case("1"), case("2"), traffic(1)]);
        assert!(hold.is_empty() && hold.bytes == 0);
    }
}
