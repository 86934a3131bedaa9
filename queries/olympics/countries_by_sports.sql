-- Countries by the number of sports that they have athletes in, the broadest first.
SELECT country, count(DISTINCT sport) AS sports, count(DISTINCT id) AS athletes
FROM athletes
WHERE country IS NOT NULL AND sport <> 'Unknown'
GROUP BY country
ORDER BY sports DESC, athletes DESC, country
