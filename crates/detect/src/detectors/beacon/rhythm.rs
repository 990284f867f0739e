//! Is there a machine's rhythm in a row of moments?
//!
//! The measure: take the median interval as the period, and count the intervals within ±*w* of it. If the moments came by
//! chance (exponential intervals with the same median) a share *p(w)* would lie there; far more of them is rhythm. How
//! much more is told by `n · KL(share ‖ p)`, the log-likelihood ratio in nats, which grows with the number of beats and
//! with their exactness: 8 exact beats say as much as 25 with a jitter of ±50 %. People's traffic comes in bursts, so
//! moments close together are first taken as one; which closeness fits best is tried.
//!
//! A program may also keep two intervals (short while it works, long while it sleeps): then the share is counted around
//! both, and the choice of the second costs evidence.

/// Evidence needed, in nats: chance gives 20 once in about 5·10⁸ rows.
const ENOUGH_EVIDENCE: f64 = 20.0;
/// Chance gives this once in about 20,000 rows: enough only beside strong signs, of twelve beats or more.
pub(super) const FAINT_EVIDENCE: f64 = 10.0;
const FEWEST_FAINT_BEATS: usize = 12;
/// Of two intervals, the second comes at least so often, and is at least so much longer or shorter.
const SECOND_SHARE: f64 = 0.2;
const SECOND_RATIO: f64 = 1.5;
const LONGEST_SECOND_US: i64 = 7 * 86_400 * SECOND_US;
/// The share of intervals that must fit; the rest are pauses (a laptop closed, the server away).
const ENOUGH_SHARE: f64 = 0.8;
const FEWEST_BEATS: usize = 8;
/// Five minutes: shorter rows are often one page or one download.
const SHORTEST_SPAN_US: i64 = 300 * SECOND_US;
/// A row of a minute is looked at where it has this many beats; whoever asks needs more than the rhythm then.
const SHORTEST_BRIEF_US: i64 = 60 * SECOND_US;
const FEWEST_BRIEF_BEATS: usize = 20;
const SECOND_US: i64 = 1_000_000;
/// A shorter period is no program that keeps time, but how fast something was sent or told: a page's connections, or the
/// records of a router that does not say when they were.
const SHORTEST_PERIOD_US: i64 = SECOND_US / 2;
/// Spreads around the period that are tried, as a fraction of it.
const SPREADS: [f64; 7] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6];
/// Moments closer than this are one beat; tried in turn, in microseconds.
const BURSTS_US: [i64; 5] = [0, SECOND_US / 5, 2 * SECOND_US, 15 * SECOND_US, 60 * SECOND_US];

/// A rhythm, and how well it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rhythm {
    /// The median interval in seconds.
    pub(super) period_seconds: f64,
    /// The spread around it, as a fraction: 0.2 is ±20 %.
    pub(super) spread: f64,
    /// The share of intervals within that spread.
    pub(super) share: f64,
    pub(super) beats: usize,
    pub(super) span_seconds: f64,
    /// The other interval in seconds, where it keeps two.
    pub(super) second_period_seconds: Option<f64>,
    /// In nats; see the module's doc.
    pub(super) evidence: f64,
}

impl Rhythm {
    /// Whether it could be chance: nothing to accuse by without strong signs.
    pub(super) fn is_faint(&self) -> bool {
        self.evidence < ENOUGH_EVIDENCE
    }

    /// Whether it lasted no longer than one page or one download may.
    pub(super) fn is_brief(&self) -> bool {
        self.span_seconds < seconds(SHORTEST_SPAN_US)
    }
}

/// The best-fitting rhythm of these moments (microseconds, any order), if there is one. Two intervals only where one
/// does not explain them: a pair of connections at each beat is one beat.
pub(super) fn rhythm(moments: &[i64]) -> Option<Rhythm> {
    let mut moments = moments.to_vec();
    moments.sort_unstable();
    let best = |intervals: Intervals| {
        BURSTS_US
            .iter()
            .filter_map(|burst| fit(&beats(&moments, *burst), *burst, intervals))
            .max_by(|a, b| a.evidence.total_cmp(&b.evidence))
    };
    let one = best(Intervals::One);
    match one {
        Some(rhythm) if !rhythm.is_faint() => one,
        _ => best(Intervals::Two).filter(|rhythm| !rhythm.is_faint()).or(one),
    }
}

