-- Artists with tracks on the playlists whose popularity is under a threshold: how many, and how popular these are.
-- A track counts for all of its artists. One whose popularity Spotify does not show is not under any threshold.
-- parameter popularity 40: the threshold, from 0 to 100
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT
    artists.artist_id, artist_name AS artist, count(*) AS tracks,
    min(song_popularity) AS least_popular, max(song_popularity) AS most_popular
FROM songs
JOIN listed USING (song_id)
JOIN song_artists USING (song_id)
JOIN artists ON artists.artist_id = song_artists.artist_id
WHERE song_popularity < ?
GROUP BY artists.artist_id, artist_name
ORDER BY tracks DESC, artist_name, artists.artist_id
