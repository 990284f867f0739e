//! A number with what it counts, as verbs say it.

/// `1 incident`, `2 incidents`; `1 entry`, `2 entries`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_several() {
        let check = |count, noun, expected: &str| assert_eq!(counted(count, noun), expected);
        check(0, "file", "0 files");
        check(1, "file", "1 file");
        check(1, "entry", "1 entry");
        check(2, "entry", "2 entries");
    }
}
