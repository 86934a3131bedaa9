-- How many athletes each sport has. An athlete with two sports counts in both.
SELECT sport, count(*) AS athletes
FROM athletes
GROUP BY sport
ORDER BY athletes DESC, sport
