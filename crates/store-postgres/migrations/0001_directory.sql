-- Organisations, providers, people, and what each may do where.
-- Ids are UUIDs as text; moments are microseconds since 1970 in UTC; words are those of the code (Role::key).
-- Text sorts by its bytes, as SQLite does, whatever the database was made with.

CREATE TABLE providers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE organisations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    -- Whose staff reach it.
    provider TEXT COLLATE "C" REFERENCES providers (id),
    report_code TEXT COLLATE "C" NOT NULL UNIQUE,
    zone TEXT COLLATE "C" NOT NULL,
    jurisdiction TEXT COLLATE "C" NOT NULL,
    -- What the authority's form asks about the organisation; empty is not filled in.
    address TEXT COLLATE "C" NOT NULL,
    postcode TEXT COLLATE "C" NOT NULL,
    town TEXT COLLATE "C" NOT NULL,
    kvk TEXT COLLATE "C" NOT NULL,
    sector TEXT COLLATE "C" NOT NULL,
    dpo_number TEXT COLLATE "C" NOT NULL,
    contact_name TEXT COLLATE "C" NOT NULL,
    contact_function TEXT COLLATE "C" NOT NULL,
    contact_email TEXT COLLATE "C" NOT NULL,
    contact_phone TEXT COLLATE "C" NOT NULL
);

CREATE INDEX organisations_by_provider ON organisations (provider);

CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Argon2id, as a PHC string.
    password TEXT COLLATE "C" NOT NULL
);

CREATE TABLE memberships (
    person TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person, organisation, role)
);

-- Staff of a provider. No other role may stand here: a provider never decides for a customer.
CREATE TABLE provider_memberships (
    person TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    provider TEXT COLLATE "C" NOT NULL REFERENCES providers (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('engineer', 'provider_administrator')),
    PRIMARY KEY (person, provider, role)
);

CREATE TABLE invitations (
    token_sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organisation TEXT COLLATE "C" REFERENCES organisations (id),
    provider TEXT COLLATE "C" REFERENCES providers (id),
    -- A JSON list of role names.
    roles TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
