//! A flow's questions and the answers that belong to them.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::Message;
use crate::event::{Dns, Kind};
use crate::findings::Findings;

/// Questions of one flow that may wait for their answers at the same time.
const MAX_WAITING: usize = 256;

/// How long a question waits. A resolver gives up after 5 to 30 seconds (RFC 9520 names 30 as a usual upper bound).
const WAIT_MICROSECONDS: u64 = 30_000_000;

/// The questions of one flow that have not been answered yet, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    waiting: VecDeque<(Timestamp, Dns)>,
}

impl Pairing {
    /// Takes a message. `has_room` says whether the table over all flows allows one more waiting question.
    pub(crate) fn message(&mut self, at: Timestamp, message: Message, has_room: bool, findings: &mut Findings) {
        self.give_up_before(at, findings);
        if !message.is_query {
            return;
        }
        if message.is_response {
            self.answer(at, message, findings);
        } else if let Some(question) = message.question {
            self.question(at, message.transaction, question, has_room, findings);
        }
    }

    /// How many questions wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Says what was never answered.
    pub(crate) fn finish(&mut self, findings: &mut Findings) {
        for (asked_at, dns) in self.waiting.drain(..) {
            findings.event(asked_at, Kind::Dns(dns));
        }
    }

    fn question(
        &mut self,
        at: Timestamp,
        transaction: u16,
        question: super::Question,
        has_room: bool,
        findings: &mut Findings,
    ) {
        let (name, kind) = (question.name, question.kind);
        let is_repeated = |(_, dns): &(_, Dns)| dns.transaction == transaction && dns.name == name && dns.kind == kind;
        if self.waiting.iter().any(is_repeated) {
            return;
        }
        let dns = Dns { name, kind, transaction, answered_at: None, code: None, answers: Vec::new() };
        if !has_room || self.waiting.len() >= MAX_WAITING {
            findings.dropped += 1;
            // The oldest has waited longest; without one of our own, this question is told unanswered at once.
            let told = match self.waiting.pop_front() {
                Some(oldest) => {
                    self.waiting.push_back((at, dns));
                    oldest
                }
                None => (at, dns),
            };
            findings.event(told.0, Kind::Dns(told.1));
            return;
        }
        self.waiting.push_back((at, dns));
    }

    fn answer(&mut self, at: Timestamp, message: Message, findings: &mut Findings) {
        let belongs = |(_, dns): &(_, Dns)| {
            let same_question = |asked: &super::Question| asked.name == dns.name && asked.kind == dns.kind;
            dns.transaction == message.transaction && message.question.as_ref().is_none_or(same_question)
        };
        let waited = self.waiting.iter().position(belongs).and_then(|index| self.waiting.remove(index));
        let (asked_at, question) = match (waited, message.question) {
            (Some((asked_at, dns)), _) => (asked_at, dns),
            // Its question was not captured: the response repeats it.
            (None, Some(question)) => {
                let super::Question { name, kind } = question;
                let transaction = message.transaction;
                (at, Dns { name, kind, transaction, answered_at: None, code: None, answers: Vec::new() })
            }
            (None, None) => return,
        };
        let answered = Dns { answered_at: Some(at), code: Some(message.code), answers: message.answers, ..question };
        findings.event(asked_at, Kind::Dns(answered));
    }

    fn give_up_before(&mut self, now: Timestamp, findings: &mut Findings) {
        let has_waited =
            |asked_at: &Timestamp| now.as_microsecond().abs_diff(asked_at.as_microsecond()) > WAIT_MICROSECONDS;
        while self.waiting.front().is_some_and(|(asked_at, _)| has_waited(asked_at)) {
            if let Some((asked_at, dns)) = self.waiting.pop_front() {
                findings.event(asked_at, Kind::Dns(dns));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Question;
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn message(transaction: u16, name: &str, is_response: bool) -> Message {
        let question = Some(Question { name: name.into(), kind: "A".into() });
        let code = "NOERROR".to_owned();
        Message { transaction, is_response, is_query: true, question, code, answers: Vec::new(), is_complete: true }
    }

    fn told(findings: &Findings) -> Vec<(i64, &str, Option<i64>)> {
        let line = |(at, kind): &(Timestamp, Kind)| match kind {
            Kind::Dns(dns) => (at.as_second(), dns.answered_at.map(Timestamp::as_second)),
            _ => panic!("only DNS is expected here"),
        };
        let names = findings.events.iter().map(|(_, kind)| match kind {
            Kind::Dns(dns) => dns.name.as_str(),
            _ => "",
        });
        findings.events.iter().map(line).zip(names).map(|((at, answered), name)| (at, name, answered)).collect()
    }

    #[test]
    fn answers_find_their_question_in_any_order() {
        let (mut pairing, mut findings) = (Pairing::default(), Findings::default());
        pairing.message(at(1), message(7, "a.nl", false), true, &mut findings);
        pairing.message(at(2), message(7, "b.nl", false), true, &mut findings);
        pairing.message(at(2), message(7, "a.nl", false), true, &mut findings); // repeated
        pairing.message(at(3), message(7, "b.nl", true), true, &mut findings);
        pairing.message(at(4), message(7, "a.nl", true), true, &mut findings);
        pairing.message(at(5), message(9, "c.nl", true), true, &mut findings); // question not captured
        assert_eq!(told(&findings), [(2, "b.nl", Some(3)), (1, "a.nl", Some(4)), (5, "c.nl", Some(5))]);
        assert_eq!(pairing.len(), 0);
    }

    #[test]
    fn what_waits_too_long_or_to_the_end_is_told_unanswered() {
        let (mut pairing, mut findings) = (Pairing::default(), Findings::default());
        pairing.message(at(1), message(1, "a.nl", false), true, &mut findings);
        pairing.message(at(40), message(2, "b.nl", false), true, &mut findings);
        assert_eq!(told(&findings), [(1, "a.nl", None)]);
        pairing.finish(&mut findings);
        assert_eq!(told(&findings), [(1, "a.nl", None), (40, "b.nl", None)]);
    }

    #[test]
    fn a_full_table_lets_the_oldest_go_and_counts_it() {
        let (mut pairing, mut findings) = (Pairing::default(), Findings::default());
        for index in 0..=MAX_WAITING {
            pairing.message(at(1), message(index as u16, "a.nl", false), true, &mut findings);
        }
        assert_eq!((pairing.len(), findings.dropped, findings.events.len()), (MAX_WAITING, 1, 1));
        let mut other = Pairing::default();
        other.message(at(1), message(1, "b.nl", false), false, &mut findings);
        assert_eq!((other.len(), findings.dropped), (0, 2));
    }
}
