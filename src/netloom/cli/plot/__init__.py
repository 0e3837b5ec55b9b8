"""Charts in a terminal: blocks and dots with axes, units and a legend, in colour or without."""
