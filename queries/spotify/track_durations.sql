-- How long the tracks on the playlists are: on average, the shortest and the longest, in milliseconds and in seconds.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run)),
    durations AS (
        SELECT
            count(duration_ms) AS tracks, avg(CAST(duration_ms AS decimal(18, 3))) AS average_ms,
            min(duration_ms) AS shortest_ms, max(duration_ms) AS longest_ms
        FROM songs
        JOIN listed USING (song_id)
    )
SELECT
    tracks, average_ms, shortest_ms, longest_ms,
    average_ms / 1000 AS average_seconds, shortest_ms / 1000.000 AS shortest_seconds,
    longest_ms / 1000.000 AS longest_seconds
FROM durations
ORDER BY tracks
