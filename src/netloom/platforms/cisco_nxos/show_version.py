"""What a Nexus says of itself: `show version`, `show hostname`, `show inventory`, `show hosts`, `show snmp`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from netloom.model.device import DeviceState
from netloom.platforms.cisco_nxos.inventory import Part, parts
from netloom.platforms.cisco_nxos.screens import value
from netloom.platforms.cisco_nxos.tables import holds, number, replies, word
from netloom.platforms.complement import filled
from netloom.platforms.contract import Read
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader
from netloom.platforms.saved_screen import apart

READ = (Read("show version | json"), Read("show hostname | json"), Read("show inventory | json"))

_HOSTNAME = re.compile(r"^\s*Device name:\s*(\S+)", re.MULTILINE)
_VERSION = re.compile(r"^\s*(?:NXOS|system):\s+version\s+(.*?)\s*$", re.MULTILINE)
_IMAGE = re.compile(r"^\s*(?:NXOS|kickstart) image file is:\s*(.*?)\s*$", re.MULTILINE)
_CHASSIS = re.compile(r"^\s*Hardware\s*\n\s*cisco\s+(.*?)\s*$", re.MULTILINE)
_SERIAL = re.compile(r"^\s*Processor Board ID\s+(\S+)", re.MULTILINE)
_UPTIME = re.compile(r"^\s*Kernel uptime is\s+(.*?)\s*$", re.MULTILINE)
_REASON = re.compile(r"^\s*Reason:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ASIDE = re.compile(r"\([^()]*\)")
_CHASSIS_NAME = re.compile(r"(.*[Cc]hassis|[^(]+)")
_DESCRIBED = re.compile(r"\bVersion ([^,\s]+)")
_MODEL = re.compile(r"(?:.*\s)?(\S+)\s+[Cc]hassis\b.*|(?:N\dK-)?(\S+).*")
_DOMAIN = re.compile(r"Default domain(?: name)? is\s+(\S+)")
_CONTACT = re.compile(r"^\s*sys contact:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LOCATION = re.compile(r"^\s*sys location:[ \t]*(.*?)[ \t]*$", re.MULTILINE)

_VENDOR = "Cisco"


def devices(*outputs: str) -> list[DeviceState]:
    """The one device that the outputs tell of; raises ValueError for what none of its commands prints."""
    told = [device for output in apart(outputs) for device in _device(output)]
    return [_joined(told)] if told else []


def _joined(told: Sequence[DeviceState]) -> DeviceState:
    """Each fact from the first output that knows it; the longest name, with its domain, is the full one."""
    names = [device.hostname for device in told if device.hostname]
    device = told[0]
    for other in told[1:]:
        device = filled(device, other)
    hostname = min(names, key=len, default="").partition(".")[0] if names else ""
    full = next((name for name in names if "." in name), None)
    domain = device.fqdn
    if full is None and domain and hostname:
        full = f"{hostname}.{domain.lstrip('.')}"
    return replace(device, hostname=hostname, fqdn=full)


def _device(output: str) -> list[DeviceState]:
    for reader in _READERS:
        if reader.recognises(output):
            return list(reader.read(output))
    raise ValueError(f"expected what show version or show hostname prints, got {' '.join(output.split())[:80]!r}")


def _version(output: str) -> list[DeviceState]:
    version = value(output, _VERSION)
    if version is None:
        raise ValueError("expected show version with the system's version, got none")
    chassis = value(output, _CHASSIS)
    return [
        DeviceState(
            hostname=value(output, _HOSTNAME) or "",
            vendor=_VENDOR,
            model=model(chassis),
            description=_name(chassis),
            os_version=version,
            os_image=value(output, _IMAGE),
            serial_number=value(output, _SERIAL),
            uptime_s=seconds(value(output, _UPTIME)),
            reload_reason=value(output, _REASON),
        )
    ]


def _version_reply(output: str) -> list[DeviceState]:
    return [
        DeviceState(
            hostname=word(reply, "host_name") or "",
            vendor=_VENDOR,
            model=model(word(reply, "chassis_id")),
            description=word(reply, "chassis_id"),
            os_version=word(reply, "sys_ver_str", "nxos_ver_str", "rr_sys_ver", "kickstart_ver_str"),
            os_image=word(reply, "nxos_file_name", "kick_file_name", "isan_file_name"),
            serial_number=word(reply, "proc_board_id"),
            uptime_s=_kernel_uptime(reply),
            reload_reason=word(reply, "rr_reason"),
        )
        for reply in replies(output)
    ]


def _kernel_uptime(reply: object) -> int | None:
    if not isinstance(reply, dict):
        return None
    counts = [number(reply, f"kern_uptm_{unit}") for unit in ("days", "hrs", "mins", "secs")]
    if all(count is None for count in counts):
        return None
    days, hours, minutes, rest = (count or 0 for count in counts)
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def model(chassis: str | None) -> str | None:
    """The model's word of a chassis' name: «Nexus7000 C7009 (9 Slot) Chassis» is a C7009."""
    match = _MODEL.fullmatch(" ".join(_ASIDE.sub("", chassis or "").split()))
    return match[1] or match[2] if match else None


def _name(chassis: str | None) -> str | None:
    """The chassis' name without the supervisor's, which stands in brackets and quotes after it."""
    match = _CHASSIS_NAME.match(chassis or "")
    return match[1].strip() if match else None


def described(state: DeviceState) -> DeviceState:
    """With the version that sysDescr tells: «Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 9.3(8), …»."""
    match = _DESCRIBED.search(state.description or "")
    return replace(state, vendor=_VENDOR, os_version=match[1] if match else state.os_version)


def _hostname(output: str) -> list[DeviceState]:
    return [DeviceState(hostname=output.rsplit(maxsplit=1)[-1])]


def _hostname_reply(output: str) -> list[DeviceState]:
    return [DeviceState(hostname=word(reply, "hostname") or "") for reply in replies(output)]


def _inventory(output: str) -> list[DeviceState]:
    chassis = _chassis(parts(output))
    return [
        DeviceState(
            hostname="",
            vendor=_VENDOR,
            model=chassis.product,
            description=chassis.description,
            serial_number=chassis.serial,
        )
    ]


def _chassis(found: Sequence[Part]) -> Part:
    if not found:
        raise ValueError("expected the parts of show inventory, got none")
    return next((part for part in found if part.name.lower().startswith("chassis")), found[0])


def _hosts(output: str) -> list[DeviceState]:
    return [DeviceState(hostname="", fqdn=value(output, _DOMAIN))]


def _snmp(output: str) -> list[DeviceState]:
    return [DeviceState(hostname="", contact=value(output, _CONTACT), location=value(output, _LOCATION))]


_READERS = (
    Reader(holds("chassis_id|kern_uptm_days|proc_board_id|header_str"), _version_reply),
    Reader(holds("TABLE_inv"), _inventory),
    Reader(holds("hostname"), _hostname_reply),
    Reader(_VERSION, _version),
    Reader(re.compile(r"^NAME: .*DESCR: ", re.MULTILINE), _inventory),
    Reader(re.compile(r"^DNS lookup|^Name servers are|Default domain", re.MULTILINE), _hosts),
    Reader(_CONTACT, _snmp),
    Reader(re.compile(r"\A\s*(?:\S+[#>]\s*sh\S*\s+host\S*\s+)?[A-Za-z0-9][\w.-]*\s*\Z"), _hostname),
)
