-- All runs of all sources, the newest first: how each stands, what it read, and where its rows went.
-- Inserted, updated, deleted and unchanged are those of its job, which may have taken in several runs at once.
SELECT
    source, stream, run, state, pages, rows_in, merged, duplicates, set_aside,
    inserted, updated, deleted, unchanged, attempts, seconds, scheduled_at, updated_at, reason, notes
FROM runs
ORDER BY run DESC, source, stream
