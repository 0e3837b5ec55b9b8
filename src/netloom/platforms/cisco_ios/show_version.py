"""`show version`, and what `show hosts` and `show inventory` add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from netloom.model.device import DeviceState
from netloom.model.text import canonical_mac
from netloom.platforms.durations import seconds

_VERSION = re.compile(
    r"(?m)^(?P<line>(?:Cisco )?(?:IOS|Internetwork Operating System|IOS \(tm\)|.*Software).*?,? "
    r"Version (?P<version>[^\s,]+).*)$"
)
_SOFTWARE = re.compile(
    r"(?m)^(?:Cisco IOS Software[^,\n]*, |IOS \(tm\) |Cisco IOS Software \[[^\]]*\], )(?P<software>\S.*Version .*?)\s*$"
)
_UPTIME = re.compile(r"(?m)^\s*(?P<name>\S+)\s+uptime is (?P<uptime>.+?)\s*$")
_IMAGE = re.compile(r'(?mi)^\s*System image file is "(?P<image>[^"]+)"')
_LAST_REASON = re.compile(r"(?mi)^\s*Last reload reason: *(?P<reason>\S.*?)\s*$")
_REASON = re.compile(r"(?mi)^\s*System returned to ROM by +(?P<reason>\S.*?)\s*$")
_SERIAL = re.compile(r"(?mi)^\s*Processor board ID +(?P<serial>\w+)")
_SYSTEM_SERIAL = re.compile(r"(?mi)^\s*System serial number *: *(?P<serial>\w+)")
_MODEL = re.compile(r"(?mi)^cisco (?P<model>[\w/+-]+(?: Series)?) ?\(.*bytes of ")
_OLD_MODEL = re.compile(r"(?mi)^cisco (?P<model>\S+) .*processor.*bytes of ")
_MODEL_NUMBER = re.compile(r"(?mi)^\s*Model number *: *(?P<model>\S+)")
_MAC = re.compile(r"(?mi)^\s*Base ethernet MAC Address *: *(?P<mac>[0-9a-f][0-9a-f:.-]{10,})")
_DOMAIN = re.compile(r"(?m)^(?:Default domain is|Name domain is|Domain name is) +(?!not set)(?P<domain>[\w.-]+)")
_HOSTS = re.compile(r"(?m)^(?:Default domain is|Default domain not set|Name/address lookup uses|Name servers are)")
INVENTORY = re.compile(
    r'(?m)^ *NAME: *"(?P<name>[^"]*)" *, *DESCR: *"(?P<description>[^\n]*)" *'
    r"\n+ *PID: *(?P<pid>[^,\n]*?) *, *VID: *(?P<vid>[^,\n]*?) *,? *SN: *(?P<sn>\S*)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the inventory."""

    name: str
    description: str
    part_number: str
    serial_number: str


def is_version(text: str) -> bool:
    """Whether this is `show version`."""
    return bool(_UPTIME.search(text) and _VERSION.search(text))


def is_hosts(text: str) -> bool:
    """Whether this is `show hosts`."""
    return bool(_HOSTS.search(text))


def domain(text: str) -> str | None:
    """The domain that `show hosts` tells."""
    match = _DOMAIN.search(text)
    return match["domain"] if match else None


def inventory(text: str) -> list[Part]:
    """The parts that `show inventory` lists, the chassis first."""
    return [Part(match["name"], match["description"], match["pid"], match["sn"]) for match in INVENTORY.finditer(text)]


def software(text: str) -> str | None:
    """The system's long name: «C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4, RELEASE SOFTWARE (fc1)»."""
    match = _SOFTWARE.search(text)
    return match["software"] if match else None


def device(text: str) -> DeviceState:
    """The device; raises ValueError where this is no `show version`."""
    uptime, version = _UPTIME.search(text), _told(text)
    if uptime is None or version is None:
        raise ValueError(f"expected «NAME uptime is …» and a version, got {' '.join(text.split())[:80]!r}")
    mac = _MAC.search(text)
    return DeviceState(
        hostname=uptime["name"],
        vendor="Cisco",
        model=_first(text, _MODEL, _OLD_MODEL, _MODEL_NUMBER),
        os_version=version["version"],
        os_image=_first(text, _IMAGE),
        serial_number=_first(text, _SERIAL, _SYSTEM_SERIAL),
        mac_address=canonical_mac(mac["mac"]) if mac else None,
        uptime_s=seconds(uptime["uptime"]),
        reload_reason=_first(text, _LAST_REASON, _REASON),
        description=version["line"].strip(),
    )


def described(state: DeviceState) -> DeviceState:
    """A device whose description is that of SNMP, with what this tells of the system."""
    version = _told(state.description or "")
    return replace(state, vendor="Cisco", os_version=version["version"] if version else None)


def _told(text: str) -> re.Match[str] | None:
    """The line of the system itself; IOS-XE's first line names only the release train."""
    lines = [match for match in _VERSION.finditer(text) if "Bootstrap" not in match[0] and "BOOTLDR" not in match[0]]
    return next((match for match in lines if "(" in match["line"].split("Version")[0]), lines[0] if lines else None)


def _first(text: str, *patterns: re.Pattern[str]) -> str | None:
    """The one group of the first pattern that matches."""
    return next((match[1] for pattern in patterns if (match := pattern.search(text))), None)


def devices(texts: Sequence[str]) -> list[DeviceState]:
    """The device from all that tells of it; raises ValueError for a text that does not."""
    found: DeviceState | None = None
    parts: list[Part] = []
    name: str | None = None
    for text in texts:
        if is_version(text):
            found = device(text)
        elif listed := inventory(text):
            parts = listed
        elif is_hosts(text):
            name = domain(text) or name
        else:
            raise ValueError(
                f"expected show version, show hosts or show inventory, got {' '.join(text.split())[:80]!r}"
            )
    if found is None:
        return _from_parts(parts)
    if parts:
        chassis = parts[0]
        found = replace(
            found,
            model=found.model or chassis.part_number or None,
            serial_number=found.serial_number or chassis.serial_number or None,
        )
    return [replace(found, fqdn=f"{found.hostname}.{name}") if name else found]


def _from_parts(parts: Sequence[Part]) -> list[DeviceState]:
    """A device of which only the inventory is known: it has no name there."""
    return [
        DeviceState(
            hostname="",
            vendor="Cisco",
            model=part.part_number or None,
            serial_number=part.serial_number or None,
            description=part.description or None,
        )
        for part in parts[:1]
    ]
