"""The device itself, as `show version`, `show hostname`, `show inventory` and `show reload cause` tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.device import DeviceState
from netloom.platforms.arista_eos import reply
from netloom.platforms.complement import filled
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, items, text
from netloom.platforms.replies import Reader

READ = (Read("show version | json"), Read("show hostname | json"))

_MODEL = re.compile(r"^Arista (?:Networks )?(\S+)", re.MULTILINE)
_LINE = re.compile(r"^(?P<label>[A-Z][\w ]*?)\s*: *(?P<value>.*?)\s*$", re.MULTILINE)
_CHASSIS = re.compile(
    r"^System information\s*\n(?:\s*(?:Model\s+Description\b.*|-[- ]+)\n)*"
    r"\s*(?P<model>\S+) +(?P<description>\S.*?)\s*\n(?:\s*(?:HW Version\b.*|-[- ]+)\n)*"
    r"\s*(?P<hardware>\S+)\s+(?P<serial>\S+)",
    re.MULTILINE,
)
_CAUSE = re.compile(r"^Reload Cause(?: 1)?:\s*\n-+\s*\n(?P<cause>.+)$", re.MULTILINE)
_ABSENT = ("", "N/A", "n/a", "00:00:00:00:00:00")


def devices(outputs: tuple[str, ...]) -> list[DeviceState]:
    """The device; each output fills what the others do not tell."""
    whole: DeviceState | None = None
    for output in outputs:
        for told in reply.observed([output], READERS):
            whole = told if whole is None else filled(replace(whole, hostname=whole.hostname or told.hostname), told)
    return [] if whole is None else [whole]


def _json(document: Object) -> Iterator[DeviceState]:
    chassis = next(items(document.get("systemInformation")), None)
    causes = [cause for cause in items(document.get("resetCauses")) if text(cause, "description")]
    if "hostname" in document:
        yield DeviceState(hostname=text(document, "hostname") or "", fqdn=text(document, "fqdn"))
    elif "version" in document:
        yield _version(document)
    elif "upTime" in document:
        yield DeviceState(hostname="", uptime_s=int(float(document["upTime"])))
    elif chassis:
        yield DeviceState(
            hostname="",
            vendor="Arista",
            model=text(chassis, "name"),
            serial_number=present(text(chassis, "serialNum")),
            description=text(chassis, "description"),
        )
    elif "resetCauses" in document:
        yield from (DeviceState(hostname="", reload_reason=text(cause, "description")) for cause in causes[:1])
    elif "softwareImage" in document:
        yield DeviceState(hostname="", os_image=text(document, "softwareImage"))
    elif "location" in document or "contact" in document:
        yield DeviceState(hostname="", location=_inner(document, "location"), contact=_inner(document, "contact"))
    else:
        raise ValueError(f"expected a reply about the device, got members {', '.join(document)[:80]!r}")


def _version(document: Object) -> DeviceState:
    uptime = document.get("uptime")
    return DeviceState(
        hostname="",
        vendor=text(document, "mfgName") or "Arista",
        model=text(document, "modelName"),
        os_version=release(text(document, "version")),
        serial_number=present(text(document, "serialNumber")),
        mac_address=reply.mac(present(text(document, "systemMacAddress"))),
        uptime_s=int(uptime) if isinstance(uptime, int | float) else None,
    )


def _inner(document: Object, name: str) -> str | None:
    """`show snmp location` nests its text one level deeper in some releases."""
    value = document.get(name)
    return text(value, name) if isinstance(value, dict) else text(document, name)


def release(version: str | None) -> str | None:
    """The version without the remark after it: «4.32.1F-37265360.4321F (engineering build)»."""
    return version.split()[0] if version and version.strip() else None


def present(value: str | None) -> str | None:
    """None for what the device has no value for."""
    return None if value is None or value in _ABSENT else value


def _screen(output: str) -> Iterator[DeviceState]:
    told = {match["label"].lower(): match["value"] for match in _LINE.finditer(output)}
    model = _MODEL.search(output)
    yield DeviceState(
        hostname="",
        vendor="Arista",
        model=model[1] if model else None,
        os_version=release(told.get("software image version")),
        serial_number=present(told.get("serial number")),
        mac_address=reply.mac(present(told.get("system mac address"))),
        uptime_s=reply.age(told.get("uptime")),
    )


def _name(output: str) -> Iterator[DeviceState]:
    told = {match["label"].lower(): match["value"] for match in _LINE.finditer(output)}
    yield DeviceState(hostname=told.get("hostname", ""), fqdn=present(told.get("fqdn")))


def _inventory(output: str) -> Iterator[DeviceState]:
    match = _CHASSIS.search(output)
    if match is None:
        raise ValueError(f"expected the chassis in an inventory, got {output[:60]!r}")
    yield DeviceState(
        hostname="",
        vendor="Arista",
        model=match["model"],
        serial_number=present(match["serial"]),
        description=match["description"],
    )


def _cause(output: str) -> Iterator[DeviceState]:
    match = _CAUSE.search(output)
    yield DeviceState(hostname="", reload_reason=match["cause"].strip() if match else None)


def _boot(output: str) -> Iterator[DeviceState]:
    told = {match["label"].lower(): match["value"] for match in _LINE.finditer(output)}
    yield DeviceState(hostname="", os_image=present(told.get("software image")))


def _agent(output: str) -> Iterator[DeviceState]:
    told = {match["label"].lower(): match["value"] for match in _LINE.finditer(output)}
    yield DeviceState(
        hostname="",
        location=present(told.get("location")),
        contact=present(told.get("contact")),
    )


READERS = (
    reply.json_reader(_json),
    Reader(re.compile(r"^Software image version:", re.MULTILINE), _screen),
    Reader(re.compile(r"^Hostname:", re.MULTILINE), _name),
    Reader(re.compile(r"^System information", re.MULTILINE), _inventory),
    Reader(re.compile(r"^Reload Cause|No reload cause|no reload cause", re.MULTILINE), _cause),
    Reader(re.compile(r"^Software image:", re.MULTILINE), _boot),
    Reader(re.compile(r"^(?:Location|Contact): ", re.MULTILINE), _agent),
)
