"""One request to an agent: made out, sent again when its answer does not come, given up in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Operation, Reply
from netloom.errors import DeviceError, OutputNotUnderstood, Refused, SessionClosed, Unreachable
from netloom.transports.snmp_pace import Pace
from netloom.transports.snmp_security import Again, Security
from netloom.transports.snmp_socket import Ask, Place

_TOLD = 3
"""A wrong clock is put right by the first report; a third one is no longer news."""


class Asker(Protocol):
    """The agent, as its requests and walks see it."""

    device: str
    title: str
    place: Place
    security: Security
    pace: Pace
    retries: int

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        ...

    def expected(self, prefix: bytes) -> int | None:
        """How many rows a column had when it was walked last."""
        ...

    def check(self, reply: Reply) -> None:
        """Raise OutputNotUnderstood where the answer is an error."""
        ...

    def submit(self, query: Query) -> None:
        """Send a request as soon as the agent's pace allows."""
        ...

    def withdraw(self, query: Query) -> None:
        """Nobody waits for it any more."""
        ...

    def repeat(self, query: Query) -> None:
        """Send it again at once, under a new number: the agent told why it did not answer."""
        ...

    def settled(self, query: Query) -> None:
        """It is answered or has failed; the next one may go."""
        ...


class Query:
    """One request to an agent; exactly one of `done` and `failed` is called."""

    __slots__ = ("agent", "ask", "attempt", "done", "failed", "names", "operation", "repetitions", "told")

    def __init__(
        self,
        agent: Asker,
        operation: Operation,
        done: Callable[[Reply, int], None],
        failed: Callable[[DeviceError], None],
    ) -> None:
        self.agent = agent
        self.operation = operation
        self.done = done
        self.failed = failed
        self.names: Sequence[bytes] = ()
        self.repetitions = 0
        self.attempt = 0
        self.told = 0
        self.ask = Ask(agent.place, self._encode, self._answered, self._refused, self._expired)

    def _encode(self, number: int) -> bytes:
        return self.agent.security.encode(number, self.operation, self.names, self.repetitions)

    def _answered(self, data: bytes) -> bool:
        agent = self.agent
        try:
            reply = agent.security.open(data, self.ask.number)
        except BerError:
            return False
        except DeviceError as exc:
            agent.settled(self)
            self.failed(exc)
            return True
        if reply is Again:
            self.told += 1
            if self.told >= _TOLD:
                self._fail(OutputNotUnderstood(f"{agent.title} does not accept its own clock", device=agent.device))
            else:
                agent.repeat(self)
            return True
        assert isinstance(reply, Reply)  # noqa: S101 - for the type checker: the other one went above
        agent.settled(self)
        self.done(reply, len(data))
        return True

    def _fail(self, error: DeviceError) -> None:
        self.agent.settled(self)
        self.failed(error)

    def _refused(self, exc: OSError) -> None:
        agent = self.agent
        if agent.closed:
            self._fail(SessionClosed("the SNMP socket is closed", device=agent.device))
        elif isinstance(exc, ConnectionRefusedError):
            self._fail(Refused(f"{agent.title}: the port is closed", device=agent.device))
        else:
            self._fail(Unreachable(f"{agent.title}: {exc.strerror or exc}", device=agent.device))

    def _expired(self) -> float | None:
        agent, tries = self.agent, self.agent.pace.limits.tries_s
        self.attempt += 1
        if self.attempt < len(tries):
            agent.retries += 1
            if self.operation is Operation.GET_BULK:
                agent.pace.lost(self.repetitions)
                self.repetitions = min(self.repetitions, agent.pace.repetitions)
            return tries[self.attempt]
        self._fail(
            Unreachable(
                f"{agent.title} does not answer ({len(tries)} tries, {sum(tries):g} s)",
                device=agent.device,
                hint=f"an agent keeps silent, too, when the {agent.security.secret} is wrong",
            )
        )
        return None
