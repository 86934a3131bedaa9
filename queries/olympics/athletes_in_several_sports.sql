-- Athletes in more than one sport, with the name and country that the newest of their rows has.
SELECT id, name, country, sports, sport_names
FROM (
    SELECT
        id, name, country,
        count(*) OVER (PARTITION BY id) AS sports,
        array_join(array_agg(sport) OVER (PARTITION BY id ORDER BY sport
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), ', ') AS sport_names,
        row_number() OVER (PARTITION BY id
            ORDER BY source_run DESC, source_page DESC, source_position DESC) AS newest
    FROM athletes
)
WHERE sports > 1 AND newest = 1
ORDER BY sports DESC, id
