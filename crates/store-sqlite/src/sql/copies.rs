//! Statements on copying as a whole, and on the memory of backups and drills. Those on the tables that are copied are made
//! from their names (`copies`).

super::statements! {
    SCHEMA = "SELECT MAX(version) FROM _sqlx_migrations";

    INTAKE = "SELECT source FROM intake";

    NEXT_INDEX = "
        SELECT COALESCE((SELECT idx + 1 FROM journal WHERE organisation = $1 ORDER BY idx DESC LIMIT 1), 0)";

    BEGIN_INTAKE = "INSERT INTO intake (one, source, began_at) VALUES (1, $1, $2)";

    RENAME_INTAKE = "UPDATE intake SET source = $1";

    END_INTAKE = "DELETE FROM intake";

    MOVED = "SELECT place, moved_at FROM moved";

    NOT_MOVED = "DELETE FROM moved";

    MARK_MOVED = "INSERT INTO moved (one, place, moved_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING";

    NOTE = "INSERT INTO safety (id, kind, held_at, is_sound, remark) VALUES ($1, $2, $3, $4, $5)";

    LAST = "SELECT id, held_at, is_sound, remark FROM safety WHERE kind = $1 ORDER BY held_at DESC, id DESC LIMIT 1";
}
