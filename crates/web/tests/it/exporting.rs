//! Taking the register along as a file, and handing over the complete file of one case, which can be checked by itself.

use std::collections::BTreeMap;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom, Write};

use app::import::Cell;
use app::{Error, Trouble};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};

use crate::world::{NOW, World};

const REGISTER: &str = "/o/bakkerij-de-korenaar/register";

#[tokio::test]
async fn the_register_as_a_file_of_each_kind() {
    let world = World::new().await;
    let mut dpo = world.dpo().await;
    for (form, media) in [
        ("pdf", "application/pdf"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let path = format!("{REGISTER}/bestand?vorm={form}");
        let answer = dpo.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}");
        assert_eq!(answer.headers["content-type"], media);
        assert!(answer.headers["content-disposition"].to_str().unwrap().ends_with(&format!(".{form}\"")), "{form}");
        assert_eq!(answer.bytes, dpo.get(&path).await.bytes, "the same register gives the same {form}");
    }
    assert_eq!(dpo.get(&format!("{REGISTER}/bestand?vorm=exe")).await.status, StatusCode::NOT_FOUND);
    let page = dpo.get(&format!("{REGISTER}?stand=gesloten&gemeld=nee")).await.html();
    assert!(page.contains("/register/bestand?stand=gesloten&#38;gemeld=nee&amp;vorm=xlsx"), "{page}");
}

#[tokio::test]
async fn the_workbook_has_typed_cells_and_explains_itself() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let bytes = handler.get(&format!("{REGISTER}/bestand?vorm=xlsx")).await.bytes;
    let table = sheets::read(&bytes, None).unwrap();
    assert_eq!(table.sheets, ["Register", "Uitleg"]);
    let (_, headings) = &table.rows[0];
    let column = |name: &str| headings.iter().position(|cell| *cell == Cell::Text(name.into())).unwrap();
    let (_, first) = &table.rows[1];
    assert!(matches!(first[column("Nummer")], Cell::Number(_)), "{first:?}");
    assert!(matches!(first[column("Vastgelegd")], Cell::Moment(_)), "{first:?}");
    let explained = sheets::read(&bytes, Some("Uitleg")).unwrap();
    assert_eq!(explained.rows.len(), headings.len() + 1);
}

#[tokio::test]
async fn the_filter_leaves_out_what_is_not_asked_for() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let mut count = async |rest: &str| {
        let json = handler.get(&format!("{REGISTER}/bestand?vorm=json{rest}")).await.html();
        serde_json::from_str::<Vec<serde_json::Value>>(&json).unwrap().len()
    };
    let all = count("").await;
    let (open, closed) = (count("&stand=open").await, count("&stand=gesloten").await);
    let mut notified = 0;
    for word in ["ja", "te-doen", "nee", "onbeslist"] {
        notified += count(&format!("&gemeld={word}")).await;
    }
    assert!(all > 0);
    assert_eq!((open + closed, notified), (all, all), "each is one of these");
    assert_eq!((count("&tot=2001-01-01").await, count("&van=2001-01-01").await), (0, all));
}

/// A part once looked just like the whole register.
#[tokio::test]
async fn a_file_that_is_a_part_says_that_it_is_and_which() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let part = "&zoek=lijst&van=2026-03-01&tot=2026-03-31&stand=open&gemeld=onbeslist";
    let mut file = async |form: &str, asked: &str| {
        let answer = handler.get(&format!("{REGISTER}/bestand?vorm={form}{asked}")).await;
        let name = answer.headers["content-disposition"].to_str().unwrap().to_owned();
        (name, answer)
    };
    for form in ["pdf", "xlsx", "csv", "json"] {
        assert!(!file(form, "&stand=alles&van=&tot=").await.0.contains("selectie"), "{form}");
        let (name, _) = file(form, part).await;
        assert!(name.ends_with(&format!("-selectie.{form}\"")), "{name}");
    }
    let told = [
        ("Incidenten", "1 van 2"),
        ("Gezochte woorden", "“lijst”"),
        ("Vastgelegd vanaf", "1 maart 2026"),
        ("Vastgelegd tot en met", "31 maart 2026"),
        ("Stand", "Open"),
        ("Gemeld bij de AP", "Nog niet besloten"),
    ];
    let pdf = file("pdf", part).await.1.html();
    let said = "Dit is een keuze uit het register, niet het hele register";
    let first = pdf.find("lijst").unwrap();
    assert!(pdf.find(said).is_some_and(|at| at < first), "before anything else: {pdf}");
    for (name, value) in told {
        assert!(pdf.contains(name) && pdf.contains(value), "{name}, {value}: {pdf}");
    }
    let whole = file("pdf", "").await.1.html();
    assert!(!whole.contains(said), "{whole}");
    let explained = sheets::read(&file("xlsx", part).await.1.bytes, Some("Uitleg")).unwrap();
    let row = |at: usize| explained.rows[at].1.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>().join(" ");
    assert!(row(1).contains(said) && row(1).contains("This is a selection from the register"), "{}", row(1));
    for (at, (name, value)) in (2..).zip(told) {
        assert!(row(at).contains(name) && row(at).contains(value), "{}", row(at));
    }
    assert!(row(2).contains("1 of 2"), "{}", row(2));
}

