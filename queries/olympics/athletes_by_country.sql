-- How many different athletes each country has, and in how many sports. Those without a country stand under NULL.
SELECT country, count(DISTINCT id) AS athletes, count(DISTINCT nullif(sport, 'Unknown')) AS sports
FROM athletes
GROUP BY country
ORDER BY athletes DESC, country
