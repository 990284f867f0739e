//! DER as far as certificates need it (ITU-T X.690): tag, length, content. Nothing is copied, nothing nests deeper than
//! whoever reads it goes.

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
/// A string of UTF-16 code units.
pub(super) const BMP_STRING: u8 = 0x1e;

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// With its tag and length.
    pub(super) whole: &'a [u8],
}

/// The elements that stand one after the other, as far as their lengths can be followed.
#[derive(Clone, Debug)]
pub(super) struct Items<'a>(pub(super) &'a [u8]);

impl<'a> Items<'a> {
    /// The next one's content, if it has that tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|item| item.tag == tag).map(|item| item.content)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let (tag, first) = (*self.0.first()?, *self.0.get(1)?);
        // Tags of several bytes and lengths without end are nothing that a certificate has.
        if tag & 0x1f == 0x1f || first == 0x80 || first > 0x84 {
            return None;
        }
        let (header, length) = if first < 0x80 {
            (2, usize::from(first))
        } else {
            let more = usize::from(first & 0x7f);
            let bytes = self.0.get(2..2 + more)?;
            (2 + more, bytes.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte)))
        };
        let (whole, rest) = self.0.split_at_checked(header.checked_add(length)?)?;
        self.0 = rest;
        Some(Item { tag, content: whole.get(header..)?, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_followed_as_far_as_their_lengths_hold() {
        let tags = |bytes| Items(bytes).map(|item| (item.tag, item.content.len())).collect::<Vec<_>>();
        assert_eq!(tags(&[2, 1, 5, 4, 0, 0x30, 0x81, 2, 1, 1]), [(2, 1), (4, 0), (0x30, 2)]);
        assert_eq!(tags(&[2, 1, 5, 4, 9, 0]), [(2, 1)]);
        assert_eq!(tags(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), []);
        assert_eq!(tags(&[0x30, 0x80, 0, 0]), []);
        assert_eq!(tags(&[0x1f, 1, 1]), []);
    }
}
