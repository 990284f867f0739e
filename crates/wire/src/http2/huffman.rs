//! HPACK's Huffman code (RFC 7541 appendix B).

/// How many bits each byte has, and at the end the mark that never stands in a text. The code is canonical: codes of
/// one length follow each other in the order of their bytes, so the lengths say all of it.
#[rustfmt::skip]
const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30,
];

const LONGEST: usize = 30;

/// The codes of one length.
#[derive(Clone, Copy)]
struct Group {
    /// The first of them, and how many there are.
    first: u32,
    count: u32,
    /// Where their bytes begin in [`Code::sorted`].
    start: usize,
}

struct Code {
    groups: [Group; LONGEST + 1],
    /// Bytes, and the mark, in the order of their codes.
    sorted: [u16; 257],
}

const CODE: Code = code();

#[expect(clippy::indexing_slicing, reason = "run by the compiler: an index outside does not compile")]
const fn code() -> Code {
    let mut groups = [Group { first: 0, count: 0, start: 0 }; LONGEST + 1];
    let mut sorted = [0; 257];
    let (mut length, mut next, mut placed) = (1, 0, 0);
    while length <= LONGEST {
        next <<= 1;
        groups[length] = Group { first: next, count: 0, start: placed };
        let mut symbol = 0;
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == length {
                sorted[placed] = symbol as u16;
                placed += 1;
                next += 1;
                groups[length].count += 1;
            }
            symbol += 1;
        }
        length += 1;
    }
    Code { groups, sorted }
}

/// The text that is meant. Absent: it is none.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(bytes.len() * 8 / 5);
    let (mut code, mut length) = (0u32, 0usize);
    for byte in bytes {
        for shift in (0..8).rev() {
            code = code << 1 | u32::from(byte >> shift & 1);
            length += 1;
            let group = CODE.groups.get(length)?;
            if let Some(offset) = code.checked_sub(group.first).filter(|offset| *offset < group.count) {
                let symbol = CODE.sorted.get(group.start + offset as usize)?;
                text.push(u8::try_from(*symbol).ok()?);
                (code, length) = (0, 0);
            }
        }
    }
    // What is left of the last byte is filled with ones (RFC 7541 §5.2).
    let is_padding = length < 8 && code == (1 << length) - 1;
    is_padding.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_standard_are_read() {
        let table: [(&[u8], &str); 4] = [
            (b"\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff", "www.example.com"),
            (b"\xa8\xeb\x10\x64\x9c\xbf", "no-cache"),
            (b"\x25\xa8\x49\xe9\x5b\xb8\xe8\xb4\xbf", "custom-value"),
            (b"", ""),
        ];
        for (bytes, text) in table {
            assert_eq!(decode(bytes).as_deref(), Some(text.as_bytes()));
        }
    }

    #[test]
    fn every_byte_has_a_code_and_the_mark_is_refused() {
        for (symbol, length) in LENGTHS.iter().enumerate() {
            let group = CODE.groups[usize::from(*length)];
            let nth = CODE.sorted[group.start..].iter().position(|sorted| usize::from(*sorted) == symbol).unwrap();
            // At the left of four bytes, the rest filled with ones.
            let code = u64::from(group.first) + nth as u64;
            let filled = (code << 32 | 0xffff_ffff) >> length;
            let bytes = &(filled as u32).to_be_bytes()[..usize::from(*length).div_ceil(8)];
            assert_eq!(decode(bytes), u8::try_from(symbol).ok().map(|byte| vec![byte]), "{symbol}");
        }
        assert_eq!(decode(b"\xff"), None, "eight bits of filling");
        assert_eq!(decode(b"\x00"), None, "filling is ones");
    }
}
