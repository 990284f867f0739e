//! Dates as people write them, where they could be somebody's birth.

/// Years in which somebody who lives may have been born.
const YEARS: std::ops::RangeInclusive<u32> = 1905..=2035;

/// The length of the date that these bytes begin with: `dd-mm-jjjj`, `d/m/jjjj`, `jjjj-mm-dd`.
pub(crate) fn length(bytes: &[u8]) -> Option<usize> {
    let (first, after_first) = number(bytes)?;
    let separator = *bytes.get(after_first)?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (second, length) = number(bytes.get(after_first + 1..)?)?;
    let after_second = after_first + 1 + length;
    if bytes.get(after_second) != Some(&separator) {
        return None;
    }
    let (third, length) = number(bytes.get(after_second + 1..)?)?;
    let end = after_second + 1 + length;
    let (day, month, year) = if after_first == 4 { (third, second, first) } else { (first, second, third) };
    let is_date = (1..=31).contains(&day) && (1..=12).contains(&month) && YEARS.contains(&year);
    (is_date && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric)).then_some(end)
}

/// Up to four digits, and how many there are.
fn number(bytes: &[u8]) -> Option<(u32, usize)> {
    let count = bytes.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = bytes.get(..count)?;
    (1..=4).contains(&count).then(|| (digits.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')), count))
}
