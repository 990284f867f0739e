//! What was told before, for who watches without an end: the lasting ids, and whether there is news.
//!
//! Remembered of each finding and case: its id, its severity, when it was told, and until when it went then. A finding
//! that is gone for a month, or a story quiet for a week, is a new one when it comes again.
//! A story's host is known by less after a restart, until it shows more of itself: by what else it was known is
//! remembered as well, so that its story goes on.

use std::{collections::BTreeSet, net::IpAddr};

use jiff::{SignedDuration, Timestamp};

use crate::{
    Case, Detection, Kind, Severity, case,
    finding::id_of,
    hosts::address,
    memory::{InvalidMemory, Reader, Writer},
    network::Network,
    table::Table,
};

const FINDINGS: usize = 65_536;
const STORIES: usize = 16_384;
/// By what else the hosts of stories were known.
const ALIASES: usize = 4 * STORIES;
/// Ids remembered of one story: so often, at most, is it told again for the sake of a finding that it never named.
const IDS: usize = 256;

/// Hours of watching for which a finding that is not seen, and a story without news, is remembered.
pub(crate) const FINDING_HOURS: usize = 31 * 24;
pub(crate) const STORY_HOURS: usize = 7 * 24;

/// What only grows is told again after so long.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Who else keeps the same rhythm shows in time: a beacon is told after so long, well within the two hours promised.
const BEACON_RIPENS: SignedDuration = SignedDuration::from_mins(90);

/// A finding that has not moved for so long is no part of a new story.
const STALE: SignedDuration = SignedDuration::from_hours(6 * 24);

/// What was said last.
#[derive(Clone, Copy, Debug)]
struct Said {
    at: Timestamp,
    severity: Severity,
    last_at: Timestamp,
}

impl Said {
    /// Whether this is news after that, and at which severity: one that was told is never taken back.
    fn is_news(before: Option<Self>, now: Timestamp, severity: Severity, last_at: Timestamp) -> bool {
        before.is_none_or(|said| {
            let has_waited = now.duration_since(said.at) >= AGAIN || now < said.at;
            severity > said.severity || last_at > said.last_at && has_waited
        })
    }
}

#[derive(Debug)]
struct Finding {
    beginning: Timestamp,
    said: Option<Said>,
}

/// A finding that is ripe, sealed.
pub(crate) struct Taken {
    pub(crate) detection: Detection,
    pub(crate) is_news: bool,
    /// What it is about: by what it is remembered.
    about: String,
}

#[derive(Debug)]
struct Story {
    id: String,
    said: Option<Said>,
    /// Of its findings.
    ids: BTreeSet<String>,
}

impl Story {
    /// Whether one of these was never told in it. Of which there is no room to remember that it was, nobody can say.
    fn names_another(&self, ids: &[String]) -> bool {
        self.ids.len() < IDS && ids.iter().any(|id| !self.ids.contains(id))
    }

    /// New ones alone take room: each time that it is told for their sake there is less.
    fn remember(&mut self, ids: &[String]) {
        let room = IDS.saturating_sub(self.ids.len());
        let new: Vec<_> = ids.iter().filter(|id| !self.ids.contains(*id)).take(room).cloned().collect();
        self.ids.extend(new);
    }
}

#[derive(Debug)]
pub(crate) struct Told {
    /// By what they are about.
    findings: Table<String, Finding>,
    /// By who the host is.
    stories: Table<String, Story>,
    /// By what else a host was last known → by what its story is.
    aliases: Table<String, String>,
}

impl Told {
    pub(crate) fn new() -> Self {
        Self { findings: Table::new(FINDINGS), stories: Table::new(STORIES), aliases: Table::new(ALIASES) }
    }

    /// Gives each its lasting id: what it is about, and when it began by what was known when it was first told.
    pub(crate) fn seal(&self, detections: Vec<Detection>) -> Vec<Detection> {
        let seal = |mut detection: Detection| {
            let beginning = self.findings.value(&detection.id).map_or(detection.first_at, |known| known.beginning);
            detection.id = id_of(&[&detection.id, &beginning.to_string()]);
            detection
        };
        detections.into_iter().map(seal).collect()
    }

    /// All that are ripe, sealed, and which of them are news.
    pub(crate) fn take(&mut self, detections: Vec<Detection>, now: Timestamp) -> Vec<Taken> {
        let mut taken = Vec::new();
        for mut detection in detections.into_iter().filter(|detection| is_ripe(detection, now)) {
            let about = detection.id.clone();
            let known = self.findings.touch(about.clone(), || Finding { beginning: detection.first_at, said: None });
            let worst_said = known.said.map_or(detection.severity, |said| said.severity);
            detection.severity = detection.severity.max(worst_said);
            detection.id = id_of(&[&about, &known.beginning.to_string()]);
            let Detection { severity, last_at, .. } = detection;
            let is_news = Said::is_news(known.said, now, severity, last_at);
            if is_news {
                known.said = Some(Said { at: now, severity, last_at });
            }
            taken.push(Taken { detection, is_news, about });
        }
        taken
    }

    /// Tells with cases that are news what grew of theirs since it was told: a case gives the figures of now, and what stands
    /// beneath it gives the same.
    pub(crate) fn tell_with(&mut self, cases: &[Case], taken: &mut [Taken], now: Timestamp) {
        let named: BTreeSet<&str> = cases.iter().flat_map(|case| &case.detections).map(String::as_str).collect();
        for one in taken.iter_mut().filter(|one| !one.is_news && named.contains(one.detection.id.as_str())) {
            let Detection { severity, last_at, .. } = one.detection;
            let said = self.findings.known(&one.about).and_then(|known| known.said.as_mut());
            if let Some(said) = said.filter(|said| last_at > said.last_at) {
                *said = Said { at: now, severity, last_at };
                one.is_news = true;
            }
        }
    }

