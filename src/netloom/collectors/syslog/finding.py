"""Which of thousands of messages may be events: few, found by columns, so that only they are read closely."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from netloom.collectors.secrecy import MANY
from netloom.collectors.syslog.events import LONGEST, recognised, rules

_TEXTS = ("interface", "peer", "vrf", "user", "state", "old_state", "reason")
_DATA = pa.map_(pa.string(), pa.string())
_CODES = 10_000
_NAMED = re.compile(r"\(\?P<\w+>")


class Finder:
    """Looks for events; keeps which codes announce any."""

    def __init__(self) -> None:
        self._announces: dict[str | None, bool] = {}
        self._wordings = _wordings()
        self._wording = re.compile(_NAMED.sub("(?:", self._wordings))

    def find(
        self, messages: Any, codes: Sequence[str | None], apps: Sequence[str | None]
    ) -> list[tuple[int, dict[str, Any]]]:
        """The row of each event, and what it is; `messages` is an array."""
        announces = self._announces
        for code in set(codes).difference(announces):
            if len(announces) >= _CODES:
                announces.clear()
            announces[code] = any(rule.code is not None and rule.code.fullmatch(code or "") for rule in rules())
        rows = {at for at, code in enumerate(codes) if announces.get(code, True)}
        if len(messages) < MANY:
            rows.update(at for at, text in enumerate(messages.to_pylist()) if self._wording.search(text[:LONGEST]))
        else:
            rows.update(pc.indices_nonzero(pc.match_substring_regex(messages, self._wordings)).to_pylist())
        found = []
        for at in sorted(rows):
            told = recognised(codes[at], apps[at], messages[at].as_py())
            if told is not None:
                found.append((at, told))
        return found


def event_columns(found: Sequence[tuple[int, Mapping[str, Any]]], logs: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the stream `event` for some rows of the stream `log`."""
    rows = pa.array([at for at, _ in found], pa.int64())
    told = [each for _, each in found]
    columns = {name: logs[name].take(rows) for name in ("time_received_ns", "timestamp", "source_address")}
    syslog = pc.struct_field(logs["log"], "syslog").take(rows)
    columns["event_hostname"] = pc.struct_field(syslog, "hostname")
    columns["name"] = pa.array([each["name"] for each in told], pa.string())
    columns["code"] = pc.struct_field(logs["event"], "code").take(rows)
    columns |= {name: pa.array([each[name] for each in told], pa.string()) for name in _TEXTS}
    columns["details"] = pa.array([_details(each["details"]) for each in told], _DATA)
    return columns


def _details(told: Mapping[str, str] | None) -> list[tuple[str, str]] | None:
    """As the store keeps mappings: each value as JSON."""
    return None if told is None else [(name, json.dumps(value, ensure_ascii=False)) for name, value in told.items()]


@cache
def _wordings() -> str:
    """For RE2: what the rules look for that any code may have, and what RE2 reads otherwise than `re`."""
    strange = r"[^\t\x20-\x7e]"
    return "|".join(f"(?:{rule.match.pattern})" for rule in rules() if rule.code is None) + f"|{strange}"
