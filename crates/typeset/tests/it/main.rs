//! The documents on paper: made, readable, the same every time, and safe from what a text may hold.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets what it did not expect must fail, and says what it skipped"
)]

// The borrowed fixture names it.
use law as _;

#[path = "../../../documents/tests/it/fixture.rs"]
#[allow(dead_code, reason = "shared with the documents' own tests")]
mod fixture;

use std::process::Command;
use std::time::Instant;

use documents::{
    Block, Case, Document, FieldBlock, FieldState, Line, Look, Organisation, Words,
    dossier::{AP, EDPB, Purpose, dossier_for, form},
    letter::letter,
};
use facts::Language;
use incident::Incident;
use jiff::Zoned;
use typeset::pdf;

fn made_at() -> Zoned {
    fixture::zoned("2026-03-28T10:00:00[Europe/Amsterdam]")
}

/// The text of a PDF, or nothing (and the reason on the console) where the machine has no `pdftotext`.
fn text_of(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, pdf).unwrap();
    match Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&path).arg("-").output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            println!("skipped: pdftotext is not installed ({error})");
            None
        }
    }
}

/// One line, words apart by one space: what a reader reads, wherever the lines broke.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn documents() -> Vec<(&'static str, Document)> {
    let made_at = made_at();
    let make = |incident: &Incident, organisation: &Organisation, words: &Words, name: &'static str| {
        let case = Case { incident, verdict: None, organisation, words, made_at: &made_at };
        match name.contains("letter") {
            true => {
                (name, letter(&case, if name.ends_with("en") { Language::English } else { Language::Dutch }).document)
            }
            false => {
                let id = if name.contains("edpb") { EDPB } else { AP };
                (name, dossier_for(&case, form(id).unwrap(), Purpose::next(incident)).document())
            }
        }
    };
    let (full, bare) = (fixture::organisation(), fixture::bare_organisation());
    vec![
        make(&fixture::detected(), &full, &Words::default(), "dossier-full"),
        make(&fixture::reported(), &bare, &Words::default(), "dossier-bare"),
        make(&fixture::detected(), &full, &Words::default(), "edpb-full"),
        make(&fixture::reported(), &bare, &Words::default(), "edpb-bare"),
        make(&fixture::detected(), &full, &fixture::words(), "letter-full"),
        make(&fixture::reported(), &bare, &Words::default(), "letter-bare"),
        make(&fixture::detected(), &full, &fixture::words(), "letter-en"),
    ]
}

