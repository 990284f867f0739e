//! The files of the repository as a reader of the clone sees them: what is built, installed or produced left out.

use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours (the same as in `.gitignore`, and git's own).
const NOT_OURS: &[&str] =
    &[".git", "target", "node_modules", "demo-out", "e2e/out", "fuzz/corpus", "fuzz/artifacts", "proptest-regressions"];

/// Why the repository could not be read.
#[derive(Debug)]
pub struct Problem {
    what: &'static str,
    why: String,
}

impl Problem {
    pub(crate) fn new(what: &'static str, why: impl Display) -> Self {
        Self { what, why: why.to_string() }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for Problem {}

/// One file, its path from the repository's root with `/` between the parts.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

impl SourceFile {
    /// Whether the name ends in one of these, dot left out.
    #[must_use]
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path).extension().and_then(|ext| ext.to_str()).is_some_and(|ext| extensions.contains(&ext))
    }
}

/// Where the workspace's manifest is.
#[must_use]
pub fn repository_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file, in the order of the paths. What is no UTF-8 (a picture) is left out.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn source_files() -> Result<Vec<SourceFile>, Problem> {
    let mut files = Vec::new();
    walk(&repository_root(), "", &mut files).map_err(|cause| Problem::new("reading the repository", cause))?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !NOT_OURS.contains(&path.as_str()) && !NOT_OURS.contains(&name.as_str()) {
            walk(&entry.path(), &path, files)?;
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
        {
            files.push(SourceFile { path, text });
        }
    }
    Ok(())
}

/// The part of a Rust file that is in the product: comments left out, and all from its first `#[cfg(test)]` on, which
/// by house style comes last.
#[must_use]
pub fn production_code(text: &str) -> String {
    let product = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}
