-- The ten most popular tracks on the playlists. Those whose popularity Spotify does not show are left out.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT song_id, song_name AS track, song_popularity AS popularity
FROM songs
JOIN listed USING (song_id)
WHERE song_popularity IS NOT NULL
ORDER BY song_popularity DESC, song_id
LIMIT 10
