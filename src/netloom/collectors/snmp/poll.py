"""One device, asked again and again: what it is, its names now and then, its values each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netloom.collectors.mibs.shown import octets
from netloom.collectors.rates import Moment, Verdict
from netloom.collectors.snmp import interfaces
from netloom.collectors.snmp.counting import Counting
from netloom.collectors.snmp.plan import Plan
from netloom.collectors.snmp.samples import Samples
from netloom.transports.snmp import SnmpAgent

UPTIME, OBJECT_ID, DESCRIPTION = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.1.0"
TABLE_CHANGE, STACK_CHANGE = "1.3.6.1.2.1.31.1.5.0", "1.3.6.1.2.1.31.1.6.0"
"""ifTableLastChange; a change of the stack often comes with new names as well."""
_IDENTITY = (UPTIME, OBJECT_ID, DESCRIPTION, TABLE_CHANGE, STACK_CHANGE)

Rows = Mapping[str, Mapping[str, int | bytes | str]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a device says that it is."""

    sys_object_id: str
    sys_descr: str


class Poll:
    """A device's polls; what one learned, the next one uses."""

    def __init__(self, plan_of: Callable[[Identity], Plan], *, refresh_polls: int) -> None:
        self._plan_of = plan_of
        self._refresh_polls = refresh_polls
        self._slow: Rows = {}
        self._absent: frozenset[str] = frozenset()
        """Columns that the device did not have at the last refreshing."""
        self._narrow = False
        self._changes: tuple[object, ...] = ()
        self._age = 0
        self._last_uptime: tuple[float, int] | None = None
        self.counting = Counting()
        self.identity: Identity | None = None
        self.plan: Plan | None = None

    def replan(self, plan_of: Callable[[Identity], Plan]) -> None:
        """Profiles may have changed: choose anew; counters stay."""
        self._plan_of, self.plan = plan_of, None

    async def take(self, agent: SnmpAgent) -> Samples:
        """Ask everything once; raises DeviceError."""
        told = await agent.get(_IDENTITY)
        identity = Identity(str(told[OBJECT_ID] or ""), _text(told[DESCRIPTION]))
        if self.plan is None or identity != self.identity:
            self.plan, self.identity, self._age = self._plan_of(identity), identity, 0
        changes = (told[TABLE_CHANGE], told[STACK_CHANGE])
        uptime = told[UPTIME]
        moment = Moment(time.monotonic(), uptime if isinstance(uptime, int) else None)
        between = self.counting.gap("", moment)
        fresh = self._age == 0 or changes != self._changes or between.verdict is Verdict.RESTART
        fast = await self._walk_fast(agent, self.plan, fresh=fresh)
        if fresh or self._strange(fast):
            self._slow = await agent.walk(self.plan.slow)
            self._changes = changes
            self._age = 0
        self._age = (self._age + 1) % self._refresh_polls
        samples = Samples()
        columns = {**self._slow, **fast}
        if self.plan.profile.interfaces:
            interfaces.measure(columns, samples, self.counting, moment)
        self.plan.measure(columns, samples, self.counting, between)
        self.counting.end()
        return samples

    async def _walk_fast(self, agent: SnmpAgent, plan: Plan, *, fresh: bool) -> Rows:
        """The columns that change; those that a device lacks are looked for only now and then."""
        wanted = plan.fast if fresh else tuple(oid for oid in plan.fast if oid not in self._absent)
        found = dict(await agent.walk(wanted))
        if plan.profile.interfaces:
            if fresh:
                self._narrow = interfaces.needs_narrow(found)
            if self._narrow:
                found |= await agent.walk(interfaces.NARROW)
        if fresh:
            self._absent = frozenset(oid for oid, rows in found.items() if not rows)
        return found

    def _strange(self, fast: Rows) -> bool:
        """Whether an interface has come whose name is not known."""
        known = {**self._slow.get(interfaces.NAME, {}), **self._slow.get(interfaces.DESCRIPTION, {})}
        return any(index not in known for index in fast.get(interfaces.OPER, {}))


def _text(value: object) -> str:
    return octets(value) if isinstance(value, bytes) else ""
