"""The rows of a table as one file, for people who want files: CSV or Parquet, in a decided order."""
