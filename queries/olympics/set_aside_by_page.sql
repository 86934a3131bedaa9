-- How many records were set aside, by run, page and reason, the newest run first.
SELECT
    source_run AS run,
    CAST(regexp_extract(object, 'page=([0-9]+)', 1) AS bigint) AS page,
    reason,
    count(*) AS records
FROM athletes_set_aside
GROUP BY source_run, CAST(regexp_extract(object, 'page=([0-9]+)', 1) AS bigint), reason
ORDER BY run DESC, page, reason
