-- Organisations, providers, people, and what each may do where.
-- Ids are UUIDs as text; moments are microseconds since 1970 in UTC; words are those of the code (Role::key).

CREATE TABLE providers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE organisations (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Whose staff reach it.
    provider TEXT REFERENCES providers (id),
    report_code TEXT NOT NULL UNIQUE,
    zone TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    -- What the authority's form asks about the organisation; empty is not filled in.
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    town TEXT NOT NULL,
    kvk TEXT NOT NULL,
    sector TEXT NOT NULL,
    dpo_number TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_function TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_phone TEXT NOT NULL
);

CREATE INDEX organisations_by_provider ON organisations (provider);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    -- Argon2id, as a PHC string.
    password TEXT NOT NULL
);

CREATE TABLE memberships (
    person TEXT NOT NULL REFERENCES users (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL,
    PRIMARY KEY (person, organisation, role)
);

-- Staff of a provider. No other role may stand here: a provider never decides for a customer.
CREATE TABLE provider_memberships (
    person TEXT NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL REFERENCES providers (id),
    role TEXT NOT NULL CHECK (role IN ('engineer', 'provider_administrator')),
    PRIMARY KEY (person, provider, role)
);

CREATE TABLE invitations (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    organisation TEXT REFERENCES organisations (id),
    provider TEXT REFERENCES providers (id),
    -- A JSON list of role names.
    roles TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
