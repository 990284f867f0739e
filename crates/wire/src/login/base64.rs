//! Base64 as it stands in log-ins and mail (RFC 4648 §4), leniently and within bounds.

/// What the text says, up to the first byte that is none of the alphabet; at most `max` bytes.
pub(crate) fn decode(text: &[u8], max: usize) -> Vec<u8> {
    let mut decoded = Vec::with_capacity((text.len() / 4 * 3 + 3).min(max));
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text {
        let Some(six) = six_bits(*byte) else { break };
        bits = bits << 6 | six;
        count += 6;
        if count >= 8 {
            if decoded.len() >= max {
                break;
            }
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
            bits &= (1 << count) - 1;
        }
    }
    decoded
}

fn six_bits(byte: u8) -> Option<u32> {
    SIX_BITS.get(usize::from(byte)).copied().filter(|six| *six < 64).map(u32::from)
}

/// What each byte stands for; 64: it is none of the alphabet.
#[expect(clippy::indexing_slicing, reason = "the table has a place for every byte, and is made by the compiler")]
static SIX_BITS: [u8; 256] = {
    let mut table = [64; 256];
    let mut byte = 0u8;
    loop {
        table[byte as usize] = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 64,
        };
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rfc_s_examples_are_read() {
        for (text, expected) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar"), ("Zm9v!Zm9v", "foo")]
        {
            assert_eq!(decode(text.as_bytes(), 64), expected.as_bytes());
        }
        assert_eq!(decode(b"Zm9vYmFy", 2), b"fo");
    }
}
