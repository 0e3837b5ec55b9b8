"""The walk along one column: each answer is the reason for the next request, without a task or a future in between."""

from __future__ import annotations

import asyncio

from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Operation, Reply, Value
from netloom.codecs.snmp_rows import Column
from netloom.errors import DeviceError, OutputNotUnderstood
from netloom.transports.snmp_query import Asker, Query

_TOO_BIG, _NO_SUCH_NAME = 1, 2


class Walk:
    """One column of one agent; `future` is done when it has ended, and raises DeviceError."""

    def __init__(self, agent: Asker, name: str, prefix: bytes) -> None:
        self.prefix = prefix
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._agent = agent
        self._name = name
        self._column = Column(prefix)
        self._expected = agent.expected(prefix)
        self._at = prefix
        self._query: Query | None = None

    @property
    def rows(self) -> dict[str, Value]:
        """Instance → value."""
        return self._column.rows

    def start(self) -> bool:
        """Ask for the first rows."""
        operation = Operation.GET_BULK if self._agent.security.bulk else Operation.GET_NEXT
        self._query = Query(self._agent, operation, self._took, self._failed)
        self._next()
        return True

    def stop(self) -> None:
        """Nobody waits for it any more; nothing happens where it has ended."""
        if self._query is not None:
            self._agent.withdraw(self._query)
        if not self.future.cancel() and not self.future.cancelled():
            self.future.exception()  # seen, even where another one's failure came first

    def _next(self) -> None:
        query = self._query
        if query is None:
            return
        repetitions = self._agent.pace.repetitions
        if self._expected is not None:
            # As many as last time, and the one behind that tells that it was all.
            repetitions = min(repetitions, max(1, self._expected + 1 - len(self.rows)))
        query.names = (self._at,)
        query.repetitions = repetitions
        self._agent.submit(query)

    def _took(self, reply: Reply, octets: int) -> None:
        if self.future.done() or self._query is None:
            return
        asked = self._query.repetitions
        try:
            ended = self._ended(reply, asked, octets)
        except DeviceError as exc:
            self._failed(exc)
            return
        if ended:
            self.future.set_result(None)
        else:
            self._next()

    def _ended(self, reply: Reply, asked: int, octets: int) -> bool:
        """Take an answer's rows; raises OutputNotUnderstood."""
        agent = self._agent
        if reply.error_status == _TOO_BIG and asked > 1:
            agent.pace.too_big(asked)
            return False
        if reply.error_status == _NO_SUCH_NAME:
            return True
        agent.check(reply)
        before = len(self.rows)
        try:
            count, last = self._column.take(reply)
        except BerError as exc:
            raise OutputNotUnderstood(f"{agent.title}: {self._name}: {exc}", device=agent.device) from exc
        agent.pace.answered(count=count, asked=asked, octets=octets, ended=last is None)
        if last is None or count == 0:
            return True
        if len(self.rows) >= agent.pace.limits.rows:
            raise OutputNotUnderstood(
                f"{agent.title} has more than {agent.pace.limits.rows} instances of {self._name}", device=agent.device
            )
        if len(self.rows) - before < count:
            raise OutputNotUnderstood(
                f"{agent.title} goes round in circles: it repeats instances of {self._name}", device=agent.device
            )
        self._at = last
        return False

    def _failed(self, error: DeviceError) -> None:
        if not self.future.done():
            self.future.set_exception(error)
