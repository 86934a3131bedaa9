"""The page: what a lake holds, as one HTML file that needs nothing else.

``gather`` asks the lake, ``page`` writes what was answered; in between stands plain data (``model``).
"""
