"""The journal of a change: what was about to be sent, and what came of it, on disk before the device hears of it.

One file a change, `.netloom/journal/ID.jsonl`, only ever appended to. Configurations may hold secrets: they are sealed
with the workspace's key. A line torn by a crash is skipped; the step it announced was never taken.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from netloom.errors import StoreError
from netloom.intent.change import FINAL, State, Step
from netloom.intent.planned import DevicePlan, Plan
from netloom.model.config import Line
from netloom.store.key import open_sealed, private_folder, seal

LOOK = "-look"
"""Ends the name of what was staged to be looked at only."""


@dataclass(slots=True)
class DeviceEntry:
    """What a journal says of one device."""

    device: str
    state: State = "approved"
    steps: tuple[Step, ...] = ()
    """Announced, in order: the last may or may not have reached the device."""
    detail: str = ""
    platform: str = ""
    token: str | None = None
    """The dead-man timer's; None where the change went without."""
    timer_s: int = 0
    armed_at: datetime | None = None
    began_at: datetime | None = None
    """When its turn came; None where it never did."""
    ended_at: datetime | None = None
    """When it was known how the change ended."""
    base: str = ""
    """The running configuration before."""
    predicted: str = ""
    inverse: tuple[Line, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether it is known how the change ended."""
        return self.state in FINAL


@dataclass(slots=True)
class ChangeEntry:
    """What a journal says of a whole change."""

    id: str
    path: Path
    plan: str = ""
    operator: str = ""
    started_at: datetime | None = None
    devices: dict[str, DeviceEntry] = field(default_factory=dict)
    ended: bool = False
    ended_at: datetime | None = None
    torn: int = 0
    """Lines that do not read: torn by a crash."""

    @property
    def looked(self) -> bool:
        """Whether it changed nothing, and never was to."""
        return self.id.endswith(LOOK) and not self.unfinished

    @property
    def unfinished(self) -> list[DeviceEntry]:
        """The devices whose end is not known."""
        return [device for device in self.devices.values() if not device.finished]


def folder(workspace: Path) -> Path:
    """Where the journals are."""
    return workspace / ".netloom" / "journal"


class Journal:
    """One change's journal, open for writing; every line is on disk before the call returns."""

    def __init__(self, path: Path, key: bytes, descriptor: int) -> None:
        self.path = path
        self._key = key
        self._descriptor = descriptor

    @classmethod
    def create(cls, workspace: Path, change: str, plan: Plan, *, key: bytes, now: datetime, operator: str) -> Journal:
        """A new change's journal; raises StoreError where the change has one already."""
        place = folder(workspace)
        try:
            private_folder(place.parent)
            place.mkdir(mode=0o700, exist_ok=True)
            path = place / f"{change}.jsonl"
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
            for directory in (place, place.parent):
                _sync_directory(directory)
        except OSError as exc:
            raise StoreError(f"{place / change}.jsonl: cannot be created: {exc.strerror}") from exc
        journal = cls(path, key, descriptor)
        devices = [device.device for device in plan.changed]
        journal.write("change", now, id=change, plan=plan.id, operator=operator, devices=devices)
        return journal

    @classmethod
    def reopen(cls, entry: ChangeEntry, *, key: bytes) -> Journal:
        """A change's journal after a crash; a torn line is closed off."""
        try:
            torn = not entry.path.read_bytes().endswith(b"\n")
            descriptor = os.open(entry.path, os.O_WRONLY | os.O_APPEND)
            if torn:
                os.write(descriptor, b"\n")
        except OSError as exc:
            raise StoreError(f"{entry.path}: cannot be opened: {exc.strerror}") from exc
        return cls(entry.path, key, descriptor)

    def begin(self, plan: DevicePlan, base: str, *, token: str | None, timer_s: int, now: datetime) -> None:
        """All that is needed to bring a device back, before the first step on it."""
        way_back = {
            "base": base,
            "predicted": plan.predicted,
            "inverse": [[*line.path, line.text] for line in plan.inverse],
        }
        sealed = seal(self._key, json.dumps(way_back).encode(), context=plan.device.encode())
        self.write(
            "begin",
            now,
            device=plan.device,
            platform=plan.platform,
            token=token,
            timer_s=timer_s,
            base_hash=plan.base_hash,
            sealed=b64encode(sealed).decode(),
        )

    def step(self, device: str, step: Step, now: datetime) -> None:
        """Announce what is about to be sent."""
        self.write("step", now, device=device, step=step)

    def state(self, device: str, state: State, detail: str, now: datetime) -> None:
        """Note where a device stands."""
        self.write("state", now, device=device, state=state, detail=detail)

    def end(self, outcome: str, now: datetime) -> None:
        """Note that the change is over."""
        self.write("end", now, outcome=outcome)

    def write(self, kind: str, now: datetime, **fields: Any) -> None:
        """Append one line, and wait until it is on disk; raises StoreError."""
        line = json.dumps({"kind": kind, "at": now.isoformat(), **fields}, ensure_ascii=False) + "\n"
        data = line.encode()
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
            os.fsync(self._descriptor)
        except OSError as exc:
            raise StoreError(f"{self.path}: cannot be written: {exc.strerror}") from exc

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_change(path: Path, *, key: bytes) -> ChangeEntry:
    """What a journal says; raises StoreError where it cannot be read or does not open with this key."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as exc:
        raise StoreError(f"{path}: cannot be read: {exc.strerror}") from exc
    entry = ChangeEntry(path.stem, path)
    for line in filter(None, lines):
        try:
            said = json.loads(line)
        except ValueError:
            entry.torn += 1
            continue
        if isinstance(said, dict):
            _note(entry, said, key)
    return entry


def _note(entry: ChangeEntry, said: Mapping[str, Any], key: bytes) -> None:
    at = datetime.fromisoformat(said["at"])
    match said["kind"]:
        case "change":
            entry.plan, entry.operator, entry.started_at = said["plan"], said["operator"], at
            entry.devices = {name: DeviceEntry(name) for name in said["devices"]}
        case "begin":
            device = entry.devices.setdefault(said["device"], DeviceEntry(said["device"]))
            sealed = open_sealed(key, b64decode(said["sealed"]), context=device.device.encode())
            back = json.loads(sealed)
            device.platform, device.token, device.timer_s = said["platform"], said["token"], said["timer_s"]
            device.began_at = at
            device.base, device.predicted = back["base"], back["predicted"]
            device.inverse = tuple(Line(words[-1], tuple(words[:-1])) for words in back["inverse"])
        case "step":
            device = entry.devices[said["device"]]
            device.steps = (*device.steps, cast("Step", said["step"]))
            device.armed_at = at if said["step"] == "arm" else device.armed_at
        case "state":
            device = entry.devices[said["device"]]
            device.state, device.detail = cast("State", said["state"]), said["detail"]
            device.ended_at = at if device.finished else None
        case "end":
            entry.ended, entry.ended_at = True, at


def changes(workspace: Path, *, key: bytes) -> list[ChangeEntry]:
    """Every change there was, oldest first."""
    found = [read_change(path, key=key) for path in folder(workspace).glob("*.jsonl")]
    return sorted(found, key=lambda entry: (entry.started_at or datetime.min.replace(tzinfo=UTC), entry.id))


def unfinished(workspace: Path, *, key: bytes) -> list[ChangeEntry]:
    """The changes of which some device's end is not known."""
    found = [read_change(path, key=key) for path in sorted(folder(workspace).glob("*.jsonl")) if not _over(path)]
    return [entry for entry in found if entry.unfinished]


def open_devices(workspace: Path, *, key: bytes) -> dict[str, str]:
    """The devices whose end is not known, each with the change that it stands in."""
    return {device.device: entry.id for entry in unfinished(workspace, key=key) for device in entry.unfinished}


def _over(path: Path) -> bool:
    """Whether the last line says that the change is over, without reading a long history."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    return last.startswith(b'{"kind": "end"')
