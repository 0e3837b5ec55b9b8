"""Hostile datagrams by the million: `python -m benchmarks.fuzz flow` says what came of them."""
