-- Runs in the tables whose rows do not add up. There must be none.
SELECT source, stream, run, rows_in, merged, duplicates, set_aside
FROM runs
WHERE state = 'curated' AND rows_in <> merged + duplicates + set_aside
ORDER BY run, source, stream
