-- What came with the second edition of the case file: a clock that may not run yet, what waits for somebody, the
-- organisation's details that each incident starts with, and nobody who is both FG and decides.

-- SQLite makes no column optional in place. The lines can be made again from the journal, but need not be: until a person
-- confirms it, a sensor's detection starts no clock.
CREATE TABLE incidents_anew (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    urgency TEXT,
    phase TEXT NOT NULL,
    clock_start BIGINT,
    is_provisional BOOLEAN NOT NULL,
    waits_for TEXT,
    notify_authority TEXT,
    inform_subjects TEXT,
    is_notify_decided BOOLEAN,
    authority_notified_at BIGINT,
    closed_at BIGINT,
    entries BIGINT NOT NULL,
    PRIMARY KEY (organisation, id),
    UNIQUE (organisation, number)
);

INSERT INTO incidents_anew
SELECT organisation, id, number, title, opened_at, urgency, phase,
    CASE WHEN urgency IS NOT NULL AND is_provisional THEN NULL ELSE clock_start END,
    is_provisional,
    CASE WHEN urgency IS NOT NULL AND is_provisional AND closed_at IS NULL THEN 'check' END,
    notify_authority, inform_subjects, is_notify_decided, authority_notified_at, closed_at, entries
FROM incidents;

DROP TABLE incidents;

ALTER TABLE incidents_anew RENAME TO incidents;

ALTER TABLE organisations ADD COLUMN dpo_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN dpo_email TEXT NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN uses_enisa BOOLEAN NOT NULL DEFAULT FALSE;
-- Words of the vocabulary of facts; absent is not said.
ALTER TABLE organisations ADD COLUMN role TEXT;
ALTER TABLE organisations ADD COLUMN cbw_entity TEXT;
ALTER TABLE organisations ADD COLUMN cbw_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN financial_undertaking BOOLEAN;
ALTER TABLE organisations ADD COLUMN trust_service BOOLEAN;
-- Terms of its contracts: a JSON list of objects with id, kind, with and length (24h, 2wd).
ALTER TABLE organisations ADD COLUMN terms TEXT NOT NULL DEFAULT '[]';

-- The FG advises and never decides (AVG art. 38(3), 38(6)).
CREATE TRIGGER the_fg_does_not_decide BEFORE INSERT ON memberships
WHEN (NEW.role = 'dpo' AND EXISTS (
        SELECT 1 FROM memberships WHERE person = NEW.person AND organisation = NEW.organisation AND role = 'officer'))
    OR (NEW.role = 'officer' AND EXISTS (
        SELECT 1 FROM memberships WHERE person = NEW.person AND organisation = NEW.organisation AND role = 'dpo'))
BEGIN
    SELECT RAISE(ABORT, 'who advises as FG does not decide');
END;

CREATE TRIGGER a_role_is_not_turned_into_another BEFORE UPDATE ON memberships
BEGIN
    SELECT RAISE(ABORT, 'a membership is added or deleted, never changed');
END;