/// It once gave the whole register.
#[tokio::test]
async fn a_file_of_what_cannot_be_read_is_refused_with_the_reason() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    for (asked, reason) in [
        ("van=onzin", "“onzin” is geen datum."),
        ("tot=2026-02-30", "“2026-02-30” is geen datum."),
        ("van=2026-03-02&tot=2026-03-01", "De eerste dag (2026-03-02) ligt na de laatste (2026-03-01)"),
        ("gemeld=misschien", "“misschien” is hier geen keuze."),
    ] {
        for form in ["pdf", "json"] {
            let answer = handler.get(&format!("{REGISTER}/bestand?vorm={form}&{asked}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}");
            assert!(answer.text().contains(reason), "{asked}: {}", answer.text());
        }
    }
}

/// The file once held the whole register, where the page showed nothing.
#[tokio::test]
async fn looking_for_signs_alone_finds_nothing_on_the_page_and_in_the_file() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    for (sought, rows) in [("%3F%21", 0), ("lijst", 1)] {
        let page = handler.get(&format!("{REGISTER}?zoek={sought}")).await.html();
        assert_eq!(page.matches("/incidenten/2\"").count(), rows, "{sought}: {page}");
        let mut file = async |form: &str| handler.get(&format!("{REGISTER}/bestand?vorm={form}&zoek={sought}")).await;
        let json: Vec<serde_json::Value> = serde_json::from_str(&file("json").await.html()).unwrap();
        assert_eq!(json.len(), rows, "{sought}: {json:?}");
        let csv = file("csv").await.html();
        assert_eq!(csv.matches("\r\n").count(), rows + 1, "the headings, and what is found of {sought}: {csv}");
        let sheet = sheets::read(&file("xlsx").await.bytes, None).unwrap();
        assert_eq!(sheet.rows.len(), rows + 1, "{sought}: {:?}", sheet.rows);
        let pdf = file("pdf").await.html();
        assert_eq!(pdf.contains("Geen incident past bij deze keuze."), rows == 0, "{sought}: {pdf}");
    }
}

/// A disk with room for so many bytes.
struct SmallDisk {
    written: Cursor<Vec<u8>>,
    room: u64,
}

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.written.position() + bytes.len() as u64 > self.room {
            return Err(ErrorKind::StorageFull.into());
        }
        self.written.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for SmallDisk {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.written.seek(to)
    }
}

/// It was once an internal fault, about which nobody could do anything.
#[tokio::test]
async fn a_full_disk_under_the_export_is_told_as_one_wherever_it_is_met() {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let whole = world.app.export(&scope, NOW).await.unwrap().zip.len() as u64;
    for room in (0..whole).step_by(usize::try_from(whole / 20).unwrap()) {
        let mut disk = SmallDisk { written: Cursor::default(), room };
        let refused = world.app.export_to(&scope, NOW, app::Changed::Refused, &mut disk).await.err();
        assert!(matches!(&refused, Some(Error::Unavailable(Trouble::Full, _))), "with room for {room}: {refused:?}");
    }
    let mut disk = SmallDisk { written: Cursor::default(), room: whole };
    assert!(world.app.export_to(&scope, NOW, app::Changed::Refused, &mut disk).await.is_ok());
}

