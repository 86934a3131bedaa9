-- Tracks on the playlists that are longer than a threshold, the longest first.
-- parameter milliseconds 240000: the threshold; a track of just this length is not longer
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT song_id, song_name AS track, duration_ms, song_popularity AS popularity
FROM songs
JOIN listed USING (song_id)
WHERE duration_ms > ?
ORDER BY duration_ms DESC, song_id
