//! One sensor: how it is, where traffic goes in pictures, which hosts there are, what it saw; its name, and taking it away.

use std::collections::{BTreeMap, BTreeSet};

use app::{Health, TrafficRow};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use contract::sensor::DiskFault;
use incident::Permission;
use jiff::{SignedDuration, Timestamp, Unit};

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::pages::sensors::WEEK;
use crate::pages::sign_in::form_value;
use crate::view::picture::{self, Bars, Share, bytes_in_words};
use crate::view::sensor::{FindingView, SensorView, grouped};
use crate::view::source::SourceView;
use crate::words::Words;

/// How many destinations, and hosts, are shown.
const MOST_PLACES: usize = 15;
const MOST_HOSTS: usize = 50;
/// How many detections.
const MOST_DETECTIONS: usize = 100;
/// A sensor names the destinations of so many flows of an hour at most.
const NAMED_AN_HOUR: usize = 50;

#[derive(Template)]
#[template(path = "sensors/one.html")]
struct OnePage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    sensor: SensorView,
    since: String,
    /// What is wrong with its clock, where that keeps what it sends from being taken.
    clock: Option<String>,
    /// What else is wrong with it and what to do, and since when.
    troubles: Vec<(String, String)>,
    sources: Vec<SourceView>,
    lists: Vec<(String, String)>,
    facts: Vec<(&'static str, String)>,
    saved: Option<&'static str>,
    problems: Problems,
    filled: Filled,
    /// Until when it learns, while it does.
    learning: Option<String>,
    manages: bool,
    is_removed: bool,
    reads: bool,
    is_week: bool,
    bars: Option<Bars>,
    /// Of some hour the largest flows alone were counted.
    is_cut: bool,
    /// Some flows were counted without their destination.
    has_left: bool,
    places: Vec<Share>,
    hosts: Vec<HostView>,
    /// How many hosts these are, of how many.
    hosts_of_all: Option<String>,
    detections: Vec<FindingView>,
    /// There are more detections of that week than stand here.
    has_more: bool,
    hidden: Option<String>,
}

struct HostView {
    /// Empty where it has none.
    name: String,
    address: String,
    out: String,
    back: String,
    places: String,
}

/// `GET /o/{slug}/sensoren/{sensor}`
pub(crate) async fn show(desk: Desk, Path((_, sensor)): Path<(String, String)>) -> Result<Response, Failure> {
    page(&one_page(&desk, &sensor, Problems::new(), None).await?)
}

/// `POST /o/{slug}/sensoren/{sensor}/naam`
pub(crate) async fn rename(
    desk: Desk,
    Path((_, sensor)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Failure> {
    let id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    match desk.visit.app().rename_sensor(&desk.scope, id, sent.text("name")).await {
        Ok(()) => onward(&format!("{}/{sensor}?bewaard=naam", sensors_of(desk.slug()))),
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "name")?;
            page_again(&one_page(&desk, &sensor, problems, Some(sent.raw("name"))).await?)
        }
    }
}

