//! The interview's questions as data: for each fact what is asked, why, and on which source, in both languages.
//!
//! Promises: every fact and every page that asks several has one wording, cited, in both languages, no text twice; files
//! that break this are refused with everything that is wrong. Deliberately not here: which question comes when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use facts::{Fact, Language, Text};

use super::item::{EXCEPTIONS, Field, Item, Together};
use crate::pack::Mark;

/// The files that come with the program.
const BUILTIN: &[(&str, &str)] = &[
    ("1-is-it-one.toml", include_str!("../../interview/1-is-it-one.toml")),
    ("2-what-happened.toml", include_str!("../../interview/2-what-happened.toml")),
    ("3-data-and-people.toml", include_str!("../../interview/3-data-and-people.toml")),
    ("4-protection-and-effect.toml", include_str!("../../interview/4-protection-and-effect.toml")),
    ("5-grounds-and-others.toml", include_str!("../../interview/5-grounds-and-others.toml")),
    ("6-together.toml", include_str!("../../interview/6-together.toml")),
];

/// How one thing is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Wording {
    pub question: Text,
    /// What an exception says when it applies, for a list to tick; every exception has one.
    pub statement: Option<Text>,
    /// Why it is asked, in one or two sentences.
    pub why: Text,
    /// How to answer, mostly with an example.
    pub hint: Option<Text>,
    /// The articles and guidelines behind `why`.
    pub cites: Vec<String>,
    /// How far `why` was checked against those.
    pub mark: Mark,
    /// What a choice means, where its label is not enough.
    pub choices: BTreeMap<&'static str, Text>,
}

/// The wording of everything that can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions {
    by_key: BTreeMap<&'static str, Wording>,
}

/// One thing that is wrong with the questions, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} (`{about}`): {flaw}")]
pub struct QuestionProblem {
    pub file: String,
    /// The fact or page that it is about.
    pub about: String,
    pub flaw: QuestionFlaw,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionFlaw {
    #[error("the file cannot be read as TOML of questions: {0}")]
    Unreadable(String),
    #[error("there is no fact or page of this name")]
    UnknownName,
    #[error("it has no question")]
    Unasked,
    #[error("it is asked twice")]
    AskedTwice,
    #[error("its `{0}` is missing in {language}", language = .1.tag())]
    MissingText(&'static str, Language),
    #[error("the text `{0}` stands elsewhere too")]
    SameText(String),
    #[error("it is an exception, and has no `statement` to tick")]
    NoStatement,
    #[error("it cites no source")]
    Uncited,
    #[error("`{0}` is no mark; a source is marked V, V2, K or P")]
    BadMark(String),
    #[error("it has no choice `{0}`")]
    UnknownChoice(String),
}

/// Questions that are refused, with everything that is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the questions are refused:\n{}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct InvalidQuestions {
    pub problems: Vec<QuestionProblem>,
}

/// How a fact is asked.
#[must_use]
pub fn question(fact: Fact) -> &'static Wording {
    wording(&Item::Fact(fact))
}

/// How anything is asked.
#[must_use]
#[expect(clippy::expect_used, reason = "the questions are part of the program, and a test reads every one of them")]
pub fn wording(item: &Item) -> &'static Wording {
    static BUILT_IN: OnceLock<Questions> = OnceLock::new();
    let questions = BUILT_IN.get_or_init(|| Questions::builtin().expect("the built-in questions are sound"));
    questions.wording(item).expect("everything that can be asked has a wording")
}

impl Questions {
    /// The questions that come with the program.
    pub fn builtin() -> Result<Self, InvalidQuestions> {
        Self::parse(BUILTIN)
    }

    /// Reads questions from files, each a name and a text. Everything wrong is told at once.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, InvalidQuestions> {
        let mut reader = Reader::default();
        for (name, text) in files {
            reader.file(name, text);
        }
        for key in names() {
            if !reader.by_key.contains_key(key) {
                reader.wrong("", key, QuestionFlaw::Unasked);
            }
        }
        if reader.problems.is_empty() {
            Ok(Self { by_key: reader.by_key })
        } else {
            Err(InvalidQuestions { problems: reader.problems })
        }
    }

    #[must_use]
    pub fn wording(&self, item: &Item) -> Option<&Wording> {
        self.by_key.get(item.key())
    }

    /// All wordings by their name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Wording)> {
        self.by_key.iter().map(|(key, wording)| (*key, wording))
    }
}

