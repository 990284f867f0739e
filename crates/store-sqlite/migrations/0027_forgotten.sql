-- Detections that somebody had erased from an incident: their ids alone, so that what the sensor says of them again is not kept.
CREATE TABLE sensor_forgotten (
    organisation TEXT NOT NULL,
    sensor TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);
