//! The verdict in words: every combination of outcomes reads plainly, and every special road has its own sentence.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use documents::explanation::{
    change_sentence, director_sentence, duty_answer, lawyer_lines, mark_in_words, officer_reasons, open_questions,
    proposal_sentence, what_ifs,
};
use facts::{Fact, Facts, Language, Situation, Text, Truth, Value};
use law::Packs;
use law::difference::{Turned, difference};
use law::pack::Mark;
use law::verdict::{Duty, Form, LawStatus, Outcome, Reason, Verdict};

const LANGUAGES: [Language; 2] = [Language::Dutch, Language::English];

fn until() -> Text {
    Text::new("maandag 30 maart 2026, 16:20 uur (zomertijd)", "Monday 30 March 2026, 16:20 (Dutch summer time)")
}

fn situation(written: &[(&str, &[&str])]) -> Situation {
    let mut facts = Facts::new();
    for (key, words) in written {
        let fact = Fact::from_key(key).unwrap();
        facts.set(fact, fact.read(words).unwrap()).unwrap();
    }
    let aware_at = Some("2026-10-01T10:00:00Z".parse().unwrap());
    Situation { facts, aware_at, ..Situation::default() }
}

/// The packs, read once.
pub(crate) fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| Packs::builtin().unwrap())
}

fn judged(written: &[(&str, &[&str])]) -> Verdict {
    packs().assess(&situation(written), "2026-10-01T10:00:00Z".parse().unwrap(), Some("avg")).unwrap()
}

/// A verdict with nothing special about it, to be given outcomes.
fn plain() -> Verdict {
    let mut verdict = judged(&[]);
    verdict.reasons.clear();
    verdict.breach = Truth::True;
    for duty in [Duty::NotifyControllers, Duty::NotifyCsirt] {
        set(&mut verdict, duty, Outcome::NotRequired);
    }
    verdict
}

fn set(verdict: &mut Verdict, duty: Duty, outcome: Outcome) {
    let slot = match duty {
        Duty::Document => &mut verdict.document,
        Duty::NotifyAuthority => &mut verdict.notify_authority,
        Duty::InformSubjects => &mut verdict.inform_subjects,
        Duty::NotifyControllers => &mut verdict.notify_controllers,
        Duty::NotifyCsirt => &mut verdict.notify_csirt,
    };
    slot.outcome = outcome;
}

/// Gives the verdict a reason that rests on this fact.
fn resting_on(mut verdict: Verdict, duty: Duty, fact: Fact, value: Value) -> Verdict {
    let outcome = verdict.duty(duty).outcome;
    let text = Text::new("Daarom.", "Because.");
    let rule = "avg-test".to_owned();
    verdict.reasons.push(Reason { duty, rule, outcome, cites: Vec::new(), because: vec![(fact, value)], text });
    verdict
}

/// Words that a director should not have to know.
const JARGON: [&str; 14] = [
    "verwerkingsverantwoordelijke",
    "betrokkene",
    "inbreuk",
    "onbepaald",
    "niet te bepalen",
    "kennisname",
    "rechtmatig",
    "undetermined",
    "data subject",
    "personal data breach",
    "controller",
    "supervisory",
    "pursuant",
    "null",
];
const LONGEST_SENTENCE: usize = 20;

fn reads_plainly(text: &Text) {
    for language in LANGUAGES {
        let text = text.in_language(language);
        assert!(!text.is_empty() && !text.contains("  ") && text.ends_with('.'), "{text}");
        for word in JARGON {
            assert!(!text.to_lowercase().contains(word), "`{word}` in: {text}");
        }
        for sentence in text.split(['.', '?', '!']) {
            let words = sentence.split_whitespace().count();
            assert!(words <= LONGEST_SENTENCE, "{words} words: {sentence}");
        }
    }
}