/// The names of everything that is asked beside single facts.
fn pages() -> impl Iterator<Item = &'static str> {
    let fields = Field::ALL.into_iter().map(Field::key);
    fields.chain(Together::ALL.into_iter().map(Together::key)).chain([Item::EXCEPTIONS_KEY])
}

fn names() -> impl Iterator<Item = &'static str> {
    Fact::ALL.iter().map(|fact| fact.key()).chain(pages())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionsFile {
    #[serde(default)]
    fact: BTreeMap<String, WordingFile>,
    #[serde(default)]
    item: BTreeMap<String, WordingFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingFile {
    question: TextFile,
    statement: Option<TextFile>,
    why: TextFile,
    hint: Option<TextFile>,
    #[serde(default)]
    cites: Vec<String>,
    mark: String,
    #[serde(default)]
    choices: BTreeMap<String, TextFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    #[serde(default)]
    nl: String,
    #[serde(default)]
    en: String,
}

#[derive(Default)]
struct Reader {
    by_key: BTreeMap<&'static str, Wording>,
    texts: BTreeSet<String>,
    problems: Vec<QuestionProblem>,
}

impl Reader {
    fn wrong(&mut self, file: &str, about: &str, flaw: QuestionFlaw) {
        self.problems.push(QuestionProblem { file: file.into(), about: about.into(), flaw });
    }

    fn file(&mut self, file: &str, text: &str) {
        let read: QuestionsFile = match toml::from_str(text) {
            Ok(read) => read,
            Err(error) => return self.wrong(file, "", QuestionFlaw::Unreadable(error.to_string())),
        };
        for (key, written) in read.fact {
            match Fact::from_key(&key) {
                Ok(fact) => self.wording(file, fact.key(), Some(fact), written),
                Err(_) => self.wrong(file, &key, QuestionFlaw::UnknownName),
            }
        }
        for (key, written) in read.item {
            match pages().find(|name| *name == key) {
                Some(name) => self.wording(file, name, None, written),
                None => self.wrong(file, &key, QuestionFlaw::UnknownName),
            }
        }
    }

    fn wording(&mut self, file: &str, key: &'static str, fact: Option<Fact>, written: WordingFile) {
        if written.cites.is_empty() {
            self.wrong(file, key, QuestionFlaw::Uncited);
        }
        if written.statement.is_none() && fact.is_some_and(|fact| EXCEPTIONS.contains(&fact)) {
            self.wrong(file, key, QuestionFlaw::NoStatement);
        }
        let mark = Mark::from_sign(&written.mark).unwrap_or_else(|| {
            self.wrong(file, key, QuestionFlaw::BadMark(written.mark.clone()));
            Mark::Proposal
        });
        let mut choices = BTreeMap::new();
        for (word, help) in written.choices {
            let known = fact.and_then(|fact| fact.choices().iter().find(|choice| choice.key == word));
            match known {
                Some(choice) => {
                    let help = self.text(file, key, "choices", help);
                    choices.insert(choice.key, help);
                }
                None => self.wrong(file, key, QuestionFlaw::UnknownChoice(word)),
            }
        }
        let wording = Wording {
            question: self.text(file, key, "question", written.question),
            statement: written.statement.map(|statement| self.text(file, key, "statement", statement)),
            why: self.text(file, key, "why", written.why),
            hint: written.hint.map(|hint| self.text(file, key, "hint", hint)),
            cites: written.cites,
            mark,
            choices,
        };
        if self.by_key.insert(key, wording).is_some() {
            self.wrong(file, key, QuestionFlaw::AskedTwice);
        }
    }

    fn text(&mut self, file: &str, key: &str, part: &'static str, written: TextFile) -> Text {
        for (language, text) in [(Language::Dutch, &written.nl), (Language::English, &written.en)] {
            if text.trim().is_empty() {
                self.wrong(file, key, QuestionFlaw::MissingText(part, language));
            } else if !self.texts.insert(text.clone()) {
                self.wrong(file, key, QuestionFlaw::SameText(text.clone()));
            }
        }
        Text::made(written.nl, written.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let invalid = Questions::parse(&[("q.toml", text)]).expect_err("refused");
        let own = invalid.problems.iter().filter(|problem| problem.flaw != QuestionFlaw::Unasked);
        own.map(ToString::to_string).collect()
    }

    #[test]
    fn everything_that_can_be_asked_has_one_cited_wording_in_both_languages() {
        let questions = Questions::builtin().unwrap_or_else(|invalid| panic!("{invalid}"));
        assert_eq!(questions.iter().count(), names().count());
        for fact in Fact::ALL {
            assert!(!question(*fact).cites.is_empty());
        }
        for (key, wording) in questions.iter() {
            for text in [&wording.question.nl, &wording.question.en] {
                assert!(text.ends_with('?') && text.matches('?').count() == 1, "{key}: one thing asked: {text}");
                assert!(text.chars().count() <= 95, "{key}: a question is short: {text}");
            }
            let said = [&wording.why]
                .into_iter()
                .chain(&wording.hint)
                .chain(&wording.statement)
                .chain(wording.choices.values());
            for text in said.flat_map(|text| [&text.nl, &text.en]) {
                assert!(text.ends_with(['.', '?']), "{key}: a whole sentence: {text}");
                assert!(!text.contains('!') && !text.contains('—'), "{key}: calm: {text}");
            }
            for sentence in wording.why.nl.split_inclusive(['.', ':', ';']) {
                assert!(sentence.split_whitespace().count() <= 22, "{key}: a short sentence: {sentence}");
            }
            for cite in &wording.cites {
                let known = ["AVG ", "UAVG ", "Cbw ", "EDPB Guidelines ", "AP: ", "Wpg ", "Wjsg", "Tw "];
                assert!(known.iter().any(|source| cite.starts_with(source)), "{key}: {cite}");
            }
        }
    }

    #[test]
    fn an_exception_without_a_statement_is_refused() {
        let (name, text) = BUILTIN[4];
        let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("statement")).collect();
        let invalid = Questions::parse(&[(name, &without.join("\n"))]).expect_err("refused");
        let found = invalid.problems.iter().filter(|problem| problem.flaw == QuestionFlaw::NoStatement).count();
        assert_eq!(found, 4);
    }

    #[test]
    fn what_is_wrong_is_named_all_at_once() {
        let good = r#"question = { nl = "Wat?", en = "What?" }
why = { nl = "Daarom.", en = "Because." }
cites = ["AVG art. 4(12)"]
mark = "V"
"#;
        assert_eq!(problems(&format!("[fact.backup]\n{good}")), Vec::<String>::new());
        assert_eq!(
            problems(&format!("[fact.backpu]\n{good}")),
            ["q.toml (`backpu`): there is no fact or page of this name"]
        );
        assert_eq!(
            problems(&format!("[fact.backup]\n{good}").replace("\"V\"", "\"X\"").replace("Because.", " ")),
            [
                "q.toml (`backup`): `X` is no mark; a source is marked V, V2, K or P",
                "q.toml (`backup`): its `why` is missing in en"
            ]
        );
        assert_eq!(
            problems(&format!("[fact.backup]\n{good}\nchoices = {{ half = {{ nl = \"a\", en = \"b\" }} }}")),
            ["q.toml (`backup`): it has no choice `half`"]
        );
        assert_eq!(
            problems(&format!("[fact.backup]\n{good}\n[item.nature]\n{good}")).len(),
            4,
            "the same text stands twice, in both languages"
        );
        assert!(problems("[fact.backup").join("").contains("cannot be read as TOML"));
        assert!(
            problems(&format!("[fact.backup]\n{}", good.replace("[\"AVG art. 4(12)\"]", "[]")))
                .join("")
                .contains("cites no source")
        );
    }
}
