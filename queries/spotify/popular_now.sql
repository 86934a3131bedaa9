-- What the search found in its newest week, the most popular first; each of the searched years has its own list.
SELECT song_id, track, artist, track_pop AS popularity, album_nm AS album, album_dt AS released_on, years, week
FROM popular_songs
WHERE week = (SELECT max(week) FROM popular_songs)
ORDER BY track_pop DESC, years, song_id
