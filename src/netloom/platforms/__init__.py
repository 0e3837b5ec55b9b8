"""Vendors' systems as data and pure functions, one folder each."""
