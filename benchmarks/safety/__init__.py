"""Faults at every step of a change on a real router: `python -m benchmarks.safety` prints the table of outcomes."""
