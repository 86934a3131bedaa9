-- How many songs on the playlists each artist has, and leads; a song counts for all of its artists.
-- Namesakes have their ids with them.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run)),
    counted AS (
        SELECT artists.artist_id, artist_name, count(*) AS songs, count_if(place = 0) AS leads
        FROM songs
        JOIN listed USING (song_id)
        JOIN song_artists USING (song_id)
        JOIN artists ON artists.artist_id = song_artists.artist_id
        GROUP BY artists.artist_id, artist_name
    )
SELECT
    CASE
        WHEN count(*) OVER (PARTITION BY artist_name) = 1 THEN artist_name
        ELSE artist_name || ' (' || artist_id || ')'
    END AS artist,
    songs, leads, artist_id
FROM counted
ORDER BY songs DESC, leads DESC, artist_id
