"""The frame of SNMPv3's answers as nearly all engines encode it (RFC 3412 §6, RFC 3414 §2.4), found in few steps.

What is encoded otherwise is None here, and for `decode_v3` and `decode_parameters` to judge; nothing is believed that
they would not believe.
"""

from __future__ import annotations

from typing import NamedTuple

from netloom.codecs.snmp import Reply, open_response

_OCTETS, _INTEGER, _SEQUENCE = 0x04, 0x02, 0x30
_SMALLEST = 484
"""No engine takes less (RFC 3412 §6)."""
_FIELDS = (_OCTETS, _INTEGER, _INTEGER, _OCTETS, _OCTETS, _OCTETS)
"""Engine, boots, time, user, digest, salt."""


class Frame(NamedTuple):
    """An answer's frame; places are in the whole message."""

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest_at: int
    digest: bytes
    salt: bytes
    payload: bytes


def open_frame(data: bytes) -> Frame | None:
    """The frame of a message, None where it is not of the common shape."""
    try:
        return _open_frame(data)
    except IndexError:
        return None


def _open_frame(data: bytes) -> Frame | None:
    end = len(data)
    at = _into(data, 0, end, _SEQUENCE)
    header, security = at + 5, at + 5 + data[at + 4]
    if data[at : at + 3] != b"\x02\x01\x03" or data[at + 3] != _SEQUENCE or data[at + 4] > 0x7F:
        return None
    flags = _flags(data, header, security)
    wide = data[security + 1] == 0x81
    after = security + 2 + wide + data[security + 1 + wide]
    if flags is None or data[security] != _OCTETS or data[security + 1] > 0x81 or after > end:
        return None
    parameters = _parameters(data, security + 2 + wide, after)
    if parameters is None:
        return None
    payload = data[_into(data, after, end, _OCTETS) :] if flags & 2 else data[after:]
    return Frame(int.from_bytes(data[header + 2 : header + 6]), flags, *parameters, payload)


def _flags(data: bytes, at: int, end: int) -> int | None:
    """The header's flags, where it has a number of four octets, a size in at most four, and the user-based model."""
    rest = at + 8 + data[at + 7]
    if (
        data[at : at + 2] != b"\x02\x04"
        or data[at + 2] > 0x7F
        or data[at + 6] != _INTEGER
        or not 2 <= data[at + 7] <= 4
        or int.from_bytes(data[at + 8 : rest], signed=True) < _SMALLEST
        or data[rest : rest + 2] != b"\x04\x01"
        or data[rest + 3 : rest + 6] != b"\x02\x01\x03"
        or rest + 6 != end
        or data[rest + 2] & 3 == 2
    ):
        return None
    return data[rest + 2]


def _parameters(data: bytes, at: int, end: int) -> tuple[bytes, int, int, bytes, int, bytes, bytes] | None:
    wide = data[at + 1] == 0x81
    if data[at] != _SEQUENCE or data[at + 1] > 0x81 or at + 2 + wide + data[at + 1 + wide] != end:
        return None
    at += 2 + wide
    places = []
    for tag in _FIELDS:
        size = data[at + 1]
        if data[at] != tag or size > 0x7F:
            return None
        places.append((at + 2, at + 2 + size))
        at += 2 + size
    engine, boots, time, user, digest, salt = places
    if at != end or not 1 <= boots[1] - boots[0] <= 4 or not 1 <= time[1] - time[0] <= 4:
        return None
    if data[boots[0]] > 0x7F or data[time[0]] > 0x7F:
        return None
    return (
        data[engine[0] : engine[1]],
        int.from_bytes(data[boots[0] : boots[1]]),
        int.from_bytes(data[time[0] : time[1]]),
        data[user[0] : user[1]],
        digest[0],
        data[digest[0] : digest[1]],
        data[salt[0] : salt[1]],
    )


def open_scoped_response(data: bytes, request_id: int) -> Reply | None:
    """The response without an error in a scoped PDU that nothing follows, None where it is not of the common shape."""
    try:
        at = _into(data, 0, len(data), _SEQUENCE)
        for _ in range(2):  # the context's engine and its name
            if data[at] != _OCTETS or data[at + 1] > 0x7F:
                return None
            at += 2 + data[at + 1]
        return open_response(data, at, request_id) if data[at] == 0xA2 else None
    except IndexError:
        return None


def _into(data: bytes, at: int, end: int, tag: int) -> int:
    """Where the content of this tag begins; it must stand here and reach the end, else IndexError."""
    if data[at] != tag:
        raise IndexError
    size, at = data[at + 1], at + 2
    if size & 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 4:
            raise IndexError
        size, at = int.from_bytes(data[at : at + octets]), at + octets
    if at + size != end:
        raise IndexError
    return at