/// How many intervals a program keeps.
#[derive(Clone, Copy)]
enum Intervals {
    One,
    Two,
}

/// The first moment of each burst.
fn beats(moments: &[i64], burst: i64) -> Vec<i64> {
    let mut beats = Vec::new();
    let mut previous: Option<i64> = None;
    for moment in moments {
        if previous.is_none_or(|previous| moment.saturating_sub(previous) > burst) {
            beats.push(*moment);
        }
        previous = Some(*moment);
    }
    beats
}

fn fit(beats: &[i64], burst: i64, kept: Intervals) -> Option<Rhythm> {
    let span = beats.last()?.saturating_sub(*beats.first()?);
    let is_enough = (beats.len() >= FEWEST_BEATS && span >= SHORTEST_SPAN_US)
        || (beats.len() >= FEWEST_BRIEF_BEATS && span >= SHORTEST_BRIEF_US);
    if !is_enough {
        return None;
    }
    let intervals: Vec<i64> = beats.iter().zip(beats.iter().skip(1)).map(|(a, b)| b.saturating_sub(*a)).collect();
    let median = median(&intervals)?;
    // Taking bursts as one cuts off short intervals, and so makes a rhythm of its own unless the period is well longer.
    if median < (4 * burst).max(SHORTEST_PERIOD_US) {
        return None;
    }
    let cut = burst as f64 / median as f64;
    let fits: Vec<Fit> = match kept {
        Intervals::One => {
            let middle = middle(&intervals).unwrap_or(median);
            let around = |period, spread: &f64| measure(&intervals, median, period, cut, *spread);
            SPREADS.iter().flat_map(|spread| [around(median, spread), around(middle, spread)]).collect()
        }
        Intervals::Two => SPREADS.iter().filter_map(|spread| measure_two(&intervals, median, cut, *spread)).collect(),
    };
    let is_enough = |fit: &Fit| fit.share >= ENOUGH_SHARE;
    let best = fits.into_iter().filter(is_enough).max_by(|a, b| a.evidence.total_cmp(&b.evidence))?;
    let may_be_faint = beats.len() >= FEWEST_FAINT_BEATS && span >= SHORTEST_SPAN_US;
    let needed = if may_be_faint { FAINT_EVIDENCE } else { ENOUGH_EVIDENCE };
    (best.evidence >= needed).then(|| Rhythm {
        period_seconds: seconds(median),
        spread: best.spread,
        share: best.share,
        beats: beats.len(),
        span_seconds: seconds(span),
        second_period_seconds: best.second.map(seconds),
        evidence: best.evidence,
    })
}

/// How well intervals fit with one spread around one period or two.
struct Fit {
    spread: f64,
    second: Option<i64>,
    /// The share of intervals within it.
    share: f64,
    /// In nats.
    evidence: f64,
}

/// Around one period: the median, or the middle between the shortest and the longest interval, which says more of few
/// intervals drawn evenly.
fn measure(intervals: &[i64], median: i64, period: i64, cut: f64, spread: f64) -> Fit {
    let within = intervals.iter().filter(|interval| is_within(**interval, period, spread)).count();
    let all = intervals.len() as f64;
    let share = within as f64 / all;
    // The choice between two periods costs as much as a coin.
    let choice = if period == median { 0.0 } else { std::f64::consts::LN_2 };
    let evidence = all * surplus(share, chance(period as f64 / median as f64, spread, cut)) - choice;
    Fit { spread, second: None, share, evidence }
}

fn middle(intervals: &[i64]) -> Option<i64> {
    let (shortest, longest) = (intervals.iter().min()?, intervals.iter().max()?);
    Some(shortest.saturating_add(*longest) / 2)
}

