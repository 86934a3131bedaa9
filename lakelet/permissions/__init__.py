"""The proof that each function and job of the lake may do what it must and no more: played, and decided again."""
