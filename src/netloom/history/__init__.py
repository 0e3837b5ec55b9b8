"""Configurations through time, in Git."""
