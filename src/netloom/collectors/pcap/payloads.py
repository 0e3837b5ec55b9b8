"""What a datagram is, by its contents: captures come from any port."""

from __future__ import annotations

from netloom.codecs import ipfix, netflow5, sflow, snmp_notification

SYSLOG_PORTS = frozenset((514, 601, 1514, 5514, 6514))
IPFIX_PORT = 4739
_HEADERS = {1: 16, 5: 24, 7: 24, 9: 20, 10: 16}
"""Version → octets of its header."""
_RECORDS = 64
"""A datagram of the fixed versions holds no more; RFCs and Cisco say 30."""


def kind_of(data: bytes, ports: tuple[int | None, int | None]) -> str | None:
    """flow, sflow, snmp or syslog; None where it is none of them."""
    if is_flow_export(data):
        return "flow"
    if sflow.is_sflow(data):
        return "sflow"
    if data[:1] == b"\x30" and snmp_notification.is_snmp(data):
        return "snmp"
    if is_syslog(data) or not SYSLOG_PORTS.isdisjoint(ports):
        return "syslog"
    return None


def is_flow_export(data: bytes) -> bool:
    """Whether a datagram's header is one of NetFlow or IPFIX and agrees with its length."""
    if len(data) < 4:
        return False
    version, count = int.from_bytes(data[:2]), int.from_bytes(data[2:4])
    size = _HEADERS.get(version, len(data) + 1)
    if version in netflow5.TEMPLATES:
        return 0 < count <= _RECORDS and size + count * netflow5.TEMPLATES[version].size <= len(data)
    promised = count if version == ipfix.IPFIX else len(data)
    return size <= promised <= len(data) and (promised == size or _set_fits(data, size))


def _set_fits(data: bytes, at: int) -> bool:
    """Whether the first set's number and length can be."""
    number, size = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
    return (number <= 3 or number >= ipfix.FIRST_DATA_SET) and 4 <= size <= len(data) - at


def is_syslog(data: bytes) -> bool:
    """Whether it begins with a priority: `<13>`."""
    end = data.find(b">", 0, 5)
    return data[:1] == b"<" and end > 1 and data[1:end].isdigit() and int(data[1:end]) <= 191
