-- Documents by the SHA-256 of their bytes, in parts that a server and a connection can carry.

CREATE TABLE documents (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    sha256 TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (organisation, sha256)
);

CREATE TABLE document_parts (
    organisation TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    -- From 0, without gaps.
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL CHECK (octet_length(bytes) <= 1048576),
    PRIMARY KEY (organisation, sha256, part),
    FOREIGN KEY (organisation, sha256) REFERENCES documents (organisation, sha256) ON DELETE CASCADE
);

-- Most documents are compressed already.
ALTER TABLE document_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TRIGGER documents_are_not_updated BEFORE UPDATE ON documents
FOR EACH ROW EXECUTE FUNCTION refuse('a document is never changed');

CREATE TRIGGER document_parts_are_not_updated BEFORE UPDATE ON document_parts
FOR EACH ROW EXECUTE FUNCTION refuse('a document is never changed');
