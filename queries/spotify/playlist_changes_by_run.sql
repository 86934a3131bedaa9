-- How many songs entered and left in each run, the newest first: each playlist against its picture before.
-- The first picture of a playlist has none before it: nothing of it has entered.
WITH
    seen AS (SELECT DISTINCT playlist_id, run, song_id FROM playlist_entries),
    pictures AS (
        SELECT
            playlist_id, run, count(*) AS songs,
            lag(run) OVER (PARTITION BY playlist_id ORDER BY run) AS run_before,
            lead(run) OVER (PARTITION BY playlist_id ORDER BY run) AS run_after
        FROM seen
        GROUP BY playlist_id, run
    ),
    around AS (
        SELECT
            playlist_id, run, run_before, run_after,
            lag(run) OVER (PARTITION BY playlist_id, song_id ORDER BY run) AS seen_before,
            lead(run) OVER (PARTITION BY playlist_id, song_id ORDER BY run) AS seen_after
        FROM seen
        JOIN pictures USING (playlist_id, run)
    ),
    changes AS (
        SELECT run, 0 AS playlists, 0 AS songs, 1 AS entered, 0 AS gone
        FROM around
        WHERE seen_before IS DISTINCT FROM run_before
        UNION ALL
        SELECT run_after AS run, 0 AS playlists, 0 AS songs, 0 AS entered, 1 AS gone
        FROM around
        WHERE seen_after IS DISTINCT FROM run_after
        UNION ALL
        SELECT run, 1 AS playlists, songs, 0 AS entered, 0 AS gone
        FROM pictures
    )
SELECT run, sum(playlists) AS playlists, sum(songs) AS songs, sum(entered) AS entered, sum(gone) AS gone
FROM changes
GROUP BY run
ORDER BY run DESC
