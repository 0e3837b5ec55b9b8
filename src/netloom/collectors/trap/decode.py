"""SNMP's notifications to trap records."""

from __future__ import annotations

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Value
from netloom.codecs.snmp_notification import Notification, TypedBinding, decode
from netloom.collectors.mibs import standard
from netloom.collectors.mibs.shown import shown
from netloom.collectors.trap.names import name_of
from netloom.model.trap import Trap, Varbind


def decode_trap(data: bytes, source: str | None, received_ns: int) -> Trap | None:
    """The record of a notification, None where the message is a request, an answer or nothing that decodes."""
    try:
        found = decode(data)
    except BerError:
        return None
    return None if found is None else trap(found, source, received_ns)


def trap(found: Notification, source: str | None, received_ns: int, *, translated: bool = False) -> Trap:
    """The record of a notification; translated, its values are written as their MIBs say: up in place of 1."""
    return Trap(
        time_received_ns=received_ns,
        source_address=source,
        agent_address=found.agent_address,
        version=found.version,
        kind="inform" if found.inform else "trap",
        user=None if found.user is None else found.user.decode(errors="replace"),
        encrypted=found.encrypted,
        trap_oid=found.trap_oid,
        trap_name=None if found.trap_oid is None else name_of(found.trap_oid),
        uptime=None if found.uptime_ticks is None else found.uptime_ticks / 100,
        enterprise=found.enterprise,
        varbinds=tuple((_translated if translated else _varbind)(binding) for binding in found.bindings),
    )


def _varbind(binding: TypedBinding) -> Varbind:
    return Varbind(oid=binding.oid, name=name_of(binding.oid), type=binding.type, value=_shown(binding.value))


def _translated(binding: TypedBinding) -> Varbind:
    found = standard().find(binding.oid)
    definition = found[0] if found is not None else None
    value = shown(binding.value, definition)
    if binding.type == "OBJECT IDENTIFIER" and isinstance(value, str):
        value = name_of(value) or value
    return Varbind(
        oid=binding.oid,
        name=name_of(binding.oid),
        type=binding.type,
        value=value if isinstance(value, int) else _text(value),
    )


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)


def _shown(value: Value | None) -> str | int | None:
    """Octets as text where that is what they are."""
    if not isinstance(value, bytes):
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value.hex()
    return text if all(character.isprintable() or character in "\r\n\t" for character in text) else value.hex()
