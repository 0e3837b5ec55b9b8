"""Encoders of NetFlow and IPFIX, for tests: what exporters would send."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from netloom.codecs.ipfix import VARIABLE, Field, Template

Record = Sequence[bytes]


def field9(field: Field) -> bytes:
    return struct.pack(">HH", field.number, field.length)


def field10(field: Field) -> bytes:
    if not field.pen:
        return field9(field)
    return struct.pack(">HHI", field.number | 0x8000, field.length, field.pen)


def a_set(kind: int, body: bytes, padding: int = 0) -> bytes:
    return struct.pack(">HH", kind, 4 + len(body) + padding) + body + bytes(padding)


def template_set(version: int, *templates: Template, padding: int = 0) -> bytes:
    """All plain, or all of options."""
    options = templates[0].options
    body = b"".join(template(version, item) for item in templates)
    return a_set((version == 10) * 2 + options, body, padding)


def template(version: int, item: Template) -> bytes:
    write = field10 if version == 10 else field9
    fields = b"".join(map(write, (*item.scopes, *item.fields)))
    if not item.options:
        return struct.pack(">HH", item.id, len(item.fields)) + fields
    if version == 10:
        return struct.pack(">HHH", item.id, len(item.scopes) + len(item.fields), len(item.scopes)) + fields
    return struct.pack(">HHH", item.id, 4 * len(item.scopes), 4 * len(item.fields)) + fields


def withdrawal_set(kind: int, *numbers: int) -> bytes:
    return a_set(kind, b"".join(struct.pack(">HH", number, 0) for number in numbers))


def data_set(item: Template, *records: Record, padding: int = 0) -> bytes:
    return a_set(item.id, b"".join(record(item, values) for values in records), padding)


def record(item: Template, values: Record) -> bytes:
    parts = []
    for field, value in zip(item.layout, values, strict=True):
        if field.length == VARIABLE:
            long = len(value) >= 255
            parts.append(b"\xff" + len(value).to_bytes(2) if long else bytes((len(value),)))
        else:
            assert len(value) == field.length
        parts.append(value)
    return b"".join(parts)


def message10(*sets: bytes, seconds: int = 1_700_000_000, sequence: int = 0, domain: int = 0) -> bytes:
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), seconds, sequence, domain) + body


def message9(
    *sets: bytes, seconds: int = 1_700_000_000, sequence: int = 0, domain: int = 0, uptime: int = 600_000
) -> bytes:
    return struct.pack(">HHIIII", 9, len(sets), uptime, seconds, sequence, domain) + b"".join(sets)


def message5(*records: bytes, seconds: int = 1_700_000_000, sequence: int = 0, sampling: int = 0) -> bytes:
    return struct.pack(">HHIIIIBBH", 5, len(records), 600_000, seconds, 500, sequence, 1, 2, sampling) + b"".join(
        records
    )


def message(version: int, *sets: bytes, seconds: int = 1_700_000_000, sequence: int = 0, domain: int = 0) -> bytes:
    build = message10 if version == 10 else message9
    return build(*sets, seconds=seconds, sequence=sequence, domain=domain)
