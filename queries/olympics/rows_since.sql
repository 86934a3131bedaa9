-- The rows that came or changed in the runs after a given one, the newest first.
-- parameter run: the run after which to look, such as 20260302T050000Z
SELECT source_run AS run, sport, id, name, country, source_page AS page, source_position AS position
FROM athletes
WHERE source_run > ?
ORDER BY source_run DESC, sport, id
