"""`show ip interface` and `show ipv6 interface`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.interface import InterfaceState
from netloom.model.text import canonical_address, canonical_interface_address
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.show_interface import HEADER, status
from netloom.platforms.replies import Reader

_IPV4 = re.compile(
    r"(?m)^\s*(?:Internet protocol processing|Internet address|Broadcast address is|Interface is unnumbered)"
)
_IPV6 = re.compile(r"(?m)^\s*(?:IPv6 is |IPv6 protocol|No Virtual link-local|IPv6 address)")
ADDRESS = re.compile(
    r"(?m)^\s*(?:Internet address is|Secondary address) (?P<address>\d[\d.]+)"
    r"(?:/(?P<length>\d+)|,? (?:subnet )?mask(?: is)? (?P<mask>[\d.]+))?"
)
LINK_LOCAL = re.compile(r"link-local address is ([0-9A-Fa-f:]+)")
ADDRESS6 = re.compile(r"(?m)^\s*([0-9A-Fa-f]*:[0-9A-Fa-f:.]+), subnet is [0-9A-Fa-f:.]+/(\d+)")
_VRF = re.compile(r'VPN Routing/Forwarding "([^"]+)"')
_MTU = re.compile(r"(?m)^\s*MTU is (\d+) bytes")


def _interfaces(text: str) -> Iterator[InterfaceState]:
    for head, block in screen.blocks(text, HEADER):
        vrf, mtu = _VRF.search(block), _MTU.search(block)
        yield InterfaceState(
            name=screen.interface(head["name"]),
            **status(head),
            mtu=int(mtu[1]) if mtu else None,
            vrf=vrf[1] if vrf else None,
            addresses=tuple(dict.fromkeys((*_ipv4(block), *_ipv6(block)))),
        )


def _ipv4(block: str) -> Iterator[str]:
    for match in ADDRESS.finditer(block):
        length = match["length"] or match["mask"] or "32"
        yield canonical_interface_address(f"{match['address']}/{length}")


def _ipv6(block: str) -> Iterator[str]:
    """The link-local address first, which has no prefix of its own."""
    for address in LINK_LOCAL.findall(block):
        yield canonical_address(address)
    for address, length in ADDRESS6.findall(block):
        yield str(ipaddress.IPv6Interface(f"{address}/{length}"))


READERS = (
    Reader(lambda text: bool(HEADER.search(text) and _IPV4.search(text)), _interfaces),
    Reader(lambda text: bool(HEADER.search(text) and _IPV6.search(text)), _interfaces),
)
