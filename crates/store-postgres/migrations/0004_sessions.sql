-- Web sessions: data that only the web understands, under the hash of their id.

CREATE TABLE sessions (
    id_sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    data BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_expiry ON sessions (expires_at);
