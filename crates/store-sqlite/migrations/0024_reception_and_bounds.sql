-- When what a sensor said first came in, which is when somebody could first know of it; absent: of before it was kept, and then
-- the earliest moment that is known is when it last changed.
ALTER TABLE sensor_detections ADD COLUMN first_received_at BIGINT;

ALTER TABLE sensor_cases ADD COLUMN first_received_at BIGINT;

-- Whether it needs attention now: what is so, and in no incident, comes before everything else.
ALTER TABLE sensor_cases ADD COLUMN is_urgent BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE sensor_cases SET is_urgent = TRUE WHERE severity >= 2 OR json LIKE '%"alarm":"now"%';

CREATE INDEX sensor_cases_waiting ON sensor_cases (organisation, changed_at) WHERE is_urgent = TRUE AND incident IS NULL;

-- When the organisation's rule opened an incident of it, and since when it is held back by the bound on that.
ALTER TABLE sensor_cases ADD COLUMN rule_opened_at BIGINT;

ALTER TABLE sensor_cases ADD COLUMN rule_held_at BIGINT;

CREATE INDEX sensor_cases_by_rule ON sensor_cases (organisation, sensor, rule_opened_at) WHERE rule_opened_at IS NOT NULL;

-- Detections that were not kept, since the staff had not been told: their ids alone, so that no case says what they would.
CREATE TABLE sensor_withheld (
    organisation TEXT NOT NULL,
    sensor TEXT NOT NULL,
    id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_withheld_by_received ON sensor_withheld (organisation, received_at);
