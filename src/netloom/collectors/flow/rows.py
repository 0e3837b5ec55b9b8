"""Records of one form to rows of flows: every field, sampling, and the elements that are left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.codecs.ipfix import NETFLOW9
from netloom.codecs.ipfix_values import reader
from netloom.collectors.flow.columns import Columns, Valid
from netloom.collectors.flow.decode import HEADER_ELEMENTS
from netloom.collectors.flow.elements import Told, elements, texts
from netloom.collectors.flow.fields import IMPLIED, LONGEST_NS, Form
from netloom.collectors.flow.layout import Slot
from netloom.collectors.flow.plan import Plan, is_filled, mapped, number, raw, value
from netloom.collectors.flow.times import Clocks

Array = NDArray[Any]
Flags = NDArray[np.bool_]
_ICMP = (1, 58)
_IPV4, _IPV6 = 0x0800, 0x86DD
_BITS = {"src_port": 16, "dst_port": 16, "etype": 16, "tcp_flags": 16, "src_vlan": 16, "dst_vlan": 16}
_BITS |= dict.fromkeys(
    ("proto", "ip_tos", "icmp_type", "icmp_code", "forwarding_status", "src_net", "dst_net", "direction"), 8
)
_BITS |= dict.fromkeys(("in_if", "out_if", "src_as", "dst_as", "ingress_vrf_id", "egress_vrf_id"), 32)
_BITS |= dict.fromkeys(("post_nat_src_port", "post_nat_dst_port"), 16)
_COMPARED = frozenset(("proto", "src_port", "dst_port", "in_if"))
"""Fields that others hang on: their numbers are brought into the machine's order first."""
_TIMES = ("time_flow_start_ns", "time_flow_end_ns")