/// `DIJKWACHT_KEEP_PDF=DIR` keeps them, to be looked at.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test may look at its environment and its clock")]
fn every_document_is_made_and_reads_back() {
    for (name, document) in documents() {
        let started = Instant::now();
        let made = pdf(&document, &made_at()).unwrap();
        println!("{name}: {} bytes in {:?}", made.len(), started.elapsed());
        if let Ok(folder) = std::env::var("DIJKWACHT_KEEP_PDF") {
            std::fs::write(format!("{folder}/{name}.pdf"), &made).unwrap();
        }
        assert!(made.starts_with(b"%PDF-1.7"), "{name}");
        let Some(text) = text_of(&made) else { return };
        let text = flat(&text);
        for wanted in [&document.title, &document.reference, &document.author] {
            assert!(text.contains(&flat(wanted)), "{name}: `{wanted}` is not there:\n{text}");
        }
        for block in &document.blocks {
            if let Block::Field(field) = block {
                // A word may be cut at the end of a line; the number and the state never are.
                assert!(text.contains(&flat(&field.number)), "{name}: {}", field.number);
                assert!(text.contains(&flat(&field.state_label)), "{name}: {}", field.state_label);
            }
        }
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let (_, document) = documents().swap_remove(5);
    let first = pdf(&document, &made_at()).unwrap();
    assert!(first == pdf(&document, &made_at()).unwrap());
    let later = fixture::zoned("2026-03-28T10:00:01[Europe/Amsterdam]");
    assert!(first != pdf(&document, &later).unwrap(), "the moment is in the file");
}

fn document_with(text: &str) -> Document {
    let field = FieldBlock {
        number: "5.3".into(),
        question: text.into(),
        gloss: text.into(),
        part: text.into(),
        state: FieldState::Recorded,
        is_optional: false,
        state_label: "Vastgelegd".into(),
        ticks: vec![text.into()],
        text: text.into(),
        notes: vec![text.into()],
    };
    Document {
        look: Look::Paper,
        title: text.chars().take(200).collect(),
        subtitle: text.into(),
        language: Language::Dutch,
        author: "Gemaal & Zonen B.V.".into(),
        reference: "Incident 7".into(),
        draft: String::new(),
        blocks: vec![
            Block::Heading { level: 1, text: text.into() },
            Block::Paragraph { line: Line::plain(text) },
            Block::Field(field),
        ],
    }
}

#[track_caller]
fn check_printed(text: &str, expected: &str) {
    let made = pdf(&document_with(text), &made_at()).unwrap();
    if let Some(read) = text_of(&made) {
        assert!(flat(&read).contains(&flat(expected)), "`{expected}` is not in:\n{read}");
    }
}

#[test]
fn hostile_text_is_printed_as_text() {
    let markup = "#import \"@preview/x:1.0.0\": * #sys.version #read(\"/etc/passwd\") $x^2$ *vet* _schuin_ = kop";
    check_printed(markup, markup);
    let quotes = "\"); panic(\"x\") \\ \\u{0} `code` <label> @verwijzing // commentaar /* */";
    check_printed(quotes, quotes);
    check_printed("rekening\u{202E}fdp.exe", "rekening[U+202E]fdp.exe");
    check_printed("bel\u{7} nul\u{0} nieuwe\r\nregel\ttab", "bel[U+0007] nul[U+0000] nieuwe regel tab");
    check_printed("gezicht \u{1F600} en 中", "gezicht [U+1F600] en [U+4E2D]");
}

#[test]
fn other_scripts_are_printed_or_named() {
    // Each has a glyph in one of our fonts; their order on the page is theirs, so only their presence is checked.
    check_printed("Ελλάδα Россия", "Ελλάδα Россия");
    for text in ["שלום עולם", "مرحبا بالعالم", "e\u{301}\u{302}\u{303}\u{304}", "\u{301}", "क्षि", "ﷺ \u{FFFD}"]
    {
        pdf(&document_with(text), &made_at()).unwrap();
    }
}

#[test]
fn very_long_texts_stay_on_the_page() {
    let word = "Donaudampfschiff".repeat(50);
    let mut document = document_with(&word);
    document.blocks.push(Block::Paragraph { line: Line::plain(word.repeat(13)) });
    let made = pdf(&document, &made_at()).unwrap();
    if let Some(read) = text_of(&made) {
        let joined: String = read.replace('\u{200B}', "").split_whitespace().collect();
        // Seven times the short one (the title is shortened), once the one of 10,400 characters; only the turn of a page cuts.
        assert!(joined.matches("Donaudampfschiff").count() > 7 * 50 + 13 * 50 - 5, "{}", joined.len());
    }
    let prose = "Dit is een zin van gewone lengte. ".repeat(300);
    let mut document = document_with("kort");
    for block in &mut document.blocks {
        if let Block::Field(field) = block {
            field.text = prose.clone();
        }
    }
    let made = pdf(&document, &made_at()).unwrap();
    if let Some(read) = text_of(&made) {
        assert_eq!(read.matches("gewone").count(), 300);
    }
}

/// A hash that was copied from the file of a case had invisible spaces in it, and was not the file's.
#[test]
fn a_hash_is_read_back_as_it_is() {
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let long_name = "documenten/02-uitnodigingsbrief-nl.pdf".to_owned();
    let pairs =
        vec![(long_name, Line::plain(format!("Een brief.\nSHA-256 {hash}"))), ("Kort".to_owned(), Line::plain(hash))];
    for look in [Look::Paper, Look::Sheet] {
        let mut document = Document { look, blocks: vec![Block::Pairs { pairs: pairs.clone() }], ..document_with("x") };
        document.blocks.push(Block::Paragraph { line: Line::plain(format!("Dit bestand heeft {hash} als hash.")) });
        let Some(read) = text_of(&pdf(&document, &made_at()).unwrap()) else { return };
        assert_eq!(read.matches(hash).count(), 3, "{look:?}:\n{read}");
    }
}

/// A question that stands left of its answer once took the whole line: the answer was left with one word a line, or none.
#[test]
fn a_long_question_leaves_room_for_its_answer() {
    let answer = "Ja, en dat is binnen de termijn ook gebeurd.";
    let question =
        "Heeft u de betrokkenen al ingelicht over wat er is gebeurd, of bent u van plan om dat nog te doen? ";
    for (asked, least_lines) in [("Gemeld".to_owned(), 1), (question.to_owned(), 2), (question.repeat(5), 9)] {
        let pairs = vec![("Kort".to_owned(), Line::plain(answer)), (asked.clone(), Line::plain(answer))];
        for look in [Look::Paper, Look::Sheet] {
            let document = Document { look, blocks: vec![Block::Pairs { pairs: pairs.clone() }], ..document_with("x") };
            let Some(read) = text_of(&pdf(&document, &made_at()).unwrap()) else { return };
            let whole = read.lines().filter(|line| line.contains(answer)).count();
            assert_eq!(whole, 2, "{look:?}, {} letters: the answer is broken:\n{read}", asked.len());
            let of_question: Vec<_> = read.lines().filter(|line| line.split(' ').any(|word| word == "u")).collect();
            assert!(flat(&read).contains(&flat(&asked)), "{look:?}: the question is broken up by its answer:\n{read}");
            assert!(of_question.iter().all(|line| line.len() > 25), "{look:?}: {of_question:?}");
            let lines = read.lines().skip_while(|line| !line.starts_with("Kort")).count();
            assert!(lines > least_lines, "{look:?}: it reads as {lines} lines:\n{read}");
        }
    }
}

/// Characters from all over the first plane, in one document: whatever somebody pastes, a PDF comes out.
#[test]
fn any_character_gives_a_document() {
    // Every 211th, a prime, so that no script or block is passed over; and all of the first block of marks.
    let all = (0..=0xFFFF_u32).step_by(211).chain(0x2F0..=0x370).filter_map(char::from_u32);
    let text: String = all.flat_map(|character| [character, ' ']).collect();
    let document = Document { blocks: vec![Block::Paragraph { line: Line::plain(text) }], ..document_with("alles") };
    let made = pdf(&document, &made_at()).unwrap();
    assert!(made.starts_with(b"%PDF-1.7"));
}
