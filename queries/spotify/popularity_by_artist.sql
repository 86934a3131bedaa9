-- The average popularity of each artist's tracks on the playlists; a track counts for all of its artists.
-- Popularity 0 counts, and a track whose popularity Spotify does not show does not. Namesakes have their ids with them.
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run)),
    averages AS (
        SELECT
            artists.artist_id, artist_name,
            avg(CAST(song_popularity AS decimal(9, 2))) AS popularity, count(*) AS tracks
        FROM songs
        JOIN listed USING (song_id)
        JOIN song_artists USING (song_id)
        JOIN artists ON artists.artist_id = song_artists.artist_id
        WHERE song_popularity IS NOT NULL
        GROUP BY artists.artist_id, artist_name
    )
SELECT
    CASE
        WHEN count(*) OVER (PARTITION BY artist_name) = 1 THEN artist_name
        ELSE artist_name || ' (' || artist_id || ')'
    END AS artist,
    popularity, tracks, artist_id
FROM averages
ORDER BY popularity DESC, tracks DESC, artist_id
