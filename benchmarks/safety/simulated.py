"""A simulated device of a lab, in the process of all of them: what it holds is asked there, past its servers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from benchmarks.safety.device import Device

from netloom.devices.session import connect
from netloom.errors import DeviceError, LabError
from netloom.inventory.access import access_of
from netloom.inventory.sources import load_inventory
from netloom.lab.execute import run_in
from netloom.lab.misbehaviour import behave, erase, memory, misbehave, reboot
from netloom.model.config import Config
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys


class Simulated(Device):
    """It answers at once, and its time may run faster."""

    async def settle(self) -> None:
        """As at its first start."""
        erase(self.lab, self.name)
        self.base = await self.running()

    async def reset(self) -> None:
        """As at its first start, whatever became of the case."""
        await self.link(up=True)
        behave(self.lab, self.name, "reset_after")
        erase(self.lab, self.name)

    async def running(self) -> Config:
        """The running configuration."""
        return self.platform.parse(memory(self.lab, self.name).running)

    async def startup(self) -> Config:
        """The saved configuration."""
        return self.platform.parse(memory(self.lab, self.name).startup)

    async def unfinished(self) -> list[str]:
        """What the simulation says."""
        return list(memory(self.lab, self.name).unfinished)

    async def reachable(self) -> bool:
        """Its address is there, and it would take a session."""
        return memory(self.lab, self.name).reachable and await super().reachable()

    async def link(self, *, up: bool) -> None:
        """Packets from and to its address are lost: nobody is told."""
        table = f"inet cut_{self.name}"
        await run_in(self.lab, "mgmt", ["nft", "delete", "table", *table.split()])
        if up:
            return
        either = f"ip daddr {self.address} drop\n  ip saddr {self.address} drop"
        rules = f"table {table} {{\n chain cut {{\n  type filter hook input priority 0\n  {either}\n }}\n}}\n"
        done = await run_in(self.lab, "mgmt", ["nft", "-f", "-"], text=rules)
        if done.status:
            raise LabError(f"{self.name}: its link cannot be cut: {done.errors.strip()}")

    async def restart(self) -> None:
        """Start anew with what was saved."""
        reboot(self.lab, self.name)

    async def lose_reply(self) -> None:
        """Carry out the next command, and hang up before its answer."""
        misbehave(self.lab, self.name, "reset_after", times=1)

    async def change_by_others(self) -> None:
        """Somebody enters a line over SSH; a lock or a timer of ours may keep him out."""
        inventory = load_inventory([self.lab.inventory])
        access = replace(access_of(inventory.host(self.name), Secret, inventory=inventory), transport="ssh", port=None)
        with suppress(DeviceError):
            async with connect(access, keys=HostKeys(Path(access.known_hosts or "/dev/null"))) as session:
                await session.configure([self.kind.foreign])
