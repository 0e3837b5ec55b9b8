"""Asking devices' SNMP agents by MIB names: for people, and beside the collector."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from netloom.collectors.mibs import standard
from netloom.collectors.mibs.objects import MibObject, Mibs
from netloom.collectors.mibs.own import own_mibs
from netloom.collectors.mibs.shown import instance, shown
from netloom.collectors.snmp.run import STATUS_FILE
from netloom.devices.fleet import Outcome
from netloom.errors import NetloomError, UsageError
from netloom.model.host import Access, Host
from netloom.transports.snmp import SnmpAgent, SnmpSockets

if TYPE_CHECKING:
    from netloom.app.wiring import App

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What a name that people write stands for."""

    text: str
    oid: str
    object: MibObject | None
    """None where no MIB that is known has it."""
    columns: tuple[MibObject, ...] = ()
    """Of a table, those that can be read."""
    entry: MibObject | None = None

    @property
    def walked(self) -> tuple[str, ...]:
        """The columns to walk."""
        return tuple(column.oid for column in self.columns) or (self.oid,)


def mibs_of(app: App) -> Mibs:
    """The MIBs that come with netloom and the workspace's own; raises SourceError."""
    return standard().with_more(own_mibs(app.workspace.root / "mibs"))


def target(mibs: Mibs, text: str) -> Target:
    """What to ask for a name or a number; raises UsageError."""
    oid = mibs.oid_of(text)
    found = mibs.at(oid)
    if found is None or found.kind not in ("table", "entry", "column"):
        return Target(text, oid, found)
    entry = mibs.entry(found)
    if found.kind == "column" or entry is None:
        return Target(text, oid, found, (found,), entry)
    return Target(text, oid, found, tuple(mibs.below(entry.oid)), entry)


async def asked(
    app: App, hosts: Sequence[Host], work: Callable[[SnmpAgent], Awaitable[T]], *, parallel: int | None = None
) -> AsyncGenerator[Outcome[T], None]:
    """Do one piece of work with many devices' agents, over one socket; outcomes come as they are ready."""
    accesses, errors = app.accesses(hosts)
    for name, error in errors.items():
        yield Outcome(name, None, error, 0.0)
    sockets = SnmpSockets()
    slots = asyncio.Semaphore(parallel or app.workspace["parallel"])

    async def one(access: Access) -> Outcome[T]:
        async with slots:
            began = asyncio.get_running_loop().time()
            try:
                agent = await sockets.open(access)
                try:
                    value = await work(agent)
                finally:
                    agent.close()
            except NetloomError as exc:
                return Outcome(access.name, None, exc, asyncio.get_running_loop().time() - began)
            return Outcome(access.name, value, None, asyncio.get_running_loop().time() - began)

    tasks = [asyncio.create_task(one(access)) for access in accesses]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        sockets.close()


def rows_of(mibs: Mibs, wanted: Target, walked: Mapping[str, Mapping[str, Any]], *, numeric: bool) -> list[Row]:
    """What a walk brought, as rows: a table's with named columns, of anything else a value each."""
    if numeric:
        return [
            {"oid": f"{oid}.{index}", "value": _plain(value)}
            for oid in wanted.walked
            for index, value in walked[oid].items()
        ]
    if wanted.entry is not None:
        return _table_rows(mibs, wanted, walked)
    return [_value_row(mibs, f"{wanted.oid}.{index}", value) for index, value in walked[wanted.oid].items()]


def value_rows(mibs: Mibs, values: Mapping[str, Any], *, numeric: bool) -> list[Row]:
    """Single values as rows."""
    if numeric:
        return [{"oid": oid, "value": _plain(value)} for oid, value in values.items()]
    return [_value_row(mibs, oid, value) for oid, value in values.items()]


def single(mibs: Mibs, text: str) -> str:
    """The object identifier of one value: a scalar's name alone stands for its only instance; raises UsageError."""
    oid = mibs.oid_of(text)
    found = mibs.at(oid)
    if found is not None and found.kind == "scalar":
        return f"{oid}.0"
    if found is not None and found.kind != "node":
        raise UsageError(f"{text}: expected an instance, got a {found.kind}", hint="netloom snmp walk reads it whole")
    return oid


def polled(app: App) -> dict[str, dict[str, Any]]:
    """What the collector last wrote of each device; nothing where it never ran."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((app.workspace.state / "watch" / "snmp").glob(f"*/{STATUS_FILE}")):
        try:
            found |= json.loads(path.read_text())
        except (OSError, ValueError):
            continue
    return found


def _table_rows(mibs: Mibs, wanted: Target, walked: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    assert wanted.entry is not None  # noqa: S101 - the caller looked
    instances = dict.fromkeys(index for column in wanted.columns for index in walked[column.oid])
    filled = [column for column in wanted.columns if walked[column.oid]]
    rows: list[Row] = []
    for index in instances:
        of_index = instance(mibs, wanted.entry, index)
        row: Row = dict(of_index) if of_index is not None else {"index": index}
        for column in filled:
            if column.name not in row:
                row[column.name] = _shown(walked[column.oid].get(index), column, of_index)
        rows.append(row)
    return rows


def _value_row(mibs: Mibs, oid: str, value: Any) -> Row:
    found = mibs.find(oid)
    of = found[0] if found is not None else None
    name = f"{of.mib}::{mibs.name_of(oid)}" if of is not None and mibs.name_of(oid) is not None else oid
    return {"name": name, "value": _shown(value, of if of is not None and of.type else None, None)}


def _shown(value: Any, of: MibObject | None, index: Mapping[str, Any] | None) -> Any:
    size = {4: 1, 16: 2}.get(len(value)) if isinstance(value, bytes) and index is not None else None
    said = shown(value, of, address_type=size)
    if of is not None and of.type == "OID" and isinstance(said, str):
        return standard().name_of(said) or said
    return said


def _plain(value: Any) -> Any:
    return shown(value, None)
