//! `dijkwacht interview`: asks in the terminal what the verdict still hangs on, and writes the facts.
//!
//! The questions and their order are the law's (`law::interview`); this file asks, reads and keeps. Questions go to stderr
//! and facts to stdout, so that `dijkwacht interview > facts.json` does what it says. Answers are lines of standard input, so
//! that a script can give them. What was answered is never lost: the end of the answers stops the interview and keeps all.

mod reading;
mod showing;

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;

use facts::{Fact, Language, Situation, Text, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::Packs;
use law::interview::{Ask, Band, Done, Field, Interview, Item, Road, Step, aids, bands, implied};
use law::verdict::{LawStatus, Outcome as DutyOutcome, Verdict};

use crate::edge;
use crate::law_dir;
use crate::outcome::{Failure, Outcome};
use crate::outlet::{Existing, Force, Outlet};
use crate::verbs::Speech;
use reading::{Answer, Typed};

/// The largest file of facts that is read, in bytes.
const LARGEST_FILE: u64 = 1_000_000;

/// Asks, question by question, what the verdict still hangs on, and writes the facts as JSON.
///
/// Only what can still turn an outcome is asked, the most telling first, each with why and its article. Answer with a number
/// or a word; an empty line, `w` or `d` says that nobody knows yet. `?` explains, `t` or `b` goes back a question, `q` stops
/// and keeps what was answered.
#[derive(clap::Args)]
#[command(
    after_help = "Questions go to stderr and the facts to stdout, or to FILE with --out; FACTS.json itself is only read.\n\
                  Answers may come from a file or a pipe, one a line; where they end, the interview stops and keeps all.\n\n\
                  Example:\n  dijkwacht interview --out facts.json\n  dijkwacht interview facts.json --out facts.json\n  \
                  dijkwacht interview --emergency > facts.json"
)]
pub(crate) struct Args {
    /// A JSON object of facts that are known already: they are not asked.
    #[arg(value_name = "FACTS.json")]
    file: Option<PathBuf>,
    /// Where to write the facts, instead of to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
    /// Only what a first report to the authority needs, in at most twelve answers.
    #[arg(long)]
    emergency: bool,
    /// The law pack, instead of the one in force at the moment of awareness.
    #[arg(long, value_name = "ID")]
    law: Option<String>,
    /// A folder with law packs (a folder of TOML files each), beside those that are built in.
    #[arg(long, value_name = "DIR")]
    law_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let first = known_already(args)?;
    // Known before the first question is asked. The very file that is read may be gone on with.
    let existing = if args.out == args.file { Existing::Replaced } else { args.force.existing() };
    let out = args.out.as_deref().map(|path| Outlet::open(path, existing).map(|outlet| (path, outlet))).transpose()?;
    let packs = law_dir::packs(args.law_dir.as_deref())?;
    let road = if args.emergency { Road::Emergency } else { Road::Whole };
    let mut session = Session {
        packs: &packs,
        law: args.law.as_deref(),
        road,
        language: args.speech.language(),
        zone: TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC),
        now: edge::now(),
        state: State::of(first),
        before: Vec::new(),
    };
    edge::say(&session.say(&showing::opening(road)));
    session.talk()?;
    let written = format!("{}\n", contract::facts::to_json(&session.state.situation));
    match out {
        Some((path, out)) => {
            out.write(written.as_bytes())?;
            edge::say(&session.say(&showing::written_to(path)));
        }
        None => edge::print(&written)?,
    }
    Ok(Outcome::Done)
}

