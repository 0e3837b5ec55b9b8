"""NetFlow and IPFIX datagrams to records: flows, options and templates, one at a time.

Nothing is lost silently: what does not decode, waits in vain or never came is counted.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from netloom.codecs import ipfix, netflow
from netloom.codecs.information_elements import element
from netloom.codecs.ipfix import Data, Field, FlowError, Message, Template, Withdrawal
from netloom.codecs.ipfix_values import Value
from netloom.collectors.flow.clock import Clock
from netloom.collectors.flow.fields import BOOT, DURATIONS, IMPLIED, LONGEST_NS
from netloom.collectors.flow.held import Held, Waiting
from netloom.collectors.flow.layout import Layout, compile_template, element_key
from netloom.collectors.flow.sampling import SamplingRates
from netloom.collectors.flow.sequence import Sequences
from netloom.collectors.flow.templates import Origin, Templates
from netloom.model.flow import Flow
from netloom.model.flow_template import FlowTemplate, TemplateField
from netloom.model.options import Options

Decoded = Flow | Options | FlowTemplate

TYPES = {1: "NETFLOW_V1", 5: "NETFLOW_V5", 7: "NETFLOW_V7", 9: "NETFLOW_V9", 10: "IPFIX"}
_ICMP = frozenset((1, 58))
_FAULTS = 16
HEADER_ELEMENTS = ("0/34", "0/35", "0/38", "0/39")
RECORDS = 8192
"""More in one message are refused: records of so few octets that they tell nothing."""


@dataclass(slots=True)
class Counts:
    """What passed, and what did not."""

    datagrams: int = 0
    messages: int = 0
    malformed: int = 0
    """Datagrams, or sets in them, that are not what they should be."""
    flows: int = 0
    options: int = 0
    templates: int = 0
    """Announcements that changed something."""
    withdrawn: int = 0
    unknown: int = 0
    """Sets that came before their template: they are held."""
    released: int = 0
    """Held sets whose template came."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What all records of one message share."""

    origin: Origin
    message: Message
    received_ns: int
    header: Mapping[str, Any]
    """The fields that all records have."""


