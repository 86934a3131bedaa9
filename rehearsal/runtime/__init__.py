"""Lambda's execution environment: a process for a deployed zip, and the Runtime API that it asks for work."""
