"""How fast one agent is asked: rows at once, requests at once and a second, as its answers show what it bears."""

from __future__ import annotations

from dataclasses import dataclass

REPETITIONS = 40
"""Rows asked for at first: an answer of some kilobyte."""
MAX_REPETITIONS = 128
REPLY_OCTETS = 1400
"""An answer's size beyond which no more rows are asked for: it fits a frame, and a fragment less is a loss less."""
IN_FLIGHT = 8
"""Columns asked for at once: agents answer one request after the other, the network's delay is shared."""
TRIES_S = (1.0, 2.0, 3.0, 4.0)
"""How long to wait for an answer before asking again; the last is the end."""
ROWS = 5_000_000
"""Of one column; an agent that makes up instances without end is cut off."""
PATIENT = 32
"""So many answers in a row without trouble before more than what caused trouble is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one agent may be asked at most."""

    repetitions: int = REPETITIONS
    max_repetitions: int = MAX_REPETITIONS
    reply_octets: int = REPLY_OCTETS
    in_flight: int = IN_FLIGHT
    rows: int = ROWS
    tries_s: tuple[float, ...] = TRIES_S
    requests_per_s: float = 0.0
    """0 is as many as it answers."""


class Pace:
    """One agent's pace; `now` is any clock in seconds that never goes back."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.repetitions = limits.repetitions
        self.in_flight = limits.in_flight
        self._ceiling = limits.max_repetitions
        self._calm = 0
        self._budget = 1.0
        self._filled = float("-inf")

    def delay(self, now: float) -> float:
        """How long the next request has to wait; it counts as sent where that is 0."""
        rate = self.limits.requests_per_s
        if not rate:
            return 0.0
        # A tenth of a second's requests may go out together.
        self._budget = min(max(1.0, rate / 10), self._budget + (now - self._filled) * rate)
        self._filled = now
        if self._budget >= 1.0:
            self._budget -= 1.0
            return 0.0
        return (1.0 - self._budget) / rate

    def answered(self, *, count: int, asked: int, octets: int, ended: bool) -> None:
        """An answer with so many bindings came; more rows are asked for where they fit, fewer where they do not."""
        self._calm += 1
        if self._calm >= PATIENT:
            self._calm = 0
            self._ceiling = min(self.limits.max_repetitions, self._ceiling + 1 + self._ceiling // 4)
            self.in_flight = min(self.limits.in_flight, self.in_flight + 1)
        if not ended and 0 < count < asked:
            # The agent cuts its answers off: what it sends is what it can.
            self._ceiling = self.repetitions = count
        elif count:
            fitting = self.limits.reply_octets * count // max(octets, 1)
            self.repetitions = max(1, min(fitting, self._ceiling, 2 * self.repetitions))

    def too_big(self, asked: int) -> None:
        """The agent said so."""
        self._shrink(asked)

    def lost(self, asked: int) -> None:
        """No answer came in time: fewer rows, and fewer requests at once."""
        self._shrink(asked)
        self.in_flight = max(1, self.in_flight // 2)

    def _shrink(self, asked: int) -> None:
        self._calm = 0
        self.repetitions = self._ceiling = max(1, min(self.repetitions, asked) // 2)
