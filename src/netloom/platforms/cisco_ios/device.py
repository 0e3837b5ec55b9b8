"""A Cisco IOS device itself."""

from __future__ import annotations

import re

from netloom.model.config import Config, Line
from netloom.model.device import Device, DeviceState
from netloom.model.text import canonical_block
from netloom.platforms import system_mib
from netloom.platforms.cisco_ios import screen, show_version
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Columns, Read
from netloom.platforms.line_words import value

READ = (Read("show version"), Read("show hosts"))
WALK = system_mib.COLUMNS
COMPLEMENT = True
_BANNER = re.compile(r"(?s)banner (login|motd) (\^C|\S)(.*)\2.*")
_DOMAIN = re.compile(r"ip domain[ -]name (\S+)")
_KINDS = ("login", "motd")


def configured(config: Config) -> list[Device]:
    """The name, the domain and the banners."""
    hostname = value(config.tree, "hostname ")
    if hostname is None:
        return []
    banners = {match[1]: canonical_block(match[3]) or None for text in config.tree if (match := _BANNER.match(text))}
    return [
        Device(
            hostname=hostname.strip('"'),
            domain=next((match[1] for text in config.tree if (match := _DOMAIN.fullmatch(text))), None),
            banner_login=banners.get("login"),
            banner_motd=banners.get("motd"),
        )
    ]


def lines(record: Device, config: Config) -> list[Line]:
    """The lines at the top; banners as the configuration spells them, if it does."""
    texts = [_hostname(record.hostname, config)]
    if record.domain:
        texts.append(f"{_domain(config)}{record.domain}")
    for kind, wished in zip(_KINDS, (record.banner_login, record.banner_motd), strict=True):
        if wished:
            texts.append(_banner(kind, canonical_block(wished), config))
    return [Line(text) for text in texts]


def render(have: Device | None, want: Device | None, config: Config) -> list[Line]:
    """The least change; a device is never without a name."""
    if want is None:
        want = Device(have.hostname) if have is not None else None
    return change(have, want, config, lines)


def canonical(record: Device) -> Device:
    """Banners without blank lines at their ends."""
    login, motd = (
        canonical_block(text) or None if text else None for text in (record.banner_login, record.banner_motd)
    )
    return Device(record.hostname, record.domain, login, motd)


def _hostname(name: str, config: Config) -> str:
    quoted = f'hostname "{name}"'
    return quoted if quoted in config.tree else f"hostname {name}"


def _domain(config: Config) -> str:
    """Older releases write a hyphen."""
    if any(text.startswith("ip domain-name ") for text in config.tree):
        return "ip domain-name "
    hyphens = any(text.removeprefix("no ").startswith("ip domain-") for text in config.tree)
    return "ip domain-name " if hyphens else "ip domain name "


def _banner(kind: str, text: str, config: Config) -> str:
    for line in config.tree:
        if (match := _BANNER.match(line)) and match[1] == kind and canonical_block(match[3]) == text:
            return line
    return f"banner {kind} ^C\n{text}\n^C"


def observed(*outputs: str) -> list[DeviceState]:
    """The device, its domain from `show hosts`."""
    return show_version.devices(screen.outputs(outputs))


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view; its description tells the version."""
    return [show_version.described(state) for state in system_mib.devices(columns)]
