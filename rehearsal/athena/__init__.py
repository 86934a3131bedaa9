"""Athena at home: statements judged by Trino's rules, answered by DuckDB from the files that Athena would read."""