/// `POST /o/{slug}/sensoren/{sensor}/leren`
pub(crate) async fn learn(desk: Desk, Path((_, sensor)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    desk.visit.app().learn_again(&desk.scope, id, desk.visit.now).await?;
    onward(&format!("{}/{sensor}?bewaard=leert", sensors_of(desk.slug())))
}

/// `POST /o/{slug}/sensoren/{sensor}/verwijderen`
pub(crate) async fn remove(
    desk: Desk,
    Path((_, sensor)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Failure> {
    let id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    if sent.text("zeker") != "ja" {
        let mut problems = Problems::new();
        problems.add("zeker", desk.visit.w.remove_sure_needed());
        return page_again(&one_page(&desk, &sensor, problems, None).await?);
    }
    desk.visit.app().remove_sensor(&desk.scope, id, desk.visit.now).await?;
    onward(&format!("{}?bewaard=verwijderd", sensors_of(desk.slug())))
}

async fn one_page(desk: &Desk, sensor: &str, problems: Problems, typed: Option<&str>) -> Result<OnePage, Failure> {
    let (w, app, now) = (desk.visit.w, desk.visit.app(), desk.visit.now);
    let id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    let standing = app.sensor(&desk.scope, id, now).await?;
    let reads = desk.allows(Permission::ReadDetections);
    let is_week = form_value(desk.visit.uri.query().unwrap_or_default(), "duur") == "week";
    let hours = if is_week { 7 * 24 } else { 24 };
    // Whole hours, the one that runs included.
    let this_hour = now.round(jiff::TimestampRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Floor));
    let from = this_hour.map_err(app::Error::internal)? - SignedDuration::from_hours(hours - 1);
    let traffic = if reads { app.traffic(&desk.scope, id, from).await? } else { Vec::new() };
    let seen = if reads { Some(app.seen_by_sensors(&desk.scope, Some(id), now - WEEK).await?) } else { None };
    let counted: Vec<_> = traffic.iter().map(|row| (row.hour, row.bytes_out)).collect();
    let is_cut = is_cut(&traffic);
    let (hosts, told) = hosts(&traffic, is_cut, w);
    let state = standing.state.as_ref();
    let facts = state.map_or_else(Vec::new, |state| {
        let disk = state.disk.map(|fault| match fault {
            DiskFault::Full => w.sensor_disk_full(),
            DiskFault::Unwritable => w.sensor_disk_unwritable(),
        });
        let facts = [
            (w.sensor_started(), desk.when(state.started_at).words),
            (w.sensor_malformed(), grouped(state.malformed, w)),
            (w.sensor_dropped(), grouped(state.dropped, w)),
            (w.sensor_spooled(), grouped(state.spooled, w)),
            (w.sensor_content(), (if state.looks_into_content { w.yes() } else { w.no() }).to_owned()),
        ];
        let let_go = (state.let_go > 0).then(|| (w.sensor_let_go(), grouped(state.let_go, w)));
        let copies = (state.copies > 0).then(|| {
            let all = state.sources.iter().map(|source| source.packets).sum::<u64>().max(state.copies);
            let share = w.percent(state.copies as f64 / all as f64 * 100.0);
            (w.sensor_copies(), format!("{} ({share})", grouped(state.copies, w)))
        });
        facts.into_iter().chain(copies).chain(let_go).chain(disk.map(|why| (w.sensor_disk(), why.to_owned()))).collect()
    });
    let lists = state.map_or_else(Vec::new, |state| {
        let age = |at| desk.when(at).words;
        state
            .lists
            .iter()
            .map(|list| (list.name.clone(), w.sensor_list(list.entries, list.fetched_at.map(age).as_deref())))
            .collect()
    });
    let frame = desk.frame(&standing.sensor.name, Place::Sensors);
    let address = format!("{}/{sensor}", sensors_of(desk.slug()));
    let frame = frame.standing_at(&address);
    Ok(OnePage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base: sensors_of(desk.slug()),
        address,
        sources: state
            .map_or_else(Vec::new, |state| state.sources.iter().map(|source| SourceView::new(source, desk)).collect()),
        clock: standing
            .sensor
            .clock_off
            .map(|off| w.sensor_clock_ahead_why(&desk.when(off.at).words, &desk.when(off.said).words)),
        troubles: troubles(&standing.health, desk),
        since: w.sensor_enrolled(&desk.when(standing.sensor.enrolled_at).words, &standing.sensor.enrolled_by),
        lists,
        facts,
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        filled: Filled::default().with("name", typed.unwrap_or(&standing.sensor.name)),
        problems,
        learning: super::learning(&standing, desk),
        manages: desk.allows(Permission::ManageSensors) && standing.sensor.removed_at.is_none(),
        is_removed: standing.sensor.removed_at.is_some(),
        reads,
        is_week,
        bars: Bars::of(&picture::by_hour(&counted, from, hours), &desk.zone, w),
        is_cut,
        has_left: traffic.iter().any(|row| row.other_places.is_some()),
        places: places(&traffic, w),
        hosts_of_all: state.and_then(|state| w.hosts_of_all(hosts.len(), told, state.hosts, is_cut)),
        hosts,
        detections: seen.as_ref().map_or_else(Vec::new, |seen| {
            seen.detections.iter().take(MOST_DETECTIONS).map(|one| FindingView::of_detection(one, desk)).collect()
        }),
        has_more: seen.as_ref().is_some_and(has_more),
        hidden: seen
            .as_ref()
            .map(|seen| seen.hidden_detections.len())
            .filter(|count| *count > 0)
            .map(|count| w.findings_hidden(0, count)),
        sensor: SensorView::new(&standing, desk),
    })
}

/// Whether there are more detections than stand on the page. Not by `is_cut`, which is of the cases of all sensors too.
fn has_more(seen: &app::Seen) -> bool {
    let looked_at = seen.detections.len() + seen.hidden_detections.len();
    seen.detections.len() > MOST_DETECTIONS || looked_at as u64 >= u64::from(app::MOST_SEEN)
}

/// What is wrong with a sensor that is heard, what to do about it, and since when.
fn troubles(health: &Health, desk: &Desk) -> Vec<(String, String)> {
    let Health::Troubled(all) = health else { return Vec::new() };
    let w = desk.visit.w;
    all.iter()
        .map(|one| (one.said().in_language(w.0).to_owned(), w.trouble_since(&desk.when(one.since).words)))
        .collect()
}

/// Whether of some hour the largest flows alone were counted, as older sensors do: as many as there can be, and nothing of what
/// was left.
fn is_cut(traffic: &[TrafficRow]) -> bool {
    let mut hours: BTreeMap<Timestamp, (usize, bool)> = BTreeMap::new();
    for row in traffic {
        let (named, has_left) = hours.entry(row.hour).or_default();
        *named += 1;
        *has_left |= row.other_places.is_some();
    }
    hours.values().any(|(named, has_left)| *named >= NAMED_AN_HOUR && !has_left)
}

/// What went where, by the name that people call the place. From how many hosts, and not from which: no page shows what one
/// person does all day (`docs/ethics.md`).
fn places(traffic: &[TrafficRow], w: Words) -> Vec<Share> {
    let mut sums: BTreeMap<Option<&str>, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for row in traffic {
        let place = row.other_places.is_none().then(|| row.place());
        let (sum, hosts) = sums.entry(place).or_default();
        *sum = sum.saturating_add(row.bytes_out);
        hosts.insert(&row.host);
    }
    let share = |(place, (sum, hosts)): (Option<&str>, (u64, BTreeSet<&str>))| {
        let place = match place {
            None => w.places_left(),
            Some("") => w.place_unknown(),
            Some(place) => place,
        };
        (place.to_owned(), sum, w.hosts_count(hosts.len()))
    };
    picture::shares(sums.into_iter().map(share).collect(), MOST_PLACES, w)
}

/// What a host sent and got, and to where.
#[derive(Default)]
struct HostSums<'a> {
    /// The name it was last called by.
    name: &'a str,
    out: u64,
    back: u64,
    places: BTreeSet<&'a str>,
    /// By hour the places that are named, and how many more there were.
    hours: BTreeMap<Timestamp, (BTreeSet<&'a str>, u64)>,
    has_left: bool,
}

impl<'a> HostSums<'a> {
    fn add(&mut self, row: &'a TrafficRow) {
        if !row.host_name.is_empty() {
            self.name = &row.host_name;
        }
        self.out = self.out.saturating_add(row.bytes_out);
        self.back = self.back.saturating_add(row.bytes_in);
        let (places, others) = self.hours.entry(row.hour).or_default();
        match row.other_places {
            Some(more) => {
                *others = others.saturating_add(more);
                self.has_left = true;
            }
            None => {
                places.insert(row.place());
                self.places.insert(row.place());
            }
        }
    }

    /// To how many places at least. What is counted in one hour may be the same as in another, or be named there.
    fn fewest_places(&self) -> u64 {
        let of_an_hour = |(places, others): &(BTreeSet<&str>, u64)| (places.len() as u64).saturating_add(*others);
        self.hours.values().map(of_an_hour).max().unwrap_or_default().max(self.places.len() as u64)
    }
}

/// What each host sent and got, the one that sent most first; and how many hosts there are in all.
fn hosts(traffic: &[TrafficRow], is_cut: bool, w: Words) -> (Vec<HostView>, usize) {
    let mut sums: BTreeMap<&str, HostSums<'_>> = BTreeMap::new();
    for row in traffic {
        sums.entry(&row.host).or_default().add(row);
    }
    let all = sums.len();
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.out));
    let at_least = |amount: String, is_so: bool| if is_so { w.at_least(&amount) } else { amount };
    let view = |(ip, sums): (&str, HostSums<'_>)| HostView {
        name: sums.name.to_owned(),
        address: ip.to_owned(),
        out: at_least(bytes_in_words(sums.out, w), is_cut),
        back: at_least(bytes_in_words(sums.back, w), is_cut),
        places: at_least(grouped(sums.fewest_places(), w), is_cut || sums.has_left),
    };
    (sums.into_iter().take(MOST_HOSTS).map(view).collect(), all)
}
