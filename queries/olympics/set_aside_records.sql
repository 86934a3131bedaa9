-- The records that a run set aside, with the reason and the place of each.
-- parameter run: the run, such as 20260302T050000Z
SELECT object, position, reason, record
FROM athletes_set_aside
WHERE source_run = ?
ORDER BY object, position
