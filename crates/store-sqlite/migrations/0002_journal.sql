-- The journal of each organisation: what is written here is never changed. The database itself refuses to.

CREATE TABLE journal (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    -- From 0, without gaps.
    idx BIGINT NOT NULL,
    incident TEXT NOT NULL,
    kind TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- The canonical bytes that are hashed into the tree, and their hash.
    leaf BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    -- The salted hash of the body.
    commitment BLOB NOT NULL,
    PRIMARY KEY (organisation, idx)
) WITHOUT ROWID;

CREATE INDEX journal_by_incident ON journal (incident, organisation);

-- Bodies stand apart, so that one can be erased when its retention ends while the leaf, and so the proof, stays.
CREATE TABLE journal_bodies (
    organisation TEXT NOT NULL,
    idx BIGINT NOT NULL,
    salt BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (organisation, idx),
    FOREIGN KEY (organisation, idx) REFERENCES journal (organisation, idx)
) WITHOUT ROWID;

-- Which bodies may be deleted, and since when. Nothing writes here yet: erasure comes with retention.
CREATE TABLE erasures (
    organisation TEXT NOT NULL,
    idx BIGINT NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, idx),
    FOREIGN KEY (organisation, idx) REFERENCES journal (organisation, idx)
) WITHOUT ROWID;

-- What has to be known of a tree to append to it; could be computed again from the leaf hashes.
CREATE TABLE heads (
    organisation TEXT NOT NULL PRIMARY KEY REFERENCES organisations (id),
    size BIGINT NOT NULL,
    -- The size again (8 bytes, big-endian), then the heads of the complete trees, the largest first, 32 bytes each.
    frontier BLOB NOT NULL
) WITHOUT ROWID;

-- Every signed checkpoint, whole.
CREATE TABLE checkpoints (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (organisation, size)
) WITHOUT ROWID;

-- An INSERT OR REPLACE deletes without firing DELETE triggers; the INSERT triggers stand in its way.

CREATE TRIGGER journal_only_grows BEFORE INSERT ON journal
WHEN NEW.idx <> (SELECT COALESCE(MAX(idx) + 1, 0) FROM journal WHERE organisation = NEW.organisation)
BEGIN
    SELECT RAISE(ABORT, 'the journal only grows, one entry after the other');
END;

CREATE TRIGGER journal_is_not_updated BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'an entry of the journal is never changed');
END;

CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'an entry of the journal is never deleted');
END;

CREATE TRIGGER bodies_are_written_once BEFORE INSERT ON journal_bodies
WHEN EXISTS (SELECT 1 FROM journal_bodies WHERE organisation = NEW.organisation AND idx = NEW.idx)
    OR EXISTS (SELECT 1 FROM erasures WHERE organisation = NEW.organisation AND idx = NEW.idx)
BEGIN
    SELECT RAISE(ABORT, 'the body of an entry is written once');
END;

CREATE TRIGGER bodies_are_not_updated BEFORE UPDATE ON journal_bodies
BEGIN
    SELECT RAISE(ABORT, 'the body of an entry is never changed');
END;

CREATE TRIGGER bodies_are_deleted_by_erasure_alone BEFORE DELETE ON journal_bodies
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE organisation = OLD.organisation AND idx = OLD.idx)
BEGIN
    SELECT RAISE(ABORT, 'the body of an entry is deleted only once its erasure is recorded');
END;

CREATE TRIGGER erasures_are_recorded_once BEFORE INSERT ON erasures
WHEN EXISTS (SELECT 1 FROM erasures WHERE organisation = NEW.organisation AND idx = NEW.idx)
BEGIN
    SELECT RAISE(ABORT, 'an erasure is recorded once');
END;

CREATE TRIGGER erasures_are_not_updated BEFORE UPDATE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never changed');
END;

CREATE TRIGGER erasures_are_not_deleted BEFORE DELETE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never deleted');
END;

CREATE TRIGGER heads_only_grow BEFORE UPDATE ON heads
WHEN NEW.organisation <> OLD.organisation OR NEW.size <= OLD.size
BEGIN
    SELECT RAISE(ABORT, 'the tree of a journal only grows');
END;

CREATE TRIGGER checkpoints_only_grow BEFORE INSERT ON checkpoints
WHEN NEW.size <= (SELECT COALESCE(MAX(size), 0) FROM checkpoints WHERE organisation = NEW.organisation)
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint covers more entries than the one before');
END;

CREATE TRIGGER checkpoints_are_not_updated BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is never changed');
END;

CREATE TRIGGER checkpoints_are_not_deleted BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is never deleted');
END;
