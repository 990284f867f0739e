-- What needs attention now is told by is_urgent alone, whose index has nothing else.
DROP INDEX sensor_cases_open;
