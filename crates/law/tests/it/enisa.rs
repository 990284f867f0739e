//! ENISA's severity: the method's vectors, what each fact does to a factor, and that no outcome rests on it.

use facts::{Fact, Facts, Kind, Value};
use law::Packs;
use law::enisa::{Circumstances, Factor, Level, Score, missing, score};

fn facts(written: &[(Fact, &[&str])]) -> Facts {
    let mut facts = Facts::new();
    for (fact, words) in written {
        facts.set(*fact, fact.read(words).expect("a word of the vocabulary")).expect("a value of the fact");
    }
    facts
}

/// A letter to a known wrong address: the base from which the cases below differ.
const LETTER: [(Fact, &[&str]); 7] = [
    (Fact::Data, &["name", "address"]),
    (Fact::Identification, &["maximum"]),
    (Fact::Confidentiality, &["confirmed"]),
    (Fact::Recipient, &["known_untrusted"]),
    (Fact::Integrity, &["none"]),
    (Fact::Availability, &["none"]),
    (Fact::Cause, &["internal_accidental"]),
];

fn letter_but(other: &[(Fact, &[&str])]) -> Facts {
    let mut known = facts(&LETTER);
    for (fact, words) in other {
        known.set(*fact, fact.read(words).expect("a word")).expect("a value");
    }
    known
}

fn letter_without(fact: Fact) -> Facts {
    let mut known = facts(&LETTER);
    known.forget(fact);
    known
}

fn factor(facts: &Facts, wanted: Factor) -> i8 {
    let scored = score(facts).expect("all factors are told");
    scored.because.iter().filter(|step| step.factor == wanted).map(|step| step.quarters).sum()
}

#[test]
fn the_methods_vectors() {
    let check = |dpc, ei4, cb: [u8; 4], se4, level| {
        let [confidentiality, integrity, availability, malicious_intent] = cb;
        let cb = Circumstances { confidentiality, integrity, availability, malicious_intent };
        let score = Score::checked(dpc, ei4, cb).expect("within the ranges");
        assert_eq!((score.se4(), score.level()), (se4, level));
    };
    check(2, 3, [1, 0, 0, 0], 7, Level::Low);
    check(2, 4, [0, 0, 0, 0], 8, Level::Medium);
    check(3, 4, [0, 0, 0, 0], 12, Level::High);
    check(4, 3, [2, 0, 0, 2], 16, Level::VeryHigh);
    check(1, 1, [0, 0, 0, 0], 1, Level::Low);
    check(4, 4, [2, 2, 2, 2], 24, Level::VeryHigh);
}

#[test]
fn a_score_outside_the_ranges_is_none() {
    let cb = Circumstances::default();
    assert_eq!(Score::checked(0, 1, cb), None);
    assert_eq!(Score::checked(5, 1, cb), None);
    assert_eq!(Score::checked(1, 0, cb), None);
    assert_eq!(Score::checked(1, 5, cb), None);
    assert_eq!(Score::checked(1, 1, Circumstances { malicious_intent: 1, ..cb }), None);
    assert_eq!(Score::checked(1, 1, Circumstances { integrity: 3, ..cb }), None);
}

#[test]
fn the_highest_type_of_data_counts_with_its_adjustments() {
    let check = |other: &[(Fact, &[&str])], points: i8| {
        assert_eq!(factor(&letter_but(other), Factor::DataContext), points * 4, "{other:?}");
    };
    check(&[], 1);
    check(&[(Fact::Data, &["name", "credentials"])], 2);
    check(&[(Fact::Data, &["name", "address", "contact", "gender", "birth_date", "family"])], 2);
    check(&[(Fact::Vulnerable, &["true"])], 2);
    check(&[(Fact::Groups, &["patients"])], 3);
    check(&[(Fact::Data, &["name", "address", "safety_critical"])], 4);
    check(&[(Fact::Data, &["name", "location"])], 2);
    check(&[(Fact::Data, &["name", "location", "browsing"])], 3);
    check(&[(Fact::Data, &["purchase_history"]), (Fact::DataSensitivity, &["trivial"])], 1);
    check(&[(Fact::Data, &["name", "payment"])], 2);
    check(&[(Fact::Data, &["name", "financial"])], 3);
    check(&[(Fact::Data, &["name", "financial", "national_id"])], 4);
    check(&[(Fact::Data, &["name", "health"])], 4);
    check(&[(Fact::Data, &["name", "health"]), (Fact::DataSensitivity, &["ordinary"])], 2);
    check(&[(Fact::Data, &["name", "health"]), (Fact::DataSensitivity, &["trivial"])], 1);
    check(&[(Fact::Data, &["name", "social_circumstances"])], 3);
}

