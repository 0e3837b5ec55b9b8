"""Packets to records: flows, counters, logs, traps and neighbors, whatever the packets hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from netloom.codecs import cdp, lldp, sflow
from netloom.codecs.packet import Packet, dissect
from netloom.codecs.pcap import Frame
from netloom.codecs.reassembly import Fragments, Streams
from netloom.codecs.syslog_framing import SyslogFraming
from netloom.collectors.flow.decode import Decoder
from netloom.collectors.flow.sflow_records import records as sflow_records
from netloom.collectors.pcap.neighbors import of_cdp, of_lldp
from netloom.collectors.pcap.payloads import IPFIX_PORT, SYSLOG_PORTS, is_syslog, kind_of
from netloom.collectors.syslog.decode import decode as decode_log
from netloom.collectors.syslog.events import event
from netloom.collectors.trap.decode import decode_trap
from netloom.errors import CodecError
from netloom.model.noun import Record

_MESSAGE = 1 << 16
"""No IPFIX message is longer."""

Path = tuple[str, ...]
"""Protocols from the outside in."""
Connection = tuple[str | None, int | None, str | None, int | None]
"""Source and destination, each with its port."""


@dataclass(slots=True)
class Counts:
    """What one path of protocols carried."""

    packets: int = 0
    bytes: int = 0


@dataclass(slots=True)
class CaptureDecoder:
    """Decodes one capture after the other: templates, fragments and streams are kept between frames and files."""

    zone: tzinfo = UTC
    """Of syslog messages that name none."""
    tree: dict[Path, Counts] = field(default_factory=dict)
    """Each path of protocols that was seen."""
    malformed: Counter[str] = field(default_factory=Counter)
    """Kind → payloads that are not what they should be."""
    flows: Decoder = field(default_factory=Decoder)
    dropped: int = 0
    """Frames of a live capture that the kernel had no room for."""
    _fragments: Fragments = field(default_factory=Fragments)
    _streams: Streams = field(default_factory=Streams)
    _ipfix: dict[Connection, bytearray] = field(default_factory=dict)
    _syslog: dict[Connection, SyslogFraming] = field(default_factory=dict)

    def frame(self, frame: Frame) -> Iterator[Record]:
        """The records of one frame, and of what became whole with it."""
        packet = dissect(frame.data, frame.link_type)
        whole = self._fragments.feed(packet)
        kind, records = self._read(whole, frame) if whole is not None else (None, [])
        self._count(packet, kind, frame.length)
        yield from records

    def datagram(self, data: bytes, source: str | None, received_ns: int, kind: str | None) -> list[Record]:
        """The records of a datagram of a kind that `payloads.kind_of` tells."""
        try:
            if kind == "flow":
                return list(self.flows.feed(data, source or "", received_ns))
            if kind == "sflow":
                found = sflow.parse(data)
                self.malformed["sflow"] += found.torn
                return list(sflow_records(found, source, received_ns))
        except CodecError:
            self.malformed[kind or ""] += 1
            return []
        if kind == "syslog":
            return self._logged(data, source, received_ns)
        trap = decode_trap(data, source, received_ns) if kind == "snmp" else None
        return [] if trap is None else [trap]

    def end(self, received_ns: int = 0) -> list[Record]:
        """What connections still held when the captures ended."""
        left = [(source, data) for (source, *_), framing in self._syslog.items() for data in framing.end()]
        return [record for source, data in left for record in self._logged(data, source, received_ns)]

    def lost(self) -> dict[str, int]:
        """What could not be put together, by its kind."""
        return {
            "frames that the kernel had no room for": self.dropped,
            "datagrams whose fragments did not all come": self._fragments.given_up,
            "gaps in TCP streams": self._streams.skipped,
            "syslog messages cut short": sum(framing.truncated for framing in self._syslog.values()),
        }

    def _logged(self, data: bytes, source: str | None, received_ns: int) -> list[Record]:
        """A message, and the event that it tells of."""
        log = decode_log(data, source, received_ns, self.zone)
        told = event(log)
        return [log] if told is None else [log, told]

    def _read(self, packet: Packet, frame: Frame) -> tuple[str | None, list[Record]]:
        last = packet.layers[-1] if packet.layers else None
        if last in ("lldp", "cdp"):
            return last, self._neighbor(last, packet, frame)
        if last == "udp" and packet.payload:
            kind = kind_of(packet.payload, (packet.src_port, packet.dst_port))
            return kind, self.datagram(packet.payload, packet.src_addr, frame.time_ns, kind)
        if last == "tcp":
            return self._stream(packet, frame)
        if last == "sctp":
            return self._chunks(packet, frame)
        if packet.inner is not None:
            return self._read(packet.inner, frame)
        return None, []

    def _neighbor(self, kind: str, packet: Packet, frame: Frame) -> list[Record]:
        where = {"interface": frame.interface, "src_mac": packet.src_mac, "received_ns": frame.time_ns}
        try:
            if kind == "lldp":
                return [of_lldp(lldp.parse(packet.payload), **where)]  # type: ignore[arg-type]  # as they are there
            return [of_cdp(cdp.parse(packet.payload), **where)]  # type: ignore[arg-type]
        except CodecError:
            self.malformed[kind] += 1
            return []

    def _stream(self, packet: Packet, frame: Frame) -> tuple[str | None, list[Record]]:
        """IPFIX and syslog over TCP (RFC 7011 §10.4, RFC 6587), by their ports or by how they begin."""
        key = (packet.src_addr, packet.src_port, packet.dst_addr, packet.dst_port)
        data = self._streams.feed(packet)
        if key in self._ipfix or packet.dst_port == IPFIX_PORT or (key not in self._syslog and _is_ipfix(data)):
            return "flow", self._messages(self._ipfix.setdefault(key, bytearray()), data, packet.src_addr, frame)
        if key in self._syslog or (data and (packet.dst_port in SYSLOG_PORTS) and _is_text(data)):
            messages = self._syslog.setdefault(key, SyslogFraming()).feed(data)
            logged = (self._logged(each, packet.src_addr, frame.time_ns) for each in messages)
            return "syslog", [record for records in logged for record in records]
        return None, []

    def _messages(self, buffer: bytearray, data: bytes, source: str | None, frame: Frame) -> list[Record]:
        buffer += data
        found: list[Record] = []
        while len(buffer) >= 4:
            size = int.from_bytes(buffer[2:4])
            if not _is_ipfix(bytes(buffer[:4])) or size < 16:
                self.malformed["flow"] += 1
                buffer.clear()
            if len(buffer) < size or not buffer:
                break
            found += self.datagram(bytes(buffer[:size]), source, frame.time_ns, "flow")
            del buffer[:size]
        return found

    def _chunks(self, packet: Packet, frame: Frame) -> tuple[str | None, list[Record]]:
        """Whole messages in SCTP's data chunks (RFC 9260 §3.3.1)."""
        data, found = packet.payload, list[Record]()
        kind = None
        while len(data) >= 4:
            size = int.from_bytes(data[2:4])
            if size < 4:
                break
            if data[0] == 0 and data[1] & 3 == 3 and (kind := kind_of(data[16:size], (None, None))) is not None:
                found += self.datagram(data[16:size], packet.src_addr, frame.time_ns, kind)
            data = data[size + -size % 4 :]
        return kind, found

    def _count(self, packet: Packet, kind: str | None, length: int) -> None:
        path: list[str] = []
        inner: Packet | None = packet
        while inner is not None:
            path += inner.layers
            inner = inner.inner
        if kind is not None and (not path or path[-1] != kind):
            path.append(kind)
        counts = self.tree.setdefault(tuple(path), Counts())
        counts.packets += 1
        counts.bytes += length


def _is_ipfix(data: bytes) -> bool:
    return data[:2] == b"\x00\x0a" and len(data) >= 4 and int.from_bytes(data[2:4]) <= _MESSAGE


def _is_text(data: bytes) -> bool:
    """Whether a stream begins as syslog does, with a priority or a count before it."""
    return is_syslog(data) or (data[:1].isdigit() and is_syslog(data[data.find(b" ") + 1 :]))
