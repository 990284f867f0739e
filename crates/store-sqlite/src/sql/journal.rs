//! Statements on the journal, its tree and its checkpoints.

super::statements! {
    COUNT_ENTRIES = "SELECT COUNT(*) FROM journal WHERE incident = $1 AND organisation = $2";

    COUNT_ENTRIES_ELSEWHERE = "SELECT COUNT(*) FROM journal WHERE incident = $1 AND organisation <> $2";

    INSERT_ENTRY = "
        INSERT INTO journal (organisation, idx, incident, kind, recorded_at, leaf, leaf_hash, commitment)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    INSERT_BODY = "INSERT INTO journal_bodies (organisation, idx, salt, body) VALUES ($1, $2, $3, $4)";

    RECORD_ERASURE = "INSERT INTO erasures (organisation, idx, erased_at) VALUES ($1, $2, $3)";

    ERASE_BODY = "DELETE FROM journal_bodies WHERE organisation = $1 AND idx = $2";

    IS_ENTRY_OF = "SELECT COUNT(*) FROM journal WHERE organisation = $1 AND idx = $2 AND incident = $3";

    /// The entries of an incident by their places, and not by looking for it in the whole register: without this SQLite takes
    /// the order for the dearer part.
    HISTORY = "
        SELECT journal.idx, incident, kind, recorded_at, leaf_hash, commitment, salt, body, erased_at FROM journal
        LEFT JOIN journal_bodies
            ON journal_bodies.organisation = journal.organisation AND journal_bodies.idx = journal.idx
        LEFT JOIN erasures ON erasures.organisation = journal.organisation AND erasures.idx = journal.idx
        WHERE journal.organisation = $2
            AND journal.idx IN (SELECT own.idx FROM journal AS own WHERE own.incident = $1 AND own.organisation = $2)
        ORDER BY journal.idx";

    ENTRIES = "
        SELECT journal.idx, incident, kind, recorded_at, leaf_hash, commitment, salt, body, erased_at FROM journal
        LEFT JOIN journal_bodies
            ON journal_bodies.organisation = journal.organisation AND journal_bodies.idx = journal.idx
        LEFT JOIN erasures ON erasures.organisation = journal.organisation AND erasures.idx = journal.idx
        WHERE journal.organisation = $1
        ORDER BY journal.idx";

    ENTRIES_FROM = "
        SELECT journal.idx, incident, kind, recorded_at, leaf_hash, commitment, salt, body, erased_at FROM journal
        LEFT JOIN journal_bodies
            ON journal_bodies.organisation = journal.organisation AND journal_bodies.idx = journal.idx
        LEFT JOIN erasures ON erasures.organisation = journal.organisation AND erasures.idx = journal.idx
        WHERE journal.organisation = $1 AND journal.idx >= $2
        ORDER BY journal.idx LIMIT $3";

    LEAF_HASHES = "SELECT leaf_hash FROM journal WHERE organisation = $1 AND idx < $2 ORDER BY idx";

    LAST_RECORDED = "SELECT recorded_at FROM journal WHERE organisation = $1 ORDER BY idx DESC LIMIT 1";

    HEAD = "SELECT frontier FROM heads WHERE organisation = $1";

    SAVE_HEAD = "
        INSERT INTO heads (organisation, size, frontier) VALUES ($1, $2, $3)
        ON CONFLICT (organisation) DO UPDATE SET size = excluded.size, frontier = excluded.frontier";

    INSERT_CHECKPOINT = "INSERT INTO checkpoints (organisation, size, note) VALUES ($1, $2, $3)";

    CHECKPOINT_AT = "SELECT note FROM checkpoints WHERE organisation = $1 AND size = $2";

    CHECKPOINT = "SELECT note FROM checkpoints WHERE organisation = $1 ORDER BY size DESC LIMIT 1";
}