#[test]
fn every_combination_of_outcomes_reads_plainly() {
    let mut looked_at = 0;
    // Most combinations say what another said: each text is read once.
    let mut read = BTreeSet::new();
    let mut reads_plainly_once = |text: Text| {
        if !read.contains(&text) {
            reads_plainly(&text);
            read.insert(text);
        }
    };
    let base = plain();
    let regimes = ["avg", "wpg", "wjsg", "tw"].map(|word| Some((Fact::Regime, Value::One(word))));
    let others = [
        (Fact::SecurityIncident, Value::Truth(false)),
        (Fact::PersonalData, Value::Truth(false)),
        (Fact::HouseholdUse, Value::Truth(true)),
        (Fact::JournalisticUse, Value::Truth(true)),
        (Fact::FinancialUndertaking, Value::Truth(true)),
        (Fact::WithholdingGround, Value::One("i")),
        (Fact::Role, Value::One("processor")),
    ];
    let grounds: Vec<_> = regimes.into_iter().chain(others.map(Some)).chain([None]).collect();
    for ground in &grounds {
        for outcomes in 0..3_usize.pow(4) {
            for (breach, status) in [
                (Truth::True, LawStatus::InForce),
                (Truth::False, LawStatus::InForce),
                (Truth::Unknown, LawStatus::InForce),
                (Truth::True, LawStatus::Historical),
                (Truth::True, LawStatus::Proposal),
            ] {
                for (form, authority) in
                    [(Form::Direct, Some("NL-AP")), (Form::Public, Some("BE-SA")), (Form::Direct, None)]
                {
                    let mut verdict = base.clone();
                    let duties =
                        [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers, Duty::NotifyCsirt];
                    for (place, duty) in duties.into_iter().enumerate() {
                        set(&mut verdict, duty, Outcome::ALL[outcomes / 3_usize.pow(place as u32) % 3]);
                    }
                    verdict.breach = breach;
                    verdict.law.status = status;
                    verdict.form = Some(form);
                    verdict.authority = authority.map(str::to_owned);
                    if let Some((fact, value)) = ground {
                        verdict = resting_on(verdict, Duty::InformSubjects, *fact, value.clone());
                    }
                    reads_plainly_once(director_sentence(&verdict, None));
                    reads_plainly_once(director_sentence(&verdict, Some(&until())));
                    for duty in Duty::ALL {
                        reads_plainly_once(duty_answer(&verdict, duty));
                    }
                    looked_at += 1;
                }
            }
        }
    }
    assert_eq!(looked_at, 12 * 81 * 5 * 3);
}

#[test]
fn what_a_director_reads() {
    let mut table = String::new();
    let mut row = |name: &str, verdict: &Verdict| {
        let said = director_sentence(verdict, Some(&until()));
        table.push_str(&format!("{name}\n  {}\n  {}\n", said.nl, said.en));
    };
    for notify in Outcome::ALL {
        for inform in Outcome::ALL {
            let mut verdict = plain();
            set(&mut verdict, Duty::NotifyAuthority, notify);
            set(&mut verdict, Duty::InformSubjects, inform);
            row(&format!("notify {} · inform {}", notify.key(), inform.key()), &verdict);
        }
    }
    let full: &[(&str, &[&str])] = &[
        ("security_incident", &["true"]),
        ("personal_data", &["true"]),
        ("role", &["controller"]),
        ("confidentiality", &["confirmed"]),
        ("integrity", &["none"]),
        ("availability", &["none"]),
        ("incident_type", &["hacking"]),
        ("cause", &["external_malicious"]),
        ("exfiltration", &["confirmed"]),
        ("recipient", &["malicious"]),
        ("data", &["name", "national_id", "health"]),
        ("subjects_min", &["500"]),
        ("subjects_max", &["500"]),
        ("protection", &["none"]),
        ("vulnerable", &["false"]),
        ("cbw_entity", &["none"]),
    ];
    let but = |other: &[(&str, &[&str])]| {
        let mut written = full.to_vec();
        written.extend(other.iter().map(|(key, words)| (*key, *words)));
        let mut known = situation(&[]);
        for (key, words) in &written {
            let fact = Fact::from_key(key).unwrap();
            known.facts.set(fact, fact.read(words).unwrap()).unwrap();
        }
        packs().assess(&known, "2026-10-01T10:00:00Z".parse().unwrap(), Some("avg")).unwrap()
    };
    row("nothing known", &judged(&[]));
    row("a hack, health data", &but(&[]));
    row("a processor", &but(&[("role", &["processor"])]));
    row("a weakness alone", &but(&[("security_incident", &["false"])]));
    row(
        "data on nobody",
        &judged(&[("security_incident", &["true"]), ("personal_data", &["false"]), ("cbw_entity", &["none"])]),
    );
    row("household use", &but(&[("household_use", &["true"])]));
    row("journalism", &but(&[("journalistic_use", &["true"])]));
    row("police data", &but(&[("regime", &["wpg"])]));
    row("judicial data", &but(&[("regime", &["wjsg"])]));
    row("telecom", &but(&[("regime", &["tw"])]));
    row("a bank", &but(&[("financial_undertaking", &["true"])]));
    row("a ground to withhold", &but(&[("withholding_ground", &["d"])]));
    row("disproportionate effort", &but(&[("disproportionate_effort", &["true"])]));
    insta::assert_snapshot!("what_a_director_reads", table);
}

#[test]
fn a_bank_is_told_that_its_duty_of_care_may_still_ask_it() {
    let mut verdict = plain();
    set(&mut verdict, Duty::NotifyAuthority, Outcome::Required);
    set(&mut verdict, Duty::InformSubjects, Outcome::NotRequired);
    let bank = resting_on(verdict.clone(), Duty::InformSubjects, Fact::FinancialUndertaking, Value::Truth(true));
    assert!(director_sentence(&bank, None).nl.contains("zorgplicht"));
    assert!(duty_answer(&bank, Duty::InformSubjects).nl.contains("zorgplicht"));
    assert!(!director_sentence(&verdict, None).nl.contains("zorgplicht"));
    let no_bank = resting_on(verdict, Duty::InformSubjects, Fact::FinancialUndertaking, Value::Truth(false));
    assert!(!director_sentence(&no_bank, None).nl.contains("zorgplicht"));
}

