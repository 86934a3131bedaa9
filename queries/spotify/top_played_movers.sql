-- How the popularity of the playlists changed: the newest week against the one before that was read.
-- Songs of both weeks whose popularity is known in both and is not the same, the largest change first.
SELECT
    fresh.playlist_id, fresh.song_id, fresh.track, fresh.artist, earlier.track_pop AS popularity_before,
    fresh.track_pop AS popularity, fresh.track_pop - earlier.track_pop AS change,
    earlier.week AS week_before, fresh.week
FROM top_played fresh
JOIN top_played earlier ON earlier.playlist_id = fresh.playlist_id AND earlier.song_id = fresh.song_id
WHERE
    fresh.week = (SELECT max(week) FROM top_played)
    AND earlier.week = (SELECT max(week) FROM top_played WHERE week < (SELECT max(week) FROM top_played))
    AND fresh.track_pop <> earlier.track_pop
ORDER BY abs(fresh.track_pop - earlier.track_pop) DESC, fresh.playlist_id, fresh.song_id
