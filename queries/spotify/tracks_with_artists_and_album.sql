-- Each track on the playlists with all of its artists, the leading one first, and its album.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run)),
    credits AS (
        SELECT song_id, array_join(array_agg(artist_name ORDER BY place, artist_id), ', ') AS artists
        FROM song_artists
        JOIN artists USING (artist_id)
        GROUP BY song_id
    )
SELECT song_id, song_name AS track, credits.artists, album_name AS album, song_popularity AS popularity, duration_ms
FROM songs
JOIN listed USING (song_id)
LEFT JOIN credits USING (song_id)
LEFT JOIN albums ON albums.album_id = songs.album_id
ORDER BY song_name, song_id
