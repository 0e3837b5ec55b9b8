"""What MIBs call the objects of network devices: tables of the RFCs' and the vendors' MIBs, one file a MIB.

A row of a table is: name, object identifier, kind, type, octets where they are fixed, display hint, index, labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from netloom.collectors.mibs.objects import MibObject, Mibs

__all__ = ["MibObject", "Mibs", "name_of", "oid_of", "standard"]


@cache
def standard() -> Mibs:
    """The MIBs that come with netloom."""
    folder = files(__package__).joinpath("tables")
    return Mibs(
        one
        for table in sorted(folder.iterdir(), key=lambda table: table.name)
        if table.name.endswith(".tsv")
        for one in _objects(table.name.removesuffix(".tsv"), table.read_text())
    )


def name_of(oid: str) -> str | None:
    """The name with what is left of the instance (ifIndex.3), None where it is not known."""
    return standard().name_of(oid)


def oid_of(name: str) -> str:
    """The object identifier of a name such as IF-MIB::ifTable or ifInOctets.3; raises UsageError."""
    return standard().oid_of(name)


def _objects(mib: str, text: str) -> Iterator[MibObject]:
    for line in text.splitlines():
        name, oid, kind, type_, size, hint, index, labels = [*line.split("\t"), *[""] * 5][:8]
        yield MibObject(
            name=name,
            oid=oid,
            mib=mib,
            kind=kind,
            type=type_,
            size=int(size) if size else None,
            hint=hint,
            index=tuple(index.split(",")) if index else (),
            labels=_labels(labels) if labels else {},
        )


@cache
def _labels(text: str) -> dict[int, str]:
    pairs = (label.rpartition("=") for label in text.split(" "))
    return {int(number): label for label, _, number in pairs}
