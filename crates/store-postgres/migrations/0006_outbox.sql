-- What leaves the program: queued with the event that causes it, kept with what became of it.

CREATE TABLE outbox (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- What makes it one letter: the same key is queued once.
    key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    incident TEXT COLLATE "C",
    recipient TEXT COLLATE "C" NOT NULL,
    -- A JSON object.
    data TEXT COLLATE "C" NOT NULL,
    -- How many entries the journal had, those that caused it included.
    tree_size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When it is tried next; while a worker has it, when that worker's time is up.
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT COLLATE "C" NOT NULL DEFAULT '',
    sent_at BIGINT,
    given_up_at BIGINT,
    UNIQUE (organisation, key)
);

CREATE INDEX outbox_by_due ON outbox (due_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE INDEX outbox_by_organisation ON outbox (organisation, created_at);

-- When the clocks of an incident are to be looked at: at once after something happened to it, then when the next one rings.
CREATE TABLE alarms (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    incident TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, incident)
);

CREATE INDEX alarms_by_due ON alarms (due_at);

-- Where the signed state of the register is handed over; empty: to the contact.
ALTER TABLE organisations ADD COLUMN register_email TEXT COLLATE "C" NOT NULL DEFAULT '';