fn known_already(args: &Args) -> Result<Situation, Failure> {
    let Some(path) = &args.file else { return Ok(Situation::default()) };
    if path.as_os_str() == "-" {
        return Err(Failure::Told(Text::new(
            "op standaardinvoer komen de antwoorden; geef de feiten als bestand",
            "standard input is where the answers come from; give the facts as a file",
        )));
    }
    let text = edge::read_text(path, LARGEST_FILE)?;
    contract::facts::read_situation(&text).map_err(|problems| {
        let named = |language| {
            let lines =
                problems.iter().map(|problem| format!("{}: {}", path.display(), problem.text().in_language(language)));
            lines.collect::<Vec<_>>().join("\n")
        };
        Failure::Told(Text::made(named(Language::Dutch), named(Language::English)))
    })
}

/// All that answers change.
#[derive(Clone)]
struct State {
    situation: Situation,
    not_known_yet: BTreeSet<Fact>,
    settled: BTreeSet<Field>,
    /// Exceptions that apply and of which is still to be said which one.
    which: VecDeque<Fact>,
}

impl State {
    fn of(situation: Situation) -> Self {
        // Two fields are texts, and a file of facts has no place for them.
        let mut settled = BTreeSet::from([Field::Description, Field::MeasuresTaken]);
        settled.extend(situation.aware_at.map(|_| Field::AwareAt));
        settled.extend(situation.detected_at.map(|_| Field::DetectedAt));
        Self { situation, not_known_yet: BTreeSet::new(), settled, which: VecDeque::new() }
    }
}

struct Session<'a> {
    packs: &'a Packs,
    law: Option<&'a str>,
    road: Road,
    language: Language,
    zone: TimeZone,
    now: Timestamp,
    state: State,
    /// How things stood before each answer, to go back to.
    before: Vec<State>,
}

/// What an answer did.
enum Turn {
    Next,
    Stop,
}

