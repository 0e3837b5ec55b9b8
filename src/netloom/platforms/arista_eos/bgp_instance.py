"""Where BGP's lines stand in an EOS configuration: the instance of a VRF, and what is said of each peer in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netloom.errors import Unsupported
from netloom.model.config import Config, Tree, once
from netloom.platforms import bgp_lines
from netloom.platforms.as_numbers import as_number
from netloom.platforms.bgp_lines import Family, Said

_HEADER = re.compile(r"router bgp (\d+(?:\.\d+)?)")
_VRF = re.compile(r"vrf (\S+)")
FAMILIES: dict[Family, str] = {"ipv4-unicast": "address-family ipv4", "ipv6-unicast": "address-family ipv6"}
"""The model's names and the headers of EOS."""
OF_THE_VRF = ("rd ", "route-target ")
"""How lines begin that belong to the VRF itself."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One VRF's part of `router bgp`."""

    asn: int
    vrf: str
    path: tuple[str, ...]
    section: Tree

    @property
    def bare(self) -> bool:
        """Whether the section only says what belongs to the VRF itself."""
        return self.vrf != "default" and bool(self.section) and all(map(_is_of_the_vrf, self.section))

    @property
    def mixed(self) -> bool:
        """Whether something of the VRF itself stands in the section."""
        return any(map(_is_of_the_vrf, self.section))


@once
def instances(config: Config) -> list[Instance]:
    """The default instance and those of VRFs."""
    return list(_instances(config))


def _instances(config: Config) -> Iterator[Instance]:
    for header, below in config.sections("router bgp "):
        if not (match := _HEADER.fullmatch(header)):
            continue
        asn = as_number(match[1])
        yield Instance(asn, "default", (header,), below)
        for line, section in below.items():
            if vrf := _VRF.fullmatch(line):
                yield Instance(asn, vrf[1], (header, line), section)


def instance_for(config: Config, vrf: str) -> Instance | None:
    """A VRF's instance; with the section that it would have, where only the default one is there."""
    found = instances(config)
    for instance in found:
        if instance.vrf == vrf:
            return instance
    return Instance(found[0].asn, vrf, (*found[0].path, f"vrf {vrf}"), {}) if found else None


def needed(config: Config, vrf: str, title: str) -> Instance:
    """The instance in which something can be set; raises Unsupported where there is no BGP."""
    found = instance_for(config, vrf)
    if found is None:
        raise Unsupported(f"{title}: there is no BGP instance", device="", hint="wish for one under `bgp:`")
    return found


def said(bgp: Tree) -> dict[str, Said]:
    """What is said of every peer and group."""
    above = (text for text in bgp if not text.startswith("neighbor interface "))
    return bgp_lines.said(above, {name: bgp.get(header, {}) for name, header in FAMILIES.items()})


def _is_of_the_vrf(text: str) -> bool:
    return text.startswith(OF_THE_VRF)
