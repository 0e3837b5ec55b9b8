"""A real FRR router of a lab."""

from __future__ import annotations

import asyncio

from benchmarks.safety.device import Device
from benchmarks.safety.kinds import KINDS

from netloom.lab.breakage import KILL
from netloom.lab.execute import run_in
from netloom.lab.state import Lab
from netloom.model.config import Config

_FRESH_WATCH = """
p=$(cat /var/run/frr/watchfrr.pid); set -- $(tr '\\0' ' ' </proc/$p/cmdline)
kill $p; while [ -d /proc/$p ]; do sleep 0.1; done
"$@" >/dev/null 2>&1 </dev/null
while [ ! -s /var/run/frr/watchfrr.pid ]; do sleep 0.1; done
"""


class Router(Device):
    """Its daemons may die and come back: whoever looks, looks again."""

    def __init__(self, lab: Lab, name: str) -> None:
        super().__init__(lab, name, KINDS["frr"])

    async def vtysh(self, *commands: str) -> str:
        """Commands inside the node, past every session."""
        argv = ["vtysh", *(part for command in commands for part in ("-c", command))]
        return (await run_in(self.lab, self.name, argv)).output

    async def text(self) -> str:
        """The running configuration as it is printed."""
        return await self.vtysh("show running-config")

    async def running(self) -> Config:
        """The running configuration."""
        return self.platform.parse(await self.text())

    async def startup(self) -> Config:
        """The saved configuration."""
        return self.platform.parse((await run_in(self.lab, self.name, ["cat", "/etc/frr/frr.conf"])).output)

    async def unfinished(self) -> list[str]:
        """Nothing that can be seen but by the timer's own account: it ends by itself."""
        return []

    async def settle(self) -> None:
        """Save what runs."""
        await self._fresh_watch()
        await self.vtysh("write memory")
        self.base = await self.running()

    async def reset(self) -> None:
        """Back to the base, whatever became of the case."""
        await self.link(up=True)
        await self._whole()
        for _attempt in range(20):
            now = await self.running()
            if now == self.base:
                break
            for line in self.platform.delta(now, self.base):
                await self.vtysh("configure terminal", *line.path, line.text)
            await asyncio.sleep(1)
        else:
            raise RuntimeError(f"{self.name} does not come back to its base")
        await self._fresh_watch()
        await self.vtysh("write memory")

    async def _whole(self) -> None:
        """Every daemon answers."""
        for _attempt in range(60):
            if "router bgp" in await self.text():
                return
            await asyncio.sleep(0.5)

    async def _fresh_watch(self) -> None:
        """Start watchfrr anew: it waits twice as long each time a daemon dies, and remembers."""
        await run_in(self.lab, self.name, ["sh", "-c", _FRESH_WATCH])

    async def link(self, *, up: bool) -> None:
        """The management link."""
        management = self.kind.management
        await run_in(self.lab, self.name, ["ip", "link", "set", management, "up" if up else "down"])

    async def kill_bgpd(self) -> None:
        """kill -9, as the kernel does it when memory runs out."""
        await run_in(self.lab, self.name, ["sh", "-c", KILL, "kill", "bgpd"])
