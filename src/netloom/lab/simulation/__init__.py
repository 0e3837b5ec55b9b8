"""Simulated devices: real servers on real sockets, over configurations that really change.

A simulated device is no vendor's software and proves nothing about one: it is labelled as simulated wherever it shows
itself, and every reader of netloom is also tested on what real devices said.
"""
