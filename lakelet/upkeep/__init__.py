"""Has the lake's tables kept in order now, by the job that does it every week."""
