"""A plan told in plain text, in Markdown for reviews, and as the counts that CI systems read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from netloom.intent.compare import Hide, ObjectChange, counts, describe_device
from netloom.intent.look_report import beneath, look_data
from netloom.intent.parting import Look
from netloom.intent.planned import DevicePlan, Plan
from netloom.intent.secrecy import printable
from netloom.platforms.contract import load_platform

SIGNS = {"create": "+", "update": "~", "delete": "-"}


def plan_text(plan: Plan, *, lines: bool = False, hide: Hide | None = None) -> str:
    """The whole plan, uncoloured; `lines` shows what is sent as well."""
    told = []
    for device in plan.changed:
        told += [*device_text(device, lines=lines, hide=hide), ""]
    return "\n".join([*told, summary(plan)]) + "\n"


def summary(plan: Plan) -> str:
    """One line for all of it."""
    if not plan.changed:
        return f"Nothing to do: {_devices(len(plan.devices))} as wished."
    risks = [risk for device in plan.changed for risk in device.risks]
    high = sum(1 for risk in risks if risk.severity == "high")
    told = f", {high} high {'risk' if high == 1 else 'risks'}" if high else ""
    changed = f"{len(plan.changed)} of {_devices(len(plan.devices))}"
    return f"Plan {plan.id}: {counts(plan.devices)}, on {changed}{told}."


def plan_markdown(plan: Plan, *, hide: Hide | None = None, looks: Mapping[str, Look] | None = None) -> str:
    """The plan as a comment on a change: a table of devices, and the details folded away."""
    told = [f"**{summary(plan)}**", ""]
    if plan.changed:
        told += ["| device | create | update | delete | risks |", "| --- | ---: | ---: | ---: | --- |"]
    for device in plan.changed:
        count = counts([device])
        risks = ", ".join(dict.fromkeys(f"{risk.code} ({risk.severity})" for risk in device.risks))
        name = _cell(device.device) + (" (simulated)" if device.simulated else "")
        told.append(f"| {name} | {count.create} | {count.update} | {count.delete} | {_cell(risks)} |")
    for device in plan.changed:
        own = beneath(looks[device.device]) if looks and device.device in looks else []
        body = "\n".join([*device_text(device, lines=True, hide=hide), *own])
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
        title = f"<summary>{_html(device.device)}{' (simulated)' if device.simulated else ''}</summary>"
        told += ["", f"<details>{title}", "", f"{fence}diff", body, fence, "", "</details>"]
    return "\n".join(told) + "\n"


def plan_script(plan: Plan) -> str:
    """What is typed on the devices, each after its name in a comment where there are several; secrets and all."""
    told = []
    for device in plan.changed:
        platform = load_platform(device.platform)
        if len(plan.devices) > 1:
            told.append(f"{platform.comment} {device.device}" + (" (simulated)" if device.simulated else ""))
        told += platform.script(device.lines)
    return "".join(f"{line}\n" for line in told)


def plan_json(plan: Plan, *, hide: Hide | None = None, looks: Mapping[str, Look] | None = None) -> str:
    """The plan as people are told it, for programs; a kept plan holds what is sent instead, secrets included."""
    return json.dumps(plan_data(plan, hide=hide, looks=looks), indent=2, ensure_ascii=False) + "\n"


def plan_data(plan: Plan, *, hide: Hide | None = None, looks: Mapping[str, Look] | None = None) -> dict[str, Any]:
    """What `plan_json` writes."""
    devices = [
        {
            "device": device.device,
            "platform": device.platform,
            **({"simulated": True} if device.simulated else {}),
            "changes": [asdict(row) for row in describe_device(device, hide)],
            "risks": [asdict(risk) for risk in device.risks],
            "on_change": list(device.on_change),
        }
        | ({"own_difference": look_data(looks[device.device])} if looks and device.device in looks else {})
        for device in plan.devices
    ]
    return {
        "id": plan.id,
        "created_at": plan.created_at.isoformat(),
        **asdict(counts(plan.devices)),
        "devices": devices,
    }


def gitlab_report(plan: Plan) -> str:
    """What GitLab reads as `artifacts:reports:terraform`."""
    return json.dumps(asdict(counts(plan.devices))) + "\n"


def device_text(device: DevicePlan, *, lines: bool = False, hide: Hide | None = None) -> Iterator[str]:
    """One device's plan, line by line."""
    kind = f"simulated {device.platform}" if device.simulated else device.platform
    yield f"{printable(device.device)} ({kind}): {counts([device])}"
    for row in describe_device(device, hide):
        yield from _object(row, lines=lines)
    for risk in device.risks:
        yield f"! {risk.severity} {risk.code}: {printable(risk.message)}"
    for command in device.on_change:
        yield f"> then {printable(command)}"


def _object(row: ObjectChange, *, lines: bool) -> Iterator[str]:
    sign = SIGNS[row.action]
    yield f"{sign} {printable(row.name)}  ({printable(row.reason)})"
    for change in row.fields if row.action != "delete" else ():
        if row.action == "create":
            yield f"{sign}     {change.field}: {change.after or 'not set'}"
        else:
            yield f"{sign}     {change.field}: {change.before or 'not set'} → {change.after or 'not set'}"
    if lines or row.noun == "lines":
        yield from (f"      | {line}" for line in row.lines)


def _devices(count: int) -> str:
    return "1 device" if count == 1 else f"{count} devices"


def _cell(text: str) -> str:
    return _html(text).replace("|", "\\|").replace("`", "\\`")


def _html(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
