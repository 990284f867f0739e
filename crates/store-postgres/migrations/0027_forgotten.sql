-- Detections that somebody had erased from an incident: their ids alone, so that what the sensor says of them again is not kept.
CREATE TABLE sensor_forgotten (
    organisation TEXT COLLATE "C" NOT NULL,
    sensor TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);
