//! International bank account numbers (ISO 13616): the length by country, and the remainder by 97.

/// Countries of the register with their numbers' lengths.
const LENGTHS: [(&[u8; 2], usize); 47] = [
    (b"NL", 18),
    (b"BE", 16),
    (b"DE", 22),
    (b"FR", 27),
    (b"GB", 22),
    (b"ES", 24),
    (b"IT", 27),
    (b"LU", 20),
    (b"AT", 20),
    (b"CH", 21),
    (b"PL", 28),
    (b"PT", 25),
    (b"IE", 22),
    (b"DK", 18),
    (b"SE", 24),
    (b"NO", 15),
    (b"FI", 18),
    (b"CZ", 24),
    (b"SK", 24),
    (b"HU", 28),
    (b"RO", 24),
    (b"BG", 22),
    (b"GR", 27),
    (b"HR", 21),
    (b"SI", 19),
    (b"EE", 20),
    (b"LV", 21),
    (b"LT", 20),
    (b"CY", 28),
    (b"MT", 31),
    (b"IS", 26),
    (b"LI", 21),
    (b"MC", 27),
    (b"SM", 27),
    (b"AD", 24),
    (b"GI", 23),
    (b"TR", 26),
    (b"UA", 29),
    (b"RS", 22),
    (b"BA", 20),
    (b"ME", 22),
    (b"MK", 19),
    (b"AL", 28),
    (b"GE", 22),
    (b"MD", 24),
    (b"IL", 23),
    (b"AE", 23),
];

/// Numbers that stand as examples everywhere.
const EXAMPLES: [&[u8]; 5] = [
    b"NL91ABNA0417164300",
    b"BE68539007547034",
    b"DE89370400440532013000",
    b"GB29NWBK60161331926819",
    b"GB82WEST12345698765432",
];

/// How long a number that begins so must be. Absent: none begins so.
pub(crate) fn length(start: &[u8]) -> Option<usize> {
    let country = [start.first()?.to_ascii_uppercase(), start.get(1)?.to_ascii_uppercase()];
    LENGTHS.iter().find(|(known, _)| **known == country).map(|(_, length)| *length)
}

/// Whether these letters and digits, without spaces, are a valid number and no well-known example.
pub(crate) fn is_valid(text: &[u8]) -> bool {
    if length(text) != Some(text.len()) || !text.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let upper = text.to_ascii_uppercase();
    let is_dutch_bank =
        !upper.starts_with(b"NL") || upper.get(4..8).is_some_and(|bank| bank.iter().all(u8::is_ascii_alphabetic));
    let (start, rest) = upper.split_at(4);
    if !is_dutch_bank || EXAMPLES.contains(&upper.as_slice()) || !start.iter().skip(2).all(u8::is_ascii_digit) {
        return false;
    }
    let remainder = rest.iter().chain(start).fold(0u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    remainder == 1
}
