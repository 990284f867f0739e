-- How long incidents are kept, what holds them, and what people asked about their data.

-- The rule an incident is kept by, and what its term waits for. Lines of before are made again from the journal.
ALTER TABLE incidents ADD COLUMN retention TEXT COLLATE "C" NOT NULL DEFAULT 'notified';
ALTER TABLE incidents ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incidents ADD COLUMN held_at BIGINT;
ALTER TABLE incidents ADD COLUMN erased_at BIGINT;

-- What may have to be erased is found without reading the rest.
CREATE INDEX incidents_by_end ON incidents (organisation, retention, closed_at)
WHERE closed_at IS NOT NULL AND erased_at IS NULL;

-- Every term that was ever set, the newest in force: who, when, from, to.
CREATE TABLE retention_terms (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    kind TEXT COLLATE "C" NOT NULL,
    set_at BIGINT NOT NULL,
    years BIGINT NOT NULL CHECK (years >= 1),
    years_before BIGINT NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, kind, set_at)
);

CREATE TRIGGER retention_terms_are_not_updated BEFORE UPDATE ON retention_terms
FOR EACH ROW EXECUTE FUNCTION refuse('a term that was set is never changed: set another');

-- What persons asked (AVG arts. 15, 17) and what came of it; nothing that says who they are.
CREATE TABLE person_requests (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    id TEXT COLLATE "C" NOT NULL,
    asked_at BIGINT NOT NULL,
    -- access or erasure
    kind TEXT COLLATE "C" NOT NULL,
    -- The organisation's own file name for it.
    reference TEXT COLLATE "C" NOT NULL,
    handled_by TEXT COLLATE "C" NOT NULL,
    incidents_searched BIGINT NOT NULL,
    places_found BIGINT NOT NULL,
    PRIMARY KEY (organisation, id)
);
