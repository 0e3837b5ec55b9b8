"""People's own MIB files: whatever stands in the workspace's folder `mibs/`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from netloom.codecs.smi import Definition, Module, Syntax, parse_modules
from netloom.collectors.mibs import standard
from netloom.collectors.mibs.objects import MibObject, Mibs
from netloom.errors import SourceError

_SUFFIXES = frozenset(("", ".mib", ".txt", ".my", ".asn1", ".smi"))
_DEPTH = 64
_TYPES = {
    "INTEGER": "INTEGER",
    "Integer32": "INTEGER",
    "Unsigned32": "Gauge32",
    "Gauge": "Gauge32",
    "Counter": "Counter32",
    "OCTET STRING": "OCTETS",
    "OBJECT IDENTIFIER": "OID",
    "NetworkAddress": "IpAddress",
    **{name: name for name in ("Counter32", "Counter64", "Gauge32", "TimeTicks", "IpAddress", "BITS", "Opaque")},
    "InetAddress": "InetAddress",
}
_CONVENTIONS = {
    "DisplayString": Syntax("OCTET STRING", hint="255a"),
    "SnmpAdminString": Syntax("OCTET STRING", hint="255t"),
    "PhysAddress": Syntax("OCTET STRING", hint="1x:"),
    "MacAddress": Syntax("OCTET STRING", size=6, hint="1x:"),
    "DateAndTime": Syntax("OCTET STRING", hint="2d-1d-1d,1d:1d:1d.1d,1a1d:1d"),
    "TruthValue": Syntax("INTEGER", {1: "true", 2: "false"}),
    "RowStatus": Syntax(
        "INTEGER",
        {1: "active", 2: "notInService", 3: "notReady", 4: "createAndGo", 5: "createAndWait", 6: "destroy"},
    ),
    "InetAddressType": Syntax("INTEGER", {0: "unknown", 1: "ipv4", 2: "ipv6", 3: "ipv4z", 4: "ipv6z", 16: "dns"}),
    "TimeStamp": Syntax("TimeTicks"),
    "CounterBasedGauge64": Syntax("Counter64"),
    "ZeroBasedCounter64": Syntax("Counter64"),
    "ZeroBasedCounter32": Syntax("Gauge32"),
    **dict.fromkeys(("AutonomousType", "RowPointer", "VariablePointer", "TDomain"), Syntax("OBJECT IDENTIFIER")),
    **dict.fromkeys(("InterfaceIndex", "InterfaceIndexOrZero", "TimeInterval"), Syntax("INTEGER")),
    "StorageType": Syntax("INTEGER", {1: "other", 2: "volatile", 3: "nonVolatile", 4: "permanent", 5: "readOnly"}),
}
"""The conventions of RFC 2579 and of MIBs that others import from."""
_NOTIFICATIONS = frozenset(("NOTIFICATION-TYPE", "TRAP-TYPE"))


def own_mibs(folder: Path) -> list[MibObject]:
    """The objects that a folder's MIB files define; raises SourceError."""
    if not folder.is_dir():
        return []
    modules: list[tuple[Module, str]] = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
            try:
                text = path.read_text(errors="replace")
            except OSError as exc:
                raise SourceError(f"cannot be read: {exc.strerror or exc}", file=str(path)) from exc
            modules += [(module, str(path)) for module in parse_modules(text, str(path))]
    return list(objects_of(modules, standard()))


def objects_of(modules: Sequence[tuple[Module, str]], known: Mibs) -> Iterator[MibObject]:
    """The objects of modules with their files; they may lean on each other and on what is known. Raises SourceError."""
    scope = _Scope(modules, known)
    for module, file in modules:
        for one in module.definitions:
            yield _object(_Place(one, module.name, file), scope)


class _Place(NamedTuple):
    """A definition, and where it stands."""

    definition: Definition
    mib: str
    file: str


class _Scope:
    """What names mean: in their own module first, then in the others, then in what is known."""

    def __init__(self, modules: Sequence[tuple[Module, str]], known: Mibs) -> None:
        self.known = known
        self.types = {**_CONVENTIONS, **{name: type_ for module, _ in modules for name, type_ in module.types.items()}}
        self._own: dict[tuple[str, str], _Place] = {}
        self._any: dict[str, _Place] = {}
        self._oids: dict[tuple[str, str], str] = {}
        for module, file in modules:
            for one in module.definitions:
                place = _Place(one, module.name, file)
                self._own.setdefault((module.name, one.name), place)
                self._any.setdefault(one.name, place)

    def find(self, name: str, mib: str) -> _Place | None:
        """A definition that a module means by a name."""
        return self._own.get((mib, name)) or self._any.get(name)

    def oid(self, place: _Place, depth: int = 0) -> str:
        """A definition's object identifier; raises SourceError."""
        one, mib, file = place
        if (oid := self._oids.get((mib, one.name))) is not None:
            return oid
        if depth > _DEPTH:
            raise SourceError(f"{one.name}: its parents go round in circles", file=file, line=one.line)
        above: str | None = ""
        if one.parent:
            found = self.find(one.parent, mib)
            if found is not None and found.definition is not one:
                above = self.oid(found, depth + 1)
            else:
                parent = self.known.named(one.parent)
                if parent is None:
                    message = f"{one.name}: expected a parent that some MIB defines, got {one.parent!r}"
                    hint = "put the MIB that defines it into mibs/ too"
                    raise SourceError(message, file=file, line=one.line, hint=hint)
                above = parent.oid
        oid = ".".join((*filter(None, (above,)), *map(str, one.numbers)))
        self._oids[mib, one.name] = oid
        return oid


def _object(place: _Place, scope: _Scope) -> MibObject:
    one, mib, _ = place
    oid, kind = scope.oid(place), _kind(place, scope)
    if kind not in ("scalar", "column") or one.syntax is None:
        return MibObject(one.name, oid, mib, kind, index=_index(place, scope))
    base, labels, size, hint = one.syntax.name, one.syntax.labels, one.syntax.size, ""
    for _ in range(_DEPTH):
        if base in _TYPES or base not in scope.types:
            break
        convention = scope.types[base]
        base, labels = convention.name, labels or convention.labels
        size, hint = size or convention.size, hint or convention.hint
    return MibObject(one.name, oid, mib, kind, _TYPES.get(base, "OCTETS"), size, hint, labels=labels)


def _kind(place: _Place, scope: _Scope) -> str:
    one = place.definition
    if one.macro in _NOTIFICATIONS:
        return "notification"
    if one.macro != "OBJECT-TYPE":
        return "node"
    if one.syntax is not None and one.syntax.name == "SEQUENCE OF":
        return "table"
    if one.index or one.augments:
        return "entry"
    parent = scope.find(one.parent, place.mib)
    return "column" if parent is not None and (parent.definition.index or parent.definition.augments) else "scalar"


def _index(place: _Place, scope: _Scope) -> tuple[str, ...]:
    one = place.definition
    if not one.augments:
        return one.index
    found = scope.find(one.augments, place.mib)
    if found is not None:
        return found.definition.index
    above = scope.known.named(one.augments)
    return above.index if above is not None else ()
