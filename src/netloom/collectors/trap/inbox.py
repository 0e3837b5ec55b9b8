"""Notifications out of datagrams: communities and users checked, repeated informs known, answers made."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import decode_v3
from netloom.codecs.snmp_notification import (
    Enveloped,
    Notification,
    decode_pdu,
    opened,
    response_v2c,
    scoped_pdu,
    scoped_response_to,
)
from netloom.codecs.usm import REPORTABLE, decode_parameters
from netloom.codecs.usm_engine import Asked, Engine, Report
from netloom.codecs.usm_senders import Refused, Senders

_INFORMS = 20_000
_REMEMBER_S = 600.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A notification that is to be stored, and how to acknowledge it then: None for a trap."""

    notification: Notification
    answer: Callable[[float], bytes] | None = field(default=None, repr=False)
    """Takes the seconds since 1970."""
    key: bytes = b""
    """Of an inform, for `stored` and `lost`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back at once: a report, or the acknowledgement of an inform that is stored already."""

    message: bytes = field(repr=False)
    kind: Literal["report", "duplicate"] = "report"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A message that gives no record."""

    reason: str
    """malformed, request, duplicate, community, plain, or one of `usm_senders.Refused`."""


class Inbox:
    """Everything about messages but sockets and the store."""

    def __init__(
        self, engine: Engine, senders: Senders, now: float, *, communities: Collection[bytes], plain: bool
    ) -> None:
        self.senders = senders
        self.engine = engine
        self._started = now
        self._communities = tuple(communities)
        self._plain = plain
        self._informs: OrderedDict[bytes, tuple[float, bool]] = OrderedDict()
        """What was heard lately: when, and whether it is stored."""

    def take_over(self, before: Inbox) -> None:
        """Go on where another one ends: what is known of senders, and the clock where the engine is the same."""
        self.senders.clocks.update(before.senders.clocks)
        self._informs = before._informs
        if self.engine.engine_id == before.engine.engine_id:
            self._started = before._started

    def take(self, data: bytes, source: str, now: float) -> Taken | Answer | Dropped:
        """What a datagram is; `now` is seconds since 1970."""
        try:
            plain = opened(data)
            return self._version3(data, source, now) if plain is None else self._plain_one(plain, source, now)
        except Refused as exc:
            return Dropped(exc.reason)
        except BerError:
            return Dropped("malformed")

    def _plain_one(self, plain: Enveloped, source: str, now: float) -> Taken | Answer | Dropped:
        if not self._plain:
            return Dropped("plain")
        if self._communities and not any(hmac.compare_digest(plain.community, each) for each in self._communities):
            return Dropped("community")
        found = decode_pdu(plain.pdu, plain.version)
        if found is None:
            return Dropped("request")
        if not found.inform:
            return Taken(found)
        answer = response_v2c(plain.community, plain.pdu)
        return self._inform(found, b"2c" + plain.community + plain.pdu, source, now, lambda _: answer)

    def stored(self, key: bytes, now: float) -> None:
        """An inform is safe: whoever repeats it is answered at once."""
        self._informs[key] = (now, True)

    def lost(self, key: bytes) -> None:
        """An inform found no room: whoever repeats it is heard again."""
        self._informs.pop(key, None)

    def _version3(self, data: bytes, source: str, now: float) -> Taken | Answer | Dropped:
        message = decode_v3(data)
        parameters = decode_parameters(message)
        if parameters.engine_id == self.engine.engine_id or message.flags & REPORTABLE:
            return self._asked(data, source, now)
        payload = self.senders.open(data, message, parameters, now)
        try:
            found = decode_pdu(scoped_pdu(payload), "v3", parameters.user)
        except BerError as exc:
            raise Refused("decryption") from exc
        if found is None:
            return Dropped("request")
        # Nobody answers an inform that is meant for another engine.
        return Dropped("unknown_engine") if found.inform else Taken(found)

    def _asked(self, data: bytes, source: str, now: float) -> Taken | Answer | Dropped:
        """A message to this engine: a discovery, or an inform."""
        found = self.engine.receive(data, now - self._started)
        if isinstance(found, Report):
            return Answer(found.message)
        pdu = scoped_pdu(found.payload)
        notification = decode_pdu(pdu, "v3", found.user)
        if notification is None:
            return Dropped("request")
        if not notification.inform:
            return Taken(notification)
        return self._inform(notification, b"3" + found.user + pdu, source, now, self._sealed(found))

    def _sealed(self, asked: Asked) -> Callable[[float], bytes]:
        response = scoped_response_to(asked.payload)
        return lambda now: self.engine.reply_scoped(asked, response, now - self._started)

    def _inform(
        self, found: Notification, content: bytes, source: str, now: float, answer: Callable[[float], bytes]
    ) -> Taken | Answer | Dropped:
        key = hashlib.blake2b(source.encode() + b"\0" + content, digest_size=16).digest()
        heard, is_stored = self._informs.get(key, (0.0, False))
        if key in self._informs and now - heard < _REMEMBER_S:
            return Answer(answer(now), "duplicate") if is_stored else Dropped("duplicate")
        self._informs[key] = (now, False)
        self._informs.move_to_end(key)
        while len(self._informs) > _INFORMS:
            self._informs.popitem(last=False)
        return Taken(found, answer, key)