    /// Cases with their lasting ids, and what was told of their story before; only those that are news.
    pub(crate) fn cases(
        &mut self,
        cases: Vec<Case>,
        detections: &[Detection],
        network: &Network,
        now: Timestamp,
    ) -> Vec<Case> {
        let mut news = Vec::new();
        for mut case in cases {
            let moves: Vec<_> = detections.iter().filter(|one| case.detections.contains(&one.id)).collect();
            let Some(last_at) = moves.iter().map(|detection| detection.last_at).max() else { continue };
            let identities = network.identities(case.host.ip);
            let who = self.story_of(&identities);
            let known = self.stories.value(&who);
            let said = known.and_then(|story| story.said);
            let names_another = known.is_some_and(|story| story.names_another(&case.detections));
            case.severity = said.map_or(case.severity, |said| said.severity.max(case.severity));
            case.alarm = case::alarm(case.severity);
            if names_another || Said::is_news(said, now, case.severity, last_at) {
                let new = || Story { id: case.id.clone(), said: None, ids: BTreeSet::new() };
                let story = self.stories.touch(who.clone(), new);
                story.said = Some(Said { at: now, severity: case.severity, last_at });
                case.id.clone_from(&story.id);
                let before = story.ids.iter().filter(|id| !case.detections.contains(id)).cloned().collect::<Vec<_>>();
                case.detections.extend(before);
                story.remember(&case.detections);
                news.push(case);
            }
            let addresses: BTreeSet<IpAddr> = moves.iter().map(|detection| detection.host.ip).collect();
            let all = identities.into_iter().chain(addresses.into_iter().map(address));
            for alias in all.filter(|alias| *alias != who) {
                self.aliases.touch(alias, String::new).clone_from(&who);
            }
        }
        news
    }

    /// By what the host's story is known. Where it was known by something less sure until now, it moves; where the host
    /// is known by nothing surer than what it was known by beside, as after a restart, the story goes on as it was.
    fn story_of(&mut self, identities: &[String]) -> String {
        let Some((surest, others)) = identities.split_first() else { return String::new() };
        if self.stories.value(surest).is_some() {
            return surest.clone();
        }
        if let Some(who) = self.aliases.value(surest).filter(|who| self.stories.value(who).is_some()) {
            return who.clone();
        }
        if let Some(story) = others.iter().find_map(|less_sure| self.stories.remove(less_sure)) {
            self.stories.touch(surest.clone(), || story);
        }
        surest.clone()
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        let said = |to: &mut Writer, said: Option<Said>| {
            to.u8(u8::from(said.is_some()));
            if let Some(said) = said {
                to.moment(said.at);
                to.severity(said.severity);
                to.moment(said.last_at);
            }
        };
        let findings = self.findings.sorted();
        to.count(findings.len());
        for (about, finding) in findings {
            to.text(about);
            to.moment(finding.beginning);
            said(to, finding.said);
        }
        let stories = self.stories.sorted();
        to.count(stories.len());
        for (who, story) in stories {
            to.text(who);
            to.text(&story.id);
            said(to, story.said);
            to.count(story.ids.len());
            story.ids.iter().for_each(|id| to.text(id));
        }
        let aliases = self.aliases.sorted();
        to.count(aliases.len());
        for (alias, who) in aliases {
            to.text(alias);
            to.text(who);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, InvalidMemory> {
        let said = |from: &mut Reader<'_>| {
            let is_said = from.u8()? != 0;
            let read = |from: &mut Reader<'_>| {
                Ok(Said { at: from.moment()?, severity: from.severity()?, last_at: from.moment()? })
            };
            is_said.then(|| read(from)).transpose()
        };
        let mut told = Self::new();
        for _ in 0..from.count(FINDINGS)? {
            let about = from.text()?;
            let mut finding = Finding { beginning: from.moment()?, said: said(from)? };
            // Under another id than this one will have, if its beginning was cut: it is told again, so that no case names
            // what was never told.
            if let Some(said) = finding.said.as_mut().filter(|_| from.is_cut()) {
                (said.at, said.last_at) = (Timestamp::MIN, Timestamp::MIN);
            }
            told.findings.touch(about, || finding);
        }
        for _ in 0..from.count(STORIES)? {
            let (who, id, said) = (from.text()?, from.text()?, said(from)?);
            let ids = (0..from.count(IDS)?).map(|_| from.text()).collect::<Result<_, _>>()?;
            told.stories.touch(who, || Story { id, said, ids });
        }
        let aliases = if from.is_cut() { 0 } else { from.count(ALIASES)? };
        for _ in 0..aliases {
            let (alias, who) = (from.text()?, from.text()?);
            told.aliases.touch(alias, || who);
        }
        Ok(told)
    }

    pub(crate) fn age(&mut self) {
        self.findings.age(FINDING_HOURS);
        self.stories.age(STORY_HOURS);
        self.aliases.age(STORY_HOURS);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.findings.dropped() + self.stories.dropped() + self.aliases.dropped()
    }
}

/// Whether enough was seen around it to tell it.
pub(crate) fn is_ripe(detection: &Detection, now: Timestamp) -> bool {
    detection.kind != Kind::Beacon || now.duration_since(detection.first_at) >= BEACON_RIPENS
}

/// Whether it may still be part of what goes on now.
pub(crate) fn is_current(detection: &Detection, now: Timestamp) -> bool {
    now.duration_since(detection.last_at) < STALE
}
