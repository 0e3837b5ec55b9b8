"""The network as code and as data, on one loom."""

__version__ = "0.1.0"
