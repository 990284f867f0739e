//! What gives a program away that sits on IRC and does what is said there: its name.
//!
//! Promises: a pure function of the name; something is said where a mistake is unlikely, as people have odd names. Not here: what is
//! said in channels, where anybody can type an order, or quote one.

/// Of a name so much is looked at.
const LOOKED_AT: usize = 256;

/// What bots call the systems that they run on.
const SYSTEMS: [&[u8]; 29] = [
    b"sp1", b"sp2", b"sp3", b"2k", b"2k3", b"2k8", b"xp", b"winxp", b"vis", b"vista", b"w7", b"w8", b"w81", b"w10",
    b"w11", b"win", b"win7", b"win8", b"win10", b"win11", b"lin", b"linux", b"x64", b"x86", b"x86_64", b"arm", b"arm7",
    b"mips", b"mpsl",
];

/// Whether a name is one as bots draw them: a country, a system, a number between brackets, and more drawn behind them
/// (`[NLD|W10|X64]8f2a`, `{USA|XP}483920`).
pub(super) fn is_name(name: &[u8]) -> bool {
    let name = name.strip_prefix(b":").unwrap_or(name);
    let name = name.get(..LOOKED_AT).unwrap_or(name);
    let [b'[' | b'{' | b'(', rest @ ..] = name else { return false };
    let Some(end) = rest.iter().position(|byte| matches!(byte, b']' | b'}' | b')')) else { return false };
    let (inside, behind) = rest.split_at(end);
    let fields: Vec<&[u8]> = inside.split(|byte| *byte == b'|').collect();
    let count = |is: fn(&[u8]) -> bool| fields.iter().filter(|field| is(field)).count();
    let is_whole = fields.iter().all(|field| is_system(field) || is_country(field) || is_number(field));
    let is_numbered = behind.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3;
    is_whole && count(is_system) > 0 && count(is_country) > 0 && (fields.len() >= 3 || is_numbered)
}

fn is_system(field: &[u8]) -> bool {
    SYSTEMS.iter().any(|known| known.eq_ignore_ascii_case(field))
}

fn is_country(field: &[u8]) -> bool {
    matches!(field.len(), 2 | 3) && field.iter().all(u8::is_ascii_uppercase) && !is_system(field)
}

fn is_number(field: &[u8]) -> bool {
    !field.is_empty() && field.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_no_bots() {
        for name in [
            "[ARM|x64]dev123",
            "[NLD|W10|jan]",
            "{linux|1337}root1999",
            "jan",
            "jan[away]",
            "[jan]",
            "[afk|jan]",
            "[AFK|Jan]1",
            "[NL|Linux]jan",
            "{x}",
            "[|]",
            "[",
            "[NLD|W10",
        ] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn bots_are_told_by_their_names() {
        for name in ["[NLD|W10|X64]8f2a", ":[00|USA|XP|SP2|483920]", "{USA|XP}483920", "(DEU|x86_64|linux)a"] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
    }
}
