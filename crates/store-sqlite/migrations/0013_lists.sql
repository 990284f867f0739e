-- What pages of lists are read from: the register's row ready to be shown, the words an incident is found by, how many
-- are in each phase, and the orders in which they are listed. All of it can be made again from the journal.

-- JSON; empty where it was not made yet.
ALTER TABLE incidents ADD COLUMN register_row TEXT NOT NULL DEFAULT '';
-- The words of incident_words, each once, with spaces between them.
ALTER TABLE incidents ADD COLUMN words TEXT NOT NULL DEFAULT '';
-- Of the program that made the line (app::EDITION); a line of another edition is made again.
ALTER TABLE incidents ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;
-- Its place in lists, the lowest first (IncidentRow::pressing).
ALTER TABLE incidents ADD COLUMN pressing BIGINT NOT NULL DEFAULT 0;

-- Until they are made again: the open ones before the closed ones, both the newest first.
UPDATE incidents SET pressing =
    CASE WHEN closed_at IS NULL THEN 1152921504606846976 ELSE 1729382256910270464 END + 576460752303423487 - opened_at;

CREATE INDEX incidents_by_pressing ON incidents (organisation, pressing, number);

CREATE INDEX incidents_by_opening ON incidents (organisation, opened_at, number);

-- Few or none: what an upgrade has to make again is found without reading the rest.
CREATE INDEX incidents_by_edition ON incidents (edition, organisation);

-- Lower case, without accents; looked for by how they begin.
CREATE TABLE incident_words (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    word TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (organisation, word, number)
) WITHOUT ROWID;

CREATE TABLE incident_counts (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    phase TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (organisation, phase)
) WITHOUT ROWID;

INSERT INTO incident_counts (organisation, phase, count)
SELECT organisation, phase, COUNT(*) FROM incidents GROUP BY organisation, phase;
