"""The other side of SNMPv3's traps: each sender is its own authority, whose clock is followed (RFC 3414 §3.2 7b)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Message3
from netloom.codecs.usm import AUTHENTICATED, PRIVATE, WINDOW_S, Keys, Parameters, User, keys_at

ENGINES = 10_000
"""So many senders are remembered: only those that know a user's password get in."""
_KEYS = 4096


class Refused(BerError):
    """A message that is not what one of the users would send now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"a message refused: {reason}")
        self.reason = reason
        """unknown_user, level, unknown_engine, digest, time or decryption."""


@dataclass(frozen=True, slots=True)
class Clock:
    """An engine's clock when it was last heard."""

    boots: int
    time: int
    """Seconds since it started."""
    at: float
    """Seconds since 1970, here."""


class Senders:
    """Engines that send traps; `engines`, where there are any, are the only ones that may."""

    def __init__(self, users: Mapping[bytes, User], engines: Collection[bytes] = ()) -> None:
        self._users = users
        self._engines = frozenset(engines)
        self._keys: OrderedDict[tuple[bytes, bytes], Keys] = OrderedDict()
        self.clocks: OrderedDict[bytes, Clock] = OrderedDict()

    def open(self, data: bytes, message: Message3, parameters: Parameters, now: float) -> bytes:
        """The scoped PDU of a trap; `now` is seconds since 1970; raises Refused and BerError."""
        engine = parameters.engine_id
        if not 5 <= len(engine) <= 32 or (self._engines and engine not in self._engines):
            raise Refused("unknown_engine")
        keys = self._keys_of(parameters.user, engine)
        if message.flags & 3 != keys.user.flags:
            raise Refused("level")
        if message.flags & AUTHENTICATED:
            try:
                keys.check_digest(data, message, parameters)
            except BerError as exc:
                raise Refused("digest") from exc
            self._check_time(engine, parameters, now)
        if not message.flags & PRIVATE:
            return message.payload
        try:
            return keys.decrypt(message.payload, parameters)
        except BerError as exc:
            raise Refused("decryption") from exc

    def _keys_of(self, name: bytes, engine: bytes) -> Keys:
        user = self._users.get(name)
        if user is None:
            raise Refused("unknown_user")
        found = self._keys.pop((name, engine), None) or keys_at(user, engine)
        self._keys[name, engine] = found
        if len(self._keys) > _KEYS:
            self._keys.popitem(last=False)
        return found

    def _check_time(self, engine: bytes, parameters: Parameters, now: float) -> None:
        """Follow the clock forward; what is older than the window is a replay."""
        known = self.clocks.pop(engine, None)
        told = Clock(parameters.boots, parameters.time, now)
        if known is not None:
            expected = known.time + max(0, int(now - known.at))
            if (told.boots, told.time) < (known.boots, expected - WINDOW_S):
                self.clocks[engine] = known
                raise Refused("time")
            if (told.boots, told.time) < (known.boots, expected):
                told = known
        self.clocks[engine] = told
        if len(self.clocks) > ENGINES:
            self.clocks.popitem(last=False)
