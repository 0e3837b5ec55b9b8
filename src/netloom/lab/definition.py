"""One node's definition in a topology file, also as `defaults`, `kinds` and `groups` give it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_interface
from pathlib import PurePosixPath
from typing import Any

from netloom.codecs.marked_yaml import Document, Path
from netloom.inventory.containerlab import PLATFORMS
from netloom.lab.simulated_node import simulated_kinds
from netloom.lab.simulation.spec import PORTS
from netloom.lab.topology import KINDS, SERVICES, SIMULATED, Bind, Flow, Sflow

DAEMONS = (
    "bgpd", "ospfd", "ospf6d", "ripd", "ripngd", "isisd", "pimd", "pim6d", "ldpd", "nhrpd", "eigrpd", "babeld", "pbrd",
    "bfdd", "fabricd", "vrrpd", "pathd",
)  # fmt: skip
INTERFACE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,14}")
"""At most 15 bytes (IFNAMSIZ, linux/if.h)."""
RESERVED = ("lo", "mgmt0", "all", "default")
PORT = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,62}")
"""Of a simulated device: no link of the kernel's, so as its vendor spells it."""
IGNORED = (
    "image", "image-pull-policy", "type", "license", "ports", "memory", "cpu", "cpu-set", "restart-policy", "user",
    "auto-remove", "runtime", "enforce-startup-config", "healthcheck", "shm-size", "cap-add", "devices", "dns",
    "aliases",
)  # fmt: skip
"""Keys of containerlab that speak of containers: accepted, noted, without effect."""
REFUSED = (
    "entrypoint", "cmd", "network-mode", "mgmt-ipv6", "env-files", "sysctls", "startup-delay", "stages", "wait-for",
    "sandbox", "kernel", "suppress-startup-config", "certificate", "components", "extras", "config", "credentials",
)  # fmt: skip
"""Keys of containerlab whose absence would change what the lab does."""


def read_definition(document: Document, path: Path) -> dict[str, Any]:
    """The checked entries of a node's definition; raises SourceError."""
    data = mapping(document, path)
    known = [*READERS, "netloom"]
    entries: dict[str, Any] = {"ignored": []}
    for key, value in data.items():
        below = (*path, key)
        if key in IGNORED:
            entries["ignored"].append((key, value))
        elif key in REFUSED:
            raise document.error(
                below, f"containerlab's {key!r} does not work here", hint="take it out of the file", at_key=True
            )
        elif key == "netloom":
            entries |= _own(document, below)
        elif key in READERS:
            entries[key] = READERS[key](document, below)
        else:
            raise document.unknown_key(below, known)
    return entries


