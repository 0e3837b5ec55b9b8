"""Which of two spellings a configuration uses: EOS renamed commands and shows each release's own."""

from __future__ import annotations

import re

from netloom.model.config import Config
from netloom.platforms.line_words import word

_DEVICE = re.compile(r"^! device: .*EOS-(\d+)\.(\d+)", re.MULTILINE)
_MARK = re.compile(r"EOS (\d+)\.(\d+)")


def marks(text: str) -> frozenset[str]:
    """The release that printed a configuration, as it says at its top."""
    match = _DEVICE.search(text[:1000])
    return frozenset([f"EOS {match[1]}.{match[2]}"]) if match else frozenset()


def before(config: Config, *release: int) -> bool:
    """Whether the configuration is known to be of an earlier release."""
    found = (match for mark in config.marks if (match := _MARK.fullmatch(mark)))
    return any((int(match[1]), int(match[2])) < release for match in found)


def vrf_header(config: Config, name: str) -> str:
    """`vrf instance`, or `vrf definition` before 4.22."""
    for kind in ("instance", "definition"):
        if f"vrf {kind} {name}" in config.tree:
            return f"vrf {kind} {name}"
    return f"vrf {'definition' if says_definition(config) else 'instance'} {name}"


def says_definition(config: Config) -> bool:
    """Whether VRFs are written the old way."""
    words = {header.split()[1] for header, _ in config.sections("vrf ")}
    return "definition" in words or ("instance" not in words and before(config, 4, 22))


def interface_vrf(config: Config) -> str:
    """The words before the VRF's name on an interface."""
    old = says_definition(config) and not any("vrf instance" in header for header in config.tree)
    return "vrf forwarding" if old else "vrf"


def vrf_of(config: Config, interface: str) -> str:
    """The VRF that an interface stands in."""
    section = config.section(f"interface {interface}")
    return word(section, "vrf forwarding ") or word(section, "vrf ") or "default"


def peer_group(config: Config) -> str:
    """`peer group`, or `peer-group` before 4.23."""
    for header, below in config.sections("router bgp "):
        for tree in (below, *(section for _, section in config.sections("vrf ", header))):
            for text in tree:
                if text.startswith("neighbor ") and " peer" in text:
                    if " peer group" in text:
                        return "peer group"
                    if " peer-group" in text:
                        return "peer-group"
    return "peer-group" if before(config, 4, 23) else "peer group"


def domain(config: Config) -> str:
    """`dns domain`, or `ip domain-name` before 4.22."""
    old = any(text.startswith("ip domain-name ") for text in config.tree)
    return "ip domain-name" if old or before(config, 4, 22) else "dns domain"
