-- What each commit to the table of athletes changed, the newest first: the rows, and what they came to.
SELECT
    committed_at,
    element_at(summary, 'run_id') AS runs,
    CAST(coalesce(element_at(summary, 'spark.merge-into.num-target-rows-inserted'), '0') AS bigint) AS inserted,
    CAST(coalesce(element_at(summary, 'spark.merge-into.num-target-rows-updated'), '0') AS bigint) AS updated,
    CAST(coalesce(element_at(summary, 'spark.merge-into.num-target-rows-deleted'), '0') AS bigint) AS deleted,
    CAST(element_at(summary, 'total-records') AS bigint) AS athletes,
    CAST(coalesce(element_at(summary, 'changed-partition-count'), '0') AS bigint) AS sports_touched,
    snapshot_id
FROM "athletes$snapshots"
ORDER BY committed_at DESC, snapshot_id
