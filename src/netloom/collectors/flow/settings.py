"""What people set of the flow collector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from netloom.collectors.listening import place
from netloom.collectors.senders import networks


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSettings:
    """Settings of `collectors: {flow: …}`."""

    listen: tuple[str, ...] = ("udp://127.0.0.1:2055", "udp://127.0.0.1:4739", "udp://127.0.0.1:6343")
    """Where datagrams come in; NetFlow, IPFIX and sFlow are told apart by their contents."""
    workers: int = 1
    """Processes that share the ports; an exporter always reaches the same one."""
    exporters: tuple[str, ...] = ()
    """Prefixes of the addresses that are listened to; none means all."""
    max_exporters: int = 10_000
    """More addresses than this are refused and counted until others have been silent for an hour."""
    sampling: Mapping[str, int | float] = field(default_factory=dict)
    """Exporter's address → one of how many packets it counts, where it does not say itself."""
    elements: Literal["rest", "all"] = "rest"
    """Which elements are kept in `ie`: those that no field tells, or also those from which fields were computed."""
    community_id: bool = False
    """Compute each flow's Community ID."""
    counter_metrics: bool = True
    """Make metrics of sFlow's counters; set it to false where SNMP polls the same devices."""
    geoip: tuple[str, ...] = ()
    """Files of countries and autonomous systems in MaxMind's form."""
    receive_buffer_bytes: int = 32 << 20
    """The kernel's buffer of each socket; more than net.core.rmem_max needs CAP_NET_ADMIN."""
    ring_bytes: int = 128 << 20
    """Memory in which datagrams wait to be decoded."""
    slot_bytes: int = 2048
    """Room of a datagram in it; longer ones are taken too, but slowly: set 9216 where exporters send jumbo frames."""
    batch_datagrams: int = 4096
    """Datagrams that are decoded together."""
    batch_s: float = 0.2
    """How long the first of fewer waits."""
    flush_rows: int = 131_072
    """Flows that are stored together."""
    flush_s: float = 2.0
    """How long the first of fewer waits."""
    max_waiting_rows: int = 1_000_000
    """Flows that wait while the store cannot be written; more are dropped and counted."""
    template_fields: int = 1 << 19
    """Fields of all templates together; beyond, the exporter that was silent longest loses some."""
    template_age_s: float = 86_400.0
    """Templates not announced for so long are forgotten."""
    held_bytes: int = 8 << 20
    """Data that waits for its templates."""
    held_s: float = 300.0
    """How long it waits."""

    def __post_init__(self) -> None:
        for where in self.listen:
            place(where, ("udp",))
        networks(self.exporters, "exporters")
        networks(self.sampling, "sampling")
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name}: expected {least} or more, got {getattr(self, name)}")
        if not self.listen:
            raise ValueError("listen: expected an address and a port, got none")
        if self.batch_datagrams > 8192:
            raise ValueError(f"batch_datagrams: expected up to 8192, got {self.batch_datagrams}")
        if self.slot_bytes > 65_535:
            raise ValueError(f"slot_bytes: expected up to 65535, got {self.slot_bytes}")
        if any(rate <= 0 for rate in self.sampling.values()):
            raise ValueError("sampling: expected numbers above 0")


_LEAST = {
    "workers": 1,
    "max_exporters": 1,
    "receive_buffer_bytes": 2048,
    "ring_bytes": 1 << 18,
    "slot_bytes": 256,
    "batch_datagrams": 1,
    "batch_s": 0.0,
    "flush_rows": 1024,
    "flush_s": 0.0,
    "max_waiting_rows": 1024,
    "template_fields": 1,
    "template_age_s": 1.0,
    "held_bytes": 0,
    "held_s": 0.0,
}

SETTINGS = FlowSettings
