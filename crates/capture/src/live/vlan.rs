//! The VLAN tag, which network cards and the kernel take off a frame and tell beside it (IEEE 802.1Q).

/// A tag's kind and number.
pub(super) const TAG_BYTES: usize = 4;

/// The kind of a customer's tag, where the kernel tells none.
pub(super) const CUSTOMER_TAG: u16 = 0x8100;

/// Both Ethernet addresses, after which the tag stands.
const ADDRESSES: usize = 12;

/// Writes the frame with its tag into `tagged`. False: it is too short to have had one.
pub(super) fn put_back(frame: &[u8], kind: u16, control: u16, tagged: &mut Vec<u8>) -> bool {
    let Some((addresses, rest)) = frame.split_at_checked(ADDRESSES) else { return false };
    tagged.clear();
    tagged.extend_from_slice(addresses);
    tagged.extend_from_slice(&kind.to_be_bytes());
    tagged.extend_from_slice(&control.to_be_bytes());
    tagged.extend_from_slice(rest);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_stands_after_the_addresses_again() {
        let frame: Vec<u8> = (0..20).collect();
        let mut tagged = vec![9; 100];
        assert!(put_back(&frame, 0x88a8, 0x2064, &mut tagged));
        let expected = [&frame[..12], &[0x88, 0xa8, 0x20, 0x64], &frame[12..]].concat();
        assert_eq!(tagged, expected);
    }

    #[test]
    fn what_is_no_whole_header_is_left_as_it_is() {
        for length in 0..12 {
            assert!(!put_back(&vec![1; length], CUSTOMER_TAG, 1, &mut Vec::new()), "{length} bytes");
        }
        assert!(put_back(&[1; 12], CUSTOMER_TAG, 1, &mut Vec::new()));
    }
}
