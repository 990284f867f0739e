//! The citizen service number's own check (the eleven-test with -1 as its last weight).

/// Numbers that stand as examples in manuals and on websites.
const EXAMPLES: [&[u8]; 4] = [b"111222333", b"123456782", b"000000000", b"999999990"];

/// Whether eight or nine digits are a valid BSN. One in eleven numbers is, by chance.
#[must_use]
pub fn is_bsn(digits: &[u8]) -> bool {
    if !matches!(digits.len(), 8 | 9) || !digits.iter().all(u8::is_ascii_digit) || EXAMPLES.contains(&digits) {
        return false;
    }
    // A number of eight digits lost its leading zero.
    let weight_of_first: i32 = if digits.len() == 9 { 9 } else { 8 };
    let mut sum = 0;
    for (place, digit) in digits.iter().enumerate() {
        let weight = match weight_of_first - i32::try_from(place).unwrap_or(0) {
            1 => -1,
            weight => weight,
        };
        sum += weight * i32::from(digit - b'0');
    }
    sum % 11 == 0 && digits.iter().any(|digit| *digit != b'0')
}
