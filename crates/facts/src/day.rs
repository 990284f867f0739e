//! A day as people type it.

use jiff::civil::Date;

/// The day of `2027-01-31`, as machines and browsers write it, or `31-1-2027`, as people here do; with hyphens or dots, with or
/// without zeros in front. Nothing for what could be another day as well: a year of two digits, or slashes.
#[must_use]
pub fn typed_day(text: &str) -> Option<Date> {
    let mut parts = text.trim().split(['-', '.']);
    let (one, month, three) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, day) = if one.len() == 4 { (one, three) } else { (three, one) };
    let is_number = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    let is_day = year.len() == 4
        && (1..=2).contains(&month.len())
        && (1..=2).contains(&day.len())
        && [year, month, day].into_iter().all(is_number);
    if !is_day || parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_read_as_people_type_it() {
        for text in ["2027-01-02", "2027-1-2", "2-1-2027", "02-01-2027", " 2-01-2027 ", "2.1.2027"] {
            assert_eq!(typed_day(text), Some(date(2027, 1, 2)), "{text}");
        }
        for text in [
            "",
            "-",
            "--",
            "morgen",
            "2027",
            "2027-1",
            "2-1-27",
            "27-1-2",
            "2/1/2027",
            "31-2-2027",
            "2027-13-1",
            "0-1-2027",
            "2027-1-2-3",
            "2027-01-02T10:00",
            "+2-1-2027",
            "2-+1-2027",
            "2027-001-2",
            "٢-١-٢٠٢٧",
            "20270102",
        ] {
            assert_eq!(typed_day(text), None, "{text}");
        }
    }
}