#[test]
fn an_open_outcome_reads_as_what_to_do() {
    let verdict = judged(&[]);
    assert_eq!(verdict.notify_authority.outcome, Outcome::Undetermined);
    assert!(director_sentence(&verdict, None).nl.contains("meld uit voorzorg. Aanvullen of intrekken kan later"));
    assert_eq!(duty_answer(&verdict, Duty::NotifyAuthority).nl, "Meld uit voorzorg; aanvullen of intrekken kan later.");
}

#[test]
fn an_officer_reads_each_reason_with_its_facts() {
    let verdict = judged(&[("security_incident", &["false"])]);
    let reasons = officer_reasons(&verdict);
    assert_eq!(reasons.iter().map(|of| of.duty).collect::<Vec<_>>(), Duty::ALL);
    for of_duty in &reasons {
        assert!(!of_duty.reasons.is_empty(), "{:?}", of_duty.duty);
    }
    let document = &reasons[0];
    let facts: Vec<_> = document.reasons.iter().flat_map(|reason| &reason.facts).collect();
    assert!(facts.iter().any(|known| known.fact == Fact::SecurityIncident && known.answer.nl == "nee"));
}

#[test]
fn a_lawyer_reads_rule_article_and_how_far_it_was_checked() {
    let verdict = judged(&[("regime", &["wpg"])]);
    let lines = lawyer_lines(&verdict, packs());
    let mut rules: Vec<_> = lines.iter().map(|line| &line.rule).collect();
    rules.sort();
    rules.dedup();
    assert_eq!(rules.len(), lines.len(), "each rule once");
    assert!(verdict.reasons.iter().all(|reason| lines.iter().any(|line| line.rule == reason.rule)));
    let rule = lines.iter().find(|line| line.rule.contains("wpg")).unwrap();
    assert!(!rule.cites.is_empty() && !rule.source.is_empty() && !rule.when.is_empty());
    let mark = rule.mark.unwrap();
    assert_eq!(mark_in_words(Mark::Knowledge).nl, "uit kennis, niet nagekeken");
    assert!(!mark_in_words(mark).en.is_empty());
}

#[test]
fn what_ifs_and_questions_read_as_sentences_and_name_no_outcome() {
    let verdict = judged(&[("security_incident", &["true"]), ("personal_data", &["true"]), ("role", &["controller"])]);
    assert!(!verdict.decisive.is_empty() && !verdict.missing.is_empty());
    let said = what_ifs(&verdict);
    assert_eq!(said.len(), verdict.decisive.len());
    for what_if in &said {
        for language in LANGUAGES {
            let text = what_if.text.in_language(language);
            assert!(text.ends_with('.') && !text.contains("undetermined"), "{text}");
        }
    }
    let weakness = said.iter().find(|what_if| what_if.fact == Fact::SecurityIncident).unwrap();
    assert!(weakness.text.nl.contains("hoefde dit niet: "), "{}", weakness.text.nl);
    let questions = open_questions(&verdict);
    assert_eq!(questions.iter().map(|question| question.fact).collect::<Vec<_>>(), verdict.missing);
    assert!(questions.iter().all(|question| !question.could_turn.is_empty() && !question.matters_for.nl.is_empty()));
}

#[test]
fn a_change_says_what_turned_and_from_what() {
    let (mut before, mut after) = (plain(), plain());
    set(&mut before, Duty::NotifyAuthority, Outcome::NotRequired);
    set(&mut after, Duty::NotifyAuthority, Outcome::Required);
    set(&mut before, Duty::InformSubjects, Outcome::Undetermined);
    set(&mut after, Duty::InformSubjects, Outcome::NotRequired);
    let turned = difference(&before, &after);
    assert_eq!(
        turned,
        [
            Turned { duty: Duty::NotifyAuthority, from: Outcome::NotRequired, to: Outcome::Required },
            Turned { duty: Duty::InformSubjects, from: Outcome::Undetermined, to: Outcome::NotRequired },
        ]
    );
    assert_eq!(
        change_sentence(&turned).nl,
        "Het oordeel is gewijzigd: melden bij de AP moet nu (dat hoefde eerst niet); de mensen inlichten hoeft nu niet (dat was eerst nog open)."
    );
    assert_eq!(change_sentence(&difference(&after, &after)).nl, "Het oordeel is niet gewijzigd.");
    assert_eq!(proposal_sentence(&turned[..1]).nl, "Met dit voorstel zou dit veranderen: melden bij de AP zou moeten.");
}
