-- The application's queries on defects, for `cofferdam change queries`.

-- version: old
SELECT id, part, grade FROM defects WHERE inspection = $1 ORDER BY id;
INSERT INTO defects (inspection, part, grade) VALUES ($1, $2, $3) RETURNING id;
UPDATE defects SET grade = $2 WHERE id = $1;

-- version: new
SELECT id, part, severity FROM defects WHERE inspection = $1 ORDER BY id;
INSERT INTO defects (inspection, part, severity) VALUES ($1, $2, $3) RETURNING id;
UPDATE defects SET severity = $2 WHERE id = $1;

-- version: both
SELECT b.code, count(*) FROM bridges b JOIN inspections i ON i.bridge = b.id JOIN defects d ON d.inspection = i.id GROUP BY b.code ORDER BY count(*) DESC;
DELETE FROM defects WHERE id = $1;
