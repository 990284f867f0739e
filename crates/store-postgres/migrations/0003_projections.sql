-- What lists are read from. It can be thrown away and rebuilt from the journal, except the detections: those the
-- journal only holds the hashes of.

CREATE TABLE incidents (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    opened_at BIGINT NOT NULL,
    urgency TEXT COLLATE "C",
    phase TEXT COLLATE "C" NOT NULL,
    clock_start BIGINT NOT NULL,
    is_provisional BOOLEAN NOT NULL,
    notify_authority TEXT COLLATE "C",
    inform_subjects TEXT COLLATE "C",
    is_notify_decided BOOLEAN,
    authority_notified_at BIGINT,
    closed_at BIGINT,
    entries BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, number)
);

CREATE TABLE detections (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    incident TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    -- Of the JSON line, which is kept byte for byte.
    sha256 TEXT COLLATE "C" NOT NULL,
    json TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, incident, id)
);
