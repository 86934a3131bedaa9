"""The command line of the lake."""
