"""NetFlow versions 1, 5 and 7: fixed forms, told as templates of IANA's numbers: one path reads all versions."""

from __future__ import annotations

from struct import Struct

from netloom.codecs.ipfix import UNUSED, Field, FlowError, Message, Template

_SPARE = 0
"""Octets without a meaning."""


def _template(version: int, *fields: tuple[int, int]) -> Template:
    return Template(version, tuple(Field(0 if number else UNUSED, number, length) for number, length in fields))


_KEYS = ((8, 4), (12, 4), (15, 4), (10, 2), (14, 2), (2, 4), (1, 4), (22, 4), (21, 4), (7, 2), (11, 2))
"""Addresses, next hop, interfaces, packets, octets, first and last in uptime, ports: the same in all versions."""

TEMPLATES = {
    1: _template(1, *_KEYS, (_SPARE, 2), (4, 1), (5, 1), (6, 1), (_SPARE, 11)),
    5: _template(5, *_KEYS, (_SPARE, 1), (6, 1), (4, 1), (5, 1), (16, 2), (17, 2), (9, 1), (13, 1), (_SPARE, 2)),
    7: _template(
        7, *_KEYS, (_SPARE, 1), (6, 1), (4, 1), (5, 1), (16, 2), (17, 2), (9, 1), (13, 1), (_SPARE, 2), (43, 4)
    ),
}
"""Version → its records' form."""

_HEADER = Struct(">HHIII")
_TAILS = {1: Struct(">"), 5: Struct(">IBBH"), 7: Struct(">I4x")}
"""What follows the times: the sequence; version 5 also has engine type, engine id and sampling."""


def message_at(view: memoryview, at: int) -> tuple[Message, int]:
    """The message of version 1, 5 or 7 here, and where it ends."""
    if len(view) - at < _HEADER.size:
        raise FlowError(f"expected a header of {_HEADER.size} octets or more, got {len(view) - at}", offset=at)
    version, count, uptime, seconds, nanoseconds = _HEADER.unpack_from(view, at)
    template = TEMPLATES.get(version)
    if template is None:
        raise FlowError(f"expected version 1, 5 or 7, got {version}", offset=at)
    tail, start = _TAILS[version], at + _HEADER.size + _TAILS[version].size
    end = min(start + count * template.size, len(view))
    if start > len(view):
        raise FlowError(f"expected a header of {start - at} octets, got {len(view) - at}", offset=at)
    sequence, engine_type, engine_id, sampling = (*tail.unpack_from(view, at + _HEADER.size), 0, 0, 0, 0)[:4]
    message = Message(
        version,
        engine_type << 8 | engine_id,
        sequence,
        seconds * 1_000_000_000 + nanoseconds % 1_000_000_000,
        view[start:end],
        start,
        uptime_ms=uptime,
        template=template,
        sampling=sampling if version == 5 else None,
        missing=start + count * template.size - end,
    )
    return message, end
