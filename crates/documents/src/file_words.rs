//! Files as people speak of them: what they are, how large, and what they are called.

use facts::{Language, Text};

/// What a file is.
#[must_use]
pub fn media_type(media_type: &str, language: Language) -> String {
    let pick = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    match media_type {
        "application/pdf" => "PDF".to_owned(),
        "text/plain" => pick("Tekst", "Text"),
        "text/html" => pick("Webpagina", "Web page"),
        "text/x-script" => pick("Script", "Script"),
        "message/rfc822" => pick("E-mail", "E-mail"),
        "application/xml" | "text/xml" => "XML".to_owned(),
        "image/svg+xml" => pick("Tekening (SVG)", "Drawing (SVG)"),
        "application/zip" => pick("Archief (ZIP)", "Archive (ZIP)"),
        "application/gzip" => pick("Archief (GZIP)", "Archive (GZIP)"),
        "application/x-7z-compressed" => pick("Archief (7Z)", "Archive (7Z)"),
        "application/vnd.rar" => pick("Archief (RAR)", "Archive (RAR)"),
        "application/x-tar" => pick("Archief (TAR)", "Archive (TAR)"),
        "application/rtf" => pick("Opgemaakte tekst (RTF)", "Rich text (RTF)"),
        "application/msword" | "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            pick("Document (Word)", "Document (Word)")
        }
        "application/vnd.ms-excel" | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => {
            pick("Werkblad (Excel)", "Spreadsheet (Excel)")
        }
        "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
            pick("Presentatie (PowerPoint)", "Presentation (PowerPoint)")
        }
        "application/x-ole-storage" => pick("Ouder Office-bestand", "Older Office file"),
        "application/vnd.microsoft.portable-executable" => pick("Programma (Windows)", "Program (Windows)"),
        "application/x-executable" => pick("Programma (Linux)", "Program (Linux)"),
        "application/x-mach-binary" => pick("Programma (macOS)", "Program (macOS)"),
        "application/java" => pick("Programma (Java)", "Program (Java)"),
        "application/vnd.android.dex" | "application/vnd.android.dey" => {
            pick("Programma (Android)", "Program (Android)")
        }
        "application/wasm" => pick("Programma (WebAssembly)", "Program (WebAssembly)"),
        "application/octet-stream" => pick("Onbekend soort bestand", "Unknown kind of file"),
        other => of_family(other, language),
    }
}

/// Of what we have no name for: what it is in general, with its own name.
fn of_family(media_type: &str, language: Language) -> String {
    let pick = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    let (family, name) = media_type.split_once('/').unwrap_or(("", media_type));
    let family = match family {
        "image" => pick("Afbeelding", "Image"),
        "audio" => pick("Geluid", "Audio"),
        "video" => pick("Video", "Video"),
        "text" => pick("Tekst", "Text"),
        "font" => pick("Lettertype", "Font"),
        _ => pick("Ander bestand", "Other file"),
    };
    format!("{family} ({})", name.trim_start_matches("x-").to_uppercase())
}

/// A size.
#[must_use]
pub fn size(bytes: u64, language: Language) -> String {
    let (unit, name) = match bytes {
        0..1_024 => return format!("{bytes} bytes"),
        1_024..1_048_576 => (1_024, "kB"),
        _ => (1_048_576, "MB"),
    };
    let tenths = bytes * 10 / unit;
    let decimal = Text::new(",", ".").in_language(language).to_owned();
    match tenths {
        0..100 => format!("{}{decimal}{} {name}", tenths / 10, tenths % 10),
        _ => format!("{} {name}", tenths / 10),
    }
}
/// A name as it is shown: what could turn the text around it, or hide an ending, stands as a mark.
#[must_use]
pub fn shown_name(name: &str) -> String {
    let name = name.trim();
    if name.is_empty() {
        return "?".to_owned();
    }
    name.chars().map(|letter| if is_treacherous(letter) { '\u{fffd}' } else { letter }).collect()
}

/// Controls, and the marks that change the direction of text or take no room (Unicode TR 36 §2.4).
fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

#[cfg(test)]
mod tests {
    use facts::Language;

    #[test]
    fn what_a_file_is_is_said_in_words() {
        for (media_type, nl, en) in [
            ("application/pdf", "PDF", "PDF"),
            ("text/plain", "Tekst", "Text"),
            ("image/png", "Afbeelding (PNG)", "Image (PNG)"),
            ("video/x-matroska", "Video (MATROSKA)", "Video (MATROSKA)"),
            ("application/vnd.microsoft.portable-executable", "Programma (Windows)", "Program (Windows)"),
            ("application/x-elf", "Ander bestand (ELF)", "Other file (ELF)"),
            ("application/octet-stream", "Onbekend soort bestand", "Unknown kind of file"),
        ] {
            assert_eq!(super::media_type(media_type, Language::Dutch), nl);
            assert_eq!(super::media_type(media_type, Language::English), en);
        }
    }
}
