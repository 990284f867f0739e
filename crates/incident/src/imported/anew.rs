//! A row of another register said anew, without somebody who stood in it.
//!
//! Promises: nothing is said that the row did not say: words and columns are left out, and a mark may stand where they stood. A
//! cell that is not repeated is gone, and with it every text that was read in it; a cell with other words has
//! those in each of these places. What names nobody stays as it was read: facts, counts, moments, whether somebody was told.

use super::Imported;
use crate::{Narrative, Refusal};

/// A title as long as a list shows it, in characters.
const LONGEST_TITLE: usize = 80;
/// What stands where something was left out.
const MARKS: [&str; 6] = ["[gewist / erased]", "[gewist]", "[erased]", "[…]", "[...]", "…"];
/// What stands before the name of the file.
const FILE: &str = "(bestand / file):";
/// What stands before the further lines of a cell.
const FURTHER: &str = "  ";

/// One cell, and what takes its place: nothing where it goes.
struct Cell<'a> {
    heading: &'a str,
    old: &'a str,
    new: Option<String>,
}

impl Imported {
    /// Its cells as lines to change, from which `anew` reads them again: `Heading: text`, the further lines of a
    /// text two spaces in.
    #[must_use]
    pub fn as_lines(&self) -> String {
        let mut lines = String::new();
        if !self.file.is_empty() && self.file != ERASED_FILE {
            lines.push_str(&format!("{FILE} {}\n", one_line(&self.file)));
        }
        for (heading, text) in &self.cells {
            let heading = one_line(heading);
            let text = text.trim().lines().collect::<Vec<_>>().join(&format!("\n{FURTHER}"));
            lines.push_str(&format!("{heading}: {text}\n"));
        }
        lines
    }

    /// The row and its title with these lines in the place of its cells. Words before the first heading, of those that stood in
    /// the row, tell what happened, and are the title. Refused where there are others, and where what is left does not say
    /// what happened.
    pub(crate) fn anew(&self, title: &str, lines: &str) -> Result<(String, Self), Refusal> {
        let (file, lines) = self.file_in(lines)?;
        let (told, cells) = self.read(lines);
        let is_less = cells.iter().all(|cell| cell.new.as_deref().is_none_or(|new| says_less(new, cell.old)));
        let is_told_there = told.is_empty() || cells.iter().any(|cell| says_less(&told, cell.old));
        if !is_less || !(is_told_there || says_less(&told, title)) {
            return Err(Refusal::OnlyLess);
        }
        let mut row = self.clone();
        if file != one_line(&row.file) {
            (row.file, row.sheet) = (file, None);
        }
        let Narrative { description, measures_taken, measures_planned, late_reason } = &mut row.narrative;
        let texts = [description, measures_taken, measures_planned, late_reason].into_iter();
        let texts = texts.chain([&mut row.number, &mut row.effects, &mut row.authority.what, &mut row.subjects.what]);
        let texts = texts.chain([&mut row.motivation, &mut row.decided_by, &mut row.dpo_advice, &mut row.lessons]);
        for text in texts {
            *text = text.take().and_then(|text| said_again(&text, &cells));
        }
        let title = if told.is_empty() {
            titled_again(title, &cells).or_else(|| row.narrative.description.as_deref().and_then(short))
        } else {
            short(&told)
        };
        let title = title.ok_or(Refusal::SayWhatHappened)?;
        if !told.is_empty() {
            row.narrative.description = Some(match row.narrative.description.take() {
                Some(kept) => format!("{told}\n{kept}"),
                None => told,
            });
        }
        row.cells = cells.into_iter().filter_map(|cell| Some((cell.heading.to_owned(), cell.new?))).collect();
        Ok((title, row))
    }