/// It was a page that named no file, and told to restore the whole database.
#[tokio::test]
async fn a_damaged_document_of_a_case_is_named_with_what_mends_it() {
    let world = World::new().await;
    let Some(folder) = world.folder() else { return };
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let (kind, purpose) = (app::PaperKind::Reasoning, documents::dossier::Purpose::First);
    let paper = world.app.make_paper(&scope, 2, kind, purpose, None, NOW).await.unwrap();
    let place = folder.join("blobs").join(scope.organisation().id.to_string()).join(&paper.sha256);
    std::fs::remove_file(&place).unwrap();
    std::fs::write(place, b"another paper").unwrap();
    let mut dpo = world.dpo().await;
    let case = "/o/bakkerij-de-korenaar/incidenten/2";
    for path in [format!("{case}/dossier"), format!("{case}/documenten/{}.pdf", paper.sha256)] {
        let answer = dpo.get(&path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let text = answer.text();
        for words in
            ["van incident 2 is beschadigd", &paper.sha256, "dijkwacht evidence put-back", "niets overschreven"]
        {
            assert!(text.contains(words), "{path}: {words}: {text}");
        }
    }
    let refused = world.app.case_bundle(&scope, 2, NOW).await.err().unwrap();
    assert_eq!(
        refused.damaged_file().map(|file| (file.incident, file.sha256.as_str())),
        Some((2, paper.sha256.as_str()))
    );
    world.app.put_back(&scope, &paper.pdf, NOW).await.unwrap();
    assert_eq!(dpo.get(&format!("{case}/dossier")).await.status, StatusCode::OK);
}

/// The files in a zip, by name.
pub(crate) fn members(zip: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

#[tokio::test]
async fn the_file_of_a_case_can_be_checked_by_itself() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let answer = handler.get("/o/bakkerij-de-korenaar/incidenten/2/dossier").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let files = members(answer.bytes);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    // Its contents name every other file with its hash.
    let contents = text("dossier.pdf").split_whitespace().collect::<String>();
    for (name, bytes) in
        files.iter().filter(|(name, _)| !["README.txt", "dossier.pdf", "manifest"].contains(&name.as_str()))
    {
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(contents.contains(&hash), "{name}");
    }
    // Every entry stands under the signed checkpoint, by its own proof.
    let key: register::VerifierKey = text("key.txt").trim().parse().unwrap();
    let checkpoint = register::Checkpoint::open(&text("checkpoint"), &key).unwrap();
    let hash = |text: &str| -> [u8; 32] {
        let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect();
        bytes.try_into().unwrap()
    };
    let lines = text("journaal/regels.jsonl");
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let leaf = register::leaf_hash(line["leaf"].as_str().unwrap().as_bytes());
        let proof: Vec<_> = line["proof"].as_array().unwrap().iter().map(|one| hash(one.as_str().unwrap())).collect();
        let index = line["index"].as_u64().unwrap();
        assert!(register::inclusion_holds(&leaf, index, checkpoint.size, &proof, &checkpoint.root), "{index}");
    }
    assert!(lines.lines().count() > 1);
    // What it says of itself points to nothing that is not in it.
    let readme = text("README.txt");
    assert!(readme.contains(&format!("{} inschrijvingen, waarvan 0 gewist", lines.lines().count())), "{readme}");
    let words = readme.split(|letter: char| letter.is_whitespace() || ",:;()\"".contains(letter));
    let is_file = |word: &str| {
        let ends = [".pdf", ".json", ".jsonl", ".txt", ".md", "/"];
        // `.json` alone is a kind of file, and `/` stands between two languages.
        ends.iter().any(|end| word.len() > end.len() && word.ends_with(end))
    };
    let named: Vec<_> = words.map(|word| word.trim_end_matches('.')).filter(|word| is_file(word)).collect();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        assert!(files.keys().any(|file| file.starts_with(name)), "{name}");
    }
    let expected = [
        "README.txt",
        "dossier.pdf",
        "feiten.json",
        "oordeel.json",
        "motivering.pdf",
        "tijdlijn.json",
        "meldingen.json",
    ];
    assert!(expected.iter().all(|name| files.contains_key(*name)), "{:?}", files.keys());
}
