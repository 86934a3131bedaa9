-- Each playlist as it is now: its entries, songs, artists and minutes, how popular it is, and when it last got a song.
-- A song that stands on it twice is one song, and two entries. Minutes are those of all entries.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    entries AS (SELECT playlist_id, run, song_id, added_at FROM playlist_entries JOIN newest USING (playlist_id, run)),
    credited AS (
        SELECT playlist_id, count(DISTINCT song_artists.artist_id) AS artists
        FROM entries
        JOIN song_artists USING (song_id)
        GROUP BY playlist_id
    ),
    songs_of AS (
        SELECT playlist_id, count(*) AS songs, avg(CAST(song_popularity AS decimal(9, 2))) AS popularity
        FROM (SELECT DISTINCT playlist_id, song_id FROM entries)
        LEFT JOIN songs USING (song_id)
        GROUP BY playlist_id
    )
SELECT
    playlist_id, count(*) AS entries, songs_of.songs, credited.artists,
    sum(CAST(duration_ms AS bigint)) / 60000 AS minutes,
    songs_of.popularity, max(added_at) AS last_added, run
FROM entries
JOIN songs_of USING (playlist_id)
LEFT JOIN credited USING (playlist_id)
LEFT JOIN songs ON songs.song_id = entries.song_id
GROUP BY playlist_id, run, songs_of.songs, songs_of.popularity, credited.artists
ORDER BY entries DESC, playlist_id
