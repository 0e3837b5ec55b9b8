"""`alerts/silences.yml`: alerts of which nobody is told for a while, and why.

The commands change the file's own lines and leave the others, with their comments, as they are.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from netloom.codecs import marked_yaml
from netloom.codecs.marked_yaml import Document
from netloom.errors import NetloomError, SourceError, UsageError
from netloom.model.filter import Filter, parse_filter

_KEYS = ("id", "match", "from", "until", "why", "by")
_HEAD = "# Alerts of which nobody is told for a while; `netloom alerts silence` and `unsilence` write here.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """One of them."""

    id: str
    match: Filter
    """Over an alert's labels: rule, severity, hostname, tags.interface, …"""
    since: datetime | None = None
    until: datetime
    why: str = ""
    by: str = ""
    line: int = 0

    def covers(self, row: Mapping[str, object], now: datetime) -> bool:
        """Whether an alert with these labels is silent now."""
        return self.is_active(now) and self.match.matches(row)

    def is_active(self, now: datetime) -> bool:
        """Whether it counts now."""
        return (self.since is None or self.since <= now) and now < self.until


def load_silences(path: Path) -> list[Silence]:
    """The file's silences, none where there is no file; raises SourceError."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as exc:
        raise SourceError(f"cannot be read: {exc}", file=name) from exc
    return read_silences(text, name)


def read_silences(text: str, name: str) -> list[Silence]:
    """The silences in a text: a list of mappings; raises SourceError."""
    document = marked_yaml.load(text, name)
    if document.data is None:
        return []
    if not isinstance(document.data, list):
        raise document.error((), "expected a list of silences, such as `- {match: hostname=leaf1, until: …}`")
    return [_silence(document, at) for at in range(len(document.data))]


def add_silence(path: Path, match: str, until: datetime, *, why: str, by: str) -> Silence:
    """Write another silence to the file; raises SourceError."""
    filter_ = _filter(match)
    before = load_silences(path)
    known = {silence.id for silence in before}
    name = next(found for found in iter(lambda: secrets.token_hex(3), "") if found not in known)
    item = {"id": name, "match": match, "until": until.astimezone(UTC).isoformat(timespec="seconds")}
    item |= {key: text for key, text in (("why", why), ("by", by)) if text}
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    text += "" if text.endswith("\n") or not text else "\n"
    text += yaml.safe_dump([item], sort_keys=False, allow_unicode=True, width=1000)
    made = read_silences(text, path.name)
    if len(made) != len(before) + 1:
        raise SourceError("expected a list with an item a line", file=str(path), hint="write it as `- match: …`")
    _write(path, text)
    return Silence(id=name, match=filter_, until=until, why=why, by=by)


def remove_silences(path: Path, names: Sequence[str]) -> list[str]:
    """Take silences out of the file by their ids; raises UsageError where one is not there, and SourceError."""
    before = load_silences(path)
    known = [silence.id for silence in before]
    for name in names:
        if name not in known:
            raise UsageError(
                f"no silence {name!r}", hint=f"expected one of {', '.join(known) or 'none: there is none'}"
            )
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [silence.line - 1 for silence in before] + [len(lines)]
    gone = {at for at, silence in enumerate(before) if silence.id in names}
    kept = lines[: starts[0]]
    for at in range(len(before)):
        if at not in gone:
            kept += lines[starts[at] : starts[at + 1]]
    text = "".join(kept)
    left = [(str(silence.match), silence.until) for silence in read_silences(text, path.name)]
    if left != [(str(each.match), each.until) for each in before if each.id not in names]:
        raise SourceError("expected a list with an item a line", file=str(path), hint="take it out by hand")
    _write(path, text)
    return list(names)


def _silence(document: Document, at: int) -> Silence:
    item = document.data[at]
    if not isinstance(item, dict):
        raise document.error((at,), f"expected a silence as a mapping, got {item!r}")
    for key in item:
        if key not in _KEYS:
            raise document.unknown_key((at, key), list(_KEYS))
    for key in ("match", "until"):
        if key not in item:
            raise document.error(
                (at,), f"expected {key}", hint="such as {match: hostname=leaf1, until: 2026-11-21 08:00}"
            )
    try:
        match = _filter(item["match"])
    except NetloomError as exc:
        raise document.error((at, "match"), f"match: {exc.message}", hint=exc.hint) from exc
    line = document.place((at,))[0]
    since = None if "from" not in item else _moment(document, (at, "from"), item["from"])
    return Silence(
        id=str(item.get("id", f"line{line}")),
        match=match,
        since=since,
        until=_moment(document, (at, "until"), item["until"]),
        why=str(item.get("why", "")),
        by=str(item.get("by", "")),
        line=line,
    )


def _filter(text: Any) -> Filter:
    if not isinstance(text, str) or not text.strip():
        raise SourceError(f"expected a filter over labels, got {text!r}", file="filter", hint="such as hostname=leaf1")
    return parse_filter(text)


def _moment(document: Document, path: marked_yaml.Path, value: Any) -> datetime:
    """A moment; without a zone it is UTC. YAML makes datetimes of what looks like one."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as exc:
            raise document.error(path, f"expected a moment such as 2026-11-21T08:00Z, got {value!r}") from exc
    if not isinstance(value, datetime):
        raise document.error(path, f"expected a moment such as 2026-11-21T08:00Z, got {value!r}")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
