"""The form of an exporter's records, as it announces it."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True)
class TemplateField(Record):
    """One field of a template."""

    element: str
    """Enterprise and number: 0/8; a scope of NetFlow v9 has its name."""
    length: int
    """In octets; 65535 where each record tells."""
    name: str | None = None
    """The element's name, where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTemplate(Record):
    """A template that came, or went."""

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
    """The template's number; 2 and 3 where all are withdrawn."""
    options: bool = False
    """Its records tell of the exporter, not of flows."""
    withdrawn: bool = False
    """It is no longer valid."""
    scope: tuple[TemplateField, ...] = ()
    """The scopes of an options template."""
    fields: tuple[TemplateField, ...] = ()
    """The fields in their order."""


STREAM = Stream("template", "templates", FlowTemplate, "time_received_ns")
"""Templates."""
