-- Where everything here was moved to. While a row stands here the journals take no entry more, whoever is still running on
-- this database: two registers that grow apart prove nothing.

CREATE TABLE moved (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    -- A folder, or the address of a database without user and password.
    place TEXT COLLATE "C" NOT NULL,
    moved_at BIGINT NOT NULL
);

CREATE FUNCTION journal_was_not_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moved) THEN
        RAISE EXCEPTION 'everything here was moved to another place, and goes on there';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_was_not_moved BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_was_not_moved();
