"""Junos' commit history: `<get-commit-information/>` and `show system commit`, and what it says of a pending commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from netloom.platforms import xml_output

_ENTRY = re.compile(r"^(?P<number>\d+)\s+(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s+\S+ by (?P<rest>.*)$")
_TIMER = re.compile(r"rollback in (\d+) ?min")
_NOW = re.compile(r"Current time:\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, the newest is number 0."""

    number: int
    at: int | None
    """Seconds; of the epoch or of the device's own clock, as `device_time` of the same form."""
    said: str
    """All that is told of it: who, by what, its comment."""

    @property
    def timer_s(self) -> int | None:
        """The time for which it waits to be confirmed, None where it does not."""
        found = _TIMER.search(self.said)
        return int(found[1]) * 60 if found else None

    def names(self, mark: str) -> bool:
        """Whether its comment holds this word."""
        return re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", self.said) is not None


def read_commits(answer: str) -> list[Commit]:
    """The history in either form, newest first; raises ValueError for none."""
    if xml_output.looks_like(answer):
        return _from_xml(answer)
    found: list[Commit] = []
    for line in answer.splitlines():
        if match := _ENTRY.match(line.strip()):
            found.append(Commit(int(match["number"]), _seconds(match["at"]), match["rest"]))
        elif found and line.startswith((" ", "\t")) and line.strip():
            last = found[-1]
            found[-1] = Commit(last.number, last.at, f"{last.said}\n{line.strip()}")
    if not found and "no commit" not in answer.lower():
        raise ValueError(f"expected the commit history, got {' '.join(answer.split())[:80]!r}")
    return found


def device_time(answer: str) -> int | None:
    """The device's time out of its answer about its uptime, in seconds."""
    if xml_output.looks_like(answer):
        for element in xml_output.elements(answer):
            for current in element.iter("current-time"):
                return _moment(current.find("date-time"))
        return None
    found = _NOW.search(answer)
    return _seconds(found[1]) if found else None


def _from_xml(answer: str) -> list[Commit]:
    found = []
    for element in xml_output.elements(answer):
        for entry in element.iter("commit-history"):
            said = [
                piece
                for child in entry
                if child.tag not in ("sequence-number", "date-time")
                for piece in (xml_output.all_text(child).strip(),)
                if piece
            ]
            number = xml_output.integer(entry, "sequence-number") or 0
            found.append(Commit(number, _moment(entry.find("date-time")), "\n".join(said)))
    return found


def _moment(element: xml_output.Element | None) -> int | None:
    """The attribute `junos:seconds`, or the text."""
    if element is None:
        return None
    seconds = xml_output.number_of(element, ".", "seconds")
    match = _MOMENT.search(element.text or "")
    return seconds if seconds is not None else _seconds(match[1]) if match else None


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
