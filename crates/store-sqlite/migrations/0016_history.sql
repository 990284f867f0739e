-- What is read at every visit, or every few minutes, and went past all of an organisation's history.

-- What is held is found without reading what is not.
CREATE INDEX incidents_held ON incidents (organisation, held_at, number)
WHERE held_at IS NOT NULL AND erased_at IS NULL;

-- The list of erasures is kept up to date from a moment on.
CREATE INDEX erasures_by_moment ON erasures (erased_at, organisation, idx);

-- The newest of them, in their order.
CREATE INDEX person_requests_by_moment ON person_requests (organisation, asked_at, id);

DROP INDEX outbox_by_organisation;
CREATE INDEX outbox_by_organisation ON outbox (organisation, created_at, id);

-- What was sent because of an incident goes with it.
CREATE INDEX outbox_by_incident ON outbox (organisation, incident);

-- Which files an incident uses, in their order.
DROP INDEX file_uses_by_incident;
CREATE INDEX file_uses_by_incident ON file_uses (organisation, incident, sha256);
