-- Albums of the songs on the playlists that came out in a given year, the newest first.
-- A release date that is only a year, or a year and a month, counts as its first day.
-- parameter year 2023: the year
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT album_id, album_name AS album, released_on, release_date, release_date_precision, album_total_tracks, album_url
FROM albums
WHERE year(released_on) = ? AND album_id IN (SELECT album_id FROM songs JOIN listed USING (song_id))
ORDER BY released_on DESC, album_name, album_id