#[test]
fn who_it_is_follows_from_the_answer_or_from_the_data() {
    let answered = ["negligible", "limited", "significant", "maximum"];
    for (quarters, word) in (1..).zip(answered) {
        assert_eq!(factor(&letter_but(&[(Fact::Identification, &[word])]), Factor::Identification), quarters);
    }
    let derived = |data: &[&str]| {
        let mut known = letter_but(&[(Fact::Data, data)]);
        known.forget(Fact::Identification);
        score(&known).map(|scored| scored.score.ei4)
    };
    assert_eq!(derived(&["name", "birth_date", "contact"]), Some(4));
    assert_eq!(derived(&["national_id"]), Some(1));
    assert_eq!(derived(&["national_id", "health"]), Some(3));
    assert_eq!(derived(&["photo_video"]), Some(3));
    // A name alone may be anybody's, or one in a village.
    assert_eq!(derived(&["name"]), None);
    assert_eq!(derived(&["customer_number"]), None);
}

#[test]
fn unreadable_data_tell_hardly_who_it_is_while_the_key_is_known_to_be_safe() {
    let ei = |other: &[(Fact, &[&str])]| factor(&letter_but(other), Factor::Identification);
    let intact: (Fact, &[&str]) = (Fact::Protection, &["intact"]);
    let safe: (Fact, &[&str]) = (Fact::KeyCompromised, &["false"]);
    assert_eq!(ei(&[intact, safe]), 1);
    assert_eq!(ei(&[intact]), 4, "an unknown key is no safe key");
    assert_eq!(ei(&[intact, (Fact::KeyCompromised, &["true"])]), 4);
    assert_eq!(ei(&[intact, safe, (Fact::ProtectionKind, &["hashing"])]), 4, "a name was not hashed");
    assert!(score(&letter_but(&[intact, safe])).expect("a score").flags.unintelligible);
}

#[test]
fn the_circumstances_add_up() {
    let check = |wanted, other: &[(Fact, &[&str])], quarters: i8| {
        assert_eq!(factor(&letter_but(other), wanted), quarters, "{other:?}");
    };
    check(Factor::Confidentiality, &[], 1);
    check(Factor::Confidentiality, &[(Fact::Confidentiality, &["possible"]), (Fact::Recipient, &["unknown"])], 0);
    check(Factor::Confidentiality, &[(Fact::Recipient, &["unknown"])], 2);
    check(Factor::Confidentiality, &[(Fact::Recipient, &["public"])], 2);
    check(Factor::Confidentiality, &[(Fact::Exfiltration, &["likely"])], 2);
    check(Factor::Confidentiality, &[(Fact::Confidentiality, &["none"]), (Fact::Recipient, &["none"])], 0);
    check(Factor::Integrity, &[(Fact::Integrity, &["recoverable"])], 1);
    check(Factor::Integrity, &[(Fact::Integrity, &["unrecoverable"])], 2);
    check(Factor::Availability, &[(Fact::Availability, &["temporary"]), (Fact::Backup, &["complete"])], 0);
    check(Factor::Availability, &[(Fact::Availability, &["temporary"]), (Fact::Backup, &["none"])], 1);
    check(Factor::Availability, &[(Fact::Availability, &["temporary"]), (Fact::ServiceImpact, &["safety"])], 1);
    check(Factor::Availability, &[(Fact::Availability, &["permanent"])], 2);
    check(Factor::MaliciousIntent, &[], 0);
    check(Factor::MaliciousIntent, &[(Fact::Cause, &["external_malicious"])], 2);
}

