"""The workspace's checks on the real network: all of them, or those of one device before and after its change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from netloom.collectors.state.observe import observe
from netloom.devices.pool import Pool
from netloom.intent.check_files import Check, load_checks
from netloom.intent.checks import CheckResult
from netloom.intent.verify import Ground, run_checks
from netloom.model.noun import Record

if TYPE_CHECKING:
    from netloom.app.wiring import App


class Checks:
    """The checks of `checks/`; what failed before a change does not count against it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._checks: Sequence[Check] = load_checks(app.workspace.checks)
        self._failed_before: dict[str, set[tuple[str, str]]] = {}

    @asynccontextmanager
    async def ground(self) -> AsyncIterator[Ground]:
        """What checks stand on, with one session a device for all of them."""
        app = self._app

        async with Pool(lambda name: app.access(app.inventory.host(name)), app.keys) as pool:

            async def seen(device: str, noun: str) -> Sequence[Record]:
                async with pool.session(device) as session:
                    return await observe(session, noun)

            async def run(device: str, command: str) -> str:
                async with pool.session(device) as session:
                    return await session.shell(command)

            def hosts(pattern: str) -> list[str]:
                return [host.name for host in app.inventory.select(pattern)]

            yield Ground(hosts=hosts, observe=seen, run=run)

    async def run(self, devices: Collection[str] | None = None) -> AsyncIterator[CheckResult]:
        """Every check, or those that look at these devices."""
        async with self.ground() as ground:
            async for result in run_checks(self._checks, ground, devices=devices):
                yield result

    async def before(self, device: str) -> Sequence[CheckResult]:
        """Note what fails already: none of it forbids a change."""
        results = [result async for result in self.run([device])]
        self._failed_before[device] = {(r.check, r.device) for r in results if r.passed is False}
        return ()

    async def after(self, device: str) -> Sequence[CheckResult]:
        """A device's checks after its change, without those that failed before it."""
        known = self._failed_before.get(device, set())
        return [result async for result in self.run([device]) if (result.check, result.device) not in known]
