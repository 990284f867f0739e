-- Backups that were made, drills that were held, and a copy that is being taken in.

CREATE TABLE safety (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('backup', 'drill')),
    held_at BIGINT NOT NULL,
    is_sound BOOLEAN NOT NULL,
    remark TEXT COLLATE "C" NOT NULL
);

CREATE INDEX safety_by_kind ON safety (kind, held_at);

-- At most one row: while it stands here, this database is not whole and nothing else opens it.
CREATE TABLE intake (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Tells what is taken in from everything else.
    source TEXT COLLATE "C" NOT NULL,
    began_at BIGINT NOT NULL
);
