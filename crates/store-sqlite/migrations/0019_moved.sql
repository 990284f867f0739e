-- Where everything here was moved to. While a row stands here the journals take no entry more, whoever is still running on
-- this database: two registers that grow apart prove nothing.

CREATE TABLE moved (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    -- A folder, or the address of a database without user and password.
    place TEXT NOT NULL,
    moved_at BIGINT NOT NULL
);

CREATE TRIGGER journal_was_not_moved BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM moved)
BEGIN
    SELECT RAISE(ABORT, 'everything here was moved to another place, and goes on there');
END;
