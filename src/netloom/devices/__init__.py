"""Sessions on devices, one or thousands at a time."""
