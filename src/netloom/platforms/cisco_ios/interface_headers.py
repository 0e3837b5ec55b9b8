"""How the sections of interfaces begin: `interface Serial0/0.1 point-to-point` is Serial0/0.1's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.config import Config, Tree, once

_HEADER = re.compile(r"interface ([A-Za-z-]+) ?(\d\S*)(?: (?:point-to-point|multipoint|l2transport))?")


def interface_sections(config: Config) -> Iterator[tuple[str, Tree]]:
    """Every interface's name, with the section that it has."""
    for name, header in _headers(config).items():
        yield name, config.section(header)


def interface_header(name: str, config: Config) -> str:
    """How an interface's section begins, as the configuration has it."""
    return _headers(config).get(name, f"interface {name}")


@once
def _headers(config: Config) -> dict[str, str]:
    found: dict[str, str] = {}
    for header, _ in config.sections("interface "):
        found.setdefault(_name(header), header)
    return found


def _name(header: str) -> str:
    match = _HEADER.fullmatch(header)
    return f"{match[1]}{match[2]}" if match else header.removeprefix("interface ")
