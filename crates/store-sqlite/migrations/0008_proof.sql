-- Time stamps (RFC 3161) of signed checkpoints: an authority's answer, as it came.

CREATE TABLE stamps (
    organisation TEXT NOT NULL,
    size BIGINT NOT NULL,
    answer BLOB NOT NULL,
    stamped_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, size),
    FOREIGN KEY (organisation, size) REFERENCES checkpoints (organisation, size)
) WITHOUT ROWID;

CREATE TRIGGER stamps_are_not_updated BEFORE UPDATE ON stamps
BEGIN
    SELECT RAISE(ABORT, 'a time stamp is never changed');
END;

CREATE TRIGGER stamps_are_not_deleted BEFORE DELETE ON stamps
BEGIN
    SELECT RAISE(ABORT, 'a time stamp is never deleted');
END;
