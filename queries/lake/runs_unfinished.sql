-- Runs that are not in the tables: under way, waiting, failed or parked, the oldest first.
SELECT source, stream, run, state, attempts, reason, updated_at
FROM runs
WHERE state <> 'curated'
ORDER BY run, source, stream
