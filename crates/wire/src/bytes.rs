//! Reading numbers from bytes without ever reading past the end.

/// The two bytes at `at`, big-endian.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

/// The four bytes at `at`, big-endian.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// The two bytes at `at`, little-endian.
pub(crate) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    be16(bytes, at).map(u16::swap_bytes)
}

/// The four bytes at `at`, little-endian.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    be32(bytes, at).map(u32::swap_bytes)
}

/// The eight bytes at `at`, little-endian.
pub(crate) fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    let (low, high) = (le32(bytes, at)?, le32(bytes, at.checked_add(4)?)?);
    Some(u64::from(high) << 32 | u64::from(low))
}

/// Splits off `length` bytes; absent when there are fewer.
pub(crate) fn take(bytes: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(length)
}

/// Splits off a block that is preceded by its length in one byte.
pub(crate) fn take_u8_block(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    take(rest, usize::from(*length))
}

/// Splits off a block that is preceded by its length in two bytes, big-endian.
pub(crate) fn take_u16_block(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = be16(bytes, 0)?;
    take(bytes.get(2..)?, usize::from(length))
}

/// Consecutive big-endian 16-bit numbers; an odd last byte is left out.
pub(crate) fn be16_list(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).filter_map(|two| be16(two, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_past_the_end() {
        assert_eq!(be16(&[1, 2], 0), Some(0x0102));
        assert_eq!(be16(&[1, 2], 1), None);
        assert_eq!(be32(&[1, 2, 3, 4], usize::MAX), None);
        assert_eq!((le16(&[1, 2], 0), le32(&[1, 2, 3, 4], 0)), (Some(0x0201), Some(0x0403_0201)));
        assert_eq!(le64(&[1, 0, 0, 0, 2, 0, 0, 0], 0), Some(0x2_0000_0001));
        assert_eq!(le64(&[0; 7], 0), None);
        assert_eq!(take_u8_block(&[2, 7, 8, 9]), Some((&[7, 8][..], &[9][..])));
        assert_eq!(take_u16_block(&[0, 3, 7, 8]), None);
        assert_eq!(be16_list(&[0, 1, 0, 2, 9]), [1, 2]);
    }
}
