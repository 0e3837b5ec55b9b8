"""The device itself: `show version`, `show system uptime`, `show system information` and the routing engines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.device import DeviceState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.juniper_junos.show_hardware import HEADING, device_screen
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_VERSION = re.compile(r"^(?:Hostname|Model|Junos|JUNOS .*\[)", re.MULTILINE)
_HOSTNAME = re.compile(r"^Hostname:\s+(\S+)", re.MULTILINE)
_MODEL = re.compile(r"^Model:\s+(\S.*?)\s*$", re.MULTILINE)
_SERIAL = re.compile(r"^Serial Number:\s+(\S+)", re.MULTILINE | re.IGNORECASE)
_RELEASE = re.compile(r"^Junos:\s+(\S.*?)\s*$", re.MULTILINE)
_PACKAGE = re.compile(
    r"^JUNOS (?:EX\s+)?(?:Software Release|Software Suite|Base OS boot|OS Kernel|Base OS Software Suite|\S.*?)"
    r" *\[(\S+)\]",
    re.MULTILINE,
)
_PACKAGES = ("junos", "jroute", "jbase", "jkernel")
_RELEASE_OF_PACKAGE = re.compile(r"\[(\d+\.\d[^\]\s]*)\]")

_UPTIME = re.compile(r"^\s*(?:Current time|System booted):", re.MULTILINE)
_BOOTED = re.compile(r"^\s*System booted:.*\((.*?) ago\)", re.MULTILINE)
_CLOCK_UP = re.compile(r"\bup\s+(.*?),\s+\d+ users?", re.MULTILINE)
_ENGINE = re.compile(r"^\s*Routing Engine status:", re.MULTILINE)
_ENGINE_FIELD = re.compile(r"^\s*(Uptime|Last reboot reason|Current state)\s+(\S.*\S|\S)\s*$", re.MULTILINE)
_INFORMATION = re.compile(r"^Model:\s+\S.*\nFamily:\s+\S+", re.MULTILINE)
_INFORMATION_FIELD = re.compile(r"^(Model|Junos|Hostname):\s+(\S.*\S|\S)\s*$", re.MULTILINE)


def versions(reply: Element) -> Iterator[DeviceState]:
    """`show version`; releases before 15 name the version in their packages only."""
    packages = {text(package, "name"): package for package in every(reply, "package-information")}
    release = text(reply, "junos-version")
    for name in (*_PACKAGES, *packages):
        if release is None and name in packages:
            match = _RELEASE_OF_PACKAGE.search(text(packages[name], "comment") or "")
            release = match[1] if match else None
    yield DeviceState(
        hostname=text(reply, "host-name") or "",
        vendor="Juniper",
        model=text(reply, "product-model", "product-name"),
        os_version=release,
        serial_number=text(reply, "serial-number"),
    )


def information(reply: Element) -> Iterator[DeviceState]:
    """`show system information`."""
    yield DeviceState(
        hostname=text(reply, "host-name") or "",
        vendor="Juniper",
        model=text(reply, "hardware-model"),
        os_version=text(reply, "os-version"),
        serial_number=text(reply, "serial-number"),
    )


def uptimes(reply: Element) -> Iterator[DeviceState]:
    """`show system uptime`."""
    booted = number_of(reply, "system-booted-time/time-length", "seconds")
    up = number_of(reply, "uptime-information/up-time", "seconds")
    length = notation.seconds(text(reply, "system-booted-time/time-length"))
    yield DeviceState(hostname="", vendor="Juniper", uptime_s=next((s for s in (booted, up, length) if s), None))


def engines(reply: Element) -> Iterator[DeviceState]:
    """`show chassis routing-engine`: the master's."""
    found = every(reply, "route-engine")
    for engine in sorted(found, key=lambda each: text(each, "mastership-state") not in ("master", None))[:1]:
        yield DeviceState(
            hostname="",
            vendor="Juniper",
            uptime_s=number_of(engine, "up-time", "seconds") or notation.seconds(text(engine, "up-time")),
            reload_reason=text(engine, "last-reboot-reason"),
        )


def screen(shown: str) -> list[DeviceState]:
    """`show version`."""
    hostname, model, serial = _HOSTNAME.search(shown), _MODEL.search(shown), _SERIAL.search(shown)
    release = _RELEASE.search(shown) or _PACKAGE.search(shown)
    return [
        DeviceState(
            hostname=hostname[1] if hostname else "",
            vendor="Juniper",
            model=model[1] if model else None,
            os_version=release[1] if release else None,
            serial_number=serial[1] if serial else None,
        )
    ]


def uptime_screen(shown: str) -> list[DeviceState]:
    """`show system uptime`."""
    booted, up = _BOOTED.search(shown), _CLOCK_UP.search(shown)
    since = notation.seconds(booted[1]) if booted else notation.seconds(up[1]) if up else None
    return [DeviceState(hostname="", vendor="Juniper", uptime_s=since)]


def engine_screen(shown: str) -> list[DeviceState]:
    """`show chassis routing-engine`: the first one that is master."""
    for paragraph in sorted(_ENGINE.split(shown)[1:], key=lambda each: not re.search(r"Current state\s+Master", each)):
        told = {match[1]: match[2] for match in _ENGINE_FIELD.finditer(paragraph)}
        return [
            DeviceState(
                hostname="",
                vendor="Juniper",
                uptime_s=notation.seconds(told.get("Uptime")),
                reload_reason=told.get("Last reboot reason"),
            )
        ]
    return []


def information_screen(shown: str) -> list[DeviceState]:
    """`show system information`."""
    told = {match[1]: match[2] for match in _INFORMATION_FIELD.finditer(shown)}
    return [
        DeviceState(
            hostname=told.get("Hostname", ""), vendor="Juniper", model=told.get("Model"), os_version=told.get("Junos")
        )
    ]


SCREENS: tuple[Reader[DeviceState], ...] = (
    Reader(HEADING, device_screen),
    Reader(_UPTIME, uptime_screen),
    Reader(_ENGINE, engine_screen),
    Reader(_INFORMATION, information_screen),
    Reader(_VERSION, screen),
)
