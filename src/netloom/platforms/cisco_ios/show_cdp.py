"""`show cdp neighbors` and `show cdp neighbors detail`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.neighbor import NeighborState
from netloom.model.text import canonical_address
from netloom.platforms.cisco_ios import screen
from netloom.platforms.discovery_words import cdp_letters, cdp_words
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.replies import Reader

_DEVICE = re.compile(r"(?m)^ *Device ID: *(?P<name>\S.*?)[ \t]*$")
_PLATFORM = re.compile(r"(?m)^ *Platform *: *(?P<platform>.*?) *, *Capabilities *: *(?P<capabilities>.*?)[ \t]*$")
_INTERFACE = re.compile(r"(?m)^ *Interface: *(?P<local>[^,\n]+), +Port ID \(outgoing port\): *(?P<port>\S.*?)[ \t]*$")
_HOLD = re.compile(r"(?m)^ *Holdtime *: *(\d+)")
_VERSION = re.compile(r"(?ms)^ *Version *: *\n(?P<text>.*?)(?=\n *\n|\n *advertisement version|\Z)")
_VLAN = re.compile(r"(?m)^ *Native VLAN: *(\d+)")
_IP = re.compile(r"(?m)^ *IP(?:v6)? address: *([0-9A-Fa-f.:]+)")
_TOTAL = re.compile(r"(?m)^ *Total cdp entries displayed *: *0 *$")
"""All that `detail` prints where nobody is heard."""
_MANAGEMENT = re.compile(r"(?m)^ *Management address\(es\)")


def _details(text: str) -> Iterator[NeighborState]:
    for head, block in screen.blocks(text, _DEVICE):
        ports, platform = _INTERFACE.search(block), _PLATFORM.search(block)
        if ports is None:
            raise ValueError(f"expected the interface of CDP neighbor {head['name']!r}, got {block[:80]!r}")
        hold, version, vlan = _HOLD.search(block), _VERSION.search(block), _VLAN.search(block)
        yield NeighborState(
            local_interface=screen.interface(ports["local"]),
            chassis_id=head["name"],
            port_id=ports["port"],
            port_id_type="interface-name",
            system_name=head["name"],
            management_addresses=_addresses(block),
            platform=screen.known(platform["platform"]) if platform else None,
            system_version=version["text"].strip() or None if version else None,
            vlan=int(vlan[1]) if vlan else None,
            capabilities=cdp_words(platform["capabilities"]) if platform else (),
            ttl_s=int(hold[1]) if hold else None,
            protocol="CDP",
        )


def _addresses(block: str) -> tuple[str, ...]:
    """The management addresses, else those that it entered with, else none."""
    start = _MANAGEMENT.search(block)
    told = _IP.findall(block, start.start()) if start else []
    return tuple(dict.fromkeys(canonical_address(address) for address in told or _IP.findall(block)))


_HEADER = re.compile(r"(?m)^ *Device[ -]ID\s+Local Int(?:r|er)fce\s+Hold?tme\s+Capability\s+Platform")
_ROW = re.compile(
    r"^(?P<name>\S+(?: \S+)*?)?\s+(?P<local>[A-Za-z][A-Za-z-]+ ?\d+(?:[/.]\d+)*)\s+(?P<hold>\d+)\s"
    r"(?P<letters>(?:\s*(?<!\S)[A-Za-z](?!\S))*)\s+(?P<rest>\S.*?)\s*$"
)
_ALONE = re.compile(r"^(?P<name>\S+(?: \S+)*)\s*$")
_KIND = re.compile(r"[A-Za-z][A-Za-z-]* ?\d[\d/.:]*$")
_COLUMNS = re.compile(r"^(?:Device[ -]ID|Port ID|Total cdp entries|Capability Codes)", re.IGNORECASE)


def _table(text: str) -> Iterator[NeighborState]:
    """Rows; a long name stands on a line of its own."""
    alone = ""
    match = _HEADER.search(text)
    for line in text[match.end() if match else 0 :].splitlines()[1:]:
        row = _ROW.match(line)
        if row is not None and CISCO_IOS.knows(row["local"]):
            yield _brief(row, row["name"] or alone)
            alone = ""
        elif _COLUMNS.match(line):
            alone = ""
        elif single := _ALONE.match(line):
            if alone:
                raise ValueError(f"expected a CDP neighbor, got {line.strip()[:100]!r}")
            alone = single["name"]
    if alone:
        raise ValueError(f"expected a CDP neighbor, got {alone[:100]!r}")


def _brief(row: re.Match[str], name: str) -> NeighborState:
    platform, port = _platform_and_port(row["rest"])
    return NeighborState(
        local_interface=screen.interface(row["local"]),
        chassis_id=name,
        # a phone's «Port 1» is no port channel
        port_id=port if port.startswith("Port ") else screen.interface(port),
        port_id_type="interface-name",
        system_name=name,
        platform=platform or None,
        capabilities=cdp_letters(row["letters"] or ""),
        ttl_s=int(row["hold"]),
        protocol="CDP",
    )


def _platform_and_port(rest: str) -> tuple[str, str]:
    """The last two columns: platforms hold spaces, or run into the port; ports hold a space before their number."""
    starts = [at for at in range(len(rest)) if rest[at].isalpha() and _KIND.match(rest, at)]
    named = [at for at in starts if CISCO_IOS.knows(rest[at:])]
    apart = [at for at in named if at == 0 or rest[at - 1] == " "]
    if found := apart or named:
        return rest[: found[0]].strip(), rest[found[0] :]
    platform, _, port = rest.rpartition(" ")
    return platform.strip(), port


def _nobody(_output: str) -> tuple[NeighborState, ...]:
    return ()


READERS = (Reader(_DEVICE, _details), Reader(_HEADER, _table), Reader(_TOTAL, _nobody))
