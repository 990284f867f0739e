//! An incident on a desk: what every page of it starts from, and the header that stays in sight.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use app::IncidentLine;
use incident::{Incident, Permission, Refusal};
use jiff::Timestamp;
use law::verdict::Verdict;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::frame::{Frame, Place};
use crate::moment_fields::MomentFields;
use crate::view::clock::ClockView;
use crate::view::phase::{NextStep, PhaseView, next_step, phase};
use crate::view::time::When;
use crate::words::Words;

/// An incident of the address, on the desk of somebody who may read it.
pub(crate) struct CaseFile {
    pub(crate) desk: Desk,
    pub(crate) incident: Incident,
}

impl<S: Send + Sync> FromRequestParts<S> for CaseFile {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let desk = Desk::from_request_parts(parts, state).await?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| app::Error::NotFound)?;
        let number = params.iter().find(|(name, _)| *name == "number").and_then(|(_, number)| number.parse().ok());
        let number: u64 = number.ok_or(app::Error::NotFound)?;
        let incident = desk.visit.app().incident(&desk.scope, number).await?;
        Ok(Self { desk, incident })
    }
}

/// The header of an incident's pages.
pub(crate) struct Head {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) phase: PhaseView,
    pub(crate) next: Option<NextStep>,
    pub(crate) clock: Option<ClockView>,
    /// A detection that nobody checked: no clock runs yet.
    pub(crate) is_unchecked: bool,
    /// It is held from being erased.
    pub(crate) is_held: bool,
    pub(crate) tabs: Vec<TabView>,
}

pub(crate) struct TabView {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) is_here: bool,
}

impl CaseFile {
    pub(crate) fn w(&self) -> Words {
        self.desk.visit.w
    }

    pub(crate) fn number(&self) -> u64 {
        self.incident.number
    }

    /// The address that those of all its pages begin with.
    pub(crate) fn base(&self) -> String {
        self.page(Tab::Overview)
    }

    pub(crate) fn page(&self, tab: Tab) -> String {
        of_incident(self.desk.slug(), self.number(), tab)
    }

    /// The address to go on to after a form of this incident was saved; the page there lets go of the form's draft.
    pub(crate) fn saved(&self, tab: Tab, form: &str) -> String {
        format!("{}?bewaard={form}", self.page(tab))
    }

    /// The same incident as it is now.
    pub(crate) async fn anew(mut self) -> Result<Self, Failure> {
        self.incident = self.desk.visit.app().incident(&self.desk.scope, self.number()).await?;
        Ok(self)
    }

    /// The same for a form of an open incident once more.
    pub(crate) async fn open_anew(self) -> Result<Self, Failure> {
        self.anew().await?.still_open()
    }

    /// Refuses where it was closed.
    pub(crate) fn still_open(self) -> Result<Self, Failure> {
        match self.incident.closed_at {
            Some(_) if self.incident.erased.is_none() => Err(app::Error::from(Refusal::Closed).into()),
            _ => Ok(self),
        }
    }

    /// The same, read once more beside this one.
    pub(crate) async fn fresh(&self) -> Result<Self, Failure> {
        let incident = self.desk.visit.app().incident(&self.desk.scope, self.number()).await?;
        Ok(Self { desk: self.desk.clone(), incident })
    }

    /// The address of a question of the interview.
    pub(crate) fn ask(&self, item: &law::interview::Item) -> String {
        format!("{}/{}", self.page(Tab::Interview), item.key())
    }

    /// A moment of this incident for showing: the day alone where another register named no more.
    pub(crate) fn when(&self, at: Timestamp) -> When {
        if self.incident.is_day_only(at) {
            return When::day(at, &self.desk.zone, self.desk.visit.language());
        }
        self.desk.when(at)
    }

    /// The fields of a moment of this incident, filled in as far as it is known: the day alone where another register named
    /// no more, so that nobody saves midnight for a time that nobody named.
    pub(crate) fn fields(&self, name: &str, at: Option<Timestamp>) -> MomentFields {
        match at {
            None => MomentFields::new(name),
            Some(at) if self.incident.is_day_only(at) => {
                MomentFields { time: String::new(), ..MomentFields::at(name, at, &self.desk.zone) }
            }
            Some(at) => MomentFields::at(name, at, &self.desk.zone),
        }
    }

    /// The law pack that judged.
    pub(crate) fn pack(&self, verdict: &Verdict) -> Option<&law::pack::Pack> {
        self.desk.visit.app().packs.by_id(&verdict.law.id).ok()
    }

    /// The clock of the authority's notification, where it is in play.
    pub(crate) fn clock(&self) -> Option<ClockView> {
        let (desk, w) = (&self.desk, self.w());
        let clock = IncidentLine::of(&self.incident).clock?;
        let mut view = ClockView::new(&clock, desk.visit.now, &desk.zone, w);
        // Of a day alone nobody knows whether it was in time.
        if let Some(at) = clock.notified_at.filter(|at| clock.is_stopped && self.incident.is_day_only(*at)) {
            view.stopped = Some(w.clock_reported_at(&self.when(at).words));
        }
        Some(if desk.allows(Permission::Decide) { view.with_limit(&clock, &desk.zone) } else { view })
    }

    pub(crate) fn verdict(&self) -> Result<Verdict, Failure> {
        let visit = &self.desk.visit;
        Ok(visit.app().verdict(&self.desk.scope, &self.incident, visit.now)?.verdict)
    }

    fn title(&self) -> &str {
        self.w().title(&self.incident.title, self.incident.erased.is_some())
    }

    pub(crate) fn frame(&self, tab: Tab) -> Frame {
        self.frame_called(self.w().tab(tab), tab)
    }

    /// The frame of a page that is called otherwise than the part that it stands in.
    pub(crate) fn frame_called(&self, name: &str, tab: Tab) -> Frame {
        let title = format!("{}. {} – {name}", self.number(), self.title());
        let draft = self.desk.saved.as_ref().map(|form| format!("{}/{form}", self.base()));
        self.desk.frame(&title, Place::Incidents).standing_at(&self.page(tab)).with_draft_done(draft)
    }

    pub(crate) fn head(&self, tab: Tab) -> Head {
        let (w, desk) = (self.w(), &self.desk);
        let line = IncidentLine::of(&self.incident);
        Head {
            number: self.number(),
            title: self.title().to_owned(),
            phase: phase(line.row.phase, w),
            next: next_step(&line.row, desk.slug(), w),
            clock: self.clock(),
            is_unchecked: self.incident.is_unchecked_detection() && self.incident.closed_at.is_none(),
            is_held: self.incident.held.is_some(),
            tabs: Tab::ALL.map(|one| TabView { href: self.page(one), label: w.tab(one), is_here: one == tab }).into(),
        }
    }
}
