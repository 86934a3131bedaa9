-- How the popularity of what the search found changed: the newest week against the one before that was read.
-- Songs of both weeks whose popularity is known in both and is not the same, the largest change first.
SELECT
    fresh.years, fresh.song_id, fresh.track, fresh.artist, earlier.track_pop AS popularity_before,
    fresh.track_pop AS popularity, fresh.track_pop - earlier.track_pop AS change,
    earlier.week AS week_before, fresh.week
FROM popular_songs fresh
JOIN popular_songs earlier ON earlier.years = fresh.years AND earlier.song_id = fresh.song_id
WHERE
    fresh.week = (SELECT max(week) FROM popular_songs)
    AND earlier.week = (SELECT max(week) FROM popular_songs WHERE week < (SELECT max(week) FROM popular_songs))
    AND fresh.track_pop <> earlier.track_pop
ORDER BY abs(fresh.track_pop - earlier.track_pop) DESC, fresh.years, fresh.song_id
