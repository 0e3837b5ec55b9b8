"""One device's records of one noun, from the best source that the platform and the access offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    CommandRejected,
    DeviceError,
    HostKeyChanged,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    Unreachable,
    Unsupported,
)
from netloom.model.config import Config
from netloom.model.host import Access
from netloom.model.noun import Record
from netloom.platforms.complement import complemented
from netloom.platforms.contract import Columns, Platform, Read

# What a source may answer while another one still can: no such account, no such command, no such login
_ELSEWHERE = (Unsupported, CommandRejected, AuthenticationFailed)
# After these a way to the device stays shut: a second password attempt could lock the account, a second wait is lost
_SHUT = (AuthenticationFailed, AlgorithmMismatch, HostKeyChanged, Unreachable)


class Observable(Protocol):
    """What is asked of a session with a device."""

    @property
    def access(self) -> Access:
        """How the device is reached."""
        ...

    @property
    def platform(self) -> Platform:
        """What the device is."""
        ...

    async def read(self, read: Read) -> str:
        """The answer to a question; raises DeviceError."""
        ...

    async def walk(self, columns: Sequence[str]) -> Columns:
        """SNMP columns; raises DeviceError."""
        ...


@dataclass(frozen=True, slots=True)
class Observation:
    """What a device said of one noun."""

    records: list[Record]
    notes: tuple[str, ...] = ()
    """What could not be asked, where the records come without it."""


def observable_nouns(platform: Platform) -> tuple[str, ...]:
    """The nouns that can be shown for a platform: those it observes, and those that stand in its running config."""
    return tuple(noun for noun in platform.nouns() if _source(platform.module(noun)) is not None)


async def observe(session: Observable, noun: str) -> list[Record]:
    """A device's records of one noun; raises DeviceError, Unsupported where nothing can be asked."""
    return (await Observer(session).observe(noun)).records


class Observer:
    """Reads nouns over one session, one after the other.

    The running configuration is fetched once, and a way to the device that is shut (a login refused, no SNMP agent) is
    tried once.
    """

    def __init__(self, session: Observable) -> None:
        self._session = session
        self._shut: dict[str, DeviceError] = {}
        self._config: Config | None = None

    async def observe(self, noun: str) -> Observation:
        """What the device says of a noun, or, for a noun that is only configured, what its running config says."""
        platform = self._session.platform
        module = platform.module(noun)
        source = _source(module)
        if module is None or source is None:
            raise Unsupported(f"{noun} is not available on {platform.title}", device=self._device)
        if source == "configured":
            return Observation(module.configured(await self._running_config()))
        if source == "walked":
            return Observation(await self._walked(module))
        if getattr(module, "COMPLEMENT", False) or len(reads_of(module)) > 1:
            return await self._completed(module)
        return await self._first_that_answers(module)

    @property
    def _device(self) -> str:
        return self._session.access.name

    @property
    def _has_snmp(self) -> bool:
        return self._session.access.snmp is not None

    async def _first_that_answers(self, module: ModuleType) -> Observation:
        """READ, else WALK where READ cannot be asked; an empty walk does not contradict a refused command."""
        reads = reads_of(module)
        try:
            outputs = [await self._answer(module, read) for read in reads]
        except _ELSEWHERE as exc:
            if not hasattr(module, "WALK") or not self._has_snmp:
                raise
            records = await self._walked(module)
            if not records and not isinstance(exc, Unsupported):
                raise
            return Observation(records, (f"asked by SNMP: {exc.message}",))
        return Observation(self._understood(module, outputs))

    async def _completed(self, module: ModuleType) -> Observation:
        """Every source that answers; at least one must."""
        outputs: list[str] = []
        refusals: list[DeviceError] = []
        for read in reads_of(module):
            try:
                outputs.append(await self._answer(module, read))
            except _ELSEWHERE as exc:
                refusals.append(exc)
                outputs.append("")
        asked = len(refusals) < len(outputs)
        records = self._understood(module, outputs) if asked else []
        if hasattr(module, "WALK") and self._has_snmp:
            try:
                records = complemented(records, await self._walked(module))
            except DeviceError as exc:
                if not asked:
                    raise
                refusals.append(exc)
        elif not asked:
            raise refusals[0]
        return Observation(records, tuple(dict.fromkeys(refusal.message for refusal in refusals)))

    async def _walked(self, module: ModuleType) -> list[Record]:
        columns = await self._columns(module.WALK)
        try:
            records: list[Record] = module.walked(columns)
        except ValueError as exc:
            raise OutputNotUnderstood(f"the SNMP tables {module.WALK[0]}…: {exc}", device=self._device) from exc
        return records

    def _understood(self, module: ModuleType, outputs: Sequence[str]) -> list[Record]:
        try:
            records: list[Record] = module.observed(*outputs)
        except ValueError as exc:
            commands = ", ".join(repr(read.command) for read in reads_of(module))
            raise OutputNotUnderstood(f"the answer to {commands}: {exc}", device=self._device) from exc
        return records

    async def _answer(self, module: ModuleType, read: Read) -> str:
        """The answer to a question; empty where the device says that it has nothing of the kind (a feature is off)."""
        try:
            return await self._asked(read)
        except CommandRejected as exc:
            absent = getattr(module, "ABSENT", None)
            if absent is None or not absent.search(exc.answer):
                raise
            return ""

    async def _asked(self, read: Read) -> str:
        if read.where in self._shut:
            raise self._shut[read.where]
        try:
            return await self._session.read(read)
        except _SHUT as exc:
            # a closed port is one way's; an address without an answer is both ways'
            both = isinstance(exc, Unreachable) and not isinstance(exc, Refused)
            self._shut |= dict.fromkeys(("cli", "shell") if both else (read.where,), exc)
            raise

    async def _columns(self, oids: Sequence[str]) -> Columns:
        if "snmp" in self._shut:
            raise self._shut["snmp"]
        try:
            return await self._session.walk(oids)
        except (*_SHUT, OperationTimeout) as exc:
            self._shut["snmp"] = exc
            raise

    async def _running_config(self) -> Config:
        if self._config is None:
            text = await self._asked(self._session.platform.running_config)
            try:
                self._config = self._session.platform.parse(text)
            except ValueError as exc:
                raise OutputNotUnderstood(f"the running configuration: {exc}", device=self._device) from exc
        return self._config


def _source(module: ModuleType | None) -> str | None:
    """The function that tells of a noun, the observed ones before the configured one."""
    return next((name for name in ("observed", "walked", "configured") if hasattr(module, name)), None)


def reads_of(module: ModuleType | None) -> tuple[Read, ...]:
    """What a noun's module asks on the command line and in the shell."""
    reads: Read | tuple[Read, ...] = getattr(module, "READ", ())
    return reads if isinstance(reads, tuple) else (reads,)
