-- Which incident uses which file: a file is erased when the last one that uses it lets go of it.

CREATE TABLE file_uses (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    sha256 TEXT NOT NULL,
    incident TEXT NOT NULL,
    PRIMARY KEY (organisation, sha256, incident)
);

CREATE INDEX file_uses_by_incident ON file_uses (organisation, incident);

-- The documents that were made before this was kept.
INSERT INTO file_uses (organisation, sha256, incident)
SELECT DISTINCT journal.organisation, json_extract(CAST(body AS TEXT), '$.event.sha256'), journal.incident
FROM journal JOIN journal_bodies USING (organisation, idx)
WHERE kind = 'incident.document_made';
