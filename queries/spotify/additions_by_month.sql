-- How many entries that are on the playlists now were added in each month, the newest first, and of how many songs.
-- Those of which Spotify does not say when stand last, under NULL.
WITH newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id)
SELECT date_format(added_at, '%Y-%m') AS month, count(*) AS entries, count(DISTINCT song_id) AS songs
FROM playlist_entries
JOIN newest USING (playlist_id, run)
GROUP BY date_format(added_at, '%Y-%m')
ORDER BY month DESC
