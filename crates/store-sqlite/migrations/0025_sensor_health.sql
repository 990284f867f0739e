-- What a sensor's state lines say one after another: when each source last gave something, and what is wrong. JSON; empty until
-- there was one.
ALTER TABLE sensors ADD COLUMN progress TEXT NOT NULL DEFAULT '';

-- Cases that are in no incident yet, the grave ones of each organisation.
CREATE INDEX sensor_cases_open ON sensor_cases (organisation, severity) WHERE incident IS NULL;
