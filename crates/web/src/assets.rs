//! Style, script and mark: our own files, inside the binary, with the hash of their content in their name, so that a
//! browser may keep them for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::failure::Failure;

const CSS: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/layout.css"),
    include_str!("../assets/css/parts.css"),
    include_str!("../assets/css/forms.css"),
    include_str!("../assets/css/clock.css"),
    include_str!("../assets/css/incident.css"),
    include_str!("../assets/css/interview.css"),
    include_str!("../assets/css/reports.css"),
    include_str!("../assets/css/sensors.css"),
    include_str!("../assets/css/print.css"),
);
const SCRIPT: &str = concat!(
    include_str!("../assets/js/page.js"),
    include_str!("../assets/js/clocks.js"),
    include_str!("../assets/js/copy.js"),
    include_str!("../assets/js/drafts.js"),
);
const MARK: &str = include_str!("../assets/mark.svg");

struct Asset {
    path: String,
    content_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, content: &'static str) -> Self {
        let hash: String =
            Sha256::digest(content.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { path: format!("/s/{stem}-{hash}.{extension}"), content_type, content }
    }
}

static STYLE_SHEET: LazyLock<Asset> = LazyLock::new(|| Asset::new("dijkwacht", "css", "text/css; charset=utf-8", CSS));
static SCRIPT_FILE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("dijkwacht", "js", "text/javascript; charset=utf-8", SCRIPT));
static MARK_FILE: LazyLock<Asset> = LazyLock::new(|| Asset::new("merk", "svg", "image/svg+xml", MARK));

pub(crate) fn style_path() -> &'static str {
    &STYLE_SHEET.path
}

pub(crate) fn script_path() -> &'static str {
    &SCRIPT_FILE.path
}

pub(crate) fn mark_path() -> &'static str {
    &MARK_FILE.path
}

/// `GET /s/{name}`
pub(crate) async fn serve(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = [&*STYLE_SHEET, &*SCRIPT_FILE, &*MARK_FILE]
        .into_iter()
        .find(|asset| asset.path.strip_prefix("/s/") == Some(name.as_str()))
        .ok_or(app::Error::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stays_small() {
        assert!(SCRIPT.len() <= 10 * 1024, "{} bytes of script; at most 10 KB", SCRIPT.len());
    }

    #[test]
    fn no_asset_reaches_outside() {
        for (name, content) in [("css", CSS), ("js", SCRIPT)] {
            assert!(!content.contains("http://") && !content.contains("https://"), "{name} names another server");
            assert!(!content.contains("@import"), "{name} imports");
        }
    }
}
