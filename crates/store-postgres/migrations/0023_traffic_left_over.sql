-- Of a row without another side: it is what was left of its host's hour, and went to so many places at least, besides those that
-- other rows name. Absent: one place, or told by an older sensor.

ALTER TABLE sensor_traffic ADD COLUMN other_places BIGINT;
