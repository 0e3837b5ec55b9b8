"""What a case asks of a device, past every session of netloom's."""

from __future__ import annotations

from abc import ABC, abstractmethod

from benchmarks.safety.kinds import Kind

from netloom.lab.execute import run_in
from netloom.lab.state import Lab
from netloom.model.config import Config
from netloom.platforms.contract import load_platform


class Device(ABC):
    """One device of the lab, brought back to its base between cases."""

    def __init__(self, lab: Lab, name: str, kind: Kind) -> None:
        self.lab = lab
        self.name = name
        self.kind = kind
        self.platform = load_platform(kind.platform)
        self.base = Config({})

    @property
    def address(self) -> str:
        """Where it is managed."""
        return str(next(node.mgmt_ipv4 for node in self.lab.topology.nodes if node.name == self.name))

    @abstractmethod
    async def settle(self) -> None:
        """Make what runs the base of what follows."""

    @abstractmethod
    async def reset(self) -> None:
        """Back to the base, whatever became of the case."""

    @abstractmethod
    async def running(self) -> Config:
        """The running configuration."""

    @abstractmethod
    async def startup(self) -> Config:
        """The saved configuration."""

    @abstractmethod
    async def unfinished(self) -> list[str]:
        """What a change that came to no end has left: timers, candidates, locks, files."""

    @abstractmethod
    async def link(self, *, up: bool) -> None:
        """The management link."""

    async def reachable(self) -> bool:
        """Whether it can be reached on the normal path."""
        for _attempt in range(10):
            if (await run_in(self.lab, "mgmt", ["ping", "-c", "1", "-W", "1", self.address])).status == 0:
                return True
        return False

    async def counting(self) -> bool:
        """Whether a timer runs on it."""
        return any(left.startswith("timer") for left in await self.unfinished())

    async def kill_bgpd(self) -> None:
        """kill -9 of a daemon, where it has one."""
        raise NotImplementedError

    async def restart(self) -> None:
        """Start anew with what was saved."""
        raise NotImplementedError

    async def lose_reply(self) -> None:
        """Carry out the next command, and hang up before its answer."""
        raise NotImplementedError

    async def change_by_others(self) -> None:
        """Somebody enters a line, if the device lets him."""
        raise NotImplementedError
