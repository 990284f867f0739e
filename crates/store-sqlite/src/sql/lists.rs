//! Statements on pages of lists, on the words by which incidents are found, and on making both again.
//!
//! A page is one statement for each order and direction, with words or without: then each can walk an index and stop. What
//! is not asked is bound so that it holds for all (the least and the greatest number, NULL).

use super::incidents::line_columns;
use crate::engine::{among, each};

/// $1 organisation, $2 with the register's row, $3 phase, $4–$5 bounds of `pressing`, $6–$7 of `opened_at`, $8 whether the
/// authority was notified, here or by what another register says (of what was erased that is its kind), $9–$10 the place to go on from, $11 how many.
macro_rules! page {
    ($key:literal, $beyond:literal, $direction:literal, $words:expr) => {
        concat!(
            "SELECT ",
            line_columns!(),
            ", CASE WHEN $2 THEN register_row ELSE '' END AS register_row FROM incidents
            WHERE organisation = $1 AND (phase = $3 OR $3 IS NULL)
                AND pressing >= $4 AND pressing < $5 AND opened_at >= $6 AND opened_at < $7
                AND ((authority_notified_at IS NOT NULL OR COALESCE(told_there = 'yes', FALSE)
                    OR (erased_at IS NOT NULL AND retention = 'notified')) = $8 OR $8 IS NULL)
                AND (",
            $key,
            ", number) ",
            $beyond,
            " ($9, $10)",
            $words,
            " ORDER BY ",
            $key,
            " ",
            $direction,
            ", number ",
            $direction,
            " LIMIT $11"
        )
    };
}

/// The numbers of incidents with a word in a range.
macro_rules! with_word {
    ($from:literal, $to:literal) => {
        among!(
            "number",
            concat!(
                "SELECT number FROM incident_words WHERE organisation = $1 AND word >= ",
                $from,
                " AND word < ",
                $to
            )
        )
    };
}

/// The first word always narrows; the others where they are asked.
macro_rules! with_words {
    () => {
        concat!(
            " AND ",
            with_word!("$12", "$13"),
            " AND ($15 = '' OR ",
            with_word!("$14", "$15"),
            ") AND ($17 = '' OR ",
            with_word!("$16", "$17"),
            ") AND ($19 = '' OR ",
            with_word!("$18", "$19"),
            ")"
        )
    };
}

super::statements! {
    PRESSING_BELOW = page!("pressing", ">", "ASC", "");
    PRESSING_ABOVE = page!("pressing", "<", "DESC", "");
    NEWEST_BELOW = page!("opened_at", "<", "DESC", "");
    NEWEST_ABOVE = page!("opened_at", ">", "ASC", "");
    FOUND_PRESSING_BELOW = page!("pressing", ">", "ASC", with_words!());
    FOUND_PRESSING_ABOVE = page!("pressing", "<", "DESC", with_words!());
    FOUND_NEWEST_BELOW = page!("opened_at", "<", "DESC", with_words!());
    FOUND_NEWEST_ABOVE = page!("opened_at", ">", "ASC", with_words!());

    COUNTS = "SELECT phase, count FROM incident_counts WHERE organisation = $1";

    COUNT_ONE_MORE = "
        INSERT INTO incident_counts (organisation, phase, count) VALUES ($1, $2, 1)
        ON CONFLICT (organisation, phase) DO UPDATE SET count = incident_counts.count + 1";

    COUNT_ONE_LESS = "UPDATE incident_counts SET count = count - 1 WHERE organisation = $1 AND phase = $2";

    /// $1 organisations as a JSON list, $2 where the ones without a running clock begin, $3 where the closed ones do. Of two
    /// that press alike both come, the lower number first.
    SUMMARIES = concat!(
        "WITH summary AS (
            SELECT organisation, MIN(pressing) AS first, COUNT(*) AS open, COUNT(*) FILTER (WHERE pressing < $2) AS running
            FROM ", each!("$1"), " JOIN incidents ON incidents.organisation = each.value
            WHERE pressing < $3
            GROUP BY organisation)
        SELECT incidents.organisation, summary.open, summary.running, ", line_columns!(), "
        FROM summary JOIN incidents
            ON incidents.organisation = summary.organisation AND incidents.pressing = summary.first
        ORDER BY incidents.organisation, number"
    );

    KEPT = "SELECT number, phase, words FROM incidents WHERE organisation = $1 AND id = $2";

    /// $3 is a JSON list.
    ADD_WORDS = concat!(
        "INSERT INTO incident_words (organisation, word, number)
        SELECT $1, each.value, $2 FROM ", each!("$3"), " WHERE TRUE
        ON CONFLICT (organisation, word, number) DO NOTHING"
    );

    DROP_WORDS = concat!(
        "DELETE FROM incident_words WHERE organisation = $1 AND number = $2
            AND word IN (SELECT each.value FROM ", each!("$3"), ")"
    );

    /// Who else has this number: a line that the journal does not bear out.
    IN_THE_WAY = "SELECT id FROM incidents WHERE organisation = $1 AND number = $2 AND id <> $3";

    DROP_LINE = "DELETE FROM incidents WHERE organisation = $1 AND id = $2";

    STRAYS = "
        SELECT id FROM incidents WHERE organisation = $1 AND NOT EXISTS (
            SELECT 1 FROM journal WHERE journal.incident = incidents.id AND journal.organisation = incidents.organisation)";

    INCIDENTS_FROM = "SELECT incident, idx FROM journal WHERE organisation = $1 AND idx >= $2 ORDER BY idx LIMIT $3";

    /// $2 is a JSON list. Each is looked up: left to choose (`JOIN`), SQLite goes past all that is there instead.
    NUMBERS_THERE = concat!(
        "SELECT each.value, MIN(number) FROM ", each!("$2"), "
            CROSS JOIN incidents WHERE incidents.organisation = $1 AND incidents.number_there = each.value
        GROUP BY each.value"
    );

    /// An index each for what lies before and after.
    OUTDATED = "
        SELECT slug FROM organisations WHERE id IN (
            SELECT organisation FROM incidents WHERE edition < $1
            UNION SELECT organisation FROM incidents WHERE edition > $1)
        ORDER BY slug";
}
