"""Flows labelled with what is known of their exporter, interfaces and addresses.

Nothing is asked of anyone and nothing waits: tables are made beforehand, and asked a batch at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from netloom.collectors.flow.community import community_ids
from netloom.collectors.flow.enrich_addresses import AddressLabels
from netloom.collectors.flow.enrich_columns import LabelColumn, constant, nulls, numbers, octets, words
from netloom.collectors.flow.enrich_keys import KeyTable
from netloom.collectors.geoip import PrefixTable, of_networks, read_geoip
from netloom.collectors.site import Exporter, Port, Site
from netloom.errors import SourceError

_EXPORTER = {"exporter_name": "name", "exporter_site": "site", "exporter_role": "role", "exporter_tenant": "tenant"}
_PORT = {"name": "name", "description": "description", "speed": "speed_bps", "boundary": "boundary"}
_MAPPED = bytes(10) + b"\xff\xff"
_UNKNOWN = Exporter("")


class Labels:
    """A site's names and places, as columns beside a batch's own.

    To make it may take a second for a million prefixes; `before`, the one in use so far, lends what did not change.
    """

    def __init__(
        self,
        site: Site,
        namespace: str = "default",
        *,
        community_id: bool = False,
        before: Labels | None = None,
    ) -> None:
        self._namespace = namespace
        self._community_id = community_id
        self.complaints: tuple[str, ...] = ()
        """Files that could not be read: their labels are missing."""
        self._exporters = _ExporterTable(site)
        self._ports = _PortTable(site.ports, self._exporters.devices)
        self._files: dict[tuple[str, int, int], PrefixTable] = {}
        self._networks = site.networks
        self._addresses = self._of_addresses(site, before)

    def _of_addresses(self, site: Site, before: Labels | None) -> AddressLabels:
        known = {} if before is None else before._files  # noqa: SLF001 - its own kind
        complaints = []
        for name in site.geoip:
            try:
                state = Path(name).stat()
                stamp = (name, state.st_mtime_ns, state.st_size)
                self._files[stamp] = known.get(stamp) or read_geoip(Path(name))
            except OSError as exc:
                complaints.append(f"{name}: cannot be read: {exc.strerror or exc}")
            except SourceError as exc:
                complaints.append(str(exc))
        self.complaints = tuple(complaints)
        if before is not None and before._networks == site.networks and before._files.keys() == self._files.keys():  # noqa: SLF001 - its own kind
            return before._addresses  # noqa: SLF001 - its own kind
        own = [of_networks(site.networks)] if site.networks else []
        return AddressLabels([*own, *self._files.values()])

    def columns(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with columns for all that this site's tables tell of any flow; the same ones for every batch."""
        added: dict[str, Any] = {"namespace": constant(self._namespace, batch.num_rows)}
        device = self._exporter(batch, added)
        for side in ("in_if", "out_if"):
            if side in batch.schema.names:
                self._ports.add(side, device, numbers(batch, side), added)
        if self._addresses:
            for side in ("src", "dst"):
                self._address(side, batch, added)
        if self._community_id:
            added["community_id"] = community_ids(batch)
        found = dict(zip(batch.schema.names, batch.columns, strict=True)) | added
        return pa.RecordBatch.from_arrays(list(found.values()), names=list(found))

    def _exporter(self, batch: pa.RecordBatch, added: dict[str, Any]) -> NDArray[np.uint64]:
        """Each row's device, 0 where it is not known."""
        if "sampler_address" not in batch.schema.names or not batch.num_rows:
            return np.zeros(batch.num_rows, np.uint64)
        times, places = self._exporters.runs(batch.column("sampler_address"))
        for name, column in self._exporters.columns.items():
            added[name] = column.of(places, times)
        if "exporter_name" in added:
            added["hostname"] = added["exporter_name"]
        return np.repeat(self._exporters.device[places], times)

    def _address(self, side: str, batch: pa.RecordBatch, added: dict[str, Any]) -> None:
        if f"{side}_addr" not in batch.schema.names:
            return
        column = batch.column(f"{side}_addr")
        places = self._addresses.places(words(column))
        if column.null_count:
            places[nulls(batch, f"{side}_addr")] = 0
        for name, labels in (("country", self._addresses.countries), ("net_name", self._addresses.names)):
            if labels:
                added[f"{side}_{name}"] = labels.of(places)
        if self._addresses.as_numbers.any():
            told, known = numbers(batch, f"{side}_as"), self._addresses.as_numbers[places]
            unknown = (told == 0) & nulls(batch, f"{side}_as") & (known == 0)
            added[f"{side}_as"] = pa.array(np.where(told == 0, known, told).astype(np.uint32), mask=unknown)


class _ExporterTable:
    """Exporters by address; 0 is one that is not known."""

    def __init__(self, site: Site) -> None:
        exporters = [_UNKNOWN, *dict.fromkeys(site.exporters.values())]
        place = {exporter: at for at, exporter in enumerate(exporters)}
        self._places = {_packed(address): place[exporter] for address, exporter in site.exporters.items()}
        self.devices = {name: at for at, name in enumerate(dict.fromkeys(exporter.name for exporter in exporters))}
        """Device → number; two exporters of one name are one device."""
        self.device = np.array([self.devices[exporter.name] for exporter in exporters], np.uint64)
        self.columns = _columns(_EXPORTER, exporters)

    def runs(self, column: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of one exporter stand together: how many they are, whose they are."""
        addresses = octets(column)
        halves = addresses.view(np.uint64)
        new = np.ones(len(halves), np.bool_)
        new[1:] = (halves[1:, 0] != halves[:-1, 0]) | (halves[1:, 1] != halves[:-1, 1])
        first = np.flatnonzero(new)
        keys = np.ascontiguousarray(addresses[first]).view("V16").ravel().tolist()
        get = self._places.get
        return np.diff(np.append(first, len(halves))), np.array([get(key, 0) for key in keys], np.int64)


class _PortTable:
    """Interfaces by device and ifIndex; 0 is one that is not known."""

    def __init__(self, ports: Mapping[tuple[str, int], Port], devices: Mapping[str, int]) -> None:
        found = [
            (devices[device] << 32 | index, port)
            for (device, index), port in ports.items()
            if device in devices and 0 <= index < 1 << 32
        ]
        self._keys = KeyTable(np.array([key for key, _ in found], np.uint64))
        self._columns = _columns(_PORT, [None, *(port for _, port in found)])

    def add(self, side: str, device: NDArray[np.uint64], index: NDArray[Any], added: dict[str, Any]) -> None:
        """The columns of one side's interface."""
        if self._columns:
            places = self._keys.places(device << np.uint64(32) | index.astype(np.uint64))
            for name, column in self._columns.items():
                added[f"{side}_{name}"] = column.of(places)


def _columns(columns: Mapping[str, str], rows: Sequence[Any]) -> dict[str, LabelColumn]:
    """The columns that tell anything of any row; what stands first is what is not known."""
    found = {}
    for name, field in columns.items():
        values = [None, *(getattr(row, field) for row in rows[1:])]
        if column := LabelColumn(values, pa.uint64() if name == "speed" else pa.string()):
            found[name] = column
    return found


def _packed(address: str) -> bytes:
    packed = ip_address(address).packed
    return packed if len(packed) == 16 else _MAPPED + packed
