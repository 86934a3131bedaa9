-- Songs that entered and left each playlist: as it is now, against as it was so many days ago or the last time before.
-- A playlist that was not read so long ago has no rows. A song that only changed its place has neither come nor gone.
-- parameter days 7: how many days ago
WITH
    pictures AS (SELECT DISTINCT playlist_id, run, day FROM playlist_entries),
    newest AS (SELECT playlist_id, max(run) AS run, max_by(day, run) AS day FROM pictures GROUP BY playlist_id),
    compared AS (
        SELECT newest.playlist_id, newest.run AS run, max(pictures.run) AS run_before
        FROM newest
        JOIN pictures ON pictures.playlist_id = newest.playlist_id AND pictures.run < newest.run
        WHERE date_diff('day', pictures.day, newest.day) >= ?
        GROUP BY newest.playlist_id, newest.run
    ),
    moved AS (
        SELECT
            entry.playlist_id, song_id, compared.run, run_before,
            CASE WHEN max(entry.run) = compared.run THEN 'entered' ELSE 'left' END AS change
        FROM playlist_entries entry
        JOIN compared ON compared.playlist_id = entry.playlist_id AND entry.run IN (compared.run, run_before)
        GROUP BY entry.playlist_id, song_id, compared.run, run_before
        HAVING min(entry.run) = max(entry.run)
    )
SELECT
    playlist_id, change, moved.song_id, song_name AS track, artist_name AS artist, song_popularity AS popularity,
    run_before, run
FROM moved
LEFT JOIN songs ON songs.song_id = moved.song_id
LEFT JOIN artists ON artists.artist_id = songs.artist_id
ORDER BY playlist_id, change, song_name, moved.song_id
