"""Addresses as tables keep them: 128 bits, IPv4 mapped into IPv6 (RFC 4291 §2.5.5.2), and MAC addresses as 48.

The 128 bits are of Arrow's UUID type, which engines handle as one wide number: DuckDB groups by it a quarter faster
than by 16 bytes of binary. Its order is the order of addresses, IPv4 among IPv6.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Any
from uuid import UUID

import pyarrow as pa

ADDRESS = pa.uuid()
MAC = pa.binary(6)
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_PREFIX = MAPPED.network_address.packed[:12]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(1 << 16)
def pack_address(text: str) -> bytes:
    """An address in text as 16 bytes; raises ValueError."""
    packed = ipaddress.ip_address(text).packed
    return packed if len(packed) == 16 else _PREFIX + packed


@lru_cache(1 << 16)
def unpack_address(packed: bytes) -> str:
    """The canonical text of 16 bytes."""
    address = ipaddress.ip_address(packed[12:] if packed.startswith(_PREFIX) else packed)
    return str(address)


def pack_mac(text: str) -> bytes:
    """A MAC address in text as six bytes; raises ValueError."""
    packed = bytes.fromhex(text.replace(":", "").replace("-", "").replace(".", ""))
    if len(packed) != 6:
        raise ValueError(f"expected a MAC address, got {text!r}")
    return packed


def unpack_mac(packed: bytes) -> str:
    """The canonical text of six bytes."""
    return packed.hex(":")


def ranges(network: Network) -> list[tuple[UUID, UUID]]:
    """The spans, ends included, of exactly the addresses whose text lies in a network."""
    if isinstance(network, ipaddress.IPv4Network):
        return [_span(pack_address(str(network[0])), pack_address(str(network[-1])))]
    if MAPPED.subnet_of(network):  # mapped addresses are IPv4's
        first, last = int(MAPPED[0]), int(MAPPED[-1])
        spans = [(int(network[0]), first - 1), (last + 1, int(network[-1]))]
        return [_span(low.to_bytes(16), high.to_bytes(16)) for low, high in spans if low <= high]
    if network.subnet_of(MAPPED):
        return []
    return [_span(network[0].packed, network[-1].packed)]


def _span(low: bytes, high: bytes) -> tuple[UUID, UUID]:
    return UUID(bytes=low), UUID(bytes=high)


def pack(values: list[Any], kind: Any) -> Any:
    """A column of addresses or MAC addresses; bytes are taken as they are; raises ValueError."""
    convert = pack_address if kind.equals(ADDRESS) else pack_mac
    packed = [convert(value) if isinstance(value, str) else value for value in values]
    return pa.array(packed, kind.storage_type if kind.equals(ADDRESS) else kind).cast(kind)


def as_text(column: Any) -> Any:
    """Addresses and MAC addresses as text; other columns as they are."""
    if column.type.equals(ADDRESS):
        return _by_value(column.cast(ADDRESS.storage_type), unpack_address)
    if column.type.equals(MAC):
        return _by_value(column, unpack_mac)
    return column


def of_engine(column: Any, kind: Any) -> Any:
    """What DuckDB answers for a column of such a type: it writes 128 bits as text of a UUID."""
    if not kind.equals(ADDRESS) or column.type.equals(ADDRESS):
        return column if column.type.equals(kind) else column.cast(kind)
    return _by_value(column, lambda text: UUID(text).bytes, ADDRESS.storage_type).cast(ADDRESS)


def _by_value(column: Any, convert: Any, kind: Any = None) -> Any:
    """Convert each distinct value once."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    encoded = column.dictionary_encode()
    converted = pa.array([convert(value) for value in encoded.dictionary.to_pylist()], kind or pa.string())
    return converted.take(encoded.indices)
