"""Where BGP's lines stand on IOS: the instance of a VRF, its families, and what is said of each peer in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netloom.errors import Unsupported
from netloom.model.config import Config, Tree, once
from netloom.platforms import bgp_lines
from netloom.platforms.as_numbers import as_number
from netloom.platforms.bgp_lines import Family, Said, own_family
from netloom.platforms.cisco_ios.bgp_effects import IPV4, IPV6
from netloom.platforms.cisco_ios.bgp_forms import FAMILY_LINE

_HEADER = re.compile(r"router bgp ([\d.]+)")
_VRF = re.compile(r"address-family ipv([46])(?: unicast)? vrf (\S+)")
_FAMILIES: dict[Family, str] = {"ipv4-unicast": IPV4, "ipv6-unicast": IPV6}
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """One VRF's BGP."""

    asn: int
    vrf: str
    header: str
    families: dict[Family, Path]
    """Where each family's lines stand, or would."""

    def home(self, peer: str) -> Path:
        """Where a neighbor or a group is defined."""
        if self.vrf == "default":
            return (self.header,)
        return self.families[own_family(peer)]


@once
def instances(config: Config) -> list[Instance]:
    """The instance of every VRF, the default one first; IOS has one AS number."""
    return list(_instances(config))


def _instances(config: Config) -> Iterator[Instance]:
    for header, below in config.sections("router bgp "):
        match = _HEADER.fullmatch(header)
        if match is None:
            continue
        asn = as_number(match[1])
        yield Instance(asn, "default", header, _families(header, "", below))
        for name in dict.fromkeys(found[2] for text in below if (found := _VRF.fullmatch(text))):
            yield Instance(asn, name, header, _families(header, f" vrf {name}", below))


def instance(config: Config, vrf: str) -> Instance | None:
    """A VRF's instance."""
    return next((found for found in instances(config) if found.vrf == vrf), None)


def planned_instance(config: Config, vrf: str, asn: int) -> Instance:
    """The instance that there is, or that there would be."""
    if (found := instance(config, vrf)) is not None:
        return found
    header = next((text for text, _ in config.sections("router bgp ")), f"router bgp {asn}")
    families = _families(header, "" if vrf == "default" else f" vrf {vrf}", config.section(header))
    return Instance(asn, vrf, header, families)


def instance_for(config: Config, vrf: str, peer: str) -> Instance:
    """The instance in which a peer can be set; raises Unsupported where there is none."""
    found = instance(config, vrf)
    if found is None:
        raise Unsupported(
            f"BGP neighbor {peer}: there is no BGP instance in VRF {vrf}", device="", hint="wish for one under `bgp:`"
        )
    return found


def said(config: Config, place: Instance) -> dict[str, Said]:
    """What is said of every peer and group."""
    homes = {(place.header,)} if place.vrf == "default" else set(place.families.values())
    above = (text for path in homes for text in config.section(*path))
    families = {
        name: [text for text in config.section(*path) if FAMILY_LINE.fullmatch(text.removeprefix("no "))]
        for name, path in place.families.items()
    }
    return bgp_lines.said(above, families)


def _families(header: str, vrf: str, section: Tree) -> dict[Family, Path]:
    """Where each family stands: some releases say that it is unicast."""
    found: dict[Family, Path] = {}
    for name, start in _FAMILIES.items():
        wordy = f"{start} unicast{vrf}"
        found[name] = (header, wordy if wordy in section else f"{start}{vrf}")
    return found
