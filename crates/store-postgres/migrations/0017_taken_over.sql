-- What lists need of an incident that was taken over from another register; made again from the journal.

-- What that says of telling the authority: `yes`, `no` or `unsaid`; NULL for incidents that were not taken over.
ALTER TABLE incidents ADD COLUMN told_there TEXT COLLATE "C";
-- What it was called there.
ALTER TABLE incidents ADD COLUMN number_there TEXT COLLATE "C";

CREATE INDEX incidents_by_number_there ON incidents (organisation, number_there) WHERE number_there IS NOT NULL;
