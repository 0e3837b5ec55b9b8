"""NX-OS' screens: what stands below a heading, and values beside their labels."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator

from netloom.model.text import canonical_address, canonical_mac
from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.saved_screen import apart

_NOTHING = re.compile(
    r"(?:%|note:|error:)?\s*(?:.*\b(?:not (?:active|running|enabled|configured|found)|currently not running)\b.*"
    r"|no (?:entries|entry|neighbou?rs?|sessions?|such process|routes?|ip(?:v6)? route table for vrf)\b.*"
    r"|total entries displayed: 0)",
    re.IGNORECASE,
)
_EMPTY = ("", "-", "--", "N/A", "n/a", "not advertised", "null")


def sections(text: str, heading: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each place where a heading stands, and the text up to the next."""
    found = list(heading.finditer(text))
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        yield match, text[match.end() : end]


def value(text: str, label: re.Pattern[str]) -> str | None:
    """What the label's group catches first; None where the device leaves it empty."""
    match = label.search(text)
    return told(match[1]) if match else None


def told(cell: str | None) -> str | None:
    """A cell's text without the spaces around it; None for the ways to leave one empty."""
    stripped = (cell or "").strip()
    return None if stripped in _EMPTY else stripped


def number(cell: str | None) -> int | None:
    """A cell's whole number, None where it holds none."""
    stripped = (cell or "").strip()
    return int(stripped) if stripped.isdigit() else None


def decimal(cell: str | None) -> float | None:
    """A cell's number, None where it holds none."""
    match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*", cell or "")
    return float(match[1]) if match else None


def address(text: str) -> str:
    """An address in its canonical spelling; one that was made unreadable before it was saved stays as it is."""
    try:
        return canonical_address(text)
    except ValueError:
        return text


def prefix(text: str) -> str:
    """A prefix in its canonical spelling, without host bits; an unreadable one stays as it is."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text


def mac(text: str) -> str:
    """A MAC address in its canonical spelling; an unreadable one stays as it is."""
    try:
        return canonical_mac(text)
    except ValueError:
        return text


def long_name(name: str) -> str:
    """An interface's name as the running configuration spells it."""
    return CISCO_NXOS.long(name.strip())


def age(text: str | None) -> int | None:
    """A duration's seconds; None for none, and for what is no duration."""
    try:
        return seconds(text)
    except ValueError:
        return None


def telling(outputs: Iterable[str]) -> list[str]:
    """The outputs without those in which a process says that it does not run, or that it has nothing."""
    return [output for output in apart(outputs) if not _says_nothing(output)]


def _says_nothing(output: str) -> bool:
    if output.lstrip()[:1] in ("{", "[", "<"):
        # a whole structured reply is one line, and some of its values say «Not enabled»
        return re.fullmatch(r"\s*(?:\{\s*\}|\[\s*\])\s*", output) is not None
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return bool(lines) and len(lines) < 4 and all(_NOTHING.fullmatch(line) for line in lines)
