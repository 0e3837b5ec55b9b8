"""Codecs driven over the network."""
