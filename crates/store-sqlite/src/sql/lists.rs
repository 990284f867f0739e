//! Statements on pages of lists, on the words by which incidents are found, and on making both again.
//!
//! A page is one statement for each order and direction, with words or without: then each can walk an index and stop. What
//! is not asked is bound so that it holds for all (the least and the greatest number, NULL, a text that all have).
//!
//! Words are looked for in two ways, so that neither costs more with history. What few incidents have is read by their
//! numbers and put in order (`FEW_*`); what many have is met soon on the way through the list (`FOUND_*`).

use super::incidents::line_columns;
use crate::engine::{among, each, has_text};

/// Whether the authority was notified, as `Notified` has it: here or by what another register says; of what was erased that is
/// its kind.
macro_rules! notified {
    () => {
        "CASE
            WHEN authority_notified_at IS NOT NULL OR told_there = 'yes' THEN 'yes'
            WHEN erased_at IS NOT NULL AND retention = 'notified' THEN 'yes'
            WHEN erased_at IS NOT NULL THEN 'no'
            WHEN is_notify_decided THEN 'planned'
            WHEN NOT is_notify_decided THEN 'no'
            WHEN told_there = 'no' THEN 'no'
            ELSE 'undecided' END"
    };
}

/// $1 organisation, $2 with the register's row, $3 phase, $4–$5 bounds of `pressing`, $6–$7 of `opened_at`, $8 whether the
/// authority was notified, $9–$10 the place to go on from, $11 how many.
macro_rules! page {
    ($pressing:literal, $opened:literal, $key:literal, $beyond:literal, $direction:literal, $words:expr) => {
        concat!(
            "SELECT ",
            line_columns!(),
            ", CASE WHEN $2 THEN register_row ELSE '' END AS register_row FROM incidents
            WHERE organisation = $1 AND (phase = $3 OR $3 IS NULL) AND ",
            $pressing,
            " >= $4 AND ",
            $pressing,
            " < $5 AND ",
            $opened,
            " >= $6 AND ",
            $opened,
            " < $7
                AND (",
            notified!(),
            " = $8 OR $8 IS NULL) AND (",
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

/// Through the list in its order.
macro_rules! walk {
    ($key:literal, $beyond:literal, $direction:literal, $words:expr) => {
        page!("pressing", "opened_at", $key, $beyond, $direction, $words)
    };
}

/// By number: the sums keep the databases from the indexes by which the list would be walked.
macro_rules! few {
    ($key:literal, $beyond:literal, $direction:literal) => {
        page!("pressing + 0", "opened_at + 0", $key, $beyond, $direction, concat!(" AND ", with_word!(), has_words!()))
    };
}

/// Whether an incident has a word in a range: $16–$17 of a page, $13–$14 of a count.
macro_rules! with_word {
    () => {
        among!("number", "SELECT number FROM incident_words WHERE organisation = $1 AND word >= $16 AND word < $17")
    };
    (counted) => {
        among!("number", "SELECT number FROM incident_words WHERE organisation = $1 AND word >= $13 AND word < $14")
    };
}

/// Each a word with the space before it (and behind it, where it is whole), or empty.
macro_rules! has_words {
    ($one:literal, $two:literal, $three:literal, $four:literal) => {
        concat!(
            " AND ",
            has_text!("words", $one),
            " AND ",
            has_text!("words", $two),
            " AND ",
            has_text!("words", $three),
            " AND ",
            has_text!("words", $four)
        )
    };
    () => {
        has_words!("$12", "$13", "$14", "$15")
    };
}

/// How many of the newest $2 incidents fit, and how many those were: $3 phase, $4–$5 bounds of `pressing`, $6–$7 of
/// `opened_at`, $8 whether the authority was notified, $9–$12 words. `$among` says which are looked at.
macro_rules! count_found {
    ($opened:literal, $among:expr) => {
        concat!(
            "SELECT COUNT(*) FILTER (WHERE (phase = $3 OR $3 IS NULL) AND pressing >= $4 AND pressing < $5
                AND (",
            notified!(),
            " = $8 OR $8 IS NULL)",
            has_words!("$9", "$10", "$11", "$12"),
            "), COUNT(*) FROM (
                SELECT phase, pressing, authority_notified_at, told_there, erased_at, retention, is_notify_decided, words
                FROM incidents WHERE organisation = $1 AND ",
            $opened,
            " >= $6 AND ",
            $opened,
            " < $7",
            $among,
            " LIMIT $2) AS counted"
        )
    };
}

super::statements! {
    PRESSING_BELOW = walk!("pressing", ">", "ASC", "");
    PRESSING_ABOVE = walk!("pressing", "<", "DESC", "");
    NEWEST_BELOW = walk!("opened_at", "<", "DESC", "");
    NEWEST_ABOVE = walk!("opened_at", ">", "ASC", "");
    FOUND_PRESSING_BELOW = walk!("pressing", ">", "ASC", has_words!());
    FOUND_PRESSING_ABOVE = walk!("pressing", "<", "DESC", has_words!());
    FOUND_NEWEST_BELOW = walk!("opened_at", "<", "DESC", has_words!());
    FOUND_NEWEST_ABOVE = walk!("opened_at", ">", "ASC", has_words!());
    FEW_PRESSING_BELOW = few!("pressing + 0", ">", "ASC");
    FEW_PRESSING_ABOVE = few!("pressing + 0", "<", "DESC");
    FEW_NEWEST_BELOW = few!("opened_at + 0", "<", "DESC");
    FEW_NEWEST_ABOVE = few!("opened_at + 0", ">", "ASC");
    COUNT_FOUND = count_found!("opened_at", " ORDER BY opened_at DESC, number DESC");
    COUNT_FEW = count_found!("opened_at + 0", concat!(" AND ", with_word!(counted)));

    /// How many incidents have a word from $2 on and before $3; $4 stands for that many and for more.
    WITH_WORD = "
        SELECT COUNT(*) FROM (
            SELECT 1 AS one FROM incident_words WHERE organisation = $1 AND word >= $2 AND word < $3 LIMIT $4) AS counted";

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
