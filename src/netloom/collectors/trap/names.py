"""What MIBs call the objects and notifications of network devices: names.tsv, from the MIBs of RFCs and vendors."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LEAF = 40
"""No instance that people can still read has more numbers."""


@cache
def _names() -> dict[str, str]:
    text = files(__package__).joinpath("names.tsv").read_text()
    return dict(line.split("\t") for line in text.splitlines())


def name_of(oid: str) -> str | None:
    """The name with what is left of the instance (ifIndex.3), None where it is not known."""
    names = _names()
    parts = oid.split(".")
    for size in range(len(parts), max(0, len(parts) - LEAF), -1):
        if name := names.get(".".join(parts[:size])):
            return ".".join((name, *parts[size:]))
    return None
