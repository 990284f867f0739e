//! A folder named where a capture or log is asked: what of it is read, and what is said of the rest.

use std::path::Path;

use collect::{Content, PassedOver};
use facts::Text;
use logs::Format;

use crate::verbs::Speech;

/// What is passed over is named, this much of it; of the rest the number is said.
const NAMED: usize = 20;

/// What is read of a folder. None: nothing, and that was said.
pub(super) fn within(folder: &Path, only: Option<Format>, speech: Speech) -> Option<Content> {
    let place = folder.display();
    let content = match collect::content(folder, only) {
        Ok(content) => content,
        Err(error) => {
            speech.complain(&Text::made(
                format!("map {place} is niet te lezen: {error}; kijk of u erbij mag"),
                format!("folder {place} cannot be read: {error}; check your rights to it"),
            ));
            return None;
        }
    };
    for (path, why) in content.passed_over.iter().take(NAMED) {
        let (path, why) = (path.display(), why_passed_over(*why));
        speech.warn(&Text::made(
            format!("{path} is overgeslagen: {}", why.nl),
            format!("{path} is passed over: {}", why.en),
        ));
    }
    let more = content.passed_over.len().saturating_sub(NAMED);
    if more > 0 {
        speech.warn(&Text::made(
            format!("in map {place} zijn er nog {more} overgeslagen"),
            format!("{more} more in folder {place} are passed over"),
        ));
    }
    if content.logs.is_empty() && content.captures.is_empty() {
        speech.complain(&Text::made(
            format!("in map {place} staat niets dat hier gelezen wordt: geen opname en geen logboek"),
            format!("folder {place} holds nothing that is read here: no capture and no log"),
        ));
        return None;
    }
    Some(content)
}

fn why_passed_over(why: PassedOver) -> Text {
    match why {
        PassedOver::Unknown => Text::new(
            "het is geen opname en geen logboek dat hier gelezen wordt",
            "it is no capture, and no log that is read here",
        ),
        PassedOver::Empty => Text::new("het is leeg", "it is empty"),
        PassedOver::Link => Text::new(
            "het is een verwijzing; noem waar zij heen wijst als dat gelezen moet worden",
            "it is a link; name what it points to if that is to be read",
        ),
        PassedOver::TooDeep => {
            Text::new("deze map ligt te diep; noem haar zelf", "this folder lies too deep; name it by itself")
        }
        PassedOver::TooMany => Text::new(
            "er zijn meer dan 20.000 bestanden; noem een map voor een kortere tijd",
            "there are more than 20,000 files; name a folder for a shorter time",
        ),
        PassedOver::NoFile => Text::new("het is geen gewoon bestand", "it is no ordinary file"),
    }
}
