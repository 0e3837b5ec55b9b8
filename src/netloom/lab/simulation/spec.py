"""What a simulated device is to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Service = Literal["ssh", "telnet", "https", "http", "netconf", "snmp"]
PORTS: Mapping[Service, int] = {"ssh": 22, "telnet": 23, "https": 443, "http": 80, "netconf": 830, "snmp": 161}


@dataclass(frozen=True, slots=True)
class Cable:
    """A link to another device."""

    interface: str
    neighbor: str
    neighbor_interface: str
    neighbor_platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpAccount:
    """A user of SNMP v3, with authentication and privacy."""

    name: str
    auth_password: str
    privacy_password: str
    auth_protocol: str = "SHA-256"
    privacy_protocol: str = "AES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One simulated device; the same in JSON for a process of its own."""

    name: str
    platform: str
    """A folder of `platforms/` that has a module in `vendors/`."""
    address: str = "127.0.0.1"
    ports: Mapping[str, int] = field(default_factory=dict)
    """Service → port, 0 for any free one; services that are not named are not served."""
    config: str = ""
    """The startup configuration; empty for the vendor's smallest."""
    username: str = "admin"
    password: str = "admin"  # noqa: S105 - of a simulated device
    enable_password: str | None = None
    """None: who logs in has all privileges at once."""
    cables: tuple[Cable, ...] = ()
    latency_s: float = 0.0
    """Before each answer: the device works on one after the other."""
    round_trip_s: float = 0.0
    """Of the network to its terminals: what is echoed or answered arrives so much later, however much is under way."""
    hurry: float = 1.0
    """How many times faster the device's own timers run than they say."""
    host_key: str | None = None
    """A private key in OpenSSH's form; None makes one for the process."""
    certificate: str | None = None
    """A private key and its certificate in PEM, for the API; None makes one for the process."""
    snmp_community: str | None = "public"
    snmp_account: SnmpAccount | None = None


def to_json(spec: Spec) -> dict[str, Any]:
    """A spec as JSON has it."""
    return asdict(spec)


def from_json(data: Mapping[str, Any]) -> Spec:
    """The spec that `to_json` wrote."""
    account = data["snmp_account"]
    cables = tuple(Cable(**cable) for cable in data["cables"])
    return Spec(**{**data, "cables": cables, "snmp_account": SnmpAccount(**account) if account else None})
