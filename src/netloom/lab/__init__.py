"""A real network on one machine."""
