"""MIB objects, found by name and by object identifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from netloom.errors import UsageError

LEAF = 40
"""No instance that people can still read has more numbers."""
_NAMED = frozenset(("scalar", "column", "notification"))


@dataclass(frozen=True, slots=True)
class MibObject:
    """One definition of a MIB."""

    name: str
    oid: str
    mib: str
    kind: str
    """node, scalar, table, entry, column or notification."""
    type: str = ""
    """INTEGER, Counter32, Counter64, Gauge32, TimeTicks, OCTETS, OID, IpAddress, InetAddress, BITS or Opaque."""
    size: int | None = None
    """Octets, where they are always as many."""
    hint: str = ""
    """How octets are written (RFC 2579 §3.1)."""
    index: tuple[str, ...] = ()
    """Of an entry: the columns that its instances are made of; ! is IMPLIED."""
    labels: Mapping[int, str] = field(default_factory=dict)
    """Of an enumeration, or of bits."""

    @property
    def parts(self) -> tuple[int, ...]:
        """The object identifier's numbers."""
        return tuple(map(int, self.oid.split(".")))


class Mibs:
    """A set of MIBs; where a name or a number is defined twice, the later one wins."""

    def __init__(self, objects: Iterable[MibObject]) -> None:
        self._by_oid: dict[str, MibObject] = {}
        self._by_name: dict[str, MibObject] = {}
        self._by_mib: dict[tuple[str, str], MibObject] = {}
        for one in objects:
            self._by_oid[one.oid] = one
            self._by_name[one.name] = one
            self._by_mib[one.mib, one.name] = one

    def __iter__(self) -> Iterator[MibObject]:
        return iter(self._by_oid.values())

    def with_more(self, objects: Iterable[MibObject]) -> Mibs:
        """These and others'; the others win."""
        return Mibs([*self._by_oid.values(), *objects])

    def at(self, oid: str) -> MibObject | None:
        """The object with exactly this identifier."""
        return self._by_oid.get(oid)

    def named(self, name: str) -> MibObject | None:
        """An object by its name, with its MIB's before it or not: ifTable, IF-MIB::ifTable."""
        mib, separator, rest = name.partition("::")
        return self._by_mib.get((mib, rest)) if separator else self._by_name.get(name)

    def find(self, oid: str) -> tuple[MibObject, str] | None:
        """The nearest object at or above an identifier, and what is left of the instance."""
        at = oid
        for _ in range(LEAF):
            if found := self._by_oid.get(at):
                return found, oid[len(at) + 1 :]
            at, dot, _ = at.rpartition(".")
            if not dot:
                return None
        return None

    def name_of(self, oid: str) -> str | None:
        """The name with what is left of the instance (ifIndex.3); None where only a node above it is known."""
        found = self.find(oid)
        if found is None or (found[1] and found[0].kind not in _NAMED):
            return None
        return f"{found[0].name}.{found[1]}" if found[1] else found[0].name

    def oid_of(self, text: str) -> str:
        """The identifier behind IF-MIB::ifTable, ifInOctets.3, 1.3.6.1.2.1 or .1.3.6.1.2.1; raises UsageError."""
        bare = text.strip().removeprefix(".")
        if bare.replace(".", "").isdecimal() and ".." not in bare and not bare.endswith("."):
            return bare
        head, dot, instance = bare.partition(".")
        found = self.named(head)
        if found is None:
            raise UsageError(f"no MIB object {text!r}", hint=self._near(head))
        if dot and not all(part.isdecimal() for part in instance.split(".")):
            raise UsageError(f"{text!r}: expected an instance in numbers after {head}, got {instance!r}")
        return f"{found.oid}.{instance}" if dot else found.oid

    def below(self, oid: str) -> list[MibObject]:
        """The objects one level below: a table's entry, an entry's columns, in the order of their numbers."""
        return self._children.get(oid, [])

    def entry(self, found: MibObject) -> MibObject | None:
        """The entry of a table or of a column, or the entry itself."""
        if found.kind == "entry":
            return found
        if found.kind == "table":
            return next((one for one in self.below(found.oid) if one.kind == "entry"), None)
        above = self._by_oid.get(found.oid.rpartition(".")[0])
        return above if above is not None and above.kind == "entry" else None

    @cached_property
    def _children(self) -> dict[str, list[MibObject]]:
        children: dict[str, list[MibObject]] = {}
        for one in self._by_oid.values():
            children.setdefault(one.oid.rpartition(".")[0], []).append(one)
        for found in children.values():
            found.sort(key=lambda one: one.parts)
        return children

    def _near(self, name: str) -> str:
        bare = name.rpartition("::")[2]
        if (elsewhere := self._by_name.get(bare)) is not None:
            return f"did you mean {elsewhere.mib}::{bare}?"
        near = get_close_matches(bare, self._by_name, n=1, cutoff=0.7)
        if near:
            return f"did you mean {self._by_name[near[0]].mib}::{near[0]}?"
        return "MIB files in the workspace's folder mibs/ are read too; numbers work always"
