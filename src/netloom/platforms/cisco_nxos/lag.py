"""The port channels of a Nexus."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.lag import Lag, LagState
from netloom.platforms.cisco_nxos import show_port_channel
from netloom.platforms.cisco_nxos.absent import FEATURE_OFF
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.line_words import number
from netloom.platforms.replies import Reader, merged

READ = Read("show port-channel summary | json")
ABSENT = FEATURE_OFF

_READERS = (
    Reader(show_port_channel.KNOWS_REPLY, show_port_channel.lag_replies),
    Reader(show_port_channel.KNOWS, show_port_channel.lags),
)


_NAME = re.compile(r"port-channel(\d+)")
_MEMBER = re.compile(r"channel-group (\d+)(?: force)?(?: mode (on|active|passive))?")
_MIN_LINKS = "lacp min-links "


def configured(config: Config) -> list[Lag]:
    """Every port channel that has members or says how many it needs."""
    found = []
    members = _members(config)
    for header, below in config.sections("interface port-channel"):
        if (match := _NAME.fullmatch(header.removeprefix("interface "))) is None:
            continue
        ports = members.get(match[1], {})
        links = number(below, _MIN_LINKS)
        if ports or links is not None:
            found.append(Lag(match[0], tuple(sorted(ports, key=_natural)), _mode(ports), links))
    return found


def lines(record: Lag, config: Config) -> list[Line]:
    """A line in each member's section, and what is set on the port channel itself."""
    number_of = _number(record.name)
    present = _members(config).get(number_of, {})
    header = f"interface {record.name}"
    found = [Line(header)]
    if record.min_links not in (None, 1) or f"{_MIN_LINKS}{record.min_links}" in config.section(header):
        found.append(Line(f"{_MIN_LINKS}{record.min_links}", (header,)))
    mode = "" if record.mode in (None, "on") else f" mode {record.mode}"
    for name in record.members:
        text = present.get(name, "")
        if (match := _MEMBER.fullmatch(text)) is None or (match[2] or "on") != (record.mode or "on"):
            text = f"channel-group {number_of}{mode}"
        found.append(Line(text, (f"interface {name}",)))
    return found


def render(have: Lag | None, want: Lag | None, config: Config) -> list[Line]:
    """The least change; a port channel that loses its members stays as an interface."""
    if want is not None and channel_number(want.name) is None:
        raise Unsupported(f"lag {want.name}: NX-OS calls it port-channel and a number", device="")
    if want is None:
        return change(have, want, config, _beside_the_header)
    lacp = want.mode in ("active", "passive") or (want.min_links or 1) > 1
    return change(have, want, config, lines, *(["feature lacp"] if lacp else []))


def canonical(record: Lag) -> Lag:
    """Members in order; without the one link that is needed anyway."""
    return replace(
        record,
        members=tuple(sorted(record.members, key=_natural)),
        mode=(record.mode or "on") if record.members else None,
        min_links=None if record.min_links == 1 else record.min_links,
    )


def channel_number(name: str) -> str | None:
    """The number of a port channel."""
    match = _NAME.fullmatch(name)
    return match[1] if match else None


def _number(name: str) -> str:
    return channel_number(name) or name


def _beside_the_header(record: Lag, config: Config) -> list[Line]:
    return [line for line in lines(record, config) if line.path]


def _members(config: Config) -> dict[str, dict[str, str]]:
    """Number → interface → its line."""
    found: dict[str, dict[str, str]] = {}
    for header, below in config.sections("interface "):
        for text in below:
            if text.startswith("channel-group ") and (match := _MEMBER.fullmatch(text)):
                found.setdefault(match[1], {})[header.removeprefix("interface ")] = text
    return found


def _mode(ports: Mapping[str, str]) -> Literal["active", "passive", "on"] | None:
    """The mode of the members, which all have the same one."""
    for text in ports.values():
        match = _MEMBER.fullmatch(text)
        return cast("Literal['active', 'passive', 'on']", match[2] or "on") if match else None
    return None


def _natural(name: str) -> tuple[int | str, ...]:
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))


def observed(*outputs: str) -> list[LagState]:
    """Every port channel, with its members."""
    return merged(telling(outputs), _READERS)
