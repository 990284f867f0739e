-- What came with the second edition of the case file: a clock that may not run yet, what waits for somebody, the
-- organisation's details that each incident starts with, and nobody who is both FG and decides.

-- Until a person confirms it, a sensor's detection starts no clock.
ALTER TABLE incidents ALTER COLUMN clock_start DROP NOT NULL;
ALTER TABLE incidents ADD COLUMN waits_for TEXT COLLATE "C";

UPDATE incidents SET
    clock_start = NULL,
    waits_for = CASE WHEN closed_at IS NULL THEN 'check' END
WHERE urgency IS NOT NULL AND is_provisional;

ALTER TABLE organisations ADD COLUMN dpo_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN dpo_email TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN uses_enisa BOOLEAN NOT NULL DEFAULT FALSE;
-- Words of the vocabulary of facts; absent is not said.
ALTER TABLE organisations ADD COLUMN role TEXT COLLATE "C";
ALTER TABLE organisations ADD COLUMN cbw_entity TEXT COLLATE "C";
ALTER TABLE organisations ADD COLUMN cbw_reason TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organisations ADD COLUMN financial_undertaking BOOLEAN;
ALTER TABLE organisations ADD COLUMN trust_service BOOLEAN;
-- Terms of its contracts: a JSON list of objects with id, kind, with and length (24h, 2wd).
ALTER TABLE organisations ADD COLUMN terms TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- The FG advises and never decides (AVG art. 38(3), 38(6)).
CREATE FUNCTION the_fg_does_not_decide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that are added at the same moment do not see each other; they wait here.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.person || NEW.organisation, 0));
    IF (NEW.role = 'dpo' AND EXISTS (
            SELECT 1 FROM memberships
            WHERE person = NEW.person AND organisation = NEW.organisation AND role = 'officer'))
        OR (NEW.role = 'officer' AND EXISTS (
            SELECT 1 FROM memberships
            WHERE person = NEW.person AND organisation = NEW.organisation AND role = 'dpo'))
    THEN
        RAISE EXCEPTION 'who advises as FG does not decide';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER the_fg_does_not_decide BEFORE INSERT ON memberships
FOR EACH ROW EXECUTE FUNCTION the_fg_does_not_decide();

CREATE TRIGGER a_role_is_not_turned_into_another BEFORE UPDATE ON memberships
FOR EACH ROW EXECUTE FUNCTION refuse('a membership is added or deleted, never changed');
