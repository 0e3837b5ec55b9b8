"""From what was received to what is stored: taken apart, secrets hidden, named, events recognised."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from netloom.collectors.contract import Context
from netloom.collectors.secrecy import Secrecy, hidden, labelled
from netloom.collectors.senders import SOURCES, Names, is_within, networks
from netloom.collectors.syslog.columns import log_columns
from netloom.collectors.syslog.finding import Finder, event_columns
from netloom.collectors.syslog.rows import AnyRow, Row, Rows
from netloom.collectors.syslog.settings import SyslogSettings


class Refinery:
    """Makes rows of messages, thousands at once."""

    def __init__(self, context: Context, counts: Counter[str]) -> None:
        settings: SyslogSettings = context.settings
        self._namespace = context.namespace
        self._counts = counts
        """`redacted_total`, by the message."""
        self._zones = Zones(settings, context)
        self._rows = Rows(self._zones)
        self._secrecy = Secrecy(context.key)
        self._finder = Finder() if settings.events else None
        self._names = Names(context.site.exporters, networks(settings.relays, "relays"))

    def refine(self, messages: Sequence[bytes], sources: Sequence[str], received_ns: Sequence[int]) -> tuple[Any, Any]:
        """Batches of the streams `log` and `event`, None where there is no event."""
        texts = [data.decode(errors="replace").strip("\r\n\0 ") for data in messages]
        rows = self._rows.read(texts, sources, received_ns)
        for at in self._secrecy.suspects(pa.array(texts, pa.string())):
            rows[at], texts[at] = self._redacted(rows[at], texts[at])
        logs = log_columns(rows, texts, sources, received_ns)
        names = pa.array(self._names.of(sources, [row[_HOST] for row in rows]), pa.string())
        found = []
        if self._finder is not None:
            found = self._finder.find(logs["message"], [row[_CODE] for row in rows], [row[_APP] for row in rows])
        self._counts["log"] += len(rows)
        self._counts["event"] += len(found)
        events = None
        if found:
            events = self._batch(event_columns(found, logs), names.take(pa.array([at for at, _ in found])))
        return self._batch(logs, names), events

    def _batch(self, columns: dict[str, Any], names: Any) -> Any:
        columns["hostname"] = names
        columns["namespace"] = pa.repeat(pa.scalar(self._namespace), len(names))
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))

    def _redacted(self, row: AnyRow, text: str) -> tuple[AnyRow, str]:
        """A message without its secrets, wherever it has them."""
        said = Row._make(row)
        data = [(name, json.loads(pairs)) for name, pairs in said.data or ()]
        words = [said.part, said.host, said.app, said.process, said.msgid, *(name for name, _ in data)]
        values = [f"{name}={value}" for _, pairs in data for name, value in pairs.items()]
        labels = [labelled(said.app, said.message), labelled(said.code, said.message)]
        secrets = self._secrecy.secrets([said.message, *words, *values, *labels])
        if not secrets:
            return row, text
        self._counts["redacted"] += 1

        def shown(word: str | None) -> str | None:
            return None if word is None else hidden(word, secrets)

        shown_data = [
            (hidden(name, secrets), _json({shown(key): shown(value) for key, value in pairs.items()}))
            for name, pairs in data
        ]
        row = said._replace(
            message=hidden(said.message, secrets),
            part=shown(said.part),
            host=shown(said.host),
            app=shown(said.app),
            process=shown(said.process),
            msgid=shown(said.msgid),
            data=shown_data or None,
        )
        return row, hidden(text, secrets)


class Zones(dict[str | None, tzinfo]):
    """The zone of each sender's clock: that set for its address, its device or its network, or that of all."""

    def __init__(self, settings: SyslogSettings, context: Context) -> None:
        super().__init__()
        self._default = ZoneInfo(settings.zone)
        self._exporters = context.site.exporters
        self._by_name: dict[str, tzinfo] = {}
        self._by_network = []
        for key, zone in settings.zones.items():
            self._by_name[key] = ZoneInfo(zone)
            try:
                self._by_network.append((networks((key,), "zones"), ZoneInfo(zone)))
            except ValueError:  # a device's name
                continue

    def __missing__(self, source: str | None) -> tzinfo:
        if len(self) >= SOURCES:
            self.clear()
        found = self[source] = self._sought(source or "")
        return found

    def _sought(self, source: str) -> tzinfo:
        device = self._exporters.get(source)
        named = self._by_name.get(source) or (device and self._by_name.get(device.name))
        return named or next((zone for among, zone in self._by_network if is_within(source, among)), self._default)


_HOST, _APP, _CODE = (Row._fields.index(name) for name in ("host", "app", "code"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
