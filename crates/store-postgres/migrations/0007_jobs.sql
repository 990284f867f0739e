-- Work that comes back, by name: of all servers on this database one does it.

CREATE TABLE jobs (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Who has it, and until when nobody else may take it.
    holder TEXT COLLATE "C" NOT NULL,
    held_until BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT
);
