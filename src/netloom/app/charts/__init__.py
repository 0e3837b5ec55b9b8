"""Charts as data, and as files; terminals draw the same data."""
