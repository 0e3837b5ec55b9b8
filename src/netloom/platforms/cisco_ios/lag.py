"""The port channels of a Cisco IOS device."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.lag import Lag, LagState
from netloom.platforms.cisco_ios import screen, show_etherchannel
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.interface_headers import interface_header, interface_sections
from netloom.platforms.contract import Read

READ = Read("show etherchannel summary")
_NAME = re.compile(r"Port-channel(\d+)")
_MEMBER = re.compile(r"channel-group (\d+) mode (active|passive|on)")
_MIN_LINKS = re.compile(r"(lacp min-bundle|port-channel min-links) (\d+)")


def configured(config: Config) -> list[Lag]:
    """Every port channel, also one that only its members name."""
    found = {header.removeprefix("interface "): Lag(header.removeprefix("interface ")) for header in _headers(config)}
    for interface, below in interface_sections(config):
        for match in filter(None, map(_MEMBER.fullmatch, below)):
            name = f"Port-channel{match[1]}"
            known = found.get(name, Lag(name))
            mode = cast("Literal['active', 'passive', 'on']", match[2])
            members = (*known.members, interface)
            found[name] = replace(known, members=members, mode=known.mode or mode)
    return [canonical(replace(record, min_links=_min_links(record.name, config))) for record in found.values()]


def lines(record: Lag, config: Config) -> list[Line]:
    """The port channel's own lines and its members'."""
    header = f"interface {record.name}"
    number = record.name.removeprefix("Port-channel")
    found = [Line(header)]
    if record.min_links is not None:
        stated = next(filter(None, map(_MIN_LINKS.fullmatch, config.section(header))), None)
        found.append(Line(f"{stated[1] if stated else 'lacp min-bundle'} {record.min_links}", (header,)))
    for member in record.members:
        path = (interface_header(member, config),)
        stated = next(filter(None, map(_MEMBER.fullmatch, config.section(*path))), None)
        mode = record.mode or (stated[2] if stated else "active")
        found.append(Line(f"channel-group {number} mode {mode}", path))
    return found


def render(have: Lag | None, want: Lag | None, config: Config) -> list[Line]:
    """The least change; a member leaves one channel before it joins another."""
    if want is not None and not _NAME.fullmatch(want.name):
        raise ValueError(f"lag {want.name}: expected a name such as Port-channel1")
    if want is not None and want.members and want.mode is None:
        raise Unsupported(f"lag {want.name}: IOS needs a mode", device="", hint="say active, passive or on")
    return change(have, want, config, lines)


def canonical(record: Lag) -> Lag:
    """Members in the order of their names."""
    members = tuple(sorted(dict.fromkeys(record.members), key=_natural))
    return replace(record, members=members, mode=record.mode if members else None)


def _headers(config: Config) -> list[str]:
    return [header for header, _ in config.sections("interface Port-channel") if _NAME.fullmatch(header.split(" ")[1])]


def _min_links(name: str, config: Config) -> int | None:
    found = next(filter(None, map(_MIN_LINKS.fullmatch, config.section(f"interface {name}"))), None)
    return int(found[2]) if found else None


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", name)]


def observed(*outputs: str) -> list[LagState]:
    """Every port channel and its members."""
    return screen.records(outputs, show_etherchannel.READERS)
