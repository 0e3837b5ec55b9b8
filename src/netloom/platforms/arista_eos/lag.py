"""Link aggregates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.lag import Lag, LagState
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos import show_port_channel
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.line_words import number

READ = show_port_channel.READ

_MEMBER = re.compile(r"channel-group (\d+) mode (active|passive|on)")
_NAME = re.compile(r"Port-Channel(\d+)")
_MIN_LINKS = "port-channel min-links"


def configured(config: Config) -> list[Lag]:
    """Aggregates with members or a least number of links; members of another mode than the first's are left out."""
    members: dict[str, dict[str, list[str]]] = {}
    for header, below in config.sections("interface "):
        for text in below:
            if match := _MEMBER.fullmatch(text):
                modes = members.setdefault(f"Port-Channel{match[1]}", {})
                modes.setdefault(match[2], []).append(header.split(" ", 1)[1])
    for header, below in config.sections("interface Port-Channel"):
        if number(below, f"{_MIN_LINKS} ") is not None:
            members.setdefault(header.split(" ", 1)[1], {})
    return [
        Lag(
            name,
            _in_order(next(iter(modes.values()), ())),
            cast("Literal['active', 'passive', 'on'] | None", next(iter(modes), None)),
            number(config.section(f"interface {name}"), f"{_MIN_LINKS} "),
        )
        for name, modes in members.items()
    ]


def lines(record: Lag, config: Config) -> list[Line]:
    """The aggregate's section, and a line in each member's; parts of a configuration may have these alone."""
    header = f"interface {record.name}"
    group = record.name.removeprefix("Port-Channel")
    joined = [Line(f"channel-group {group} mode {record.mode}", (f"interface {name}",)) for name in record.members]
    if record.min_links is not None:
        return [Line(header), Line(f"{_MIN_LINKS} {record.min_links}", (header,)), *joined]
    alone = header not in config.tree and all(line in config for line in joined)
    return joined if alone else [Line(header), *joined]


def render(have: Lag | None, want: Lag | None, config: Config) -> list[Line]:
    """The least change; the aggregate's interface comes with it, and goes as an interface only."""
    if want is not None:
        if not _NAME.fullmatch(want.name):
            raise Unsupported(f"lag {want.name}: EOS calls aggregates Port-Channel and a number", device="")
        if want.members and want.mode is None:
            raise ValueError(f"lag {want.name}: expected a mode for its members: active, passive or on, got none")
    before = [line for line in lines(have, config) if line.path] if have is not None else []
    after = lines(want, config) if want is not None else []
    return engine.change(config, before, after, rules_of(config))


def canonical(record: Lag) -> Lag:
    """Members in the order of their names; without members there is no mode."""
    return replace(record, members=_in_order(record.members), mode=record.mode if record.members else None)


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    def places(name: str) -> list[tuple[int, str]]:
        return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", name)]

    return tuple(sorted(dict.fromkeys(names), key=places))


def observed(*outputs: str) -> list[LagState]:
    """Every aggregate, as eAPI or the command line tells."""
    return show_port_channel.lags(outputs)
