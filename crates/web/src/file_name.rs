//! Names of files that people sent, made safe to show and to send back. What they are called stays in the journal as given.

pub(crate) use documents::file_words::shown_name as shown;

use crate::address::encoded;

/// `Content-Disposition` with this name (RFC 6266): plain for old browsers, whole for the others (RFC 8187).
pub(crate) fn attachment(name: &str) -> String {
    let name: String = shown(name).chars().map(|letter| if "/\\".contains(letter) { '_' } else { letter }).collect();
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    // A slash does not stand in it any more, so what is encoded here is what RFC 8187 asks to be.
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(&name))
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || " .-_()+,=@".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        for (name, header) in [
            ("foto.png", "attachment; filename=\"foto.png\"; filename*=UTF-8''foto.png"),
            ("één.png", "attachment; filename=\"__n.png\"; filename*=UTF-8''%C3%A9%C3%A9n.png"),
            (
                "a\"; filename=\"b.exe",
                "attachment; filename=\"a__ filename=_b.exe\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe",
            ),
            (
                "a\r\nSet-Cookie: x",
                "attachment; filename=\"a__Set-Cookie_ x\"; filename*=UTF-8''a%EF%BF%BD%EF%BF%BDSet-Cookie%3A%20x",
            ),
            ("../../x", "attachment; filename=\".._.._x\"; filename*=UTF-8''.._.._x"),
            ("", "attachment; filename=\"_\"; filename*=UTF-8''%3F"),
            ("gpj.\u{202e}exe", "attachment; filename=\"gpj._exe\"; filename*=UTF-8''gpj.%EF%BF%BDexe"),
        ] {
            assert_eq!(attachment(name), header, "{name:?}");
        }
    }
}
