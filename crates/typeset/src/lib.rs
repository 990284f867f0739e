//! Document tree to PDF: archivable (PDF/A-2a) and readable by screen readers (PDF/UA-1), with our own fonts only.
//!
//! Promises: the same document at the same moment gives the same bytes; whatever a text holds is printed as text, never run
//! as markup (it reaches the template as data); what no font can show is printed as its code.
//! Deliberately not here: what stands in a document (crate `documents`), files, the clock.

mod printable;

use std::sync::OnceLock;

use jiff::Zoned;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, IntoValue, Smart};
use typst::text::Font;
use typst_as_lib::{TypstAsLibError, TypstEngine, TypstTemplateMainFile};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use documents::Document;
use printable::Printable;

/// How long a memoised piece of work is kept, in documents made since.
const KEEP: usize = 10;

static TEMPLATE: &str = include_str!("template.typ");

/// Why a document could not be made. None of these is the reader's doing: they are for the log.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    #[error("the document `{title}` could not be written down as data")]
    Data { title: String, source: serde_json::Error },
    #[error("the moment {moment} cannot be put in a document")]
    Moment { moment: String },
    #[error("the document `{title}` could not be laid out: {reasons}")]
    Layout { title: String, reasons: String },
    #[error("the document `{title}` could not be written as PDF/A and PDF/UA: {reasons}")]
    Export { title: String, reasons: String },
}

/// Sets a document as PDF, dated `made_at`.
pub fn pdf(document: &Document, made_at: &Zoned) -> Result<Vec<u8>, TypesetError> {
    match set(document, made_at, Printable::Covered) {
        // A cluster of characters that each have a glyph, but in no font together: then only what is sure to print.
        Err(TypesetError::Export { .. }) => set(document, made_at, Printable::Sure),
        made => made,
    }
}

fn set(document: &Document, made_at: &Zoned, printable: Printable) -> Result<Vec<u8>, TypesetError> {
    let title = || document.title.clone();
    let mut data = serde_json::to_value(document).map_err(|source| TypesetError::Data { title: title(), source })?;
    let made = documents::moment(made_at.timestamp(), made_at.time_zone(), document.language);
    if let Some(object) = data.as_object_mut() {
        object.insert("made".into(), made.into());
    }
    printable.clean(&mut data, &engine().fonts);
    let mut inputs = Dict::new();
    inputs.insert("document".into(), data.to_string().into_value());
    let Warned { output, .. } = engine().typst.compile_with_input::<_, PagedDocument>(inputs);
    let paged = output.map_err(|error| TypesetError::Layout { title: title(), reasons: in_words(error) })?;
    typst_pdf::pdf(&paged, &options(document, made_at)?)
        .map_err(|errors| TypesetError::Export { title: title(), reasons: listed(&errors) })
}

fn options(document: &Document, made_at: &Zoned) -> Result<PdfOptions, TypesetError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|error| {
        TypesetError::Export { title: document.title.clone(), reasons: error.message().to_string() }
    })?;
    let timestamp = timestamp(made_at).ok_or_else(|| TypesetError::Moment { moment: made_at.to_string() })?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("dijkwacht/{}/{}/{}", document.author, document.reference, document.title)),
        creator: Smart::Custom(Some("Dijkwacht".into())),
        timestamp: Some(timestamp),
        standards,
        ..PdfOptions::default()
    })
}

fn timestamp(made_at: &Zoned) -> Option<Timestamp> {
    let part = |number: i8| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        made_at.year().into(),
        part(made_at.month())?,
        part(made_at.day())?,
        part(made_at.hour())?,
        part(made_at.minute())?,
        part(made_at.second())?,
    )?;
    Timestamp::new_local(datetime, made_at.offset().seconds() / 60)
}

/// What all documents share: the fonts and the template, read once.
struct Engine {
    typst: TypstEngine<TypstTemplateMainFile>,
    fonts: Vec<Font>,
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let fonts: Vec<Font> = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        let typst = TypstEngine::builder()
            .main_file(TEMPLATE)
            .fonts(fonts.iter().cloned())
            .comemo_evict_max_age(Some(KEEP))
            .build();
        Engine { typst, fonts }
    })
}

fn in_words(error: TypstAsLibError) -> String {
    match error {
        TypstAsLibError::TypstSource(errors) => listed(&errors),
        other => other.to_string(),
    }
}

fn listed(errors: &[SourceDiagnostic]) -> String {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
