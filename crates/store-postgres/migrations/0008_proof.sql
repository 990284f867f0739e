-- Time stamps (RFC 3161) of signed checkpoints: an authority's answer, as it came.

CREATE TABLE stamps (
    organisation TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    answer BYTEA NOT NULL,
    stamped_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, size),
    FOREIGN KEY (organisation, size) REFERENCES checkpoints (organisation, size)
);

CREATE TRIGGER stamps_are_not_updated BEFORE UPDATE ON stamps
FOR EACH ROW EXECUTE FUNCTION refuse('a time stamp is never changed');

CREATE TRIGGER stamps_are_not_deleted BEFORE DELETE ON stamps
FOR EACH ROW EXECUTE FUNCTION refuse('a time stamp is never deleted');

CREATE TRIGGER stamps_are_not_emptied BEFORE TRUNCATE ON stamps
FOR EACH STATEMENT EXECUTE FUNCTION refuse('a time stamp is never deleted');
