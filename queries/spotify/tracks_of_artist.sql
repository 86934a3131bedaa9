-- The tracks of one artist on the playlists, also those where others lead. Namesakes are told apart by their ids.
-- parameter artist: the artist's name as Spotify spells it, or the artist's id
WITH
    newest AS (SELECT playlist_id, max(run) AS run FROM playlist_entries GROUP BY playlist_id),
    listed AS (SELECT DISTINCT song_id FROM playlist_entries JOIN newest USING (playlist_id, run))
SELECT
    named.artist_id, artist_name AS artist, song_id, song_name AS track, place,
    album_name AS album, song_popularity AS popularity
FROM (SELECT artist_id, artist_name FROM artists WHERE ? IN (artist_name, artist_id)) named
JOIN song_artists ON song_artists.artist_id = named.artist_id
JOIN listed USING (song_id)
JOIN songs USING (song_id)
LEFT JOIN albums ON albums.album_id = songs.album_id
ORDER BY artist_name, named.artist_id, song_name, song_id
