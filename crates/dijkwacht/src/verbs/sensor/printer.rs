//! Findings on stdout, as they come.

use contract::detection::{CaseLine, DetectionLine, Severity, Text};
use contract::sensor::Report;
use facts::Language;
use sensor::hold::Told;
use sensor::output::Output;

use crate::edge;
use crate::verbs::{Format, scan};

/// Prints them.
pub(crate) struct Printer {
    format: Format,
    language: Language,
}

impl Printer {
    pub(crate) fn new(format: Format, language: Language) -> Self {
        Self { format, language }
    }

    fn text(&self, report: &Report) -> Option<String> {
        match report {
            Report::Detection(DetectionLine { last_at, severity, host, summary, .. }) => {
                let (severity, summary) = (self.severity(*severity), self.said(summary));
                Some(format!("{last_at:.0} ({severity}) {}: {summary}\n", host.ip))
            }
            Report::Case(CaseLine { severity, host, summary, .. }) => {
                let (severity, summary) = (self.severity(*severity), self.said(summary));
                Some(format!("[{severity}] {}: {summary}\n", host.ip))
            }
            Report::State(_) | Report::Traffic(_) => None,
        }
    }

    fn said<'a>(&self, text: &'a Text) -> &'a str {
        if self.language == Language::Dutch { &text.nl } else { &text.en }
    }

    fn severity(&self, severity: Severity) -> &'static str {
        scan::severity(severity.into(), self.language)
    }
}

impl Output for Printer {
    fn take(&mut self, told: &[Told]) -> Result<(), facts::Text> {
        let text: String = match self.format {
            Format::Text => told.iter().filter_map(|told| self.text(&told.report)).collect(),
            Format::Json => {
                let findings = told.iter().filter(|told| matches!(told.report, Report::Detection(_) | Report::Case(_)));
                findings.map(|told| format!("{}\n", told.line)).collect()
            }
        };
        if text.is_empty() {
            return Ok(());
        }
        edge::print(&text).map_err(|failure| {
            facts::Text::made(failure.in_language(Language::Dutch), failure.in_language(Language::English))
        })
    }
}
