-- What share of the rows of each run was set aside, and what share came twice, in percent, the newest run first.
SELECT
    source, stream, run, rows_in, set_aside, duplicates,
    100.00 * set_aside / nullif(rows_in, 0) AS percent_set_aside,
    100.00 * duplicates / nullif(rows_in, 0) AS percent_duplicates
FROM runs
WHERE state = 'curated'
ORDER BY run DESC, source, stream
