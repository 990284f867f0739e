//! The law packs as JSON: what `law list`, `law show` and `law check` print with `--format json`.

use facts::Text;
use law::pack::{Mark, Term};
use law::{Pack, Packs};
use serde_json::{Value, json};

use super::Checked;

pub(super) fn list(packs: &Packs) -> String {
    line(&Value::Array(packs.iter().map(heading).collect()))
}

pub(super) fn checked(checked: &Checked) -> String {
    let packs = checked.sound.iter().map(|(id, edition, proof)| {
        json!({
            "id": id,
            "edition": edition,
            "tables": proof.tables,
            "rules": proof.rules,
            "stretches": proof.stretches,
            // More than a number in JSON can hold exactly.
            "combinations": proof.combinations.to_string(),
        })
    });
    let problems = checked.problems.iter().map(|problem| {
        json!({
            "file": problem.file,
            "line": problem.line,
            "about": problem.about,
            "flaw": problem.flaw.to_string(),
        })
    });
    line(&json!({
        "looked_at": checked.looked_at,
        "sound": packs.collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
    }))
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

fn both(text: &Text) -> Value {
    json!({"nl": text.nl, "en": text.en})
}

fn heading(pack: &Pack) -> Value {
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    json!({
        "id": pack.id(),
        "edition": pack.edition(),
        "in_force": [day(pack.in_force_from()), day(pack.in_force_until())],
        "status": pack.status(None).key(),
        "beside": pack.is_beside(),
        "title": both(pack.title()),
        "source": pack.source(),
    })
}

/// Where it stands and how far that was checked.
fn checked_by(cites: &[String], mark: Mark, source: &str) -> Value {
    json!({"cites": cites, "mark": mark.sign(), "source": source})
}

/// One object with the parts of another added.
fn with(mut value: Value, more: Value) -> Value {
    if let (Some(own), Value::Object(more)) = (value.as_object_mut(), more) {
        own.extend(more);
    }
    value
}

pub(super) fn pack(pack: &Pack) -> String {
    let parameters = pack.parameters().iter().map(|parameter| {
        let own = json!({"id": parameter.id, "value": parameter.value, "unit": parameter.unit, "text": both(&parameter.text)});
        with(own, checked_by(&[], parameter.mark, &parameter.set_by))
    });
    let sets = pack.sets().iter().map(|set| {
        let own = json!({"id": set.id, "fact": set.fact.key(), "words": set.words, "text": both(&set.text)});
        with(own, checked_by(&[], set.mark, &set.source))
    });
    let terms = pack.deadline_rules().iter().map(|rule| {
        let term = match &rule.term {
            Term::Hours { hours, .. } => json!({"hours": hours}),
            Term::Months { months } => json!({"months": months}),
            Term::WithoutDelay => json!({"without_delay": true}),
        };
        let step = |step: Option<law::verdict::CsirtStepKind>| step.map(law::verdict::CsirtStepKind::key);
        let own = json!({
            "id": rule.id,
            "duty": rule.duty.key(),
            "step": step(rule.step),
            "after": step(rule.after),
            "when": rule.when,
            "term": term,
            "text": both(&rule.text),
        });
        with(own, checked_by(&rule.cites, rule.mark, &rule.source))
    });
    let tables = pack.tables().iter().map(|table| {
        json!({
            "id": table.id,
            "name": both(&table.name),
            "values": table.values,
            "given_by": table.given_by.map(facts::Fact::key),
        })
    });
    let notes = pack.notes().iter().map(|note| {
        with(json!({"id": note.id, "text": both(&note.text)}), checked_by(&note.cites, note.mark, &note.source))
    });
    let aids = pack.aids().iter().map(|aid| {
        let own = json!({"id": aid.id, "fact": aid.fact.key(), "text": both(&aid.text)});
        with(own, checked_by(&aid.cites, aid.mark, &aid.source))
    });
    let topics = pack.topics().iter().map(|topic| {
        let left_out: Vec<Value> = topic.not_modelled.iter().map(both).collect();
        json!({"file": topic.file, "title": both(&topic.title), "not_modelled": left_out})
    });
    line(&with(
        heading(pack),
        json!({
            "notes": notes.collect::<Vec<_>>(),
            "parameters": parameters.collect::<Vec<_>>(),
            "sets": sets.collect::<Vec<_>>(),
            "deadlines": terms.collect::<Vec<_>>(),
            "topics": topics.collect::<Vec<_>>(),
            "tables": tables.collect::<Vec<_>>(),
            "rules": rules(pack),
            "aids": aids.collect::<Vec<_>>(),
        }),
    ))
}

fn rules(pack: &Pack) -> Vec<Value> {
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let rules = pack.rules().iter().map(|rule| {
        let gives: serde_json::Map<String, Value> = rule
            .gives
            .iter()
            .filter_map(|(table, value)| {
                let table = pack.tables().get(*table)?;
                Some((table.id.clone(), json!(table.values.get(usize::from(*value))?)))
            })
            .collect();
        let over: Vec<&str> =
            rule.overrides.iter().filter_map(|number| pack.rules().get(*number)).map(|rule| rule.id.as_str()).collect();
        let own = json!({
            "id": rule.id,
            "when": rule.when,
            "gives": gives,
            "overrides": over,
            "in_force": [day(rule.from), day(rule.until)],
            "text": both(&rule.text),
        });
        with(own, checked_by(&rule.cites, rule.mark, &rule.source))
    });
    rules.collect()
}
