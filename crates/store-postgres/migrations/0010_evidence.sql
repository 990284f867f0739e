-- Which incident uses which file: a file is erased when the last one that uses it lets go of it.

CREATE TABLE file_uses (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    sha256 TEXT COLLATE "C" NOT NULL,
    incident TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, sha256, incident)
);

CREATE INDEX file_uses_by_incident ON file_uses (organisation, incident);

-- Files on their way in, until their hash is known. They need not survive a crash: nobody was told that they are kept.
CREATE UNLOGGED TABLE uploads (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    begun_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE UNLOGGED TABLE upload_parts (
    upload BIGINT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (upload, part)
);

ALTER TABLE upload_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
