-- The journal of each organisation: what is written here is never changed. The database itself refuses to.

CREATE TABLE journal (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- From 0, without gaps.
    idx BIGINT NOT NULL,
    incident TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    -- The canonical bytes that are hashed into the tree, and their hash.
    leaf BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL,
    -- The salted hash of the body.
    commitment BYTEA NOT NULL,
    PRIMARY KEY (organisation, idx)
);

CREATE INDEX journal_by_incident ON journal (incident, organisation);

-- Bodies stand apart, so that one can be erased when its retention ends while the leaf, and so the proof, stays.
CREATE TABLE journal_bodies (
    organisation TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    salt BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (organisation, idx),
    FOREIGN KEY (organisation, idx) REFERENCES journal (organisation, idx)
);

-- Which bodies may be deleted, and since when. Nothing writes here yet: erasure comes with retention.
CREATE TABLE erasures (
    organisation TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, idx),
    FOREIGN KEY (organisation, idx) REFERENCES journal (organisation, idx)
);

-- What has to be known of a tree to append to it; could be computed again from the leaf hashes.
CREATE TABLE heads (
    organisation TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES organisations (id),
    size BIGINT NOT NULL,
    -- The size again (8 bytes, big-endian), then the heads of the complete trees, the largest first, 32 bytes each.
    frontier BYTEA NOT NULL
);

-- Every signed checkpoint, whole.
CREATE TABLE checkpoints (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    size BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, size)
);

-- Each rule is a function and a trigger. A TRUNCATE fires no trigger of a row, and has one of its own.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.idx <> (SELECT COALESCE(MAX(idx) + 1, 0) FROM journal WHERE organisation = NEW.organisation) THEN
        RAISE EXCEPTION 'the journal only grows, one entry after the other';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_only_grows BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_only_grows();

CREATE TRIGGER journal_is_not_updated BEFORE UPDATE ON journal
FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the journal is never changed');

CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the journal is never deleted');

CREATE TRIGGER journal_is_not_emptied BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry of the journal is never deleted');

CREATE FUNCTION bodies_are_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_bodies WHERE organisation = NEW.organisation AND idx = NEW.idx)
        OR EXISTS (SELECT 1 FROM erasures WHERE organisation = NEW.organisation AND idx = NEW.idx)
    THEN
        RAISE EXCEPTION 'the body of an entry is written once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bodies_are_written_once BEFORE INSERT ON journal_bodies
FOR EACH ROW EXECUTE FUNCTION bodies_are_written_once();

CREATE TRIGGER bodies_are_not_updated BEFORE UPDATE ON journal_bodies
FOR EACH ROW EXECUTE FUNCTION refuse('the body of an entry is never changed');

CREATE FUNCTION bodies_are_deleted_by_erasure_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM erasures WHERE organisation = OLD.organisation AND idx = OLD.idx) THEN
        RAISE EXCEPTION 'the body of an entry is deleted only once its erasure is recorded';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER bodies_are_deleted_by_erasure_alone BEFORE DELETE ON journal_bodies
FOR EACH ROW EXECUTE FUNCTION bodies_are_deleted_by_erasure_alone();

CREATE TRIGGER bodies_are_not_emptied BEFORE TRUNCATE ON journal_bodies
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the body of an entry is deleted only once its erasure is recorded');

CREATE FUNCTION erasures_are_recorded_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM erasures WHERE organisation = NEW.organisation AND idx = NEW.idx) THEN
        RAISE EXCEPTION 'an erasure is recorded once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER erasures_are_recorded_once BEFORE INSERT ON erasures
FOR EACH ROW EXECUTE FUNCTION erasures_are_recorded_once();

CREATE TRIGGER erasures_are_not_updated BEFORE UPDATE ON erasures
FOR EACH ROW EXECUTE FUNCTION refuse('an erasure is never changed');

CREATE TRIGGER erasures_are_not_deleted BEFORE DELETE ON erasures
FOR EACH ROW EXECUTE FUNCTION refuse('an erasure is never deleted');

CREATE TRIGGER erasures_are_not_emptied BEFORE TRUNCATE ON erasures
FOR EACH STATEMENT EXECUTE FUNCTION refuse('an erasure is never deleted');

CREATE FUNCTION heads_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.organisation <> OLD.organisation OR NEW.size <= OLD.size THEN
        RAISE EXCEPTION 'the tree of a journal only grows';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER heads_only_grow BEFORE UPDATE ON heads FOR EACH ROW EXECUTE FUNCTION heads_only_grow();

CREATE TRIGGER heads_are_not_emptied BEFORE TRUNCATE ON heads
FOR EACH STATEMENT EXECUTE FUNCTION refuse('the tree of a journal only grows');

CREATE FUNCTION checkpoints_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <= (SELECT COALESCE(MAX(size), 0) FROM checkpoints WHERE organisation = NEW.organisation) THEN
        RAISE EXCEPTION 'a checkpoint covers more entries than the one before';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER checkpoints_only_grow BEFORE INSERT ON checkpoints
FOR EACH ROW EXECUTE FUNCTION checkpoints_only_grow();

CREATE TRIGGER checkpoints_are_not_updated BEFORE UPDATE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse('a checkpoint is never changed');

CREATE TRIGGER checkpoints_are_not_deleted BEFORE DELETE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION refuse('a checkpoint is never deleted');

CREATE TRIGGER checkpoints_are_not_emptied BEFORE TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a checkpoint is never deleted');
