//! A checkpoint or a proof that somebody kept: the text that was signed, whatever a mail program or an editor made of its
//! spaces and line ends.

/// The text as it was signed: without a byte order mark, with plain line ends, without spaces at the end of a line or empty lines
/// around it, with one newline at its end. What is signed never holds any of these, so that no two notes become one.
#[must_use]
pub fn as_signed(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::as_signed;

    #[test]
    fn what_was_signed_comes_back_from_whatever_was_made_of_it() {
        let signed = "register\n5\nroot=\n\n— name c2ln\n— other c2ln\n";
        let windows = signed.replace('\n', "\r\n");
        let padded = signed.replace('\n', " \t\u{a0}\r\n");
        for kept in [
            signed.to_owned(),
            windows.clone(),
            format!("\u{feff}{windows}\r\n\r\n"),
            format!("\n\n{padded}   \n"),
            signed.trim_end().to_owned(),
        ] {
            assert_eq!(as_signed(&kept), signed, "{kept:?}");
        }
        assert_ne!(as_signed(&signed.replace("5", " 5")), signed, "what stands before is no accident");
        assert_eq!(as_signed(""), "\n");
    }
}