impl Session<'_> {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    /// Asks until nothing is left, somebody stops, or the answers end; then says the verdict.
    fn talk(&mut self) -> Result<(), Failure> {
        loop {
            let verdict = self.assess()?;
            let interview = Interview {
                road: self.road,
                verdict: &verdict,
                facts: &self.state.situation.facts,
                not_known_yet: &self.state.not_known_yet,
                settled: &self.state.settled,
            };
            let ask = match (self.state.which.front(), interview.step()) {
                (Some(fact), step) => follow_up(&interview, Item::Fact(*fact), &step),
                (None, Step::Ask(ask)) => ask,
                (None, Step::Done(done)) => {
                    self.conclude(&verdict, &done.hangs_on);
                    return Ok(());
                }
            };
            edge::say(&showing::question(&ask, self.before.len() + 1, &self.bands(&verdict), self.language));
            if let Turn::Stop = self.turn(&ask, &verdict)? {
                edge::say(&self.say(&showing::stopped()));
                self.conclude(&verdict, &verdict.missing);
                return Ok(());
            }
        }
    }

    /// Reads lines until one of them is an answer to this question.
    fn turn(&mut self, ask: &Ask, verdict: &Verdict) -> Result<Turn, Failure> {
        loop {
            let Some(line) = edge::answer("> ")? else { return Ok(Turn::Stop) };
            let typed = reading::typed(&line, &ask.item, self.language, &self.zone);
            match typed {
                Ok(Typed::Stop) => return Ok(Turn::Stop),
                Ok(Typed::Why) => {
                    edge::say(&showing::help(ask, &aids(self.packs, self.now, &ask.item), self.language));
                }
                Ok(Typed::Back) => match self.before.pop() {
                    Some(state) => {
                        self.state = state;
                        return Ok(Turn::Next);
                    }
                    None => edge::say(&self.say(&showing::nothing_before())),
                },
                Ok(Typed::Answer(answer)) => match self.answered(&ask.item, answer) {
                    Ok(after) => {
                        self.before.push(std::mem::replace(&mut self.state, after));
                        return Ok(Turn::Next);
                    }
                    Err(wrong) => edge::say(&self.say(&wrong)),
                },
                Err(wrong) => edge::say(&self.say(&wrong.text(&self.bands(verdict)))),
            }
        }
    }

    /// How things stand after an answer; refused, with why, where it cannot be so.
    fn answered(&self, item: &Item, answer: Answer) -> Result<State, Text> {
        let mut after = self.state.clone();
        after.which.retain(|fact| *item != Item::Fact(*fact));
        match answer {
            Answer::NotKnownYet => match item {
                Item::Field(field) => {
                    after.settled.insert(*field);
                }
                item => after.not_known_yet.extend(item.facts()),
            },
            Answer::Facts(values) => {
                if self.road == Road::Emergency && values.contains(&(Fact::Data, Value::Many(BTreeSet::new()))) {
                    return Err(showing::no_kind_of_data());
                }
                for (fact, value) in values {
                    after.not_known_yet.remove(&fact);
                    after.situation.facts.set(fact, value).map_err(|_| showing::not_an_answer())?;
                }
                if self.road == Road::Emergency {
                    // What was just said settles more than was asked; a step back undoes it with the answer.
                    for (fact, value) in implied(&after.situation.facts) {
                        after.not_known_yet.remove(&fact);
                        after.situation.facts.set(fact, value).map_err(|_| showing::not_an_answer())?;
                    }
                }
            }
            Answer::Exceptions { values, which } => {
                for (fact, value) in values {
                    after.situation.facts.set(fact, value).map_err(|_| showing::not_an_answer())?;
                }
                after.which.extend(which);
            }
            Answer::Moment(at) => {
                let Item::Field(field) = item else { return Err(showing::not_an_answer()) };
                if at > self.now {
                    return Err(showing::in_the_future());
                }
                match field {
                    Field::DetectedAt => after.situation.detected_at = Some(at),
                    _ => after.situation.aware_at = Some(at),
                }
                after.settled.insert(*field);
                let judged_at = law::judged_at(&after.situation, self.now);
                if let Err(none) = self.packs.judge(judged_at, self.law) {
                    return Err(showing::before_any_law(&none));
                }
            }
        }
        let before = self.state.situation.contradictions();
        match after.situation.contradictions().into_iter().find(|found| !before.contains(found)) {
            Some(contradiction) => Err(showing::contradiction(&contradiction, item, &self.state.situation)),
            None => Ok(after),
        }
    }

    fn assess(&self) -> Result<Verdict, Failure> {
        self.packs.assess(&self.state.situation, self.now, self.law).map_err(|error| Failure::Told(error.text()))
    }

    /// By which numbers of persons the pack that judged decides.
    fn bands(&self, verdict: &Verdict) -> Vec<Band> {
        self.packs.by_id(&verdict.law.id).map(bands).unwrap_or_default()
    }

    fn conclude(&self, verdict: &Verdict, open: &[Fact]) {
        let until = verdict.deadline.map(|deadline| {
            let in_language = |language| documents::moment(deadline.target, &self.zone, language).to_string();
            Text::made(in_language(Language::Dutch), in_language(Language::English))
        });
        let sentence = documents::explanation::director_sentence(verdict, until.as_ref());
        edge::say(&format!("\n{}", self.say(&sentence)));
        if !open.is_empty() {
            edge::say(&showing::still_open(open, self.language));
        }
        if self.road == Road::Emergency {
            if verdict.law.status == LawStatus::Historical {
                edge::say(&self.say(&showing::nobody_reports()));
            } else if verdict.notify_authority.outcome != DutyOutcome::NotRequired {
                edge::say(&self.say(&showing::texts_to_write()));
            }
        }
    }
}

/// Which one of the exceptions that apply: asked at once after them.
fn follow_up(interview: &Interview<'_>, item: Item, step: &Step) -> Ask {
    let (answered, left) = match step {
        Step::Ask(ask) => (ask.answered, ask.at_most_left),
        Step::Done(Done { answered, .. }) => (*answered, 0),
    };
    Ask { can_turn: law::interview::can_turn(interview.verdict, &item), item, answered, at_most_left: left.max(1) }
}