#[test]
fn without_a_factor_there_is_no_score_and_the_facts_needed_are_named() {
    for (fact, needed) in [
        (Fact::Data, vec![Fact::Data]),
        (Fact::Confidentiality, vec![Fact::Confidentiality]),
        (Fact::Recipient, vec![Fact::Recipient]),
        (Fact::Integrity, vec![Fact::Integrity]),
        (Fact::Availability, vec![Fact::Availability]),
        (Fact::Cause, vec![Fact::Cause]),
    ] {
        let known = letter_without(fact);
        assert_eq!((score(&known), missing(&known)), (None, needed), "{}", fact.key());
    }
    let all = [Fact::Data, Fact::Confidentiality, Fact::Integrity, Fact::Availability, Fact::Cause];
    assert_eq!(missing(&Facts::new()), all);
    assert_eq!(missing(&facts(&LETTER)), []);
}

#[test]
fn what_is_no_breach_has_no_score() {
    for gate in [Fact::SecurityIncident, Fact::PersonalData] {
        let mut known = facts(&LETTER);
        known.set(gate, Value::Truth(false)).expect("a truth");
        assert_eq!((score(&known), missing(&known)), (None, vec![]));
    }
}

#[test]
fn numbers_and_protection_are_flags_and_change_no_score() {
    let flag = |other: &[(Fact, &[&str])]| score(&letter_but(other)).expect("a score").flags.more_than_100;
    assert_eq!(flag(&[]), None);
    assert_eq!(flag(&[(Fact::SubjectsMin, &["101"])]), Some(true));
    assert_eq!(flag(&[(Fact::SubjectsMax, &["100"])]), Some(false));
    assert_eq!(flag(&[(Fact::SubjectsMin, &["50"]), (Fact::SubjectsMax, &["200"])]), None);
    let one = score(&letter_but(&[(Fact::SubjectsMax, &["1"])])).expect("a score").score;
    let many = score(&letter_but(&[(Fact::SubjectsMin, &["100000"])])).expect("a score").score;
    assert_eq!(one, many);
}

/// Every value of every fact, one at a time, beside the letter: the steps always add up to a score within its ranges.
#[test]
fn the_steps_are_the_score() {
    for fact in Fact::ALL {
        let (Kind::One(choices) | Kind::Many(choices)) = fact.kind() else { continue };
        for choice in choices {
            let known = letter_but(&[(*fact, &[choice.key])]);
            let Some(scored) = score(&known) else { continue };
            let sum = |wanted| -> i32 {
                let own = scored.because.iter().filter(|step| step.factor == wanted);
                own.map(|step| i32::from(step.quarters)).sum()
            };
            assert_eq!(sum(Factor::DataContext), i32::from(scored.score.dpc) * 4);
            assert_eq!(sum(Factor::Identification), i32::from(scored.score.ei4));
            assert!(scored.because.iter().all(|step| !step.text.nl.is_empty() && !step.text.en.is_empty()));
            assert!(Score::checked(scored.score.dpc, scored.score.ei4, scored.score.cb).is_some());
        }
    }
}

/// It is no fact and no table, so no condition can name it.
#[test]
fn no_rule_reads_it() {
    assert!(Fact::ALL.iter().all(|fact| !fact.key().contains("enisa")));
    for pack in Packs::builtin().expect("sound packs").iter() {
        for rule in pack.rules() {
            assert!(!rule.when.to_lowercase().contains("enisa"), "{}", rule.id);
        }
        assert!(pack.tables().iter().all(|table| !table.id.contains("enisa")));
    }
}

#[test]
fn a_level_is_a_word_of_the_forms() {
    for level in Level::ALL {
        assert_eq!(Level::from_key(level.key()), Some(level));
        assert!(Fact::Severity.label(level.suggested_severity()).is_some());
    }
}
