"""Exporters' templates: redefined, withdrawn, aged, capped, and kept over restarts.

The cap is on fields, as these are what takes memory. Beyond it, the exporter that was silent longest loses the template
it used least; an exporter that floods loses its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netloom.codecs.ipfix import Field, Template
from netloom.collectors.flow.layout import Layout, compile_template

DAY_NS = 24 * 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where numbers of templates mean the same (RFC 7011 §8)."""

    exporter: str
    """Its address: the port changes when it restarts, and between a chassis' line cards."""
    version: int
    domain: int


@dataclass(slots=True)
class Entry:
    """A template in use."""

    template: Template
    seen_ns: int
    """When it was last announced."""
    _layout: Layout | None = None

    @property
    def layout(self) -> Layout:
        """How its records are read: worked out when the first one comes."""
        if self._layout is None:
            self._layout = compile_template(self.template)
        return self._layout


Key = tuple[int, int, int]
"""Version, domain and number."""


class Templates:
    """All exporters' templates; `now` is always given."""

    def __init__(self, *, fields: int = 1 << 19, per_exporter: int = 1 << 16, age_ns: int = DAY_NS) -> None:
        self._caps = (fields, per_exporter)
        self._age_ns = age_ns
        self._exporters: OrderedDict[str, OrderedDict[Key, Entry]] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.fields = 0
        self.redefined = 0
        self.evicted = 0
        self.expired = 0

    def __len__(self) -> int:
        return sum(map(len, self._exporters.values()))

    def __iter__(self) -> Iterator[tuple[Origin, Entry]]:
        for exporter, entries in self._exporters.items():
            for (version, domain, _), entry in entries.items():
                yield Origin(exporter, version, domain), entry

    def get(self, origin: Origin, number: int, now: int) -> Entry | None:
        """The template of this number, unless it is too old."""
        entries = self._exporters.get(origin.exporter)
        key = (origin.version, origin.domain, number)
        if entries is None or (entry := entries.get(key)) is None:
            return None
        if now - entry.seen_ns > self._age_ns:
            self._remove(origin.exporter, key)
            self.expired += 1
            return None
        entries.move_to_end(key)
        self._exporters.move_to_end(origin.exporter)
        return entry

    def put(self, origin: Origin, template: Template, now: int) -> bool:
        """Takes an announcement; False where nothing changed by it."""
        entries = self._exporters.setdefault(origin.exporter, OrderedDict())
        key = (origin.version, origin.domain, template.id)
        known = entries.get(key)
        if known is not None and known.template == template:
            known.seen_ns = max(known.seen_ns, now)
            entries.move_to_end(key)
            self._exporters.move_to_end(origin.exporter)
            return False
        if known is not None:
            self.redefined += 1
            self._remove(origin.exporter, key)
            entries = self._exporters.setdefault(origin.exporter, OrderedDict())
        entries[key] = Entry(template, now)
        self._exporters.move_to_end(origin.exporter)
        self._count(origin.exporter, template, 1)
        self._evict(origin.exporter)
        return True

    def withdraw(self, origin: Origin, number: int) -> int:
        """Forgets the template of this number, or all (2) or all options templates (3); how many that were."""
        entries = self._exporters.get(origin.exporter) or OrderedDict()
        gone = [
            key
            for key, entry in entries.items()
            if key[:2] == (origin.version, origin.domain)
            and (key[2] == number or (number in (2, 3) and entry.template.options == (number == 3)))
        ]
        for key in gone:
            self._remove(origin.exporter, key)
        return len(gone)

    def save(self) -> list[dict[str, Any]]:
        """All templates as JSON values."""
        return [
            {
                "exporter": origin.exporter,
                "version": origin.version,
                "domain": origin.domain,
                "id": entry.template.id,
                "options": entry.template.options,
                "seen_ns": entry.seen_ns,
                "scopes": [[field.pen, field.number, field.length] for field in entry.template.scopes],
                "fields": [[field.pen, field.number, field.length] for field in entry.template.fields],
            }
            for origin, entry in self
        ]

    def load(self, rows: list[dict[str, Any]], now: int) -> None:
        """Takes what `save` gave, but for what is too old; raises KeyError, TypeError or ValueError on other things."""
        for row in rows:
            if now - row["seen_ns"] <= self._age_ns:
                scopes, fields = (tuple(Field(*map(int, item)) for item in row[part]) for part in ("scopes", "fields"))
                template = Template(int(row["id"]), fields, scopes, options=bool(row["options"]))
                origin = Origin(str(row["exporter"]), int(row["version"]), int(row["domain"]))
                self.put(origin, template, int(row["seen_ns"]))

    def _evict(self, newest: str) -> None:
        total, each = self._caps
        while self._sizes.get(newest, 0) > each and len(self._exporters[newest]) > 1:
            self._remove(newest, next(iter(self._exporters[newest])))
            self.evicted += 1
        while self.fields > total and len(self) > 1:
            exporter = next(iter(self._exporters))
            self._remove(exporter, next(iter(self._exporters[exporter])))
            self.evicted += 1

    def _remove(self, exporter: str, key: Key) -> None:
        entries = self._exporters[exporter]
        self._count(exporter, entries.pop(key).template, -1)
        if not entries:
            del self._exporters[exporter]
            del self._sizes[exporter]

    def _count(self, exporter: str, template: Template, sign: int) -> None:
        change = sign * max(1, len(template.scopes) + len(template.fields))
        self.fields += change
        self._sizes[exporter] = self._sizes.get(exporter, 0) + change
