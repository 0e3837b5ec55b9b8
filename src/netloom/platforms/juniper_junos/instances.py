"""Routing instances of a Junos device, and where an instance's routing is configured."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import section, value

KINDS = ("vrf", "virtual-router")
"""The types of instances that are VRFs; the others forward, switch or carry layer 2."""
MANAGEMENT = "mgmt_junos"
"""The instance that `system management-instance` makes; it needs no type."""


def instances(config: Config) -> Iterator[tuple[str, str | None, Tree]]:
    """Name, type and section of every routing instance that is a VRF."""
    for name, below in section(config, "routing-instances").items():
        kind = value(below, "instance-type")
        if kind in KINDS or (kind is None and name == MANAGEMENT):
            yield name, kind, below


def home(vrf: str) -> Words:
    """Where an instance's `protocols` and `routing-options` stand."""
    return () if vrf == "default" else ("routing-instances", vrf)


def tables(config: Config) -> Iterator[tuple[str, Words]]:
    """Every VRF's name with its home, the default one first."""
    yield "default", ()
    for name, _, _ in instances(config):
        yield name, home(name)
