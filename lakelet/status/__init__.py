"""What a lake is at this moment, and what is to be done about it. Nothing is changed by looking."""
