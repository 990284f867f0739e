-- What lists are read from. It can be thrown away and rebuilt from the journal, except the detections: those the
-- journal only holds the hashes of.

CREATE TABLE incidents (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    urgency TEXT,
    phase TEXT NOT NULL,
    clock_start BIGINT NOT NULL,
    is_provisional BOOLEAN NOT NULL,
    notify_authority TEXT,
    inform_subjects TEXT,
    is_notify_decided BOOLEAN,
    authority_notified_at BIGINT,
    closed_at BIGINT,
    entries BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, number)
);

CREATE TABLE detections (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    incident TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Of the JSON line, which is kept byte for byte.
    sha256 TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (organisation, incident, id)
);
