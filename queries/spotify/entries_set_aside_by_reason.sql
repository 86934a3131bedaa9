-- What stood on the playlists in the last run and is no song of the table, by reason. Local files, episodes and
-- removed tracks are no songs of Spotify's, and no fault; anything else is a bad record.
SELECT
    reason,
    CASE WHEN reason IN ('local file', 'episode', 'removed track') THEN 'no song' ELSE 'bad record' END AS kind,
    count(*) AS records
FROM playlist_entries_set_aside
WHERE source_run = (
    SELECT max(run) FROM runs WHERE source = 'spotify' AND stream = 'playlist' AND state = 'curated'
)
GROUP BY reason
ORDER BY records DESC, reason
