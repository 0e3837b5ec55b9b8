"""Power via MDI (IEEE 802.3-2018 §79.3.2): the first form, and what 802.3at and 802.3bt append to it."""

from __future__ import annotations

from typing import Any

_BASIC, _TYPED, _EXTENDED = 3, 8, 25

_TYPES = ("type-2-pse", "type-2-pd", "type-1-pse", "type-1-pd")
_SOURCES = {
    "pse": ("unknown", "primary", "backup", "reserved"),
    "pd": ("unknown", "pse", "local", "pse-and-local"),
}
_PRIORITIES = ("unknown", "critical", "high", "low")
_PAIRS = {1: "signal", 2: "spare"}
_PSE_STATUS = ("ignore", "2-pair", "4-pair-single-signature", "4-pair-dual-signature")
_PD_STATUS = ("ignore", "single-signature", "2-pair-dual-signature", "4-pair-dual-signature")
_PAIRS_EXTENDED = ("ignore", "alternative-a", "alternative-b", "both")
_TYPES_EXTENDED = (
    "type-3-pse", "type-4-pse", "type-3-pd-single-signature", "type-3-pd-dual-signature",
    "type-4-pd-single-signature", "type-4-pd-dual-signature", "reserved", "reserved",
)  # fmt: skip


def parse(data: bytes) -> dict[str, Any]:
    """The fields that are there, powers in watts; raises IndexError where not even the first form is whole."""
    if len(data) < _BASIC:
        raise IndexError
    found = _basic(data)
    if len(data) >= _TYPED:
        found |= _typed(data, found["device"])
    if len(data) >= _EXTENDED:
        found |= _extended(data)
    return found


def _basic(data: bytes) -> dict[str, Any]:
    support = data[0]
    return {
        "device": "pse" if support & 1 else "pd",
        "supported": bool(support & 2),
        "enabled": bool(support & 4),
        "pair_control": bool(support & 8),
        "pairs": _PAIRS.get(data[1]),
        "class": data[2] - 1 if 1 <= data[2] <= 5 else None,
    }


def _typed(data: bytes, device: str) -> dict[str, Any]:
    flags = data[3]
    return {
        "type": _TYPES[flags >> 6],
        "source": _SOURCES[device][flags >> 4 & 3],
        "pd_4_pair": bool(flags & 4),
        "priority": _PRIORITIES[flags & 3],
        "requested_w": _watts(data, 4),
        "allocated_w": _watts(data, 6),
    }


def _extended(data: bytes) -> dict[str, Any]:
    status, setup, automatic, down = _number(data, 16, 2), data[18], data[21], _number(data, 22, 3)
    return {
        "requested_a_w": _watts(data, 8),
        "requested_b_w": _watts(data, 10),
        "allocated_a_w": _watts(data, 12),
        "allocated_b_w": _watts(data, 14),
        "pse_powering_status": _PSE_STATUS[status >> 14],
        "pd_powered_status": _PD_STATUS[status >> 12 & 3],
        "pairs_extended": _PAIRS_EXTENDED[status >> 10 & 3],
        "class_a": status >> 7 & 7,
        "class_b": status >> 4 & 7,
        "class_extended": status & 15,
        "type_extended": _TYPES_EXTENDED[setup >> 1 & 7],
        "pd_load_isolated": bool(setup & 1),
        "pse_maximum_available_w": _watts(data, 19),
        "autoclass_supported": bool(automatic & 4),
        "autoclass_completed": bool(automatic & 2),
        "autoclass_requested": bool(automatic & 1),
        "power_down_requested": down >> 18 == 0x1D,
        "power_down_s": down & 0x3FFFF,
    }


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size])


def _watts(data: bytes, at: int) -> float:
    return _number(data, at, 2) / 10
