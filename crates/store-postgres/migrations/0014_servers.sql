-- Which master key signs the registers here: a server that has another one would sign what nobody can check.

CREATE TABLE master_key (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    -- A hash of the key; the key itself never stands in the database.
    fingerprint TEXT COLLATE "C" NOT NULL
);
