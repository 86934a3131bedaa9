"""Who calls, which policies hold for it, and what they say of each call."""
