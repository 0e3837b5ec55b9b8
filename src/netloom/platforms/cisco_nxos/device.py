"""A Nexus itself."""

from __future__ import annotations

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.device import Device, DeviceState
from netloom.model.text import canonical_block
from netloom.platforms import system_mib
from netloom.platforms.cisco_nxos import show_version
from netloom.platforms.cisco_nxos.banner import read_banner, write_banner
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.contract import Columns
from netloom.platforms.line_words import existing, word

READ = show_version.READ
WALK = system_mib.COLUMNS

_NAMES = ("hostname ", "switchname ")


def configured(config: Config) -> list[Device]:
    """The device, where the configuration names it."""
    name = next((found for start in _NAMES if (found := word(config.tree, start))), None)
    if name is None:
        return []
    return [Device(hostname=name, domain=word(config.tree, "ip domain-name "), banner_motd=_motd(config))]


def lines(record: Device, config: Config) -> list[Line]:
    """Its name, its domain and its banner, in the words that the configuration has."""
    start = "switchname" if word(config.tree, "switchname ") else "hostname"
    texts = [f"{start} {record.hostname}"]
    if record.domain:
        texts.append(f"ip domain-name {record.domain}")
    if record.banner_motd:
        wanted = canonical_block(record.banner_motd)
        same = wanted == _motd(config)
        texts.append(existing(config.tree, "banner motd") if same else write_banner("motd", wanted))
    return [Line(text) for text in texts]


def render(have: Device | None, want: Device | None, config: Config) -> list[Line]:
    """The least change; the banner of NX-OS is the one that is shown before the login and called motd."""
    if want is not None and want.banner_login:
        raise Unsupported("device: NX-OS has no banner_login", device="", hint="wish for banner_motd")
    return change(have, want, config, lines)


def _motd(config: Config) -> str | None:
    found = (read_banner(text) for text in config.tree if text.startswith("banner motd "))
    return next((text for _, text in filter(None, found)), None) or None


def observed(*outputs: str) -> list[DeviceState]:
    """What the device says of itself, each fact from the first output that knows it."""
    return show_version.devices(*outputs)


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view; its description tells the version."""
    return [show_version.described(state) for state in system_mib.devices(columns)]
