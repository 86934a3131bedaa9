"""What the runs of a lake at home have shown, and what they have not: for `lakelet rehearsal` and docs/limits.md."""