class Decoder:
    """Turns exporters' datagrams into records; `templates` and `sampling` may be shared and are kept by their owner."""

    def __init__(
        self,
        templates: Templates | None = None,
        sampling: SamplingRates | None = None,
        held: Held | None = None,
        *,
        announce: bool = True,
        spare: bool = False,
    ) -> None:
        """Templates are told as records too, unless `announce` is false.

        `spare` leaves out of `ie` what the fields imply: uptimes where the times are known, NetFlow 5's header.
        """
        self._announce = announce
        self.spare = spare
        self.templates = Templates() if templates is None else templates
        self.sampling = SamplingRates() if sampling is None else sampling
        self.held = Held() if held is None else held
        self.sequences = Sequences()
        self.counts = Counts()
        self.faults: deque[str] = deque(maxlen=_FAULTS)
        """The last complaints, each with its exporter."""
        self._left = RECORDS
        self.boots: OrderedDict[tuple[str, int], int] = OrderedDict()
        """When exporters started, where an option says so."""

    def feed(self, datagram: bytes | memoryview, exporter: str, received_ns: int) -> list[Decoded]:
        """Every record of a datagram, and of data that waited for its templates; what is malformed is counted."""
        self.counts.datagrams += 1
        decoded: list[Decoded] = []
        try:
            for message in netflow.messages(datagram):
                self._message(message, exporter, received_ns, decoded)
        except FlowError as exc:
            self._fault(exporter, exc)
        return decoded

    def _message(self, message: Message, exporter: str, received_ns: int, decoded: list[Decoded]) -> None:
        self.counts.messages += 1
        self._left = RECORDS
        envelope = self._envelope(Origin(exporter, message.version, message.domain), message, received_ns)
        units: int | None = 0
        try:
            for part in ipfix.sets(message):
                if not isinstance(part, Data):
                    self._template(part, envelope, decoded)
                elif (found := self._data(part, envelope, decoded)) is None or units is None:
                    units = None
                else:
                    units += found
        except FlowError as exc:
            units = None
            self._fault(exporter, exc)
        if message.version != 1:
            self.sequences.feed(envelope.origin, message.sequence, 1 if message.version == ipfix.NETFLOW9 else units)

    def _envelope(self, origin: Origin, message: Message, received_ns: int) -> _Envelope:
        header = {
            "type": TYPES[message.version],
            "time_received_ns": received_ns,
            "sampler_address": origin.exporter or None,  # a file of datagrams has none
            "observation_domain_id": message.domain,
            "sequence_num": message.sequence,
        }
        return _Envelope(origin, message, received_ns, header)

    def _clock(self, envelope: _Envelope) -> Clock:
        """As told by now: options may stand before data in one message."""
        message, origin = envelope.message, envelope.origin
        return Clock(message.export_time_ns, message.uptime_ms, self.boots.get((origin.exporter, origin.domain)))

    def _template(self, part: Template | Withdrawal, envelope: _Envelope, decoded: list[Decoded]) -> None:
        origin, now = envelope.origin, envelope.received_ns
        if isinstance(part, Withdrawal):
            self.counts.withdrawn += self.templates.withdraw(origin, part.id)
            if self._announce:
                decoded.append(FlowTemplate(**envelope.header, template_id=part.id, withdrawn=True))
            return
        if self.templates.put(origin, part, now):
            self.counts.templates += 1
        if self._announce:
            scope, fields = (tuple(map(_template_field, of)) for of in (part.scopes, part.fields))
            decoded.append(
                FlowTemplate(**envelope.header, template_id=part.id, options=part.options, scope=scope, fields=fields)
            )
        for waiting in self.held.take(origin, part.id, now):
            self.counts.released += 1
            past = self._envelope(origin, waiting.message, waiting.received_ns)
            self._data(Data(part.id, memoryview(waiting.body), 0), past, decoded)

    def _data(self, part: Data, envelope: _Envelope, decoded: list[Decoded]) -> int | None:
        """How many records there were; None where that cannot be known."""
        message, origin = envelope.message, envelope.origin
        template: Template
        if message.template is not None:
            template, layout = message.template, compile_template(message.template)
        elif (entry := self.templates.get(origin, part.id, envelope.received_ns)) is not None:
            template, layout = entry.template, entry.layout
        else:
            self.counts.unknown += 1
            header = replace(message, body=memoryview(b""))
            self.held.put(origin, part.id, Waiting(header, bytes(part.body), envelope.received_ns))
            return None
        before, clock = len(decoded), self._clock(envelope)
        try:
            for raws in self._records(template, part):
                if template.options:
                    decoded.append(self._options(raws, template, layout, envelope))
                else:
                    decoded.append(self._flow(raws, layout, clock, envelope))
        except FlowError as exc:
            self._fault(origin.exporter, exc)
            return None
        return len(decoded) - before

    def _options(self, raws: tuple[bytes, ...], template: Template, layout: Layout, envelope: _Envelope) -> Options:
        scope, ie = layout.options(raws)
        origin = envelope.origin
        self.counts.options += 1
        self.sampling.learn(origin.exporter, origin.domain, scope, ie)
        if isinstance(boot := ie.get(f"0/{BOOT}"), int):
            self.boots[origin.exporter, origin.domain] = boot
            self.boots.move_to_end((origin.exporter, origin.domain))
            if len(self.boots) > 1 << 16:
                self.boots.popitem(last=False)
        return Options(**envelope.header, template_id=template.id, scope=scope, ie=ie)

    def _records(self, template: Template, part: Data) -> Iterator[tuple[bytes, ...]]:
        for raws in ipfix.records(template, part.body):
            self._left -= 1
            if self._left < 0:
                raise FlowError(f"expected up to {RECORDS} records in a message, got more", offset=part.offset)
            yield raws

    def _flow(self, raws: tuple[bytes, ...], layout: Layout, clock: Clock, envelope: _Envelope) -> Flow:
        if layout.started is not None:
            clock = replace(clock, boot_ms=layout.boot_ms(raws))
        values, ie = layout.flow(raws, clock)
        ie |= header_elements(envelope.message)
        _complete(values, ie, envelope.message.version)
        origin = envelope.origin
        rate = self.sampling.rate(origin.exporter, origin.domain, ie, values.get("in_if"))
        if self.spare:
            ie = {key: value for key, value in ie.items() if not self._is_implied(key, values, envelope.message)}
        self.counts.flows += 1
        values["sampling_rate"], values["sampling_source"] = rate
        return Flow(**envelope.header, **values, ie=ie)

    @staticmethod
    def _is_implied(key: str, values: Mapping[str, Any], message: Message) -> bool:
        field = IMPLIED.get(key)
        if field is None:
            return message.sampling is not None and key in HEADER_ELEMENTS
        return values.get(field) is not None

    def _fault(self, exporter: str, exc: FlowError) -> None:
        self.counts.malformed += 1
        self.faults.append(f"{exporter}: {exc}")


def _template_field(field: Field) -> TemplateField:
    known = element(field.pen, field.number)
    return TemplateField(element_key(field), field.length, None if known is None else known.name)


def header_elements(message: Message) -> dict[str, Value]:
    """What NetFlow 5's header says of all its flows: sampling interval and algorithm, engine type and id."""
    if message.sampling is None:
        return {}
    told = (message.sampling & 0x3FFF, message.sampling >> 14, message.domain >> 8, message.domain & 0xFF)
    return dict(zip(HEADER_ELEMENTS, told, strict=True))


def _complete(values: dict[str, Any], ie: Mapping[str, Value], version: int) -> None:
    """Fills what follows from other fields."""
    source = values.get("src_addr")
    if values.get("etype") is None and source is not None:
        values["etype"] = 0x86DD if ":" in source else 0x0800
    # Cisco's routers have ICMP's type and code in the destination port, and nothing in the source port.
    port = values.get("dst_port")
    old = version <= ipfix.NETFLOW9 and values.get("proto") in _ICMP and not values.get("src_port")
    if old and port is not None and values.get("icmp_type") is None:
        values["icmp_type"], values["icmp_code"] = port >> 8, port & 0xFF
    start, end = values.get("time_flow_start_ns"), values.get("time_flow_end_ns")
    if (start is None) != (end is None):
        lasted = next((value * unit for key, unit in DURATIONS.items() if isinstance(value := ie.get(key), int)), None)
        if lasted is None or lasted > LONGEST_NS:
            return
        if start is not None:
            values["time_flow_end_ns"] = start + lasted
        elif end is not None:
            values["time_flow_start_ns"] = end - lasted