def merge(layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Several definitions as one: later ones win, mappings are joined, `exec` and `binds` follow each other."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            old = merged.get(key)
            if isinstance(old, dict) and isinstance(value, dict):
                merged[key] = old | value
            elif key in ("exec", "binds", "ignored"):
                merged[key] = [*(old or ()), *value]
            else:
                merged[key] = value
    return merged


def at(document: Document, path: Path) -> Any:
    """The value at a path."""
    value = document.data
    for step in path:
        value = value[step]
    return value


def mapping(document: Document, path: Path) -> dict[str, Any]:
    """The mapping at a path, empty where nothing is written; raises SourceError."""
    value = at(document, path)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _expected(document, path, "a mapping")
    for key in value:
        if not isinstance(key, str):
            raise document.error((*path, key), f"expected a text as key, got {key!r}", at_key=True)
    return value


def text(document: Document, path: Path) -> str:
    """The text at a path; raises SourceError."""
    value = at(document, path)
    if not isinstance(value, str) or not value:
        raise _expected(document, path, "a text")
    return value


def number(document: Document, path: Path, low: int, high: int) -> int:
    """The whole number at a path, within bounds; raises SourceError."""
    value = at(document, path)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _expected(document, path, f"a whole number from {low} to {high}")
    return value


def texts(document: Document, path: Path) -> list[str]:
    """The list of texts at a path; raises SourceError."""
    value = at(document, path)
    if not isinstance(value, list):
        raise _expected(document, path, "a list")
    return [text(document, (*path, index)) for index in range(len(value))]


def port(document: Document, path: Path, name: str) -> str:
    """A name that an interface of a simulated device can have; raises SourceError."""
    if not PORT.fullmatch(name):
        raise document.error(path, f"{name!r} cannot name an interface", hint="as its vendor spells it: Ethernet1/1")
    return name


def interface(document: Document, path: Path, name: str, *, at_key: bool = False) -> str:
    """A name that an interface can have; raises SourceError."""
    if not INTERFACE.fullmatch(name) or name in RESERVED:
        hint = "at most 15 letters, digits, '.', '_' or '-', and neither lo nor mgmt0"
        raise document.error(path, f"{name!r} cannot name an interface of a link", hint=hint, at_key=at_key)
    return name


def _expected(document: Document, path: Path, what: str) -> Exception:
    value = at(document, path)
    dotted = ".".join(str(step) for step in path)
    got = "nothing" if value is None else f"{type(value).__name__} {value!r}"[:80]
    return document.error(path, f"{dotted}: expected {what}, got {got}")


def _kind(document: Document, path: Path) -> str:
    return kind(document, path, text(document, path))


def kind(document: Document, path: Path, name: str, *, at_key: bool = False) -> str:
    """A kind of node there is; raises SourceError."""
    known = (*KINDS, *simulated_kinds())
    if name not in known:
        hint = f"expected one of {', '.join(known)}; vendors' images do not run here"
        like = f"{SIMULATED}{PLATFORMS.get(name, name)}"
        if like in known:
            hint = f"vendors' images do not run here; {like} simulates one"
        raise document.error(path, f"unknown kind {name!r}", hint=hint, at_key=at_key)
    return name


def _scalars(document: Document, path: Path) -> dict[str, str]:
    found = {}
    for key, value in mapping(document, path).items():
        if isinstance(value, bool):
            found[key] = str(value).lower()
        elif isinstance(value, str | int | float):
            found[key] = str(value)
        else:
            raise _expected(document, (*path, key), "a text or a number")
    return found


def _environment(document: Document, path: Path) -> dict[str, str]:
    found = _scalars(document, path)
    for key in found:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
            raise document.error((*path, key), f"{key!r} cannot name a variable", at_key=True)
    return found


def _binds(document: Document, path: Path) -> list[Bind]:
    found = []
    for index, entry in enumerate(texts(document, path)):
        source, target, *rest = [*entry.split(":"), ""]
        modes = set(rest[0].split(",")) - {""} if rest else set()
        if not source or not target.startswith("/") or len(rest) > 2 or modes - {"ro", "rw"} or "\t" in entry:
            hint = "as in ./daemons:/etc/frr/daemons:ro"
            raise document.error((*path, index), f"expected SOURCE:/TARGET[:ro], got {entry!r}", hint=hint)
        found.append(Bind(source, target, "ro" in modes))
    return found


def _own(document: Document, path: Path) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    known = list(dict.fromkeys((*OWN, *SERVICES, *PORTS)))
    for key in mapping(document, path):
        below = (*path, key)
        if key in OWN:
            entries[key] = OWN[key](document, below)
        elif key in SERVICES or key in PORTS:
            value = at(document, below)
            if not isinstance(value, bool):
                raise _expected(document, below, "true or false")
            entries[key] = value
        else:
            raise document.unknown_key(below, known)
    return entries


def _daemons(document: Document, path: Path) -> list[str]:
    found = texts(document, path)
    for index, name in enumerate(found):
        if name not in DAEMONS:
            hint = "zebra, staticd and watchfrr always run" if name in ("zebra", "staticd", "watchfrr") else None
            hint = hint or f"expected some of {', '.join(DAEMONS)}"
            raise document.error((*path, index), f"unknown daemon {name!r}", hint=hint)
    return found


def _addresses(document: Document, path: Path) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, value in mapping(document, path).items():
        below = (*path, name)
        if name != "lo":
            interface(document, below, name, at_key=True)
        entries = texts(document, below) if isinstance(value, list) else [text(document, below)]
        for entry in entries:
            try:
                ip_interface(entry)
            except ValueError as exc:
                raise document.error(below, f"expected an address such as 10.1.1.10/24, got {entry!r}") from exc
            if "/" not in entry:
                raise document.error(below, f"expected an address with its prefix length, got {entry!r}")
        found[name] = tuple(entries)
    return found


def _flow(document: Document, path: Path) -> Flow:
    data = mapping(document, path)
    for key in data:
        if key not in ("interfaces", "version", "active"):
            raise document.unknown_key((*path, key), ["interfaces", "version", "active"])
    if "interfaces" not in data:
        raise document.error(path, "expected the interfaces to watch", hint="flow: {interfaces: [eth1]}")
    version = number(document, (*path, "version"), 5, 10) if "version" in data else 9
    if version not in (5, 9, 10):
        raise document.error((*path, "version"), f"expected 5, 9 or 10 (IPFIX), got {version}")
    active = number(document, (*path, "active"), 1, 3600) if "active" in data else 5
    return Flow(tuple(texts(document, (*path, "interfaces"))), version, active)


def _sflow(document: Document, path: Path) -> Sflow:
    data = mapping(document, path)
    for key in data:
        if key not in ("sampling", "polling"):
            raise document.unknown_key((*path, key), ["sampling", "polling"])
    limits = {"sampling": 1 << 24, "polling": 3600}
    return Sflow(**{key: number(document, (*path, key), 1, limits[key]) for key in data})


def _decimal(document: Document, path: Path, low: float, high: float) -> float:
    value = at(document, path)
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise _expected(document, path, f"a number from {low:g} to {high:g}")
    return float(value)


def _latency(document: Document, path: Path) -> float:
    return _decimal(document, path, 0, 60)


def _hurry(document: Document, path: Path) -> float:
    return _decimal(document, path, 1, 1000)


def _files(document: Document, path: Path) -> dict[str, str]:
    found = {}
    for target in mapping(document, path):
        below = (*path, target)
        if not PurePosixPath(target).is_absolute() or ".." in PurePosixPath(target).parts:
            raise document.error(below, f"expected a path from the root on, got {target!r}", at_key=True)
        found[target] = text(document, below)
    return found


READERS: Mapping[str, Callable[[Document, Path], Any]] = {
    "kind": _kind,
    "group": text,
    "labels": _scalars,
    "mgmt-ipv4": text,
    "startup-config": text,
    "binds": _binds,
    "exec": texts,
    "env": _environment,
}
OWN: Mapping[str, Callable[[Document, Path], Any]] = {
    "daemons": _daemons,
    "addresses": _addresses,
    "routes": texts,
    "flow": _flow,
    "sflow": _sflow,
    "files": _files,
    "latency": _latency,
    "hurry": _hurry,
    "enable-password": text,
}
