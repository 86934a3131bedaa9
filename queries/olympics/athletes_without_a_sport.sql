-- Athletes for whom no run has seen a sport yet, and where they were first seen so.
SELECT id, name, country, source_run, source_page, source_position
FROM athletes
WHERE sport = 'Unknown'
ORDER BY id
