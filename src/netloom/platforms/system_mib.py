"""What an agent says of its system: SNMPv2-MIB's system group (RFC 3418) and HOST-RESOURCES-MIB (RFC 2790)."""

from __future__ import annotations

from netloom.model.device import DeviceState
from netloom.platforms import smi
from netloom.platforms.contract import Columns

_DESCRIPTION, _CONTACT, _NAME, _LOCATION = (f"1.3.6.1.2.1.1.{at}" for at in (1, 4, 5, 6))
# sysUpTime counts from the agent's start; hrSystemUptime from the system's
_SYSTEM_UPTIME = "1.3.6.1.2.1.25.1.1"

COLUMNS = (_DESCRIPTION, _CONTACT, _NAME, _LOCATION, _SYSTEM_UPTIME)


def devices(columns: Columns) -> list[DeviceState]:
    """The one device, none where the agent has no system group."""
    name = smi.text(columns, _NAME)
    if name is None:
        return []
    ticks = smi.number(columns, _SYSTEM_UPTIME)
    return [
        DeviceState(
            hostname=name,
            uptime_s=ticks // 100 if ticks is not None else None,
            location=smi.text(columns, _LOCATION),
            contact=smi.text(columns, _CONTACT),
            description=smi.text(columns, _DESCRIPTION),
        )
    ]
