-- What share of the athletes in a sport a country has, in percent. There is no row where it has none.
-- parameter sport Athletics: the sport, as the table spells it
-- parameter country USA: the country, by its three letters
SELECT sport, country, athletes, athletes_of_all_countries, 100.00 * athletes / athletes_of_all_countries AS percent
FROM (
    SELECT sport, country, count(*) AS athletes, sum(count(*)) OVER () AS athletes_of_all_countries
    FROM athletes
    WHERE sport = ?
    GROUP BY sport, country
)
WHERE country = ?
ORDER BY sport, country