/// The same around a second interval as well: the median of those that do not fit the first.
fn measure_two(intervals: &[i64], median: i64, cut: f64, spread: f64) -> Option<Fit> {
    if median < SECOND_US {
        return None;
    }
    let others: Vec<i64> = intervals.iter().copied().filter(|one| !is_within(*one, median, spread)).collect();
    let second = self::median(&others)?;
    let ratio = second as f64 / median as f64;
    // Apart: the two ranges do not touch; and no pause of days.
    let is_apart = (SHORTEST_PERIOD_US..LONGEST_SECOND_US).contains(&second)
        && (ratio.max(1.0 / ratio) >= SECOND_RATIO)
        && (1.0 - ratio).abs() > spread * (1.0 + ratio);
    let all = intervals.len() as f64;
    let fitting = others.iter().filter(|one| is_within(**one, second, spread)).count();
    if !is_apart || (fitting as f64) < SECOND_SHARE * all {
        return None;
    }
    let share = (intervals.len() - others.len() + fitting) as f64 / all;
    let by_chance = chance(1.0, spread, cut) + chance(ratio, spread, cut);
    // Any of the intervals could have been the second, and any spread.
    let evidence = all * surplus(share, by_chance) - all.ln() - (SPREADS.len() as f64).ln();
    Some(Fit { spread, second: Some(second), share, evidence })
}

fn is_within(interval: i64, period: i64, spread: f64) -> bool {
    (interval as f64 - period as f64).abs() <= spread * period as f64
}

/// What a share says beyond the one that chance gives, in nats an interval.
fn surplus(share: f64, chance: f64) -> f64 {
    if share > chance { divergence(share, chance) } else { 0.0 }
}

/// The share of exponential intervals, none shorter than `cut`, that lie within the spread of `period`; both in medians.
fn chance(period: f64, spread: f64, cut: f64) -> f64 {
    let survives = |at: f64| (-((at - cut).max(0.0)) / (1.0 - cut)).exp2();
    survives(period * (1.0 - spread)) - survives(period * (1.0 + spread))
}

/// Kullback–Leibler divergence between two coins, in nats.
fn divergence(share: f64, chance: f64) -> f64 {
    let term = |p: f64, q: f64| if p <= 0.0 { 0.0 } else { p * (p / q.max(f64::MIN_POSITIVE)).ln() };
    term(share, chance) + term(1.0 - share, 1.0 - chance)
}

fn seconds(microseconds: i64) -> f64 {
    microseconds as f64 / SECOND_US as f64
}