@dataclass(slots=True)
class Group:
    """Records of one plan, and what their messages say of them, each a column."""

    plan: Plan
    records: Array
    version: int
    clocks: Clocks
    spare: bool
    """Leave out of `ie` what the fields imply."""
    values: dict[str, tuple[Array, Valid]] = field(default_factory=dict)
    """Fields as they were read, before it is asked whether they fit."""
    told: list[Told] = field(default_factory=list)
    """What goes to `ie`."""

    def __len__(self) -> int:
        return len(self.records)

    def read(self) -> None:
        """Read every field, complete what follows from others, and gather what is left."""
        families = None
        for name, candidates in self.plan.layout.sources:
            picked = self._choose(name, candidates)
            if name == "src_addr":
                families = self._families(candidates, picked)
        self._complete(families)
        self._rest()

    def tell_headers(self, sampling: Array, domain: Array) -> None:
        """What NetFlow 5's headers say goes to `ie`; see `header_elements`."""
        told = (sampling & 0x3FFF, sampling >> 14, domain >> 8, domain & 0xFF)
        self.told += [Told(key, _plain_texts(each)) for key, each in zip(HEADER_ELEMENTS, told, strict=True)]

    def _choose(self, name: str, candidates: Any) -> Array | None:
        """Each record's first candidate that is filled, else the first; which one, None where there is one only."""
        records, clocks = self.records, self.clocks
        first, source = candidates[0]
        if len(candidates) == 1:
            found, valid = value(records, first, source, clocks)
            if name in _COMPARED and found.dtype.byteorder == ">":
                found = found.astype(found.dtype.newbyteorder("="))
            self.values[name] = found, valid
            if source.exact and valid is not None:
                self._tell(first, ~valid)
            return None
        picked = np.zeros(len(records), np.int8)
        for at in range(len(candidates) - 1, -1, -1):
            picked[is_filled(records, candidates[at][0])] = at
        each = [value(records, slot, source, clocks) for slot, source in candidates]
        if source.form is Form.ADDRESS:
            each = [(mapped(column), None) for column, _ in each]
        found, valid = _joined(each, picked)
        self.values[name] = found, valid
        for at, (slot, source) in enumerate(candidates):
            if source.exact:
                self._tell(slot, (picked != at) if valid is None else (picked != at) | ~valid)
        return picked

    def _tell(self, slot: Slot, where: Flags | None) -> None:
        if where is None or where.any():
            self.told.append(Told(slot.key, texts(raw(self.records, slot), slot.read), where))

    def _families(self, candidates: Any, picked: Array | None) -> Array:
        """EtherTypes as the source address tells them: one for all, or each record's."""
        sizes = [self.plan.dtype[slot.index].itemsize for slot, _ in candidates]
        kinds = np.array([_IPV6 if size == 16 else _IPV4 for size in sizes], np.uint16)
        return kinds[:1] if picked is None else kinds[picked]

    def _complete(self, families: Array | None) -> None:
        if families is not None:
            known, valid = self.values.get("etype", (families, None))
            self.values["etype"] = (known if valid is None else np.where(valid, known, families)), None
        if self.version <= NETFLOW9:
            self._icmp()
        self._durations()

    def _icmp(self) -> None:
        """Cisco's routers have ICMP's type and code in the destination port."""
        if not {"proto", "dst_port"} <= self.values.keys():
            return
        (proto, _), (port, _) = self.values["proto"], self.values["dst_port"]
        old = (proto == _ICMP[0]) | (proto == _ICMP[1])
        if "src_port" in self.values:
            old &= self.values["src_port"][0] == 0
        if not old.any() or "icmp_type" in self.values:  # a type that a record tells is never None
            return
        self.values["icmp_type"] = port >> 8, old
        if "icmp_code" in self.values:
            self.values["icmp_code"] = np.where(old, port & 0xFF, self.values["icmp_code"][0]), None
        else:
            self.values["icmp_code"] = port & 0xFF, old

    def _durations(self) -> None:
        if not self.plan.durations:
            return
        nothing: tuple[Array, Valid] = np.zeros(len(self), np.int64), np.zeros(len(self), bool)
        (start, has_start), (end, has_end) = (
            (found, np.ones(len(self), bool) if valid is None else valid)
            for found, valid in (self.values.get(name, nothing) for name in _TIMES)
        )
        slot, unit = self.plan.durations[0]
        lasted = number(self.records, slot.index).astype(np.uint64)
        short = lasted <= np.uint64(LONGEST_NS // unit)
        lasting = np.where(short, lasted, 0).astype(np.int64) * unit
        no_end, no_start = has_start & ~has_end & short, has_end & ~has_start & short
        self.values["time_flow_end_ns"] = np.where(no_end, start + lasting, end), has_end | no_end
        self.values["time_flow_start_ns"] = np.where(no_start, end - lasting, start), has_start | no_start

    def _rest(self) -> None:
        for slot in self.plan.layout.rest:
            implied = self.values.get(IMPLIED.get(slot.key, "")) if self.spare else None
            if implied is None:
                self._tell(slot, None)
            elif implied[1] is not None:
                self._tell(slot, ~implied[1])

    def fill(self, columns: Columns, start: int, misfits: Counter[str]) -> None:
        """Put every field into its column."""
        rows = len(self)
        for name, (found, valid) in self.values.items():
            bits = _BITS.get(name)
            fitting = valid
            if bits is not None and found.dtype.kind == "u" and found.dtype.itemsize * 8 > bits:
                fits = found < (1 << bits)
                if not fits.all():
                    misfits[name] += int((~fits).sum() if valid is None else (valid & ~fits).sum())
                    fitting = fits if valid is None else fits & valid
            columns.put(name, start, found, rows, fitting)
        if self.told and (found_elements := elements(self.told, rows)) is not None:
            columns.put_elements(start, found_elements)


def _plain_texts(numbers: Array) -> Any:
    return texts(numbers.astype(np.uint32), reader(0, 1))


def _joined(found: list[tuple[Array, Valid]], picked: Array) -> tuple[Array, Valid]:
    kinds = [each.dtype for each, _ in found]
    plain = all(kind.kind in "ui" for kind in kinds)
    values = found[0][0].astype(np.result_type(*kinds) if plain else kinds[0])
    valid = None if all(there is None for _, there in found) else np.ones(len(picked), bool)
    for at, (each, there) in enumerate(found):
        rows = picked == at
        if at:
            values[rows] = each[rows]
        if valid is not None and there is not None:
            valid[rows] = there[rows]
    return values, valid
