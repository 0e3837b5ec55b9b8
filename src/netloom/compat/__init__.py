"""Doors from other tools: what they offer, in their own shapes."""
