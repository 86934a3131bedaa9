-- How many different athletes each country has, and in how many sports.
SELECT country, count(DISTINCT id) AS athletes, count(DISTINCT sport) AS sports
FROM athletes
WHERE country IS NOT NULL
GROUP BY country
ORDER BY athletes DESC, country
