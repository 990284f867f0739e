-- What a sensor's clock said when the server took nothing of it, since that lay too far ahead; absent: it stands right.

ALTER TABLE sensors ADD COLUMN clock_said_at BIGINT;

-- When that came in, by the server's clock.
ALTER TABLE sensors ADD COLUMN clock_off_at BIGINT;

-- What was decided on a proposal stands there from now on whichever way it went: of two people who decide at the same moment
-- one does. Those of before were refused.
ALTER TABLE sensor_refusals ADD COLUMN is_taken BOOLEAN NOT NULL DEFAULT FALSE;

-- Since when an organisation shares it, by the server's clock; what was shared before, since for ever.
ALTER TABLE shared_indicators ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- When the organisation was told that enough others have it too; absent: it was not.
ALTER TABLE shared_indicators ADD COLUMN told_at BIGINT;
