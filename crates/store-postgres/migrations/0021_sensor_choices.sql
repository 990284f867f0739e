-- What people choose about sensors: a learning week begun again and what it proposed, threat lists, comparing with others.

-- When learning was begun again, and by whom; absent: it learns from when it enrolled.
ALTER TABLE sensors ADD COLUMN learns_from BIGINT;

ALTER TABLE sensors ADD COLUMN learns_by TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Exceptions that were proposed and that somebody did not want. They go with the detections that they were made of.
CREATE TABLE sensor_refusals (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- SHA-256 of for what it would have held.
    proposal TEXT COLLATE "C" NOT NULL,
    refused_at BIGINT NOT NULL,
    refused_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, proposal)
);

-- The threat lists that an organisation's sensors use, of those that the server offers.
CREATE TABLE list_choices (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    list TEXT COLLATE "C" NOT NULL,
    chosen_at BIGINT NOT NULL,
    chosen_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, list)
);

-- That an organisation compares what it finds with other customers of its provider, or no longer does. The newest stands.
CREATE TABLE comparisons (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    decided_at BIGINT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    is_on BOOLEAN NOT NULL,
    PRIMARY KEY (organisation, decided_at)
);

CREATE TRIGGER comparisons_are_not_updated BEFORE UPDATE ON comparisons
FOR EACH ROW EXECUTE FUNCTION refuse('what was decided is never changed: decide anew');

CREATE TRIGGER comparisons_are_not_deleted BEFORE DELETE ON comparisons
FOR EACH ROW EXECUTE FUNCTION refuse('what was decided is never deleted');

CREATE TRIGGER comparisons_are_not_emptied BEFORE TRUNCATE ON comparisons
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was decided is never deleted');

-- What those that compare found, of what their server still keeps.
CREATE TABLE shared_indicators (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- SHA-256 of a domain, an address or a fingerprint.
    indicator TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, indicator)
);
