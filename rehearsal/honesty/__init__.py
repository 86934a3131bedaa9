"""What a rehearsal shows, and what it does not: executed, stood in for, recorded without effect, not rehearsed."""
