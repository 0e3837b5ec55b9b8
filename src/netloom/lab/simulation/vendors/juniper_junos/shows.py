"""What can be shown: a command of the command line and an rpc element, told as XML and as a screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.elements import RELEASE, Element, el

Options = Mapping[str, str]
"""What was asked for, by the names of the rpc's elements; a flag's value is empty."""


class NotShown(Exception):
    """The device cannot show this."""

    def __init__(self, message: str, element: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.element = element


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One question to the device."""

    command: str
    """`show interfaces`."""
    rpcs: tuple[str, ...]
    screen: Callable[[Device, Options], str]
    element: Callable[[Device, Options], Element] | None = None
    """None where the device tells it as a screen in any form."""
    flags: str = ""
    """Words that may follow."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Words that take one more, and the element that holds it."""
    argument: str = ""
    """The element for a word that is none of these."""

    ALL: ClassVar[str] = "brief detail extensive terse summary no-resolve"

    def options(self, words: Sequence[str]) -> Options | int:
        """What the words after the command ask for, or which of them is wrong."""
        found: dict[str, str] = {}
        flags = f"{self.flags} {self.ALL}".split()
        rest = list(enumerate(words))
        while rest:
            at, word = rest.pop(0)
            valued = next(
                (name for name in self.values if word == name or (len(word) > 3 and name.startswith(word))), None
            )
            flag = next((name for name in flags if name == word), None) or next(
                (name for name in flags if len(word) > 1 and name.startswith(word)), None
            )
            if valued is not None:
                if not rest:
                    return at + 1
                found[self.values[valued]] = rest.pop(0)[1]
            elif flag is not None and not (self.argument and "-" in word and word not in flags):
                found[flag] = ""
            elif self.argument and self.argument not in found:
                found[self.argument] = word
            else:
                return at
        return found


def told(name: str, topic: str, *children: Element) -> Element:
    """The element of a reply, in its namespace."""
    return el(name, {"xmlns": f"http://xml.juniper.net/junos/{RELEASE}/junos-{topic}"}, *children)


def moment(seconds: float) -> str:
    """`2026-11-20 14:00:00 UTC`."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def span(seconds: float) -> str:
    """An age as Junos writes it: `1w2d 03:04`, `2d 03:04`, `03:04:05`."""
    whole = int(seconds)
    weeks, days = whole // 604_800, whole // 86_400 % 7
    hours, minutes = whole // 3600 % 24, whole // 60 % 60
    if weeks:
        return f"{weeks}w{days}d {hours:02}:{minutes:02}"
    if days:
        return f"{days}d {hours:02}:{minutes:02}"
    return f"{hours:02}:{minutes:02}:{whole % 60:02}"


def seconds_of(value: float) -> Mapping[str, str]:
    """The attribute that tells a moment or an age in seconds."""
    return {"junos:seconds": str(int(value))}


def columns(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """A table; the last column is as wide as it is."""
    lines = ("".join(f"{cell:<{width}}" for cell, width in zip(row, (*widths, 0), strict=False)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)
