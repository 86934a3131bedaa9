-- How many records were set aside for each reason, in how many runs, and in which of them last.
SELECT reason, count(*) AS records, count(DISTINCT source_run) AS runs, max(source_run) AS last_run
FROM athletes_set_aside
GROUP BY reason
ORDER BY records DESC, reason