    /// The name of the file as the first line says it, and the lines after it. A name that is not repeated is gone.
    fn file_in<'l>(&self, lines: &'l str) -> Result<(String, &'l str), Refusal> {
        let (said, rest) = match lines.trim_start().strip_prefix(FILE) {
            Some(after) => after.split_once('\n').unwrap_or((after, "")),
            None => ("", lines),
        };
        match one_line(said) {
            _ if self.file.is_empty() => Ok((String::new(), rest)),
            said if said.is_empty() => Ok((ERASED_FILE.to_owned(), rest)),
            said if says_less(&said, &self.file) => Ok((said, rest)),
            _ => Err(Refusal::OnlyLess),
        }
    }

    /// What stands before the first heading, and what becomes of each cell.
    fn read(&self, lines: &str) -> (String, Vec<Cell<'_>>) {
        let (mut told, mut said): (String, Vec<(String, String)>) = (String::new(), Vec::new());
        for line in lines.lines() {
            if let Some((heading, text)) = self.headed(line, &said) {
                said.push((heading, text.trim().to_owned()));
                continue;
            }
            let line = line.strip_prefix(FURTHER).unwrap_or(line).trim_end();
            let text = said.last_mut().map_or(&mut told, |(_, text)| text);
            text.push('\n');
            text.push_str(line);
        }
        let cells = self.cells.iter().map(|(heading, old)| Cell { heading, old, new: None });
        let mut cells: Vec<_> = cells.collect();
        // Of two cells under one heading each finds its own words first.
        for is_exact in [true, false] {
            said.retain(|(heading, text)| {
                let is_its = |cell: &&mut Cell<'_>| {
                    let is_same = are_same(cell.old, text);
                    cell.new.is_none() && one_line(cell.heading) == *heading && (is_same || !is_exact)
                };
                let Some(cell) = cells.iter_mut().find(is_its) else { return is_exact };
                cell.new = Some(if is_exact { cell.old.to_owned() } else { text.trim().to_owned() });
                false
            });
        }
        for cell in &mut cells {
            cell.new = cell.new.take().filter(|text| !text.is_empty());
        }
        (told.trim().to_owned(), cells)
    }

    /// The heading with which a line begins, and what follows it; of several the longest. Each stands as often as it has
    /// cells: after that the line is one of a text.
    fn headed<'l>(&self, line: &'l str, said: &[(String, String)]) -> Option<(String, &'l str)> {
        let headings = self.cells.iter().map(|(heading, _)| one_line(heading));
        let begun = headings.filter_map(|heading| {
            let text = line.strip_prefix(heading.as_str())?.strip_prefix(':')?;
            Some((heading, text))
        });
        let (heading, text) = begun.max_by_key(|(heading, _)| heading.len())?;
        let all = self.cells.iter().filter(|(other, _)| one_line(other) == heading).count();
        let used = said.iter().filter(|(other, _)| *other == heading).count();
        (used < all).then_some((heading, text))
    }
}

/// What stands where the name of the file was erased.
const ERASED_FILE: &str = "[gewist / erased]";

/// Whether a text says nothing that another did not: its words in their order, some of them left out.
fn says_less(new: &str, old: &str) -> bool {
    let bare = MARKS.iter().fold(new.to_owned(), |text, mark| text.replace(mark, " "));
    let mut there = spoken(old);
    spoken(&bare).all(|word| there.any(|known| known == word))
}

