//! TLS greetings as different programs say them (RFC 8446 §4.1.2, §4.1.3): what a sensor can tell programs apart by.

use crate::chance::Chance;

/// Who greets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// A browser of today.
    Browser,
    /// The operating system's own library, used by mail, updates and agents alike.
    System,
    /// The small library of a printer or a telephone.
    Appliance,
    /// A mobile telephone's.
    Mobile,
    /// An office program that brought its own library.
    Bookkeeping,
    /// Another.
    Assistant,
    /// The attacker's.
    Malware,
}

struct Habit {
    ciphers: &'static [u16],
    groups: &'static [u16],
    signatures: &'static [u16],
    alpn: &'static [&'static str],
    /// TLS 1.3 beside 1.2.
    is_modern: bool,
    /// Extended master secret, session ticket, status request: what grown libraries send.
    is_grown: bool,
}

impl Program {
    fn habit(self) -> Habit {
        match self {
            Self::Browser => Habit {
                ciphers: &[
                    0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d,
                    0x2f, 0x35,
                ],
                groups: &[29, 23, 24],
                signatures: &[0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
                alpn: &["h2", "http/1.1"],
                is_modern: true,
                is_grown: true,
            },
            Self::System => Habit {
                ciphers: &[
                    0x1302, 0x1301, 0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023, 0xc028, 0xc027, 0xc00a, 0xc009,
                    0xc014, 0xc013, 0x9d, 0x9c,
                ],
                groups: &[29, 23, 24],
                signatures: &[0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503],
                alpn: &["http/1.1"],
                is_modern: true,
                is_grown: true,
            },
            Self::Appliance => Habit {
                ciphers: &[0xc02f, 0xc030, 0x9c, 0x9d, 0x2f],
                groups: &[23],
                signatures: &[0x0401, 0x0501, 0x0403],
                alpn: &[],
                is_modern: false,
                is_grown: false,
            },
            Self::Mobile => Habit {
                ciphers: &[0x1301, 0x1302, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8],
                groups: &[29, 23, 24, 25],
                signatures: &[0x0403, 0x0804, 0x0401, 0x0503, 0x0805],
                alpn: &["h2", "http/1.1"],
                is_modern: true,
                is_grown: true,
            },
            Self::Bookkeeping => Habit {
                ciphers: &[0x1302, 0x1301, 0xc02c, 0xc02b, 0xc030, 0x9f, 0xc02f, 0x9e, 0xff],
                groups: &[29, 23, 24, 25, 30],
                signatures: &[0x0403, 0x0503, 0x0603, 0x0804],
                alpn: &[],
                is_modern: true,
                is_grown: true,
            },
            Self::Assistant => Habit {
                ciphers: &[0x1301, 0x1303, 0x1302, 0xc02f, 0xc030, 0xcca8],
                groups: &[29, 23],
                signatures: &[0x0804, 0x0403, 0x0807, 0x0805],
                alpn: &["h2"],
                is_modern: true,
                is_grown: false,
            },
            Self::Malware => Habit {
                ciphers: &[0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0xc013, 0xc009, 0xc014, 0xc00a],
                groups: &[29, 23, 24, 25],
                signatures: &[0x0804, 0x0403, 0x0401, 0x0603],
                alpn: &[],
                is_modern: false,
                is_grown: false,
            },
        }
    }
}

/// The client's greeting, as one TLS record.
pub(crate) fn client(program: Program, name: &str, chance: &mut Chance) -> Vec<u8> {
    let habit = program.habit();
    let mut extensions = Vec::new();
    let server_name = prefixed(2, &concat(&[&[0], &prefixed(2, name.as_bytes())]));
    extension(&mut extensions, 0, &server_name);
    if habit.is_grown {
        extension(&mut extensions, 23, &[]);
        extension(&mut extensions, 0xff01, &[0]);
    }
    extension(&mut extensions, 10, &prefixed(2, &words(habit.groups)));
    extension(&mut extensions, 11, &[1, 0]);
    if habit.is_grown {
        extension(&mut extensions, 35, &[]);
        extension(&mut extensions, 5, &[1, 0, 0, 0, 0]);
    }
    if !habit.alpn.is_empty() {
        let names: Vec<Vec<u8>> = habit.alpn.iter().map(|name| prefixed(1, name.as_bytes())).collect();
        extension(&mut extensions, 16, &prefixed(2, &names.concat()));
    }
    extension(&mut extensions, 13, &prefixed(2, &words(habit.signatures)));
    if habit.is_modern {
        let share = concat(&[&words(&[29]), &prefixed(2, &chance.bytes::<32>())]);
        extension(&mut extensions, 51, &prefixed(2, &share));
        extension(&mut extensions, 45, &[1, 1]);
        extension(&mut extensions, 43, &prefixed(1, &words(&[0x0304, 0x0303])));
    }
    let body = concat(&[
        &words(&[0x0303]),
        &chance.bytes::<32>(),
        &prefixed(1, &chance.bytes::<32>()),
        &prefixed(2, &words(habit.ciphers)),
        &[1, 0],
        &prefixed(2, &extensions),
    ]);
    record(1, &body, 0x0301)
}

/// The server's answer to that program, as one TLS record.
pub(crate) fn server(program: Program, chance: &mut Chance) -> Vec<u8> {
    let is_modern = program.habit().is_modern;
    let mut extensions = Vec::new();
    if is_modern {
        extension(&mut extensions, 43, &words(&[0x0304]));
        extension(&mut extensions, 51, &concat(&[&words(&[29]), &prefixed(2, &chance.bytes::<32>())]));
    } else {
        extension(&mut extensions, 0xff01, &[0]);
    }
    let body = concat(&[
        &words(&[0x0303]),
        &chance.bytes::<32>(),
        &prefixed(1, &chance.bytes::<32>()),
        &words(&[if is_modern { 0x1301 } else { 0xc02f }]),
        &[0],
        &prefixed(2, &extensions),
    ]);
    record(2, &body, 0x0303)
}

/// A handshake message in a record of its own.
fn record(message: u8, body: &[u8], version: u16) -> Vec<u8> {
    let handshake = concat(&[&[message], &prefixed(3, body)]);
    concat(&[&[22], &words(&[version]), &prefixed(2, &handshake)])
}

fn extension(extensions: &mut Vec<u8>, number: u16, body: &[u8]) {
    extensions.extend(number.to_be_bytes());
    extensions.extend(prefixed(2, body));
}

/// The bytes after their own count, written in so many bytes.
fn prefixed(width: usize, body: &[u8]) -> Vec<u8> {
    let count = (body.len() as u64).to_be_bytes();
    let mut bytes: Vec<u8> = count.iter().skip(8 - width.min(8)).copied().collect();
    bytes.extend(body);
    bytes
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn concat(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}
