-- The rows that the last run brought or changed, and where it found them. Rows that it took away are not here.
SELECT sport, id, name, country, source_page AS page, source_position AS position
FROM athletes
WHERE source_run = (
    SELECT max(run) FROM runs WHERE source = 'olympics' AND stream = 'athletes' AND state = 'curated'
)
ORDER BY sport, id
