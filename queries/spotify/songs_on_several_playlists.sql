-- Songs that stand on more than one playlist now, those on most first.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT playlist_id, song_id FROM playlist_entries JOIN newest USING (playlist_id, run)),
    several AS (
        SELECT
            song_id, count(*) AS playlists,
            array_join(array_agg(playlist_id ORDER BY playlist_id), ', ') AS playlist_ids
        FROM listed
        GROUP BY song_id
        HAVING count(*) > 1
    )
SELECT
    several.song_id, song_name AS track, artist_name AS artist, song_popularity AS popularity, playlists, playlist_ids
FROM several
LEFT JOIN songs ON songs.song_id = several.song_id
LEFT JOIN artists ON artists.artist_id = songs.artist_id
ORDER BY playlists DESC, song_name, several.song_id
