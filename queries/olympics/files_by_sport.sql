-- How many rows, files and bytes each sport has, the largest first.
SELECT "partition".sport AS sport, record_count AS athletes, file_count AS files, total_size AS bytes
FROM "athletes$partitions"
ORDER BY bytes DESC, sport
