"""Probes: services of the inventory's devices, looked at from outside."""
