-- How many books stand on each shelf.
SELECT shelf, count(*) AS books
FROM books
GROUP BY shelf
ORDER BY books DESC, shelf
