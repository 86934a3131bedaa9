-- How precisely the albums of the songs on the playlists are dated, how many have a date, the first and the last of it.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT
    release_date_precision AS known_to_the, count(*) AS albums, count(released_on) AS dated,
    min(released_on) AS first_released, max(released_on) AS last_released
FROM albums
WHERE album_id IN (SELECT album_id FROM songs JOIN listed USING (song_id))
GROUP BY release_date_precision
ORDER BY albums DESC, release_date_precision
