"""A session that answers from a table, and a platform of a few nouns, for what the collectors decide by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, cast

from netloom.errors import Unreachable, Unsupported
from netloom.model.config import Config
from netloom.model.host import Access, SnmpAccess
from netloom.platforms.contract import Columns, Platform, Read


def access(name: str, *, snmp: bool = False, address: str = "192.0.2.1", platform: str = "frr") -> Access:
    return Access(name=name, address=address, platform=platform, snmp=SnmpAccess() if snmp else None)


def platform(**modules: SimpleNamespace) -> Platform:
    """A platform that speaks these nouns."""
    double = SimpleNamespace(
        title="Double OS",
        running_config=Read("show run"),
        module=lambda noun: cast("ModuleType | None", modules.get(noun)),
        nouns=lambda: tuple(modules),
        parse=lambda text: Config({line: {} for line in text.splitlines()}),
    )
    return cast("Platform", double)


@dataclass
class Double:
    """A device: its answers by command, an error standing for a failure."""

    access: Access
    platform: Platform
    answers: Mapping[str, str | Exception] = field(default_factory=dict)
    columns: Columns | Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def read(self, read: Read) -> str:
        self.asked.append(read.command)
        answer = self.answers.get(read.command, Unsupported("no shell account", device=self.access.name))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def walk(self, columns: Sequence[str]) -> Columns:
        self.asked.append("SNMP")
        if isinstance(self.columns, Exception):
            raise self.columns
        return self.columns or {column: {} for column in columns}


def network(*doubles: Double) -> Any:
    """Opens a session on the double at an address, as `connect` does; other addresses are unreachable."""
    by_address = {double.access.address: double for double in doubles}

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Double]:
        if to.address not in by_address:
            raise Unreachable(f"no answer from {to.address}", device=to.name)
        yield by_address[to.address]

    return open_session
