//! A fact's value as people say it, in both languages.

use facts::{Fact, Text, Value};

/// The answer in words: `Ja, te herstellen`, `Naam, BSN`, `40`.
#[must_use]
pub fn answer(fact: Fact, value: &Value) -> Text {
    let label = |word: &str| fact.label(word).cloned().unwrap_or_else(|| Text::made(word.into(), word.into()));
    let figure = |figure: String| Text::made(figure.clone(), figure);
    match value {
        Value::Truth(true) => Text::new("ja", "yes"),
        Value::Truth(false) => Text::new("nee", "no"),
        Value::One(word) => label(word),
        Value::Whole(count) => figure(count.to_string()),
        Value::Number(number) => Text::made(number.to_string().replace('.', ","), number.to_string()),
        Value::Many(words) if words.is_empty() => Text::new("geen", "none"),
        Value::Many(words) => {
            // In the vocabulary's order, countries in their own.
            let mut words: Vec<_> = words.iter().copied().collect();
            words.sort_by_key(|word| fact.choices().iter().position(|choice| choice.key == *word));
            let labels: Vec<_> = words.into_iter().map(label).collect();
            listed(&labels, ", ")
        }
    }
}

/// Several texts with this between them.
pub(crate) fn listed(texts: &[Text], between: &str) -> Text {
    let join = |language| texts.iter().map(|text| text.in_language(language)).collect::<Vec<_>>().join(between);
    Text::made(join(facts::Language::Dutch), join(facts::Language::English))
}
