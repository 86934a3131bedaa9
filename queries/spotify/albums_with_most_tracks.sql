-- The five albums with most tracks, of those with a song on the playlists, and how many of their tracks are on them.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT album_id, album_name AS album, album_total_tracks AS tracks, count(*) AS tracks_on_playlists, released_on
FROM songs
JOIN listed USING (song_id)
JOIN albums USING (album_id)
WHERE album_total_tracks IS NOT NULL
GROUP BY album_id, album_name, album_total_tracks, released_on
ORDER BY tracks DESC, tracks_on_playlists DESC, album_id
LIMIT 5
