"""What EOS's replies have in common, whatever they tell: JSON, its envelopes, and words for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from netloom.model.noun import Record
from netloom.model.text import canonical_mac
from netloom.platforms import replies
from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import ARISTA_EOS
from netloom.platforms.json_output import Object, documents
from netloom.platforms.replies import Reader
from netloom.platforms.saved_screen import apart

State = TypeVar("State", bound=Record)

# «% BGP inactive», «! IP routing not enabled», «% Interface does not exist»; what a typing error gets is no reply
_NOTHING = re.compile(r"[%!](?!\s*(?:Invalid|Incomplete|Ambiguous|Unknown|Unrecognized))", re.IGNORECASE)
_INACTIVE = re.compile(r"(?i)inactive|not (?:active|running|configured|enabled|supported|exist)|does not exist|no ")
ABSENT = re.compile(r"(?i)\binactive\b|not (?:active|running|configured|enabled)\b|\bno (?:ipv6 )?configured\b")
"""How eAPI refuses to show what is not there: «BGP inactive», «No IPv6 configured interfaces»."""
_JSON = re.compile(r"\A\s*(?:[%!][^\n]*\n\s*)*[\[{]")


def observed(outputs: Iterable[str], readers: Iterable[Reader[State]], *, unite: tuple[str, ...] = ()) -> list[State]:
    """The records of all outputs; prompts between them and words for nothing are known everywhere."""
    return replies.merged(apart(outputs), (*readers, Reader(_says_nothing, lambda _: ())), unite=unite)


def json_reader(read: Callable[[Object], Iterable[State]]) -> Reader[State]:
    """Reads JSON: a bare reply, several, or the envelope of eAPI's JSON-RPC."""

    def every(output: str) -> Iterator[State]:
        try:
            for reply in objects(output):
                yield from read(reply)
        except (TypeError, AttributeError, KeyError, IndexError) as exc:
            raise ValueError(f"expected a reply of eAPI, got {output[:60]!r}… ({exc})") from exc

    return Reader(_JSON, lambda output: list(every(output)))


def structured(output: str) -> bool:
    """Whether an output is JSON."""
    return _JSON.match(output) is not None


def objects(output: str) -> Iterator[Object]:
    """The replies of an output, without those that say that something does not run; raises ValueError."""
    for document in documents(output):
        for reply in _unwrapped(document):
            if not isinstance(reply, dict):
                raise ValueError(f"expected a JSON object, got {str(reply)[:60]!r}")  # noqa: TRY004 - a text is wrong, no type
            said = [str(error) for error in reply.get("errors", [])]
            if said and not all(_INACTIVE.search(error) for error in said):
                raise ValueError(f"expected a reply, got {'; '.join(said)!r}")
            if not said:
                yield reply


def _unwrapped(document: Any) -> list[Any]:
    if isinstance(document, dict) and "jsonrpc" in document:
        if "result" not in document:
            raise ValueError(f"expected a result, got {str(document.get('error'))[:80]!r}")
        document = document["result"]
    return document if isinstance(document, list) else [document]


def _says_nothing(output: str) -> bool:
    return all(_NOTHING.match(line) for line in map(str.strip, output.splitlines()) if line)


def sections(head: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every heading, with what stands between it and the next one."""
    heads = list(head.finditer(text))
    ends = [*(found.start() for found in heads[1:]), len(text)]
    for found, end in zip(heads, ends, strict=False):
        yield found, text[found.end() : end]


def long(name: str) -> str:
    """An interface's name as the running configuration spells it; PEt1 is the MLAG peer's Ethernet1."""
    own = name.strip()
    if own.startswith("P") and not ARISTA_EOS.knows(own) and ARISTA_EOS.knows(own[1:]):
        return f"Peer{ARISTA_EOS.long(own[1:])}"
    return ARISTA_EOS.long(own)


def mac(text: str | None) -> str | None:
    """A MAC address in its canonical form, None where there is none or it is no MAC address."""
    try:
        return canonical_mac(text) if text else None
    except ValueError:
        return None


def number(text: str | None) -> float | None:
    """A measured number with its unit cut off: 27.48, 38.5C, 460W; None for N/A and the like."""
    match = re.match(r"\s*(-?\d+(?:\.\d+)?)", text or "")
    return float(match[1]) if match else None


def integer(text: str | None) -> int | None:
    """A whole number; None for a dash and the like."""
    return int(text) if text and text.strip().isdigit() else None


def age(text: str | None) -> int | None:
    """A duration in seconds; None where the device names none."""
    try:
        return seconds(text)
    except ValueError:
        return None