/// The middle value; the lower of two.
pub(super) fn median<T: Copy + Ord>(values: &[T]) -> Option<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator (SplitMix64) for made-up moments: numbers from 0 to 1.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    fn jittered(period: f64, jitter: f64, beats: usize, seed: u64) -> Vec<i64> {
        let mut chance = Chance(seed);
        let mut at = 1.0e15;
        let mut moments = Vec::new();
        for _ in 0..beats {
            moments.push(at as i64);
            at += period * (1.0 + jitter * (2.0 * chance.next() - 1.0)) * 1e6;
        }
        moments
    }

    fn check_found(period: f64, jitter: f64, beats: usize) {
        for seed in 0..20 {
            let found = rhythm(&jittered(period, jitter, beats, seed))
                .unwrap_or_else(|| panic!("{period} s ± {jitter}, {beats} beats, seed {seed}: not found"));
            let off = (found.period_seconds / period - 1.0).abs();
            assert!(off < 0.05 + jitter * 0.4, "{found:?} for {period} s");
        }
    }

    #[test]
    fn a_machine_is_found_from_exact_to_half_at_random() {
        check_found(60.0, 0.2, 1300);
        check_found(300.0, 0.0, 280);
        check_found(3600.0, 0.1, 24);
        check_found(600.0, 0.5, 120);
        check_found(45.0, 0.35, 138);
        check_found(2.2, 0.05, 297);
        check_found(3600.0, 0.02, 8);
    }

    /// What is found without strong signs.
    fn rhythm(moments: &[i64]) -> Option<Rhythm> {
        super::rhythm(moments).filter(|rhythm| !rhythm.is_faint() && !rhythm.is_brief())
    }

    #[test]
    fn two_intervals_are_a_rhythm_as_well() {
        for seed in 0..20 {
            let mut chance = Chance(seed);
            let mut at = 1.0e15;
            let mut moments = Vec::new();
            for _ in 0..60 {
                let period = if chance.next() < 0.6 { 60.0 } else { 600.0 };
                at += period * (1.0 + 0.1 * (2.0 * chance.next() - 1.0)) * 1e6;
                moments.push(at as i64);
            }
            let found = rhythm(&moments).unwrap_or_else(|| panic!("seed {seed}"));
            assert!((found.period_seconds - 60.0).abs() < 6.0, "{found:?}");
            assert!((found.second_period_seconds.unwrap() - 600.0).abs() < 60.0, "{found:?}");
        }
    }

    #[test]
    fn chance_has_no_rhythm() {
        for seed in 0..200 {
            let mut chance = Chance(seed);
            let mut at = 1.0e15;
            let moments: Vec<i64> = (0..1000)
                .map(|_| {
                    at += -chance.next().max(1e-9).ln() * 120.0 * 1e6;
                    at as i64
                })
                .collect();
            assert_eq!(rhythm(&moments), None, "seed {seed}");
        }
    }

    #[test]
    fn browsing_in_bursts_has_no_rhythm() {
        for seed in 0..200 {
            let mut chance = Chance(seed);
            let mut at = 1.0e15;
            let mut moments = Vec::new();
            for _ in 0..60 {
                for _ in 0..(1.0 + chance.next() * 8.0) as usize {
                    at += chance.next() * 3.0e6;
                    moments.push(at as i64);
                }
                at += -chance.next().max(1e-9).ln() * 500.0 * 1e6;
            }
            assert_eq!(rhythm(&moments), None, "seed {seed}");
        }
    }

    #[test]
    fn pauses_and_double_beats_do_not_hide_a_rhythm() {
        let mut moments = jittered(60.0, 0.2, 200, 1);
        moments.extend(jittered(60.0, 0.2, 200, 2).iter().map(|at| at + 100_000 * SECOND_US));
        assert!(rhythm(&moments).is_some(), "a pause of a day");

        let doubled: Vec<i64> = jittered(300.0, 0.1, 60, 3).iter().flat_map(|at| [*at, at + 150_000]).collect();
        let found = rhythm(&doubled).unwrap();
        assert!((found.period_seconds - 300.0).abs() < 15.0, "two connections a beat: {found:?}");
    }

    #[test]
    fn no_rhythm_has_a_period_that_is_told_as_nothing() {
        // Received in one go every 40 ms, or in the order of a download; for ten minutes.
        for period in [0.000_001_f64, 0.001, 0.04, 0.2, 0.4] {
            let count = (600.0 / period).min(15_000.0) as usize;
            let found = super::rhythm(&jittered(period, 0.1, count, 1));
            assert!(found.is_none_or(|found| found.period_seconds >= 0.5), "every {period} s: {found:?}");
        }
        assert!(super::rhythm(&jittered(1.0, 0.6, 600, 1)).is_some(), "a second is one");
    }

    #[test]
    fn too_short_or_too_few_is_no_rhythm() {
        assert_eq!(rhythm(&[]), None);
        assert_eq!(rhythm(&jittered(60.0, 0.0, 7, 1)), None);
        assert_eq!(rhythm(&jittered(1.0, 0.0, 200, 1)), None, "200 seconds");
        assert_eq!(super::rhythm(&jittered(3.0, 0.2, 19, 1)), None, "a minute, of few beats");
        assert_eq!(super::rhythm(&jittered(1.0, 0.0, 50, 1)), None, "less than a minute");
        assert!(super::rhythm(&jittered(3.0, 0.2, 25, 1)).unwrap().is_brief());
        assert_eq!(rhythm(&[5; 1000]), None, "all at once");
        assert_eq!(rhythm(&[i64::MIN, i64::MAX, 0, 1, -1, 2, -2, 3, -3]), None);
    }
}
