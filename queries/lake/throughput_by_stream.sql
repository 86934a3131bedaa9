-- How each stream does: its runs in the tables, the rows that they read, and how long their jobs took on average.
SELECT
    source, stream, count(*) AS runs, sum(pages) AS pages, sum(rows_in) AS rows_in, sum(set_aside) AS set_aside,
    max(run) AS last_run, round(avg(seconds), 1) AS seconds_on_average
FROM runs
WHERE state = 'curated'
GROUP BY source, stream
ORDER BY source, stream
