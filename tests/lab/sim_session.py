"""What must hold of netloom's own session on every simulated system with a Cisco-like command line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import pytest

from netloom.collectors.state.observe import reads_of
from netloom.devices.session import Session, connect
from netloom.errors import AuthenticationFailed, CommandRejected, DeviceError, Refused, SessionClosed
from netloom.lab.simulation.running import Running
from netloom.lab.simulation.shell import Shell
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.model.noun import Record
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys

Opened = Callable[[], AbstractAsyncContextManager[Session]]
"""A new session on the device, every time."""


def typed(shell: Shell, *lines: str) -> list[str]:
    """What each line is answered, without blanks around it."""
    return [shell.execute(line).text.strip() for line in lines]


async def observe(session: Session, noun: str, commands: Sequence[str] = ()) -> list[Record]:
    """A noun's state, by its own commands or others."""
    module = session.platform.module(noun)
    assert module is not None
    asked = commands or [read.command for read in reads_of(module)]
    records: list[Record] = module.observed(*[await session.run(command) for command in asked])
    return records


async def observes_all(session: Session, nouns: Sequence[str]) -> None:
    """Every noun has records."""
    found = {noun: await observe(session, noun) for noun in nouns}
    assert {noun: bool(records) for noun, records in found.items()} == dict.fromkeys(nouns, True)


async def enters(session: Session, running: Running, lines: Sequence[Line]) -> None:
    """Lines do to the device what they are predicted to do, and it shows so."""
    before = running.device.config
    await session.configure(lines)
    assert running.device.config == session.platform.apply_lines(before, lines)
    assert session.platform.parse(await session.running_config()) == running.device.config


async def names_a_refused_line(session: Session, running: Running, lines: Sequence[Line], words: str) -> None:
    """The third line is refused with these words: the first one stands, the last one was not sent."""
    with pytest.raises(CommandRejected, match=words) as caught:
        await session.configure(lines, stop_at_first=True)
    assert (caught.value.number, caught.value.line.strip()) == (3, "frobnicate")
    assert lines[0] in running.device.config
    assert lines[-1] not in running.device.config
    with pytest.raises(CommandRejected, match=words):
        await session.run("show nonsense")


async def forgets_what_is_not_saved(
    opened: Opened, running: Running, saved: str, unsaved: str, restart: Callable[[Session], Awaitable[object]]
) -> None:
    """After a restart only what was saved is there."""
    async with opened() as session:
        await session.configure([Line(saved)])
        await session.save()
        await session.configure([Line(unsaved)])
        with pytest.raises(SessionClosed):
            await restart(session)
    assert running.device.boots == 2
    async with opened() as session:
        tree = session.platform.parse(await session.running_config()).tree
    assert saved in tree
    assert unsaved not in tree


async def raises_privileges(
    running: Running,
    way: Callable[[Secret], Access],
    keys: HostKeys,
    refusal: tuple[type[DeviceError], ...] = (AuthenticationFailed, CommandRejected),
) -> None:
    """By the password of the privileged mode alone; a wrong one is not told."""
    async with connect(way(Secret("more")), keys=keys) as session:
        assert session.platform.parse(await session.running_config()) == running.device.config
    async with connect(way(Secret("less")), keys=keys) as session:
        with pytest.raises(refusal) as caught:
            await session.running_config()
    assert "less" not in str(caught.value)


async def is_gone_until_its_timer_has_run_out(
    opened: Opened, running: Running, cut: Callable[[Session], Awaitable[object]]
) -> None:
    """A device that ended its own way in cannot be reached before its timer brings it back."""
    async with opened() as session:
        with pytest.raises(SessionClosed):
            await cut(session)
    async with opened() as session:
        with pytest.raises((SessionClosed, Refused)):
            await session.run("show clock")
    running.device.run_out()
    async with opened() as session:
        assert session.platform.parse(await session.running_config()) == running.device.startup
