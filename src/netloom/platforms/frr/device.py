"""An FRR router itself."""

from __future__ import annotations

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.device import Device, DeviceState
from netloom.platforms.contract import Columns
from netloom.platforms.frr import show_version
from netloom.platforms.refusals import refuse

READ = show_version.READ
WALK = show_version.WALK
COMPLEMENT = True

_HINT = "set it in the system beneath FRR"


def configured(config: Config) -> list[Device]:
    """The name that vtysh shows; it is the system's."""
    return [Device(hostname=header.split()[1]) for header, _ in config.sections("hostname ")][:1]


def lines(record: Device, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """The `hostname` line."""
    return [Line(f"hostname {record.hostname}")]


def render(have: Device | None, want: Device | None, config: Config) -> list[Line]:  # noqa: ARG001 - as above
    """Nothing: vtysh takes a name for its own session only and shows the system's again in the next."""
    if want is not None:
        refuse(want, ("domain", "banner_login", "banner_motd"), "device", "FRR has no", hint=_HINT)
    if want is not None and want != have:
        raise Unsupported(f"FRR cannot set the host name ({want.hostname!r})", device="", hint=_HINT)
    return []


def observed(shown: str, system: str = "") -> list[DeviceState]:
    """FRR's version, with what the system beneath it tells."""
    return show_version.devices(shown, system)


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view."""
    return show_version.walked(columns)
