"""Which cases there are: found by watching changes that nothing disturbs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.safety.case import Case, moments_of, recovery_moments
from benchmarks.safety.device import Device
from benchmarks.safety.kinds import Change, Fault

_TIMED: tuple[Fault, ...] = ("kill -9 of netloom, recovered after the timer", "netloom stands still past the timer")
"""What makes sense only while a timer runs."""
_KILLS: tuple[Fault, ...] = ("kill -9 of netloom", "kill -9 of netloom, recovered after the timer")
_BOTH: Fault = "kill -9 of netloom and of its recovery"


async def cases(device: Device) -> list[Case]:
    """Every case of a platform: each fault at each moment at which it makes sense."""
    kind, found = device.kind, list[Case]()
    variants: tuple[Change, ...] = ("good", "lockout") if kind.platform == "frr" else ("good", "lockout", "wrong")
    for change in variants:
        moments = await moments_of(device, change)
        await device.reset()
        faults = kind.faults if change == "good" else tuple(fault for fault in kind.faults if fault in _KILLS)
        for fault in faults:
            found += [Case(fault, moment, change) for moment in _sensible(fault, moments)]
        found.append(Case("none", "before connect", change))
        if change == "good" and kind.platform != "frr":
            for killed_at in ("after arm", "after confirm"):
                then = await recovery_moments(device, killed_at)
                await device.reset()
                found += [Case(_BOTH, killed_at, recovery_moment=moment) for moment in then]
    return found


def _sensible(fault: Fault, moments: Mapping[str, bool]) -> Iterator[str]:
    last = list(moments)[-1]
    for moment, counting in moments.items():
        if fault in _TIMED and not counting:
            continue
        # What happens to the device after a question is what happens to it before the next one.
        if fault not in _KILLS and moment.startswith("after") and moment != last:
            continue
        # A connection has no command whose answer could be lost; what was answered has none either.
        if fault == "reply lost" and (moment == last or "connect" in moment):
            continue
        yield moment
