"""What people set for the syslog collector: `collectors: {syslog: {…}}` in netloom.yml."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field

from netloom.collectors.listening import place
from netloom.collectors.senders import networks

SCHEMES = ("udp", "tcp", "tls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Syslog over TLS (RFC 5425)."""

    certificate: str = ""
    """A PEM file: the receiver's certificate, and those between it and its root."""
    key: str = ""
    """A PEM file with the certificate's private key; empty where the certificate's file holds it."""
    client_ca: str = ""
    """A PEM file of the authorities whose clients may send; empty lets any client send."""
    client_names: tuple[str, ...] = ()
    """The names, in their certificates, of the clients that may send; empty lets all of the authorities'."""

    def __post_init__(self) -> None:
        """Hold names to an authority; raises ValueError."""
        if self.client_names and not self.client_ca:
            raise ValueError("client_names: expected client_ca beside them, got none: nobody would verify the names")


@dataclass(frozen=True, slots=True, kw_only=True)
class SyslogSettings:
    """Receiving syslog."""

    listen: tuple[str, ...] = ("udp://127.0.0.1:5514",)
    """Where: udp://ADDRESS:PORT, tcp://…, tls://…; IPv6 as udp://[::]:5514."""
    tls: Tls = field(default_factory=Tls)
    """Certificates for tls://."""
    allow: tuple[str, ...] = ()
    """Addresses and prefixes that may send; empty lets everybody."""
    relays: tuple[str, ...] = ()
    """Addresses and prefixes of servers that forward: their messages belong to the devices that they name."""
    zone: str = "UTC"
    """The zone of devices whose messages name none."""
    zones: Mapping[str, str] = field(default_factory=dict)
    """A device, address or prefix → its zone, where it is another."""
    message_limit: int = 8192
    """Octets of a message; what is longer is cut there and counted."""
    rate_limit: float = 50_000.0
    """Messages a second of one sender, over two seconds; more are dropped and counted; 0 is no limit."""
    connections: int = 1000
    """TCP and TLS connections at once; more are refused and counted."""
    connections_per_source: int = 50
    """The same, of one address."""
    idle_s: float = 3600.0
    """A connection that has sent nothing for so long is closed."""
    handshake_s: float = 10.0
    """A TLS client that takes longer to say who it is, is cut off."""
    queue_bytes: int = 64 << 20
    """Octets that wait to be taken apart; then nothing more is read, and the kernel counts what it drops."""
    max_waiting: int = 400_000
    """Rows that wait for a store that cannot be written."""
    max_waiting_bytes: int = 256 << 20
    """Octets of memory that they may take."""
    flush_s: float = 1.0
    """So often rows are made durable."""
    receive_buffer: int = 16 << 20
    """Octets of the kernel's buffer for each UDP socket; without privileges, net.core.rmem_max is its bound."""
    events: bool = True
    """Recognise events: links, neighbors, logins, changes."""

    def __post_init__(self) -> None:
        """Hold the values to what they can be; raises ValueError."""
        for text in self.listen:
            if place(text, SCHEMES).scheme == "tls" and not self.tls.certificate:
                raise ValueError("tls: expected a certificate, got none: tls:// needs one (docs/logs.md)")
        networks(self.allow, "allow")
        networks(self.relays, "relays")
        for field_name, name in (("zone", self.zone), *(("zones", name) for name in self.zones.values())):
            try:
                zoneinfo.ZoneInfo(name)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as exc:
                raise ValueError(f"{field_name}: expected a zone such as Europe/Paris, got {name!r}") from exc
        if not 480 <= self.message_limit <= 1 << 20:
            raise ValueError(f"message_limit: expected 480 to 1048576 octets (RFC 5424 §6.1), got {self.message_limit}")
        positive = {
            "connections",
            "connections_per_source",
            "idle_s",
            "handshake_s",
            "queue_bytes",
            "max_waiting",
            "max_waiting_bytes",
            "flush_s",
        }
        for name in sorted(positive):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")


SETTINGS = SyslogSettings
