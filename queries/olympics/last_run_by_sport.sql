-- How many athletes of each sport the last run brought or changed, and what share of the sport they are, in percent.
SELECT
    sport,
    count(*) AS athletes,
    count_if(source_run = last_run) AS new_or_changed,
    100.00 * count_if(source_run = last_run) / count(*) AS percent
FROM athletes
CROSS JOIN (
    SELECT max(run) AS last_run FROM runs WHERE source = 'olympics' AND stream = 'athletes' AND state = 'curated'
)
GROUP BY sport
ORDER BY new_or_changed DESC, sport
