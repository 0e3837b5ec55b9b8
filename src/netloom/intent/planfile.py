"""Plans as files: canonical JSON under a version and a hash, for their owner alone, since they hold configurations."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from netloom.errors import PlanError
from netloom.intent.planned import DevicePlan, Operation, Plan, Risk
from netloom.model.config import Line
from netloom.model.noun import Record, nouns

VERSION = 1
SIZE_LIMIT = 1024 * 1024 * 1024
"""Bytes."""


def content_hash(created_at: datetime, devices: Sequence[DevicePlan]) -> str:
    """The fingerprint of a plan's content."""
    return sha256(_canonical(_content(created_at, devices)).encode()).hexdigest()


def dump_plan(plan: Plan) -> str:
    """A plan as text: the same plan is the same text."""
    content = _content(plan.created_at, plan.devices)
    digest = sha256(_canonical(content).encode()).hexdigest()
    return _canonical({"netloom_plan": VERSION, "id": plan.id, "sha256": digest, **content}) + "\n"


def save_plan(plan: Plan, path: Path) -> None:
    """Write a plan file, whole or not at all; raises PlanError."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(dump_plan(plan))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise PlanError(f"cannot write {path}: {exc.strerror}") from exc


def load_plan(path: Path) -> Plan:
    """Read a plan file; raises PlanError where it is no plan, another version's, or not as it was saved."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise PlanError(f"{path} is no plan: it is larger than {SIZE_LIMIT >> 20} MiB")
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise PlanError(f"cannot read {path}: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise PlanError(f"{path} is no plan") from exc
    return read_plan(text, str(path))


def read_plan(text: str, name: str) -> Plan:
    """A plan from its text; raises PlanError."""
    try:
        data = json.loads(text)
        version = data["netloom_plan"]
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise PlanError(f"{name} is no plan", hint="plans are made with `netloom plan -o FILE`") from exc
    if version != VERSION:
        raise PlanError(f"{name}: expected a plan of version {VERSION}, got {version}", hint="plan again")
    content = {"created_at": data.get("created_at"), "devices": data.get("devices")}
    digest = sha256(_canonical(content).encode()).hexdigest()
    if digest != data.get("sha256") or digest[:12] != data.get("id"):
        raise PlanError(f"{name}: the plan was altered after it was saved", hint="plan again")
    try:
        devices = tuple(_device(device) for device in content["devices"])
        return Plan(data["id"], datetime.fromisoformat(content["created_at"]), devices)
    except (KeyError, TypeError, ValueError) as exc:
        raise PlanError(f"{name}: the plan does not read: {exc}", hint="plan again") from exc


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _content(created_at: datetime, devices: Sequence[DevicePlan]) -> dict[str, Any]:
    return {"created_at": created_at.isoformat(), "devices": [_written(device) for device in devices]}


def _written(device: DevicePlan) -> dict[str, Any]:
    return {
        "device": device.device,
        "platform": device.platform,
        "base_hash": device.base_hash,
        "operations": [
            {
                "noun": operation.noun,
                "key": list(operation.key),
                "action": operation.action,
                "before": _record(operation.before),
                "after": _record(operation.after),
                "lines": _lines(operation.lines),
                "reason": operation.reason,
            }
            for operation in device.operations
        ],
        "inverse": _lines(device.inverse),
        "predicted": device.predicted,
        "risks": [asdict(risk) for risk in device.risks],
        "on_change": list(device.on_change),
        **({"simulated": True} if device.simulated else {}),
    }


def _lines(lines: Sequence[Line]) -> list[list[Any]]:
    return [[line.text, list(line.path)] for line in lines]


def _record(record: Record | None) -> Any:
    # through JSON, so that a plan made and a plan read are the same text
    return None if record is None else json.loads(json.dumps(asdict(record)))  # type: ignore[call-overload] # a dataclass


def _device(data: Mapping[str, Any]) -> DevicePlan:
    return DevicePlan(
        device=data["device"],
        platform=data["platform"],
        base_hash=data["base_hash"],
        operations=tuple(_operation(operation) for operation in data["operations"]),
        inverse=_read_lines(data["inverse"]),
        predicted=data["predicted"],
        risks=tuple(Risk(**risk) for risk in data["risks"]),
        on_change=tuple(data["on_change"]),
        simulated=bool(data.get("simulated", False)),
    )


def _operation(data: Mapping[str, Any]) -> Operation:
    return Operation(
        noun=data["noun"],
        key=tuple(data["key"]),
        action=data["action"],
        before=_read_record(data["noun"], data["before"]),
        after=_read_record(data["noun"], data["after"]),
        lines=_read_lines(data["lines"]),
        reason=data["reason"],
    )


def _read_lines(data: Sequence[Sequence[Any]]) -> tuple[Line, ...]:
    return tuple(Line(text, tuple(path)) for text, path in data)


def _read_record(noun: str, data: Any) -> Record | None:
    from pydantic import TypeAdapter  # noqa: PLC0415 - slow to import

    if data is None:
        return None
    record = nouns()[noun].record
    if record is None:
        raise ValueError(f"{noun} cannot be configured")
    return TypeAdapter(record).validate_python(data)
