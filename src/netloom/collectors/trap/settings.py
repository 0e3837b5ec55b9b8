"""What people set for the trap collector: `collectors: {trap: {…}}` in netloom.yml."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from netloom.collectors.listening import place
from netloom.collectors.senders import networks


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapUser:
    """A user of SNMPv3 whose notifications are taken, at exactly the level of the passwords that are set."""

    auth_protocol: Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] = "SHA-256"
    """The digest."""
    auth_password: str = ""
    """A secret's reference; empty takes messages that nobody vouches for."""
    privacy_protocol: Literal["DES", "AES", "AES-256"] = "AES"
    """The cipher; AES has 128 bits (RFC 3826)."""
    privacy_password: str = ""
    """A secret's reference; empty takes messages that everybody can read."""

    def __post_init__(self) -> None:
        """Hold privacy to authentication; raises ValueError."""
        if self.privacy_password and not self.auth_password:
            raise ValueError("privacy_password: expected an auth_password beside it, got none (RFC 3411 §3.4.3)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapSettings:
    """Receiving SNMP's traps and informs."""

    listen: tuple[str, ...] = ("udp://127.0.0.1:1162",)
    """Where: udp://ADDRESS:PORT; IPv6 as udp://[::]:1162."""
    allow: tuple[str, ...] = ()
    """Addresses and prefixes that may send; empty lets everybody."""
    relays: tuple[str, ...] = ()
    """Addresses and prefixes of servers that forward: their messages belong to the agents that they name."""
    communities: tuple[str, ...] = ()
    """Secrets' references: the communities of v1 and v2c that are taken; empty takes all."""
    plain: bool = True
    """Take v1 and v2c, which prove nothing about who sent them."""
    users: Mapping[str, TrapUser] = field(default_factory=dict)
    """SNMPv3's users by their names."""
    engines: tuple[str, ...] = ()
    """The engine identities, in hexadecimal digits, whose traps of v3 are taken; empty takes all that know a user."""
    engine_id: str = ""
    """This receiver's own, for informs of v3; empty has one made and kept."""
    rate_limit: float = 1000.0
    """Messages a second of one sender, over two seconds; more are dropped and counted; 0 is no limit."""
    max_waiting: int = 100_000
    """Rows that wait for a store that cannot be written."""
    flush_s: float = 1.0
    """So often rows are made durable; informs at once, for they are acknowledged then."""
    receive_buffer: int = 4 << 20
    """Octets of the kernel's buffer for each socket; without privileges, net.core.rmem_max is its bound."""
    events: bool = True
    """Recognise events: links, neighbors, restarts, changes."""

    def __post_init__(self) -> None:
        """Hold the values to what they can be; raises ValueError."""
        for text in self.listen:
            place(text, ("udp",))
        networks(self.allow, "allow")
        networks(self.relays, "relays")
        for name, texts in (("engines", self.engines), ("engine_id", (self.engine_id,) if self.engine_id else ())):
            for text in texts:
                if engine_of(text) is None:
                    raise ValueError(f"{name}: expected 5 to 32 octets in hexadecimal digits, got {text!r}")
        for name in ("max_waiting", "flush_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")


def engine_of(text: str) -> bytes | None:
    """An engine's identity as people write it: 80:00:1f:88:…, 0x80001f88…, 80001f88…."""
    with suppress(ValueError):
        found = bytes.fromhex(text.lower().removeprefix("0x").replace(":", "").replace("-", ""))
        return found if 5 <= len(found) <= 32 else None
    return None


SETTINGS = TrapSettings
