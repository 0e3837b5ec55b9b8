"""What an exporter tells of itself beside its flows: samplers, interfaces' names, applications' names, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.model.flow import Element
from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Record):
    """One record of an options template (RFC 7011 §3.4.2.2)."""

    type: str
    """NETFLOW_V9 or IPFIX."""
    time_received_ns: Nanoseconds
    """When the datagram came, in nanoseconds since 1970."""
    sampler_address: str | None = None
    """The exporter."""
    observation_domain_id: int | None = None
    """IPFIX's observation domain, NetFlow v9's source id."""
    sequence_num: int | None = None
    """The datagram's sequence number."""
    template_id: int
    """The template's number."""
    scope: Mapping[str, Element]
    """Of what it tells: keys as in `ie`; NetFlow v9's are system, interface, line_card, cache and template."""
    ie: Mapping[str, Element]
    """What it tells, by enterprise and number: 0/305."""


STREAM = Stream("options", "options", Options, "time_received_ns")
"""Options records."""
