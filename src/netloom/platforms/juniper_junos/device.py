"""A Junos device itself."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.device import Device, DeviceState
from netloom.model.text import canonical_block
from netloom.platforms import system_mib
from netloom.platforms.complement import filled
from netloom.platforms.contract import Columns, Read
from netloom.platforms.juniper_junos import show_hardware, show_version
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words, escaped, unescaped
from netloom.platforms.juniper_junos.statements import changed, lines_of, section, value

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_BANNERS = {"banner_login": "message", "banner_motd": "announcement"}


def configured(config: Config) -> list[Device]:
    """What stands at [edit system]; a name that only a group sets is not the device's own."""
    system = section(config, "system")
    hostname = value(system, "host-name")
    if hostname is None:
        return []
    login = system.get("login", {})
    banners = {
        field: _banner(text)
        for field, word in _BANNERS.items()
        if (text := value(login, word)) is not None and _banner(text)
    }
    return [Device(hostname=hostname, domain=value(system, "domain-name"), **banners)]


def lines(record: Device, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record, config), config)


def render(have: Device | None, want: Device | None, config: Config) -> list[Line]:
    """The least change."""
    before = _paths(have, config) if have is not None else []
    return changed(config, before, _paths(want, config)) if want is not None else changed(config, before, [])


def canonical(record: Device) -> Device:
    """Banners without blank lines around them."""
    login, motd = (canonical_block(getattr(record, field) or "") or None for field in _BANNERS)
    return replace(record, banner_login=login, banner_motd=motd)


def _banner(said: str) -> str:
    """What a quoted text means to a record: without tabs and other control characters."""
    return canonical_block(_CONTROL.sub("", unescaped(said).expandtabs()))


def _paths(record: Device, config: Config) -> list[Words]:
    found: list[Words] = [("system", "host-name", record.hostname)]
    if record.domain is not None:
        found.append(("system", "domain-name", record.domain))
    login = section(config, "system", "login")
    for field, word in _BANNERS.items():
        if text := getattr(record, field):
            there = value(login, word)
            same = there is not None and _banner(there) == canonical_block(text)
            found.append(("system", "login", word, there if same and there is not None else escaped(text)))
    return found


READ = (
    Read("show version | display xml | no-more", rpc="<get-software-information/>"),
    Read("show chassis hardware | display xml | no-more", rpc="<get-chassis-inventory/>"),
    Read("show chassis routing-engine | display xml | no-more", rpc="<get-route-engine-information/>"),
    Read("show system uptime | display xml | no-more", rpc="<get-system-uptime-information/>"),
)
WALK = system_mib.COLUMNS
COMPLEMENT = True

_FORMS: Forms[DeviceState] = Forms(
    {
        "software-information": show_version.versions,
        "chassis-inventory": show_hardware.devices,
        "route-engine-information": show_version.engines,
        "system-uptime-information": show_version.uptimes,
        "system-information": show_version.information,
    },
    show_version.SCREENS,
)


def observed(*outputs: str) -> list[DeviceState]:
    """`show version`, with what the chassis, its routing engine and its clock tell."""
    told = [device for devices in _FORMS.pieces(outputs) for device in devices]
    named = sorted(told, key=lambda device: not device.hostname)
    if not named:
        return []
    found = named[0]
    for device in named[1:]:
        found = filled(found, replace(device, hostname=found.hostname))
    return [found]


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view."""
    return system_mib.devices(columns)
