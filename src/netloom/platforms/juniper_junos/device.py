"""A Junos device itself."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.device import DeviceState
from netloom.platforms.complement import filled
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_hardware, show_version
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read("show version | display xml | no-more", rpc="<get-software-information/>"),
    Read("show chassis hardware | display xml | no-more", rpc="<get-chassis-inventory/>"),
    Read("show chassis routing-engine | display xml | no-more", rpc="<get-route-engine-information/>"),
    Read("show system uptime | display xml | no-more", rpc="<get-system-uptime-information/>"),
)

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