fn spoken(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A text that was read in cells, as these say it now; nothing where nothing of it is left.
fn said_again(text: &str, cells: &[Cell<'_>]) -> Option<String> {
    let mut text = text.to_owned();
    let stays = |old: &str| cells.iter().any(|cell| is_kept(cell) && cell.old.trim() == old);
    for cell in cells.iter().filter(|cell| !is_kept(cell)) {
        let old = cell.old.trim();
        if let Some(new) = cell.new.as_deref().filter(|_| !old.is_empty() && !stays(old)) {
            text = put(&text, old, new);
        }
    }
    // A line that was read in words that are gone, and stands in none of those that stay.
    let was_read = |line: &str| cells.iter().any(|cell| !is_kept(cell) && cell.old.contains(line));
    let still_stands = |line: &str| cells.iter().any(|cell| cell.new.as_deref().is_some_and(|new| new.contains(line)));
    let is_gone = |line: &str| {
        // Words under a heading of ours: `Protection: …`.
        let parts = [Some(line), line.split_once(": ").map(|(_, rest)| rest)].map(|part| part.map(str::trim));
        let mut parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.any(|part| was_read(part) && !still_stands(part))
    };
    if !text.lines().any(is_gone) {
        return Some(text);
    }
    let lines: Vec<_> = text.lines().filter(|line| !is_gone(line)).collect();
    Some(lines.join("\n").trim().to_owned()).filter(|text| !text.is_empty())
}

/// A title that was read in a cell, as it says it now; nothing where that cell is gone.
fn titled_again(title: &str, cells: &[Cell<'_>]) -> Option<String> {
    let core = one_line(title.trim_end_matches('…'));
    let holds = |text: &str| one_line(text).contains(&core);
    if cells.iter().any(|cell| cell.new.as_deref().is_some_and(holds)) {
        return Some(title.to_owned());
    }
    match cells.iter().find(|cell| holds(cell.old)) {
        Some(cell) => cell.new.as_deref().and_then(short),
        None => Some(title.to_owned()),
    }
}

fn is_kept(cell: &Cell<'_>) -> bool {
    cell.new.as_deref() == Some(cell.old)
}

/// Puts new words where the old stand as lines of their own, or behind a heading of ours.
fn put(text: &str, old: &str, new: &str) -> String {
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(old) {
        let so_far = format!("{done}{before}");
        let begins = so_far.is_empty() || so_far.ends_with('\n') || so_far.ends_with(": ");
        let ends = after.is_empty() || after.starts_with(['\n', '\r']);
        done = format!("{so_far}{}", if begins && ends { new } else { old });
        rest = after;
    }
    done + rest
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two texts are the same but for how their lines end.
fn are_same(one: &str, other: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    lines(one) == lines(other)
}

/// What a text begins with, as a title; nothing where it says nothing.
fn short(text: &str) -> Option<String> {
    let line = text.trim().lines().next().unwrap_or_default();
    Some(line.chars().take(LONGEST_TITLE).collect::<String>()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Imported {
        let cells = [
            ("Nr", "7"),
            ("Omschrijving", "Mail van Jan de Vries\r\nverkeerd verstuurd"),
            ("Behandelaar", "Jan de Vries"),
            ("Beveiliging", "Jan had een slot"),
            ("AP", "ja, op 4-4-2019, AP-1"),
            ("Opmerking", "Status: open\nbellen"),
            ("Opmerking", "Veel mensen"),
            ("Motivering", "Veel mensen"),
        ];
        let mut row = Imported {
            cells: cells.map(|(heading, text)| (heading.to_owned(), text.to_owned())).into(),
            number: Some("7".to_owned()),
            effects: Some("Beveiliging vooraf: Jan had een slot".to_owned()),
            motivation: Some("Veel mensen".to_owned()),
            ..Imported::default()
        };
        row.narrative.description = Some("Mail van Jan de Vries\r\nverkeerd verstuurd".to_owned());
        row.authority.what = Some("AP-1".to_owned());
        row.authority.was_told = Some(true);
        row
    }

    const TITLE: &str = "Mail van Jan de Vries";

    #[test]
    fn its_own_lines_change_nothing() {
        assert_eq!(row().anew(TITLE, &row().as_lines()), Ok((TITLE.to_owned(), row())));
        let sent = row().as_lines().replace('\n', "\r\n");
        assert_eq!(row().anew(TITLE, &sent), Ok((TITLE.to_owned(), row())), "as a form sends it");
    }

    #[test]
    fn a_column_goes_or_gets_other_words_and_the_rest_stays() {
        let lines = row().as_lines();
        let (title, gone) = row().anew(TITLE, &lines.replace("Behandelaar: Jan de Vries\n", "")).unwrap();
        let expected = Imported {
            cells: row().cells.into_iter().filter(|(heading, _)| heading != "Behandelaar").collect(),
            ..row()
        };
        assert_eq!((title.as_str(), gone), (TITLE, expected));
        let (_, other) = row().anew(TITLE, &lines.replace(": Jan de Vries", ": […]")).unwrap();
        assert_eq!(other.cells[2], ("Behandelaar".to_owned(), "[…]".to_owned()));
        assert_eq!(other.narrative, row().narrative);
    }

    #[test]
    fn what_was_read_in_a_cell_says_what_the_cell_says_now() {
        let lines = row().as_lines().replace("Mail van Jan de Vries", "Mail van […]");
        let lines = lines.replace("Jan had een slot", "[…] had een slot").replace("Behandelaar: Jan de Vries\n", "");
        let (title, anew) = row().anew(TITLE, &lines).unwrap();
        assert_eq!(title, "Mail van […]");
        assert_eq!(anew.narrative.description.as_deref(), Some("Mail van […]\nverkeerd verstuurd"));
        assert_eq!(anew.effects.as_deref(), Some("Beveiliging vooraf: […] had een slot"));
        assert!(!format!("{title} {anew:?}").contains("Jan"), "{anew:?}");
        // A cell that goes takes what was read in it along; the same words in another cell stay.
        let lines = row().as_lines().replace("AP: ja, op 4-4-2019, AP-1\n", "").replace("Opmerking: Veel mensen\n", "");
        let (_, anew) = row().anew(TITLE, &lines.replace("Beveiliging: Jan had een slot\n", "")).unwrap();
        assert_eq!((anew.authority.what, anew.authority.was_told, anew.effects), (None, Some(true), None));
        assert_eq!((anew.number, anew.motivation), (Some("7".to_owned()), Some("Veel mensen".to_owned())));
        let kept: Vec<_> = anew.cells.iter().filter(|(heading, _)| heading == "Opmerking").collect();
        assert_eq!(kept, [&("Opmerking".to_owned(), "Status: open\nbellen".to_owned())]);
    }

    #[test]
    fn words_alone_take_the_place_of_the_whole_row() {
        let (title, anew) = row().anew(TITLE, "Mail […] verkeerd verstuurd").unwrap();
        assert_eq!((title.as_str(), &anew.cells), ("Mail […] verkeerd verstuurd", &Vec::new()));
        assert_eq!(anew.narrative.description.as_deref(), Some("Mail […] verkeerd verstuurd"));
        assert_eq!((anew.number, anew.effects, anew.motivation), (None, None, None));
        assert_eq!(anew.authority.was_told, Some(true), "what names nobody stays");
        // What does not say what happened is no row of a register.
        assert_eq!(row().anew(TITLE, "Nr: 7"), Err(Refusal::SayWhatHappened));
    }

    /// It once could be told in any words, which then stood there as that register's own.
    #[test]
    fn nothing_is_said_that_the_row_did_not_say() {
        let lines = row().as_lines();
        for invented in [
            lines.replace("Jan had een slot", "er was geen slot"),
            format!("{lines}Boete: 500.000 euro\n"),
            format!("Gestolen door de directeur\n{lines}"),
            "Er is niets gebeurd".to_owned(),
            lines.replace("Veel mensen", "mensen Veel"),
        ] {
            assert_eq!(row().anew(TITLE, &invented), Err(Refusal::OnlyLess), "{invented}");
        }
    }

    #[test]
    fn the_name_of_its_file_goes_with_its_line() {
        let named = Imported { file: "register Oosterhof.csv".to_owned(), sheet: Some("Blad".to_owned()), ..row() };
        let lines = named.as_lines();
        assert!(lines.starts_with("(bestand / file): register Oosterhof.csv\nNr: 7\n"), "{lines}");
        assert_eq!(named.anew(TITLE, &lines), Ok((TITLE.to_owned(), named.clone())));
        for (said, kept) in [("", "[gewist / erased]"), ("(bestand / file): register […].csv\n", "register […].csv")]
        {
            let without = lines.replace("(bestand / file): register Oosterhof.csv\n", said);
            let (_, anew) = named.anew(TITLE, &without).unwrap();
            assert_eq!((anew.file.as_str(), &anew.cells, anew.sheet), (kept, &named.cells, None));
        }
        let other = lines.replace("Oosterhof", "Jansen");
        assert_eq!(named.anew(TITLE, &other), Err(Refusal::OnlyLess));
    }
}
