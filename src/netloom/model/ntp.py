"""Time by NTP (openconfig-system, RFC 5905)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class NtpServer(Record):
    """A server or a peer to take the time from."""

    IDENTITY = ("vrf", "address")

    address: Word
    """An address or a name."""
    vrf: Word = "default"
    peer: bool = False
    """A peer gives and takes."""
    prefer: bool = False
    version: int | None = None
    key_id: int | None = None
    """An authentication key's number."""
    iburst: bool = False
    source_interface: Word | None = None


@dataclass(frozen=True, slots=True)
class Ntp(Record):
    """The device's NTP client; there is one."""

    servers: tuple[NtpServer, ...] = ()
    source_interface: Word | None = None
    authenticate: bool = False

    IDENTITY = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        names = [server.vrf for server in self.servers if server.vrf != "default"]
        found = [Ref("interface", (self.source_interface,))] if self.source_interface else []
        return (*found, *(Ref("vrf", (name,)) for name in dict.fromkeys(names)))


@dataclass(frozen=True, slots=True)
class NtpState(Record):
    """One association with a server."""

    address: str
    vrf: str = "default"
    state: str | None = None
    """synchronized, candidate, outlyer, falseticker or configured."""
    type: str | None = None
    """server or peer."""
    reference_id: str | None = None
    stratum: int | None = None
    when_s: int | None = None
    """Seconds since the last answer."""
    poll_s: int | None = None
    reachability: int | None = None
    """The shift register of the last eight polls."""
    delay_ms: float | None = None
    offset_ms: float | None = None
    jitter_ms: float | None = None
    """Or the dispersion, on systems that tell that."""

    IDENTITY = ("vrf", "address")


NOUN = Noun("ntp", "ntp", record=Ntp, state=NtpState)
